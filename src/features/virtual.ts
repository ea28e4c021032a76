import type { Handler } from '../scheduler/handler.ts';

/** Serves a kind that no engine has anything to do for: what is expected of it is what there is, unless it waits for something. */
export function virtualHandler(kind: string, engine: string): Handler {
  return {
    kind,
    engine,
    create: () => Promise.resolve(undefined),
    update: () => Promise.resolve(undefined),
    remove: () => Promise.resolve(),
    retrieve: ({ expected }) =>
      Promise.resolve(
        [...expected]
          .filter(([, { waits }]) => waits !== true)
          .map(([key, { value }]) => ({ key, value, metadata: undefined, origin: 'ours' })),
      ),
  };
}
