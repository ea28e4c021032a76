import type { ChildProcess } from 'node:child_process';
import type { Store } from '../../store/store.ts';

type Call = 'get' | 'list' | 'transaction';

interface Request {
  readonly id: number;
  readonly call: Call;
  readonly args: readonly unknown[];
}

/** Lets a child process (forked with `serialization: 'advanced'`) use the calls of a store that allocators make. */
export function serveStore(store: Store, child: ChildProcess): void {
  child.on('message', (message: Request) => {
    // The arguments were made by the same interface on the other side.
    const call = store[message.call].bind(store) as (...args: readonly unknown[]) => Promise<unknown>;
    void call(...message.args).then(
      (result) => child.send({ id: message.id, result }),
      // Nobody over there would hear of it, and the test would wait for ever.
      (error: unknown) => {
        console.error(error);
        child.kill();
      },
    );
  });
}

/** The store of the parent process, as far as allocators need one. */
export function storeOfParent(): Store {
  const waiting = new Map<number, (result: unknown) => void>();
  let next = 0;
  process.on('message', ({ id, result }: { id: number; result: unknown }) => {
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  const call =
    (name: Call) =>
    (...args: readonly unknown[]): Promise<unknown> =>
      new Promise((resolve) => {
        waiting.set(next, resolve);
        process.send?.({ id: next++, call: name, args } satisfies Request);
      });
  return { name: 'parent', get: call('get'), list: call('list'), transaction: call('transaction') } as unknown as Store;
}
