/** Carries out operations: all that do not wait for each other at once, within the bounds of their engines. */

import { admit } from './admission.ts';
import { Group, Single, outcome } from './attempt.ts';
import type { LateOutcome, Line } from './attempt.ts';
import { Deadlines } from './deadlines.ts';
import type { Graph } from './graph.ts';
import type { Engine } from './handler.ts';
import { nothing } from './node.ts';
import type { Node } from './node.ts';
import type { Operation } from './operation.ts';
import { Gathered, Queue } from './ready.ts';
import { RemovalBarrier } from './removal-barrier.ts';
import { Slots } from './slots.ts';
import type { Turn } from './turn.ts';

/** Who ordered the operations, and wants to hear how they went. */
export interface Job {
  readonly isBulk: boolean;
  /** The lane's share of each turn of the event loop. */
  readonly turn: Turn;
  /** Others change the graph meanwhile: each operation is checked before it starts. */
  contended: boolean;
  /** Nothing more is started. */
  halted: boolean;
  /** Time of the graph when the operations began to be planned. */
  readonly planned: number;
  starting(operation: Operation): void;
  succeeded(operation: Operation): void;
  /** `uncertain`: nobody knows whether it happened. */
  failed(operation: Operation, error: Error, uncertain: boolean): void;
  /** Not started: something before it failed, or the plan is out of date. */
  skipped(operation: Operation): void;
  /** Not possible until the outcome of `blocker` is known. */
  blocked(operation: Operation, blocker: Node): void;
}

const noDependencies = { dependencies: nothing };

export class Executor {
  readonly graph: Graph;
  readonly #lines = new Map<string, Line>();
  readonly #jobs = new Set<Job>();
  readonly #sleepers = new Map<Node, (() => void)[]>();
  /** Aggregates that are being written. */
  readonly aggregates = new Map<string, Group>();
  /** Hears of every operation that outlived its deadline. */
  onOverdue: (operation: Operation, outcome: Promise<LateOutcome>) => void = () => {};

  constructor(graph: Graph, engines: readonly Engine[]) {
    this.graph = graph;
    graph.onWhole = (node) => this.announce(node);
    for (const engine of engines) this.addEngine(engine);
  }

  addEngine({ name, concurrency, deadline }: Engine): void {
    this.#lines.set(name, { slots: new Slots(concurrency), deadlines: new Deadlines(deadline) });
  }

  enter(job: Job): void {
    this.#jobs.add(job);
    if (this.#jobs.size > 1) for (const other of this.#jobs) other.contended = true;
  }

  leave(job: Job): void {
    this.#jobs.delete(job);
  }

  /** Resolves when every operation is done, failed or skipped. */
  run(job: Job, operations: readonly Operation[]): Promise<void> {
    return new Promise((resolve, reject) => {
      new Round(this, job, operations, resolve).begin().catch(reject);
    });
  }

  line(engine: string): Line {
    return this.#lines.get(engine)!;
  }

  /** Says that the operation on a node is over: wakes the operations that wait for that. */
  announce(node: Node): void {
    const sleepers = this.#sleepers.get(node);
    if (sleepers === undefined) return;
    this.#sleepers.delete(node);
    for (const wake of sleepers) wake();
  }

  /** Others than jobs changed the graph. */
  disturb(): void {
    for (const job of this.#jobs) job.contended = true;
  }

  sleepOn(node: Node, wake: () => void): void {
    const sleepers = this.#sleepers.get(node);
    if (sleepers === undefined) this.#sleepers.set(node, [wake]);
    else sleepers.push(wake);
  }

  close(): void {
    for (const { deadlines } of this.#lines.values()) deadlines.close();
  }
}

/** One run of a plan. */
class Round {
  readonly executor: Executor;
  readonly job: Job;
  readonly #operations: readonly Operation[];
  readonly #finish: () => void;
  readonly #queues = new Map<Line | undefined, Queue>();
  /** Operations on aggregates that are ready to start, by engine and aggregate. */
  readonly #gathered: { readonly line: Line; readonly gathered: Gathered }[] = [];
  readonly #barrier: RemovalBarrier;
  #left: number;
  #begun = false;
  #draining = false;
  #again = false;
  #scheduled = false;

  constructor(executor: Executor, job: Job, operations: readonly Operation[], finish: () => void) {
    this.executor = executor;
    this.job = job;
    this.#operations = operations;
    this.#finish = finish;
    this.#left = operations.length;
    this.#barrier = new RemovalBarrier(
      (operation) => this.#enqueue(operation),
      () => this.drain(),
    );
  }

  async begin(): Promise<void> {
    if (this.#left === 0) return this.#finish();
    const { turn } = this.job;
    await turn.run(this.#barrier.raise(this.#operations));
    await turn.run(this.#offer());
    this.#begun = true;
    this.drain();
  }

  /** Nothing starts meanwhile: an operation that ended would make others ready, which would then be offered twice. */
  *#offer(): Generator<void> {
    let steps = 0;
    for (const operation of this.#operations) {
      if (operation.waits === 0) this.#ready(operation);
      if ((++steps & 255) === 0) yield;
    }
  }

  /** Starts what can be started. Operations that are over at once make others ready: goes round until none is left. */
  readonly drain = (): void => {
    this.#again = true;
    if (this.#draining || !this.#begun) return;
    this.#draining = true;
    let paused = false;
    while (this.#again && !paused) {
      this.#again = false;
      for (const queue of this.#queues.values()) paused ||= !this.#drainQueue(queue);
    }
    this.#draining = false;
    if (paused) this.#drainLater();
    else if (this.#gathered.length > 0) this.#flush();
  };

  /** False when the turn is over. */
  #drainQueue(queue: Queue): boolean {
    for (let operation = queue.peek(); operation !== undefined; operation = queue.peek()) {
      if (operation.state === 'skipped') {
        queue.shift();
        continue;
      }
      if (this.job.turn.isOver) return false;
      const needsSlot = queue.line !== undefined && !this.job.halted && operation.aggregate === undefined;
      if (needsSlot && !queue.line!.slots.take(this.job.isBulk, this.drain)) return true;
      queue.shift();
      if (!this.#start(operation, queue.line) && needsSlot) queue.line!.slots.release();
    }
    return true;
  }

  #drainLater(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.drain();
    });
  }

  #ready(operation: Operation): void {
    if (!this.#barrier.holds(operation)) this.#enqueue(operation);
  }

  #enqueue(operation: Operation): void {
    const handler = operation.node.registration?.handler;
    const line = handler === undefined ? undefined : this.executor.line(handler.engine);
    let queue = this.#queues.get(line);
    if (queue === undefined) this.#queues.set(line, (queue = new Queue(line)));
    queue.push(operation);
  }

  /** False when it did not start and needs no slot. */
  #start(operation: Operation, line: Line | undefined): boolean {
    if (this.job.halted) return this.#skip(operation);
    if (this.job.contended) {
      const admission = admit(this.executor.graph, operation, this.job.planned);
      if (admission === 'stale') return this.#skip(operation);
      if (admission !== 'go') return this.#wait(operation, admission);
    }
    const { node } = operation;
    operation.state = 'running';
    this.executor.graph.setAttempt(node, operation.goal ?? noDependencies);
    this.job.starting(operation);
    const handler = node.registration?.handler;
    if (handler === undefined) {
      this.succeed(operation, undefined);
      return false;
    }
    const { aggregate } = operation;
    if (aggregate !== undefined) {
      const name = `${node.kind} ${aggregate}`;
      this.#gatheredBy(line!).add(name, operation);
      return false;
    }
    new Single(this, operation, handler, line!).begin();
    return true;
  }

  #skip(operation: Operation): false {
    if (operation.state === 'skipped') return false;
    operation.state = 'skipped';
    this.job.skipped(operation);
    this.#skipFollowers(operation);
    this.#settle(operation);
    return false;
  }

  #wait(operation: Operation, node: Node): false {
    if (node.uncertain) {
      operation.state = 'skipped';
      this.job.blocked(operation, node);
      this.#skipFollowers(operation);
      this.#settle(operation);
    } else {
      this.executor.sleepOn(node, () => {
        if (operation.state !== 'waiting') return;
        this.#enqueue(operation);
        this.#drainLater();
      });
    }
    return false;
  }

