/** Who may call what, before anything of the message is read. */

import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { AppError } from '../errors.ts';
import type { Access } from '../http/access.ts';
import { describeIdentity, type RouteRole } from '../http/role.ts';
import { arrivedKey, callerKey } from './caller.ts';

const codes: Readonly<Record<string, Code>> = {
  forbidden: Code.PermissionDenied,
  unauthenticated: Code.Unauthenticated,
  'rate-limited': Code.ResourceExhausted,
};

export function gate(access: Access, roles: ReadonlyMap<string, RouteRole>): (context: HandlerContext) => void {
  return ({ values, service, method, responseHeader }) => {
    const arrived = values.get(arrivedKey);
    if (arrived === undefined) throw new ConnectError('nothing is known of this caller', Code.Internal);
    try {
      const needs = roles.get(`/${service.typeName}/${method.name}`) ?? 'admin';
      const identity = access.admit(arrived, needs);
      values.set(callerKey, { identity, by: describeIdentity(identity, arrived.address) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.retryAfter !== undefined) responseHeader.set('retry-after', String(Math.ceil(error.retryAfter / 1000)));
      throw new ConnectError(error.message, codes[error.code] ?? Code.Internal, undefined, undefined, error);
    }
  };
}
