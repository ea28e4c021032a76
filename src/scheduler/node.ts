/** What is known of one key: what is wanted, what is applied, and what is being done about it. */

import type { Key } from '../model/key.ts';
import type { Dependency, Part, Problem, Value } from './kind.ts';
import type { Registration } from './registry.ts';
import type { OperationName, RetryPolicy, Source, ValueState } from './scheduler.ts';

/** Why a wanted value cannot be applied whatever the data plane says. */
export interface Refusal {
  readonly state: 'INVALID' | 'UNIMPLEMENTED';
  readonly reason: string;
  readonly problems: readonly Problem[];
}

/** What was asked for. Frozen; a new request makes a new one. */
export interface Desired {
  readonly value: Value;
  readonly source: Source | undefined;
  readonly seqNum: number;
  readonly retry: RetryPolicy | false;
  readonly refusal: Refusal | undefined;
  /** Of a refused revision: what stays in place. */
  readonly goal: Goal | undefined;
}

/** What the scheduler works towards: the desired value when it can be made, else the revision it leaves in place. */
export interface Goal {
  readonly value: Value;
  readonly dependencies: readonly Dependency[];
  readonly parts: readonly Part[];
  readonly claims: readonly string[];
}

/** What the data plane is believed to hold. */
export interface Applied {
  readonly value: Value;
  readonly metadata: unknown;
  readonly dependencies: readonly Dependency[];
  readonly claims: readonly string[];
  /** Made by someone else: never removed, needs nothing. */
  readonly foreign: boolean;
  readonly aggregate: string | undefined;
}

export interface Failure {
  readonly error: Error;
  readonly operation: OperationName;
  readonly retriable: boolean;
  /** What was wanted when it was tried: that something else failed says nothing of what is wanted now. */
  readonly aim: Goal | undefined;
}

/** A planned further attempt. `attempt` counts from 1. */
export interface Retry {
  readonly attempt: number;
  readonly seqNum: number;
  readonly policy: RetryPolicy;
  /** Not before the data plane is back: the resync then tries it. */
  readonly waits?: true;
}

export interface Missing {
  readonly label: string;
  readonly since: number;
}

export const nothing: readonly never[] = Object.freeze([]);

/** Fields are set by `Graph` only, which keeps the indexes and the open snapshots right. */
export class Node {
  readonly key: Key;
  /** Name of the kind; undefined for a property, and for a key that no kind covers. */
  kind: string | undefined;
  registration: Registration | undefined;
  /** Set later for a part that was found in the data plane before its base. */
  parent: Node | undefined;
  /** Replaced, never changed in place: snapshots share it. Includes parts that are on their way out. */
  parts: readonly Node[] = nothing;
  desired: Desired | undefined = undefined;
  goal: Goal | undefined = undefined;
  /** The winner of a claim this value makes, too. */
  conflict: Node | undefined = undefined;
  applied: Applied | undefined = undefined;

  /** An operation is running: dependencies it relies on. */
  attempt: { readonly dependencies: readonly Dependency[] } | undefined = undefined;
  /** The outcome of the last operation is unknown; nothing is done to this key until it was retrieved. */
  uncertain = false;
  /** Scheduler time at which the belief last changed; a retrieval that began earlier knows less. */
  touched = 0;

  /** The request for which the present state was noted in history. */
  noted: Desired | undefined = undefined;
  state: ValueState = 'NONEXISTENT';
  /** ms since the epoch. */
  since = 0;
  lastOperation: OperationName = 'UNDEFINED';
  failure: Failure | undefined = undefined;
  retry: Retry | undefined = undefined;
  missing: readonly Missing[] = nothing;
  /** How `applied` came to be known when the data plane was read: `found` or `lost` there. */
  observed: 'found' | 'lost' | undefined = undefined;
  /** Dependencies under which the indexes know this node. */
  indexed: readonly Dependency[] = nothing;
  /** Snapshot generation in which the fields were last saved. */
  saved = 0;

  constructor(key: Key, kind: string | undefined, registration: Registration | undefined, parent: Node | undefined) {
    this.key = key;
    this.kind = kind;
    this.registration = registration;
    this.parent = parent;
  }

  /** A marker without a kind: others depend on it, nothing programs it. */
  get isProperty(): boolean {
    return this.parent !== undefined && this.kind === undefined;
  }

  /** Wanted and able to be made, dependencies aside. */
  get wanted(): Goal | undefined {
    return this.conflict === undefined ? this.goal : undefined;
  }

  get base(): Node {
    let node: Node = this;
    while (node.parent !== undefined) node = node.parent;
    return node;
  }
}

/** Applied, and to the revision that is wanted. */
export function isAsWanted({ applied, wanted }: Node): boolean {
  return applied !== undefined && wanted !== undefined && applied.value === wanted.value && !applied.foreign;
}

/** Could be got on with: what it lacked may have come. */
export function isUnfinished(node: Node): boolean {
  return node.wanted !== undefined && !isAsWanted(node);
}

/** Unfinished, or as wanted after a failure for which others may have given it up. */
export function isUnsettled(node: Node): boolean {
  return node.failure !== undefined || isUnfinished(node);
}

/** The last operation failed, and it was for what is wanted now. */
export function isFailed({ failure, wanted }: Node): boolean {
  return failure !== undefined && failure.aim === wanted;
}

/** The state that follows from the fields. */
export function deriveState(node: Node): ValueState {
  const { desired, applied } = node;
  if (desired === undefined) {
    if (applied === undefined) return node.failure === undefined ? 'NONEXISTENT' : failureState(node);
    if (applied.foreign) return 'OBTAINED';
    return node.failure === undefined ? 'CONFIGURED' : failureState(node);
  }
  if (applied !== undefined && node.failure !== undefined && node.wanted === undefined) return failureState(node);
  if (
    node.retry === undefined &&
    applied === undefined &&
    node.parent !== undefined &&
    node.parent.applied === undefined
  )
    return 'NONEXISTENT';
  if (desired.refusal !== undefined) return desired.refusal.state;
  if (node.conflict !== undefined) return 'INVALID';
  if (node.failure !== undefined) return failureState(node);
  if (applied !== undefined) return node.observed === 'found' ? 'DISCOVERED' : 'CONFIGURED';
  return node.observed === 'lost' ? 'MISSING' : 'PENDING';
}

/** An engine may find out only while it makes a value that it cannot: that is what UNIMPLEMENTED says, and no retry helps. */
export function failureState(node: Node): ValueState {
  if (node.retry !== undefined) return 'RETRYING';
  const { failure, wanted } = node;
  const isMade = failure !== undefined && failure.operation !== 'DELETE' && wanted !== undefined;
  return isMade && isLack(failure.error) ? 'UNIMPLEMENTED' : 'FAILED';
}

export function isLack(error: Error): boolean {
  return (error as { readonly code?: unknown }).code === 'unimplemented';
}
