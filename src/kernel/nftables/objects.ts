/** Tables, chains, rules, sets and elements as they are declared. Names are nftables' own. */

import type { DataType, Value } from './datatype.ts';
import type { Statement } from './compiler.ts';
import type { Family, Hook } from './uapi.ts';

export type { Family, Hook } from './uapi.ts';

/** Names a table. */
export interface TableReference {
  readonly family: Family;
  readonly name: string;
}

export interface Table extends TableReference {
  /** At most 128 bytes, shown by `nft list`. */
  readonly comment?: string;
}

/** What makes a chain a base chain: the place in the packet path it hangs at (`../pipeline` has the priorities). */
export interface BaseChain {
  readonly type: 'filter' | 'nat' | 'route';
  readonly hook: Hook;
  readonly priority: number;
  /** What happens to packets that reach the end. Default accept. */
  readonly policy?: 'accept' | 'drop';
  /** netdev and inet ingress only: 1-256 device names. Kernel 6.18 takes names of devices that do not exist yet, 6.1 does not. */
  readonly devices?: readonly string[];
}

export interface Chain {
  readonly name: string;
  readonly base?: BaseChain;
  readonly comment?: string;
}

/** A rule is its statements in order; the key identifies it across restarts and is stored as its comment (at most 127 bytes). */
export interface Rule {
  readonly key: string;
  readonly statements: readonly Statement[];
}

/** A set, or a map when it has `data`. */
export interface NftSet {
  readonly name: string;
  /** Parts of the key; more than one make a concatenation. `nft list` shows at most five correctly. */
  readonly key: readonly DataType[];
  /** Makes it a map to these values, or a verdict map. */
  readonly data?: readonly DataType[] | 'verdict';
  /** Keys may be ranges and prefixes. */
  readonly interval?: boolean;
  /** Map data are ranges (`first`, `last`), for NAT pools. One data part only. */
  readonly dataInterval?: boolean;
  /** Rules may add elements (`update`, `add`). */
  readonly dynamic?: boolean;
  /** Elements may have time-outs; this is the default one in ms, 0 for none. */
  readonly timeout?: number;
  /** Largest number of elements. Dynamic sets must have one; the kernel's default for them is 65,535. */
  readonly size?: number;
  /** Every element counts packets and bytes. */
  readonly counter?: boolean;
  readonly comment?: string;
}

/** A range of keys, both ends included. */
export interface Range {
  readonly from: Value;
  readonly to: Value;
}

/** One part of a key: a value, in interval sets also a range, and text `ADDRESS/LENGTH` for addresses. */
export type KeyPart = Value | Range;

/** What a verdict map's element does. */
export type Verdict =
  | { readonly verdict: 'accept' | 'drop' | 'continue' | 'return' }
  | { readonly verdict: 'jump' | 'goto'; readonly chain: string };

export interface Element {
  readonly key: readonly KeyPart[];
  /** Required in maps. */
  readonly data?: readonly Value[] | Verdict;
  /** Time-out in ms of this element; 0 never. */
  readonly timeout?: number;
  readonly comment?: string;
}

/** Where a new rule goes; default: at the end. Handles are those of rules that exist already. */
export type RulePlace = { readonly before: bigint } | { readonly after: bigint } | 'first' | 'last';

/** One change. The functions of `operation.ts` make them. */
export type Operation =
  | { readonly type: 'add-table'; readonly table: Table }
  | { readonly type: 'delete-table'; readonly table: TableReference }
  | { readonly type: 'add-chain'; readonly table: TableReference; readonly chain: Chain }
  | { readonly type: 'delete-chain' | 'flush-chain'; readonly table: TableReference; readonly chain: string }
  | {
      readonly type: 'add-rule';
      readonly table: TableReference;
      readonly chain: string;
      readonly rule: Rule;
      readonly place: RulePlace;
    }
  | {
      readonly type: 'replace-rule';
      readonly table: TableReference;
      readonly chain: string;
      readonly rule: Rule;
      readonly handle: bigint;
    }
  | { readonly type: 'delete-rule'; readonly table: TableReference; readonly chain: string; readonly handle: bigint }
  | { readonly type: 'add-set'; readonly table: TableReference; readonly set: NftSet }
  | { readonly type: 'delete-set' | 'flush-set'; readonly table: TableReference; readonly set: string }
  | {
      readonly type: 'add-elements' | 'delete-elements';
      readonly table: TableReference;
      readonly set: NftSet;
      readonly elements: readonly Element[];
    };
