import { randomInt } from 'node:crypto';
import type { Compare, Store, Write } from '../store/store.ts';
import { AllocateError } from './errors.ts';
import { nextInPool } from './pool.ts';
import type { Pool } from './pool.ts';

/** Lost races after which an allocator gives up for now. */
const MAX_ATTEMPTS = 100;

export interface Allocation<Item> {
  readonly owner: string;
  readonly item: Item;
}

/**
 * Allocates items of a pool to owners, kept in a store: any number of allocators, in any number of processes, on the same
 * store never give an item twice. In the store, below `allocate/<pool>/`:
 *
 *     shape            what the items are, e.g. `prefix:ipv4/24`
 *     owner/<owner>    the item
 *     item/<item>      the owner
 *
 * @example
 * const vnis = new Allocator(store, numberPool('vni', { from: 5000, to: 16_777_215 }));
 * const vni = await vnis.allocate('network/blue');
 */
export class Allocator<Item extends string | number> {
  readonly pool: Pool<Item>;
  readonly #store: Store;
  readonly #root: string;
  /** What is known to be taken; others may have taken more, which the transaction finds out. */
  #taken: Set<bigint> | undefined;
  #loading: Promise<Set<bigint>> | undefined;
  /** Being claimed here: calls made at once do not race for the same item, and share the store's group commit. */
  readonly #claimed = new Set<bigint>();
  /** Everything allocatable below is taken or claimed. */
  #cursor = 0n;
  /** Holds while the items are what this pool says. */
  #shape: Compare | undefined;

  constructor(store: Store, pool: Pool<Item>) {
    this.#store = store;
    this.pool = pool;
    this.#root = `allocate/${pool.name}/`;
  }

