/**
 * What a feature has for each interface, spread over tables of nftables by the interface's name. The kernel validates a whole
 * table with each of its transactions, and lists one in a time that grows with the square of its rules: with 100,000 rules in one
 * table a changed rule takes 30 ms and listing 20 s.
 */

import type { Nftables, Operation, Table } from '../../kernel/nftables/index.ts';
import { type Chains, SharedTable } from './shared-table.ts';

const tables = 64;

export class SpreadTables {
  readonly nft: Nftables;
  readonly #template: Table;
  readonly #shared: (table: Table) => Operation[];
  readonly #tables = new Map<string, SharedTable>();

  /** `template` has the name that those of the tables begin with; `shared` is what each of them begins with. */
  constructor(nft: Nftables, template: Table, shared: (table: Table) => Operation[]) {
    this.nft = nft;
    this.#template = template;
    this.#shared = shared;
  }

  /** The table of an interface. */
  of(interfaceName: string): SharedTable {
    return this.#named(spreadTable(this.#template, interfaceName));
  }

  /** The parts that tables share may have been damaged. */
  forget(): void {
    for (const table of this.#tables.values()) table.forget();
  }

  /** What is there, read once in a retrieval; of all tables, or of `only` these. */
  async read(session: object, only?: ReadonlySet<SharedTable>): Promise<ReadonlyMap<SharedTable, Chains>> {
    const listed = await this.nft.tables();
    const { family } = this.#template;
    const ours = listed.filter((table) => table.family === family && this.has(table.name));
    const found = ours
      .map(({ name }) => this.#named({ ...this.#template, name }))
      .filter((table) => only?.has(table) ?? true);
    return new Map(await Promise.all(found.map(async (table) => [table, await table.read(session)] as const)));
  }

  /** Whether it is one of these tables. */
  has(name: string): boolean {
    return templateOf(name) === this.#template.name;
  }

  #named(table: Table): SharedTable {
    let known = this.#tables.get(table.name);
    if (!known) {
      known = new SharedTable(this.nft, table, () => this.#shared(table));
      this.#tables.set(table.name, known);
    }
    return known;
  }
}

/** The table of an interface among those whose names begin like the template's. */
export function spreadTable(template: Table, interfaceName: string): Table {
  return { ...template, name: `${template.name}-${(hash(interfaceName) % tables).toString(16).padStart(2, '0')}` };
}

/** The name that all tables of a feature begin with; of tables that are not spread their own. */
export function templateOf(name: string): string {
  return name.replace(/-[0-9a-f]{2}$/, '');
}

/** FNV-1a: the same in every run of the agent. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}
