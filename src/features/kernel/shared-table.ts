/** A table of nftables that many objects share, in one namespace: made when it is needed, read once for each retrieval. */

import type { ListedRule, Nftables, Operation, Rule, Table } from '../../kernel/nftables/index.ts';
import { fingerprint } from '../../kernel/nftables/normal-form.ts';

/** Rules by chain, in order; every chain is there, empty ones too. */
export type Chains = ReadonlyMap<string, readonly ListedRule[]>;

/** A table whose shared part (sets, common chains) is made by the first who needs it. */
export class SharedTable {
  readonly nft: Nftables;
  readonly table: Table;
  readonly #shared: () => Operation[];
  readonly #reads = new WeakMap<object, Promise<Chains>>();
  #made: Promise<void> | undefined;

  constructor(nft: Nftables, table: Table, shared: () => Operation[]) {
    this.nft = nft;
    this.table = table;
    this.#shared = shared;
  }

  /** Applies operations after the shared part is there. */
  async apply(operations: readonly Operation[]): Promise<void> {
    await this.prepare();
    await this.nft.apply(operations);
  }

  /** Makes the shared part if it is not there. */
  prepare(): Promise<void> {
    this.#made ??= this.nft.apply(this.#shared()).catch((error: unknown) => {
      this.#made = undefined;
      throw error;
    });
    return this.#made;
  }

  /** The shared part may have been damaged: the next who needs it makes it again. */
  forget(): void {
    this.#made = undefined;
  }

  /** What is there, read once in a retrieval; no chains when there is no table. */
  read(session: object): Promise<Chains> {
    let read = this.#reads.get(session);
    if (!read) {
      read = this.#list();
      this.#reads.set(session, read);
    }
    return read;
  }

  async #list(): Promise<Chains> {
    const content = await this.nft.list(this.table);
    const chains = new Map<string, ListedRule[]>((content?.chains ?? []).map(({ name }) => [name, []]));
    for (const rule of content?.rules ?? []) chains.get(rule.chain)?.push(rule);
    return chains;
  }
}

/** Whether a chain holds just these rules, in this order. */
export function holds(chains: Chains, chain: string, rules: readonly Rule[], family: Table['family']): boolean {
  const found = chains.get(chain);
  return (
    found?.length === rules.length &&
    rules.every(
      (rule, index) => found[index]?.key === rule.key && found[index].fingerprint === fingerprint(family, rule),
    )
  );
}
