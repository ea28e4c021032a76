/** Calls of handlers: each has a slot and a deadline, and ends once, by its answer or by the deadline. */

import { reconcileAggregate } from './aggregate.ts';
import type { Deadlines, Timed } from './deadlines.ts';
import { SchedulerError } from './errors.ts';
import type { Graph } from './graph.ts';
import type { Handler } from './handler.ts';
import type { Key } from '../model/key.ts';
import type { Applied } from './node.ts';
import type { Operation } from './operation.ts';
import type { Slots } from './slots.ts';
import { LiveOperationContext } from './view.ts';

/** What became of an operation after its deadline: its metadata, or the error it ended with. */
export type LateOutcome = { readonly applied: Applied | undefined } | { readonly error: unknown };

/** What the operations of one engine share. */
export interface Line {
  readonly slots: Slots;
  readonly deadlines: Deadlines;
}

/** The round that a call belongs to. */
interface Owner {
  readonly executor: {
    readonly graph: Graph;
    /** Groups that write to an aggregate, by its name. */
    readonly aggregates: Map<string, Group>;
    readonly onOverdue: (operation: Operation, outcome: Promise<LateOutcome>) => void;
  };
  succeed(operation: Operation, metadata: unknown): void;
  /** `uncertain`: nobody knows whether it happened. */
  fail(operation: Operation, error: Error, uncertain: boolean): void;
}

/** A call of one handler function for one operation. */
export class Single implements Timed {
  readonly #owner: Owner;
  readonly #operation: Operation;
  readonly #handler: Handler;
  readonly #line: Line;
  #context: LiveOperationContext;
  #promise: Promise<unknown> | undefined = undefined;
  settled = false;
  tick = 0;

  constructor(owner: Owner, operation: Operation, handler: Handler, line: Line) {
    this.#owner = owner;
    this.#operation = operation;
    this.#handler = handler;
    this.#line = line;
    this.#context = new LiveOperationContext(owner.executor.graph);
  }

  begin(): void {
    const promise = call(this.#handler, this.#operation, this.#context);
    this.#promise = promise;
    this.#line.deadlines.add(this);
    promise.then(
      (metadata) => {
        if (this.#leave()) this.#owner.succeed(this.#operation, metadata);
      },
      (error: unknown) => {
        if (this.#leave()) this.#owner.fail(this.#operation, asError(error), false);
      },
    );
  }

  expire(): void {
    if (!this.#leave()) return;
    const error = overdue(this.#operation);
    this.#owner.fail(this.#operation, error, true);
    const late = this.#promise!.then(
      (metadata): LateOutcome => ({ applied: outcome(this.#operation, metadata) }),
      (reason: unknown): LateOutcome => ({ error: reason }),
    );
    this.#context.abort(error);
    this.#owner.executor.onOverdue(this.#operation, late);
  }

  /** True the first time: gives the slot back. */
  #leave(): boolean {
    if (this.settled) return false;
    this.settled = true;
    this.#line.slots.release();
    return true;
  }
}

/** A call of `reconcile` for all operations of a wave on one aggregate. */
export class Group implements Timed {
  readonly #owner: Owner;
  readonly #name: string;
  readonly #operations: readonly Operation[];
  readonly #handler: Handler;
  readonly #line: Line;
  #context: LiveOperationContext;
  #promise: Promise<ReadonlyMap<Key, unknown>> | undefined = undefined;
  #waiting: (() => void)[] | undefined = undefined;
  settled = false;
  tick = 0;

  constructor(owner: Owner, name: string, operations: readonly Operation[], handler: Handler, line: Line) {
    this.#owner = owner;
    this.#name = name;
    this.#operations = operations;
    this.#handler = handler;
    this.#line = line;
    this.#context = new LiveOperationContext(owner.executor.graph);
  }

  begin(): void {
    const { aggregates, graph } = this.#owner.executor;
    const promise = attempt(() => reconcileAggregate(graph, this.#handler, this.#context, this.#operations));
    this.#promise = promise;
    aggregates.set(this.#name, this);
    this.#line.deadlines.add(this);
    promise.then(
      (results) => {
        if (this.#leave())
          for (const operation of this.#operations) this.#conclude(operation, results.get(operation.node.key));
        this.#end();
      },
      (error: unknown) => {
        if (this.#leave()) for (const operation of this.#operations) this.#owner.fail(operation, asError(error), false);
        this.#end();
      },
    );
  }

  /** Calls back when the aggregate is free again. */
  whenOver(callback: () => void): void {
    (this.#waiting ??= []).push(callback);
  }

  /** The call is over, or given up. */
  readonly #end = (): void => {
    const { aggregates } = this.#owner.executor;
    if (aggregates.get(this.#name) !== this) return;
    aggregates.delete(this.#name);
    for (const callback of this.#waiting ?? []) queueMicrotask(callback);
  };

  expire(): void {
    if (!this.#leave()) return;
    for (const operation of this.#operations) {
      const late = this.#promise!.then(
        (results): LateOutcome => {
          const result = results.get(operation.node.key);
          return result instanceof Error ? { error: result } : { applied: outcome(operation, result) };
        },
        (reason: unknown): LateOutcome => ({ error: reason }),
      );
      this.#owner.fail(operation, overdue(operation), true);
      this.#owner.executor.onOverdue(operation, late);
    }
    this.#context.abort(overdue(this.#operations[0]!));
    // A call that does not even answer the abort must not keep the aggregate for ever.
    setTimeout(this.#end, this.#operations[0]!.node.registration!.engine!.deadline).unref();
  }

  #conclude(operation: Operation, result: unknown): void {
    if (result instanceof Error) this.#owner.fail(operation, result, false);
    else this.#owner.succeed(operation, result);
  }

  #leave(): boolean {
    if (this.settled) return false;
    this.settled = true;
    this.#line.slots.release();
    return true;
  }
}

function call(handler: Handler, operation: Operation, context: LiveOperationContext): Promise<unknown> {
  return attempt(() => start(handler, operation, context));
}

function attempt<T>(begin: () => Promise<T>): Promise<T> {
  try {
    return begin();
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

function start(
  handler: Handler,
  { verb, node, was, goal, changed }: Operation,
  context: LiveOperationContext,
): Promise<unknown> {
  switch (verb) {
    case 'create':
      return handler.create(context, node.key, goal!.value);
    case 'update':
      return handler.update!(context, node.key, was!.value, goal!.value, was!.metadata);
    case 'refresh':
      return handler.refresh!(context, node.key, goal!.value, was!.metadata, changed);
    case 'remove':
      return handler.remove(context, node.key, was!.value, was!.metadata);
  }
}

export function outcome({ verb, goal, aggregate }: Operation, metadata: unknown): Applied | undefined {
  if (verb === 'remove') return undefined;
  return {
    value: goal!.value,
    metadata,
    dependencies: goal!.dependencies,
    claims: goal!.claims,
    foreign: false,
    aggregate,
  };
}

function overdue({ verb, node }: Operation): SchedulerError {
  return new SchedulerError(
    'timeout',
    `no answer to ${verb} of ${node.key} within its deadline: outcome unknown until it is retrieved`,
    { key: node.key },
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
