/** What the handlers of NAT44 share: the table, its pools and chains, addresses and connections. */

import { setImmediate } from 'node:timers/promises';
import { isKernelError } from '../../../kernel/errors.ts';
import type { Nftables, NftSet } from '../../../kernel/nftables/index.ts';
import { definitionOf } from '../../../kernel/nftables/set-definition.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { NatAddresses } from './addresses.ts';
import { BalanceChains } from './balance.ts';
import { additions, changes, collect, difference, type Elements, placeOf, removals } from './elements.ts';
import { Flows } from './flows.ts';
import { forgetMapped } from './mapped.ts';
import { PoolShares, plainPlace, twicePlace } from './pool-shares.ts';
import { allSets, natTable } from './table.ts';
import { NatVrfs } from './vrfs.ts';

interface Waiting {
  readonly from: Elements;
  readonly to: Elements;
  resolve(): void;
  reject(reason: unknown): void;
}

export class Nat {
  readonly engine: KernelEngine;
  readonly nft: Nftables;
  readonly chains: BalanceChains;
  readonly addresses: NatAddresses;
  readonly flows: Flows;
  readonly pools: PoolShares;
  readonly twicePools: PoolShares;
  readonly vrfs: NatVrfs;
  readonly #waiting: Waiting[] = [];
  readonly #there = new WeakMap<object, Promise<boolean>>();

  private constructor(engine: KernelEngine) {
    const { driver } = engine;
    this.engine = engine;
    this.nft = driver.nft(driver.vswitch);
    this.chains = new BalanceChains(this.nft);
    this.addresses = new NatAddresses(driver.rtnl(driver.vswitch));
    this.flows = new Flows(driver.conntrack(driver.vswitch));
    this.pools = new PoolShares(this.nft, plainPlace);
    this.twicePools = new PoolShares(this.nft, twicePlace);
    this.vrfs = new NatVrfs(this.nft, driver.rtnl(driver.vswitch), this.addresses);
  }

  static readonly #known = new WeakMap<KernelEngine, Nat>();

  static of(engine: KernelEngine): Nat {
    let nat = Nat.#known.get(engine);
    if (!nat) Nat.#known.set(engine, (nat = new Nat(engine)));
    return nat;
  }

  /**
   * Elements become `to`. All that is asked for in one turn is one change of each map, as for ten thousand services at once. Where
   * elements were not as `from` says, they are read first.
   */
  change(from: Elements, to: Elements): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ from, to, resolve, reject });
      if (this.#waiting.length === 1) void this.#flush();
    });
  }

  /**
   * Whether there is a table that this version can work with; read once in a retrieval. One that has sets of another definition (of
   * an older version) is none: it is made anew.
   */
  isThere(session: object): Promise<boolean> {
    let there = this.#there.get(session);
    if (!there) this.#there.set(session, (there = this.#look()));
    return there;
  }

  /** What has an outside address that is gone ends: mappings of inside ends, then connections. */
  async endFrom(isGone: (address: string) => boolean): Promise<void> {
    if (this.vrfs.endpointIndependent) await forgetMapped(this.nft, isGone);
    await this.flows.endFrom(isGone);
  }

  async #look(): Promise<boolean> {
    const content = await this.nft.list(natTable);
    if (!content) return false;
    const wanted = new Map(allSets.map((set) => [set.name, definitionOf(set)]));
    return content.sets.every(({ name, definition }) => (wanted.get(name) ?? definition) === definition);
  }

  async #flush(): Promise<void> {
    await setImmediate();
    const waiting = this.#waiting.splice(0);
    try {
      const all = waiting.map(({ from, to }) => difference(from, to));
      const gone = all.flatMap((one) => one.gone);
      await this.nft.apply([...removals(gone), ...additions(all.flatMap((one) => one.added))]);
      for (const { resolve } of waiting) resolve();
    } catch {
      // One of them is to blame: each by itself tells which.
      for (const { from, to, resolve, reject } of waiting) void this.#changeOne(from, to).then(resolve, reject);
    }
  }

  async #changeOne(from: Elements, to: Elements): Promise<void> {
    try {
      await this.nft.apply(changes(from, to));
    } catch (error) {
      if (!isKernelError(error, 'ENOENT', 'EEXIST')) throw error;
      await this.nft.apply(changes(await this.#actual(from, to), to));
    }
  }

  /** What the kernel has of these elements. */
  async #actual(from: Elements, to: Elements): Promise<Elements> {
    const wanted = new Map([...from, ...to]);
    const concerned = new Map<string, NftSet>();
    for (const { set } of wanted.values()) concerned.set(set.name, set);
    const found = [];
    for (const set of concerned.values()) {
      for (const { key, data } of await this.#read(set)) {
        if (wanted.has(placeOf(set.name, key))) found.push({ set, element: { key, ...(data ? { data } : {}) } });
      }
    }
    return collect(found);
  }

  async #read(set: NftSet) {
    try {
      return await this.nft.elements(natTable, set);
    } catch (error) {
      if (isKernelError(error, 'ENOENT')) return [];
      throw error;
    }
  }
}
