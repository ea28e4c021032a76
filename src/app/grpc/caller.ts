import { createContextKey, type HandlerContext } from '@connectrpc/connect';
import type { Arrival } from '../http/access.ts';
import type { GrpcCaller } from './service.ts';

/** An arrival with what has to be known of it later, too. */
export interface Arrived extends Arrival {
  readonly address: string | undefined;
}

export const arrivedKey = createContextKey<Arrived | undefined>(undefined, { description: 'how the call came in' });
export const callerKey = createContextKey<GrpcCaller>(
  { identity: undefined, by: 'nobody' },
  { description: 'who calls' },
);

/** Who calls a method. */
export function callerOf(context: Pick<HandlerContext, 'values'>): GrpcCaller {
  return context.values.get(callerKey);
}
