import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { OpenedStore } from './opened-store.ts';
import type { Compare, Store, StoreChange, Write } from '../store.ts';

type Step =
  | { readonly type: 'transaction'; readonly writes: readonly ModelWrite[]; readonly compares: readonly ModelCompare[] }
  | { readonly type: 'reopen' };

/** A put of `value`, or with undefined a delete. */
interface ModelWrite {
  readonly key: string;
  readonly value: string | undefined;
}

/** `asIs`: what the model has, so that it holds; otherwise the value given. */
interface ModelCompare {
  readonly key: string;
  readonly asIs: boolean;
  readonly value: string;
}

const key = fc.constantFrom('a', 'a/', 'a/b', 'a/c', 'b', 'é', '~');
const value = fc.string({ maxLength: 8 });
const write = fc.record({ key, value: fc.option(value, { nil: undefined, freq: 3 }) });
const compare = fc.record({ key, asIs: fc.boolean(), value });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      type: fc.constant('transaction' as const),
      writes: fc.uniqueArray(write, { maxLength: 4, selector: (one) => one.key }),
      compares: fc.array(compare, { maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'reopen' as const }) },
);

/**
 * Any sequence of transactions (made one after another or all at once) leaves the store, and one who only watches it, with
 * what a plain map has; also over restarts.
 */
export function checkAgainstModel(open: () => Promise<OpenedStore>): fc.IAsyncProperty<[Step[], boolean]> {
  return fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.boolean(), async (steps, together) => {
    const opened = await open();
    try {
      await run(opened, steps, together);
    } finally {
      await opened.dispose();
    }
  });
}

async function run({ store: first, reopen }: OpenedStore, steps: readonly Step[], together: boolean): Promise<void> {
  let store = first;
  const model = new Map<string, string>();
  let mirror = new Mirror(store, 0);
  let waiting: Promise<void>[] = [];
  for (const one of steps) {
    if (one.type === 'transaction') {
      const done = check(store, model, one.writes, one.compares);
      if (together) waiting.push(done);
      else await done;
    } else if (reopen !== undefined) {
      await Promise.all(waiting);
      waiting = [];
      await mirror.end();
      store = await reopen();
      mirror = new Mirror(store, mirror.revision, mirror.content);
      assert.deepEqual(await contentOf(store), model);
    }
  }
  await Promise.all(waiting);
  assert.deepEqual(await contentOf(store), model);
  await mirror.catchUp((await store.list('')).revision);
  assert.deepEqual(mirror.content, model);
  await mirror.end();
}

/** Applies to the model at once, so that it is in the order of the calls, and checks the outcome. */
function check(
  store: Store,
  model: Map<string, string>,
  writes: readonly ModelWrite[],
  compares: readonly ModelCompare[],
): Promise<void> {
  const expected = compares.every(({ key, asIs, value }) => asIs || model.get(key) === value);
  const realCompares = compares.map(({ key, asIs, value }): Compare => {
    const now = model.get(key);
    if (!asIs) return { key, value: bytes(value) };
    return now === undefined ? { key, revision: 0 } : { key, value: bytes(now) };
  });
  const realWrites = writes.map(
    ({ key, value }): Write =>
      value === undefined ? { type: 'delete', key } : { type: 'put', key, value: bytes(value) },
  );
  if (expected) {
    for (const { key, value } of writes) {
      if (value === undefined) model.delete(key);
      else model.set(key, value);
    }
  }
  return store.transaction(realWrites, realCompares).then((outcome) => assert.equal(outcome.succeeded, expected));
}

async function contentOf(store: Store): Promise<Map<string, string>> {
  const { entries } = await store.list('');
  return new Map(entries.map(({ key, value }) => [key, string(value)]));
}

/** What one who only watches knows. */
class Mirror {
  revision: number;
  content: Map<string, string>;
  readonly #iterator: AsyncIterator<StoreChange, void>;

  constructor(store: Store, from: number, content = new Map<string, string>()) {
    this.revision = from;
    this.content = new Map(content);
    this.#iterator = store.watch('', { from })[Symbol.asyncIterator]();
  }

  async catchUp(revision: number): Promise<void> {
    while (this.revision < revision) {
      const { value, done } = await this.#iterator.next();
      assert.ok(done !== true && value !== undefined, 'the watch ended');
      this.#apply(value);
    }
  }

  async end(): Promise<void> {
    await this.#iterator.return?.();
  }

  #apply({ revision, resync, events }: StoreChange): void {
    assert.ok(revision > this.revision || resync, 'revisions rise');
    this.revision = revision;
    if (resync) this.content = new Map();
    for (const event of events) {
      const known = this.content.get(event.key);
      if (!resync) assert.equal(event.previous && string(event.previous), known, `previous value of ${event.key}`);
      if (event.type === 'put') this.content.set(event.key, string(event.value));
      else this.content.delete(event.key);
    }
  }
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function string(value: Uint8Array): string {
  return new TextDecoder().decode(value);
}