  #skipFollowers(operation: Operation): void {
    const queue = [operation];
    for (let first = queue.pop(); first !== undefined; first = queue.pop()) {
      for (const next of first.next ?? []) {
        if (next.state !== 'waiting') continue;
        next.state = 'skipped';
        this.job.skipped(next);
        this.#settle(next);
        queue.push(next);
      }
    }
  }

  #gatheredBy(line: Line): Gathered {
    const known = this.#gathered.find((one) => one.line === line);
    if (known !== undefined) return known.gathered;
    const gathered = new Gathered();
    this.#gathered.push({ line, gathered });
    return gathered;
  }

  #flush(): void {
    // One for each engine. By index: this is called for each operation that ends.
    for (let i = 0; i < this.#gathered.length; i++) {
      const { line, gathered } = this.#gathered[i]!;
      for (let name = gathered.first(); name !== undefined; name = gathered.first()) {
        if (this.job.turn.isOver) return this.#drainLater();
        const busy = this.executor.aggregates.get(name);
        if (busy !== undefined) {
          this.#flushAfter(busy, gathered, name);
          continue;
        }
        // Called again for each slot that becomes free: what is left must not be looked at each time.
        if (!line.slots.take(this.job.isBulk, this.drain)) break;
        const operations = gathered.take();
        new Group(this, name, operations, operations[0]!.node.registration!.handler!, line).begin();
      }
    }
  }

  #flushAfter(busy: Group, gathered: Gathered, name: string): void {
    gathered.skip();
    busy.whenOver(() => {
      gathered.resume(name);
      this.drain();
    });
  }

  succeed(operation: Operation, metadata: unknown): void {
    const { graph } = this.executor;
    graph.conclude(operation.node, outcome(operation, metadata));
    operation.state = 'done';
    this.job.succeeded(operation);
    this.#released(operation);
  }

  fail(operation: Operation, error: Error, uncertain: boolean): void {
    // It may have happened all the same, and then relies on what it was attempted with.
    this.executor.graph.setUncertain(operation.node, true);
    operation.state = 'failed';
    this.job.failed(operation, error, uncertain);
    this.#skipFollowers(operation);
    this.#released(operation);
  }

  #released(operation: Operation): void {
    if (operation.state === 'done' && operation.next !== undefined) {
      for (const next of operation.next) if (--next.waits === 0 && next.state === 'waiting') this.#ready(next);
    }
    this.executor.announce(operation.node);
    this.#settle(operation);
    if (this.#left > 0) this.drain();
  }

  #settle(operation: Operation): void {
    this.#barrier.passed(operation);
    if (--this.#left > 0) return;
    this.#barrier.close();
    this.#finish();
  }
}
