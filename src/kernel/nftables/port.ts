/** What the rest of the agent sees of nftables: one port for each network namespace. */

import type { DataType } from './datatype.ts';
import type { BaseChain, Chain, Family, KeyPart, NftSet, Operation, Rule, Table, TableReference } from './objects.ts';
import type { Element } from './objects.ts';
import type { ListedElement } from './element-codec.ts';

export interface ListedTable extends TableReference {
  readonly handle: bigint;
  readonly comment: string | undefined;
}

export interface ListedChain {
  readonly name: string;
  readonly handle: bigint;
  readonly base: BaseChain | undefined;
  readonly comment: string | undefined;
}

export interface ListedRule {
  readonly chain: string;
  readonly handle: bigint;
  /** Comment of the rule: the key it was added with, or whatever others wrote. */
  readonly key: string | undefined;
  /** Normal form of its expressions; equal to `fingerprint(...)` of the same statements. */
  readonly fingerprint: string;
  /** Of its first counter. */
  readonly counter: { readonly packets: bigint; readonly bytes: bigint } | undefined;
}

export interface ListedSet {
  readonly name: string;
  readonly handle: bigint;
  /** The definition in normal form; equal to `definitionOf(...)` of the set it was added with. */
  readonly definition: string;
}

/** What is in a table. */
export interface ListedContent {
  readonly table: ListedTable;
  readonly chains: readonly ListedChain[];
  /** In the order of their chains. */
  readonly rules: readonly ListedRule[];
  readonly sets: readonly ListedSet[];
}

/** A table as its feature wants it. Everything in the table belongs to the feature; what is not declared is removed. */
export interface TableContent {
  readonly table: Table;
  readonly chains: readonly (Chain & { readonly rules: readonly Rule[] })[];
  readonly sets: readonly DesiredSet[];
}

export interface DesiredSet extends NftSet {
  /** Undefined: elements are not looked at (rules add them). */
  readonly elements?: readonly Element[];
}

/** One difference between a table and its declaration, in words. */
export interface Difference {
  readonly object: 'table' | 'chain' | 'rule' | 'set' | 'element';
  /** Name of the chain or set, key of the rule; of an element the set. */
  readonly name: string;
  readonly what: 'missing' | 'changed' | 'unexpected' | 'moved';
  /** Key of the element. */
  readonly element?: readonly KeyPart[];
}

/** What somebody else changed. */
export interface ForeignChange {
  readonly table: TableReference;
  readonly object: 'table' | 'chain' | 'rule' | 'set' | 'element';
  readonly what: 'added' | 'removed';
  /** Name of the chain or set; empty for a table. */
  readonly name: string;
  /** Comment of the rule. */
  readonly key: string | undefined;
  /** Name of the program that did it, when the kernel tells. */
  readonly by: string;
}

export interface ApplyOptions {
  /**
   * Only when nobody, not even this process, has changed anything in the namespace since this generation; else ERESTART. Such a
   * call is a transaction of its own and goes before the others of its wave.
   */
  readonly generation?: number;
}

export interface Nftables {
  /**
   * Applies the operations in order, all or none. What callers ask for until the event loop is idle goes to the kernel as one
   * atomic transaction; a caller whose operations are refused gets an NftablesError and the others' are sent again without
   * them. Operations of different callers are applied in the order of the calls.
   *
   * For an unprivileged user whose socket buffer is too small, callers are spread over several transactions, and a single
   * call larger than the buffer is, too: then it is not atomic.
   */
  apply(operations: readonly Operation[], options?: ApplyOptions): Promise<void>;
  /** Number that changes with every transaction in this namespace, whoever made it. */
  generation(): Promise<number>;
  tables(): Promise<readonly ListedTable[]>;
  /** Undefined when there is no such table. Consistent: read again when it changes meanwhile. */
  list(table: TableReference): Promise<ListedContent | undefined>;
  rules(table: TableReference, chain?: string): Promise<readonly ListedRule[]>;
  /** ENOENT when there is no such set. About 0.1 s for 60,000; yields to the event loop. */
  elements(table: TableReference, set: NftSet): Promise<readonly ListedElement[]>;
  /** What differs between the kernel and the declaration; empty when nothing does. */
  compare(desired: TableContent): Promise<readonly Difference[]>;
  /**
   * Makes the table equal the declaration with the fewest operations, in one transaction; returns what it had to change.
   * Nothing is changed on grounds that no longer hold: when anybody changes the rule set meanwhile, everything is read and
   * compared again; give a function for a declaration that may change, too. ERESTART (retriable) when that never ends.
   */
  reconcile(desired: TableContent | (() => TableContent)): Promise<readonly Difference[]>;
  /**
   * Calls `changed` with what others did to tables that `wanted` accepts, after each of their transactions; `undefined`
   * means that events were lost and anything may have changed. Returns the function that ends this.
   */
  watch(
    wanted: (table: TableReference) => boolean,
    changed: (changes: readonly ForeignChange[] | undefined) => void,
  ): () => void;
}

export type { DataType, Family };
