/** What an engine does for a kind: of handlers that program nothing, and for the table of what is supported. */

import { SchedulerError } from '../scheduler/errors.ts';
import type { Handler, Support } from '../scheduler/handler.ts';
import type { Value } from '../scheduler/kind.ts';
import { virtualHandler } from './virtual.ts';

/** A handler that says nothing of it programs its objects, and has tests that prove it. */
export function supportOf(handler: Handler | undefined): Support {
  if (!handler) return { grade: 'unimplemented', note: 'no handler on this engine' };
  return handler.support ?? { grade: 'proven' };
}

/** Accepts objects whose effect the engine has by itself, and says so with each of them. */
export function explainedHandler<V extends Value>(
  kind: string,
  engine: string,
  explanation: string,
  unsupported?: (value: V) => string | undefined,
): Handler {
  const handler: Handler = {
    ...virtualHandler(kind, engine),
    support: { grade: 'explained', note: explanation },
    explain: () => `${engine}: ${explanation}`,
  };
  if (!unsupported) return handler;
  return { ...handler, unsupported: (_key, value) => unsupported(value as V) };
}

/** Refuses every object, with the reason. */
export function unimplementedHandler(kind: string, engine: string, reason: string): Handler {
  const text = `${engine}: ${reason}`;
  return {
    kind,
    engine,
    support: { grade: 'unimplemented', note: reason },
    unsupported: () => text,
    create: () => Promise.reject(new SchedulerError('unimplemented', text, { retriable: false })),
    remove: () => Promise.resolve(),
  };
}
