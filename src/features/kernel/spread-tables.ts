/**
 * What a feature has for each interface, spread over tables of nftables by the interface's name. The kernel validates a whole
 * table with each of its transactions, and lists one in a time that grows with the square of its rules: with 100,000 rules in one
 * table a changed rule takes 30 ms and listing 20 s.
 */

import { PacedQueue } from '../../app/paced-queue.ts';
import { isKernelError } from '../../kernel/errors.ts';
import { deleteChain, deleteTable, flushChain } from '../../kernel/nftables/index.ts';
import type { Nftables, Operation, Table } from '../../kernel/nftables/index.ts';
import { fnv1a } from '../fnv1a.ts';
import { type Chains, SharedTable } from './shared-table.ts';

const tables = 64;

/** One of the tables; it goes with the last chain that is used in it. */
export class SpreadTable extends SharedTable {
  readonly #used = new Set<string>();

  /** These chains are there, or about to be made. */
  use(chains: Iterable<string>): void {
    for (const chain of chains) this.#used.add(chain);
  }

  /** A chain that is gone already, as one that went with its device, is fine. */
  async removeChain(chain: string): Promise<void> {
    this.#used.delete(chain);
    const isLast = this.#used.size === 0;
    // Whoever comes from here on makes the table anew, after this.
    if (isLast) this.forget();
    const remainder = isLast ? [deleteTable(this.table)] : [];
    const isGone = await this.#applied([flushChain(this.table, chain), deleteChain(this.table, chain), ...remainder]);
    if (isGone && this.#used.size === 0) await this.#applied(remainder);
  }

  /** Resolves with true when something of it was not there, and nothing was done. */
  async #applied(operations: readonly Operation[]): Promise<boolean> {
    try {
      if (operations.length > 0) await this.nft.apply(operations);
      return false;
    } catch (error) {
      if (!isKernelError(error, 'ENOENT')) throw error;
      return true;
    }
  }
}

export class SpreadTables {
  readonly nft: Nftables;
  readonly #template: Table;
  readonly #shared: (table: Table) => Operation[];
  readonly #tables = new Map<string, SpreadTable>();
  /** Chains that each of the tables begins with. */
  readonly #common: ReadonlySet<string>;
  readonly #queue = new PacedQueue();

  /** `template` has the name that those of the tables begin with; `shared` is what each of them begins with. */
  constructor(nft: Nftables, template: Table, shared: (table: Table) => Operation[]) {
    this.nft = nft;
    this.#template = template;
    this.#shared = shared;
    const chains = shared(template).flatMap((one) => (one.type === 'add-chain' ? [one.chain.name] : []));
    this.#common = new Set(chains);
  }

  /** The table of an interface. */
  of(interfaceName: string): SpreadTable {
    return this.#named(spreadTable(this.#template, interfaceName));
  }

  /**
   * Applies what `operations` returns in one transaction, after the shared parts of these tables are there. With many callers at once others
   * are served in between.
   */
  async apply(tables: Iterable<SpreadTable>, operations: () => readonly Operation[]): Promise<void> {
    await Promise.all(Array.from(tables, (table) => table.prepare()));
    const { applied } = await this.#queue.run(() => ({ applied: this.nft.apply(operations()) }));
    await applied;
  }

  /** The parts that tables share may have been damaged. */
  forget(): void {
    for (const table of this.#tables.values()) table.forget();
  }

  /** What is there, read once in a retrieval; of all tables, or of `only` these. */
  async read(session: object, only?: ReadonlySet<SpreadTable>): Promise<ReadonlyMap<SpreadTable, Chains>> {
    const listed = await this.nft.tables();
    const { family } = this.#template;
    const ours = listed.filter((table) => table.family === family && this.has(table.name));
    const found = ours
      .map(({ name }) => this.#named({ ...this.#template, name }))
      .filter((table) => only?.has(table) ?? true);
    const contents = await Promise.all(found.map(async (table) => [table, await table.read(session)] as const));
    for (const [table, chains] of contents) table.use([...chains.keys()].filter((chain) => !this.#common.has(chain)));
    return new Map(contents);
  }

  /** Whether it is one of these tables. */
  has(name: string): boolean {
    return templateOf(name) === this.#template.name;
  }

  #named(table: Table): SpreadTable {
    let known = this.#tables.get(table.name);
    if (!known) {
      known = new SpreadTable(this.nft, table, () => this.#shared(table));
      this.#tables.set(table.name, known);
    }
    return known;
  }
}

/** The table of an interface among those whose names begin like the template's. */
export function spreadTable(template: Table, interfaceName: string): Table {
  return { ...template, name: `${template.name}-${(fnv1a(interfaceName) % tables).toString(16).padStart(2, '0')}` };
}

/** The name that all tables of a feature begin with; of tables that are not spread their own. */
export function templateOf(name: string): string {
  return name.replace(/-[0-9a-f]{2}$/, '');
}
