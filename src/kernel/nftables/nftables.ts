/** The nftables part of the kernel driver: a port for each network namespace. */

import type { Namespace } from '../namespace/namespace.ts';
import { isKernelError } from '../errors.ts';
import { readGeneration } from './conversation.ts';
import { ElementCodec, type ListedElement } from './element-codec.ts';
import { ElementComparison, type ElementChanges } from './element-comparison.ts';
import { invalid } from './errors.ts';
import { dumpElements, listContent, listElements, listRules, listTables } from './listing.ts';
import { Monitor } from './monitor.ts';
import { prepareFingerprints } from './normal-form.ts';
import type { NftSet, Operation, Rule, TableReference } from './objects.ts';
import { plan, type ChangesBySet, type Plan } from './plan.ts';
import { definitionOf } from './set-definition.ts';
import { closeResting } from './socket-pool.ts';
import type {
  ApplyOptions,
  Difference,
  ForeignChange,
  ListedContent,
  ListedRule,
  ListedTable,
  Nftables,
  TableContent,
} from './port.ts';
import { Transactions } from './transaction.ts';

/** How often a table is read again because others changed the rule set meanwhile. */
const attempts = 4;
const reconcileAttempts = 20;

export interface NftablesDriver {
  /** The port of a namespace: cheap, and what is asked through several of one namespace shares transactions. */
  nft(namespace: Namespace): Nftables;
  /** Resolves when everything asked for so far is done. */
  idle(): Promise<void>;
  /** Ends all watching and refuses further changes. */
  close(): void;
}

/** Opens nothing until it is used. */
export function createNftablesDriver(): NftablesDriver {
  return new Driver();
}

/** What is remembered of a namespace while something is going on in it. */
interface State {
  readonly transactions: Transactions;
  readonly monitor: Monitor;
}

class Driver implements NftablesDriver {
  readonly #states = new Map<string, State>();
  #closed = false;

  nft(namespace: Namespace): Nftables {
    return new Port(namespace, this);
  }

  state(namespace: Namespace): State {
    const existing = this.#states.get(namespace.id);
    if (existing) return existing;
    const monitor = new Monitor(namespace);
    const state = { monitor, transactions: new Transactions(namespace, monitor) };
    if (this.#closed) state.transactions.close();
    else this.#states.set(namespace.id, state);
    return state;
  }

  /** Forgets a namespace in which nothing is going on: it may be gone for good. */
  release(namespace: Namespace, state: State): void {
    if (state.monitor.active || state.transactions.busy) return;
    if (this.#states.get(namespace.id) === state) this.#states.delete(namespace.id);
  }

  async idle(): Promise<void> {
    await Promise.all([...this.#states.values()].map(({ transactions }) => transactions.idle()));
  }

  close(): void {
    this.#closed = true;
    for (const { transactions, monitor } of this.#states.values()) {
      transactions.close();
      monitor.close();
    }
    this.#states.clear();
    closeResting();
  }
}

function* allRules({ chains }: TableContent): Generator<Rule, void> {
  for (const chain of chains) yield* chain.rules;
}

class Port implements Nftables {
  readonly #namespace: Namespace;
  readonly #driver: Driver;

  constructor(namespace: Namespace, driver: Driver) {
    this.#namespace = namespace;
    this.#driver = driver;
  }

  async apply(operations: readonly Operation[], options: ApplyOptions = {}): Promise<void> {
    const state = this.#driver.state(this.#namespace);
    try {
      await state.transactions.apply(operations, options.generation);
    } finally {
      this.#driver.release(this.#namespace, state);
    }
  }

  async generation(): Promise<number> {
    return readGeneration(this.#namespace);
  }

  tables(): Promise<readonly ListedTable[]> {
    return listTables(this.#namespace);
  }

  /** The parts are read one after the other: the generation tells whether they belong together. */
  async list(table: TableReference): Promise<ListedContent | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const before = readGeneration(this.#namespace);
      const content = await listContent(this.#namespace, table).catch((error: unknown) => {
        if (attempt < attempts && isKernelError(error, 'ENOENT')) return undefined;
        throw error;
      });
      if (readGeneration(this.#namespace) === before || attempt >= attempts) return content;
    }
  }

  rules(table: TableReference, chain?: string): Promise<readonly ListedRule[]> {
    return listRules(this.#namespace, table, chain);
  }

  elements(table: TableReference, set: NftSet): Promise<readonly ListedElement[]> {
    return listElements(this.#namespace, table, set);
  }

  async compare(desired: TableContent): Promise<readonly Difference[]> {
    return (await this.#plan(desired)).differences;
  }

  async reconcile(desired: TableContent | (() => TableContent)): Promise<readonly Difference[]> {
    for (let attempt = 1; ; attempt += 1) {
      const generation = readGeneration(this.#namespace);
      const { differences, operations } = await this.#plan(typeof desired === 'function' ? desired() : desired);
      if (operations.length === 0) return differences;
      try {
        await this.apply(operations, { generation });
        return differences;
      } catch (error) {
        if (attempt >= reconcileAttempts || !isKernelError(error, 'ERESTART')) throw error;
      }
    }
  }

  watch(
    wanted: (table: TableReference) => boolean,
    changed: (changes: readonly ForeignChange[] | undefined) => void,
  ): () => void {
    const state = this.#driver.state(this.#namespace);
    const stop = state.monitor.add({ wanted, changed });
    return () => {
      stop();
      this.#driver.release(this.#namespace, state);
    };
  }

  async #plan(desired: TableContent): Promise<Plan> {
    const listed = await this.list(desired.table);
    try {
      if (listed) await prepareFingerprints(desired.table.family, allRules(desired));
      return plan(desired, listed, await this.#compareElements(desired, listed));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw invalid(`compare table ${desired.table.family} ${desired.table.name}`, error.message, error);
    }
  }

  /** A set of another definition is made anew, so that nobody needs to know what is in it. */
  async #compareElements(desired: TableContent, listed: ListedContent | undefined): Promise<ChangesBySet> {
    const definitions = new Map(listed?.sets.map((set) => [set.name, set.definition]));
    const changes = new Map<string, ElementChanges>();
    for (const set of desired.sets) {
      if (!set.elements || definitions.get(set.name) !== definitionOf(set)) continue;
      const codec = new ElementCodec(set);
      const comparison = await ElementComparison.of(codec, set.elements);
      await dumpElements(this.#namespace, desired.table, codec, comparison);
      changes.set(set.name, comparison.finish());
    }
    return changes;
  }
}