  /**
   * The owner's item; the lowest free one if it has none yet. With `wanted` that one: `taken`, `reserved` or (the owner has
   * another) `usage` if that cannot be. Fails with `exhausted` or `busy`.
   */
  async allocate(owner: string, options: { readonly wanted?: Item } = {}): Promise<Item> {
    const { wanted } = options;
    if (owner === '') throw new AllocateError('usage', `Pool ${this.pool.name}: an owner must have a name`);
    const index = wanted === undefined ? undefined : this.#checkWanted(wanted);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      // Another call may forget it while this one waits.
      const shape = (this.#shape ??= await this.#agreeOnShape());
      const held = await this.get(owner);
      if (held !== undefined) return this.#agreed(owner, held, wanted);
      const candidate = index ?? (await this.#lowestFree(attempt));
      if (await this.#claim(owner, candidate, shape)) return this.pool.format(candidate);
      if (wanted !== undefined) await this.#checkFree(wanted);
      // Somebody was faster: see what is taken now.
      this.#taken = undefined;
      this.#shape = undefined;
    }
    throw this.#busy();
  }

  /** False when the owner had nothing. */
  async release(owner: string): Promise<boolean> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const held = await this.#store.get(this.#ownerKey(owner));
      if (held === undefined) return false;
      const item = decode(held.value);
      const writes: Write[] = [
        { type: 'delete', key: held.key },
        { type: 'delete', key: this.#itemKey(item) },
      ];
      const { succeeded } = await this.#store.transaction(writes, [{ key: held.key, revision: held.revision }]);
      if (succeeded) {
        this.#free(this.pool.parse(item));
        return true;
      }
    }
    throw this.#busy();
  }

  async get(owner: string): Promise<Item | undefined> {
    const held = await this.#store.get(this.#ownerKey(owner));
    return held && this.#item(decode(held.value));
  }

  /** The owner of an item. */
  async ownerOf(item: Item): Promise<string | undefined> {
    const held = await this.#store.get(this.#itemKey(String(this.#canonical(item))));
    return held && decode(held.value);
  }

  async list(): Promise<Allocation<Item>[]> {
    const prefix = this.#ownerKey('');
    const { entries } = await this.#store.list(prefix);
    return entries.map(({ key, value }) => ({ owner: key.slice(prefix.length), item: this.#item(decode(value)) }));
  }

  async #claim(owner: string, index: bigint, shape: Compare): Promise<boolean> {
    const item = String(this.pool.format(index));
    const writes: Write[] = [
      { type: 'put', key: this.#ownerKey(owner), value: encode(item) },
      { type: 'put', key: this.#itemKey(item), value: encode(owner) },
    ];
    const compares = [shape, { key: this.#ownerKey(owner), revision: 0 }, { key: this.#itemKey(item), revision: 0 }];
    this.#claimed.add(index);
    let succeeded = false;
    try {
      ({ succeeded } = await this.#store.transaction(writes, compares));
      return succeeded;
    } finally {
      this.#claimed.delete(index);
      if (succeeded) this.#taken?.add(index);
      else this.#cursor = least(this.#cursor, index);
    }
  }

  /** Who lost a race looks beyond the lowest, further each time, so that many allocators soon stop meeting. */
  async #lowestFree(lostRaces: number): Promise<bigint> {
    const known = this.#taken;
    const found = this.#search(await this.#load(), lostRaces === 0 ? 0 : randomInt(2 * lostRaces + 1));
    if (found !== undefined) return found;
    // Others may have released since.
    if (known !== undefined && known === this.#taken) this.#taken = undefined;
    const again = this.#search(await this.#load(), 0);
    if (again !== undefined) return again;
    throw new AllocateError('exhausted', `Pool ${this.pool.name} has nothing left`);
  }

  /** Claims the lowest free item after `skip` others, or the last there is when there are not so many. */
  #search(taken: ReadonlySet<bigint>, skip: number): bigint | undefined {
    let found: bigint | undefined;
    let index = nextInPool(this.pool, this.#cursor);
    for (let left = skip; index !== undefined && left >= 0; index = nextInPool(this.pool, index + 1n)) {
      if (taken.has(index) || this.#claimed.has(index)) continue;
      if (found === undefined) this.#cursor = index;
      found = index;
      left -= 1;
    }
    // At once, before anybody else gets a turn to search.
    if (found !== undefined) this.#claimed.add(found);
    return found;
  }

  async #load(): Promise<ReadonlySet<bigint>> {
    if (this.#taken !== undefined) return this.#taken;
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #read(): Promise<Set<bigint>> {
    const prefix = this.#itemKey('');
    const { entries } = await this.#store.list(prefix, { keysOnly: true });
    this.#taken = new Set(entries.map(({ key }) => this.pool.parse(key.slice(prefix.length))));
    this.#cursor = this.pool.range.from;
    return this.#taken;
  }

  #free(index: bigint): void {
    this.#taken?.delete(index);
    this.#cursor = least(this.#cursor, index);
  }

  /** Says what the items are, once; later allocators must mean the same. */
  async #agreeOnShape(): Promise<Compare> {
    const key = `${this.#root}shape`;
    const { shape, name } = this.pool;
    await this.#store.transaction([{ type: 'put', key, value: encode(shape) }], [{ key, revision: 0 }]);
    const known = await this.#store.get(key);
    if (known !== undefined && decode(known.value) === shape) return { key, value: encode(shape) };
    const found = known === undefined ? 'something else' : decode(known.value);
    throw new AllocateError('usage', `Pool ${name} in store ${this.#store.name} is of ${found}, not of ${shape}`);
  }

  #checkWanted(wanted: Item): bigint {
    const index = this.pool.parse(wanted);
    if (nextInPool(this.pool, index) === index) return index;
    throw new AllocateError('reserved', `Pool ${this.pool.name}: ${wanted} is reserved or outside the pool`);
  }

  async #checkFree(wanted: Item): Promise<void> {
    const owner = await this.ownerOf(wanted);
    if (owner !== undefined) throw new AllocateError('taken', `Pool ${this.pool.name}: ${wanted} is ${owner}'s`);
  }

  #agreed(owner: string, held: Item, wanted: Item | undefined): Item {
    if (wanted === undefined || this.pool.parse(wanted) === this.pool.parse(held)) return held;
    throw new AllocateError(
      'usage',
      `Pool ${this.pool.name}: ${owner} has ${held} already, release it to get ${wanted}`,
    );
  }

  #canonical(item: Item): Item {
    return this.pool.format(this.pool.parse(item));
  }

  #item(text: string): Item {
    return this.pool.format(this.pool.parse(text));
  }

  #ownerKey(owner: string): string {
    return `${this.#root}owner/${owner}`;
  }

  #itemKey(item: string): string {
    return `${this.#root}item/${item}`;
  }

  #busy(): AllocateError {
    return new AllocateError('busy', `Pool ${this.pool.name}: others were faster ${MAX_ATTEMPTS} times in a row`);
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decode(value: Uint8Array): string {
  return new TextDecoder().decode(value);
}
