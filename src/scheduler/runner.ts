/** Runs one transaction from intake to record. Several may run at the same time. */

import type { Item } from './draft.ts';
import { differingFields } from './difference.ts';
import { isAway, SchedulerError } from './errors.ts';
import type { Executor } from './executor.ts';
import type { FirstReading } from './first-reading.ts';
import type { Graph } from './graph.ts';
import type { Key } from '../model/key.ts';
import { asKey } from '../model/key.ts';
import type { Intake } from './intake.ts';
import type { Applied, Node } from './node.ts';
import { followsBase, previewNote, settleItem } from './notes.ts';
import { noFindings, observe } from './observation.ts';
import type { Findings } from './observation.ts';
import type { Operation } from './operation.ts';
import { planInSteps } from './planner.ts';
import type { PlannedChange } from './planner.ts';
import { compare } from './drift.ts';
import type { Retrieval, RetrievalScope } from './retrieval.ts';
import { preview } from './preview.ts';
import type { RecordedOperation } from './scheduler.ts';
import type { Transaction } from './transaction.ts';
import type { WaitingRoom } from './waiting-room.ts';

export interface Workshop {
  readonly graph: Graph;
  readonly executor: Executor;
  readonly intake: Intake;
  readonly retrieval: Retrieval;
  readonly waiting: WaitingRoom;
  readonly firstReading: FirstReading;
  /** Wants to hear of each plan before it is carried out. */
  readonly onPlan: ((transaction: Transaction, planned: readonly RecordedOperation[]) => void) | undefined;
}

/** Rounds in which every operation was overtaken by other transactions before this one gives up. */
const patience = 100;

interface Foreseen {
  readonly item: Item;
  readonly note: RecordedOperation | undefined;
}

/** Does everything a transaction was asked for. Afterwards its fields tell what happened. */
export class Runner {
  readonly #shop: Workshop;
  readonly #transaction: Transaction;
  /** The first plan, in case that what was done is something else. */
  #planned: readonly RecordedOperation[] | undefined;
  #first: PlannedChange | undefined;

  constructor(shop: Workshop, transaction: Transaction) {
    this.#shop = shop;
    this.#transaction = transaction;
  }

  /** What was planned at first; the same list as `executed` when everything went that way. */
  get planned(): readonly RecordedOperation[] {
    return this.#planned ?? this.#transaction.executed;
  }

  /** `prologue` is what an internal transaction does before there is anything to plan. */
  async run(prologue?: (runner: Runner) => Promise<void> | void): Promise<void> {
    const transaction = this.#transaction;
    const { executor, intake, firstReading } = this.#shop;
    const { turn } = transaction;
    const { resync } = transaction.options;
    const reads = resync === 'FullResync' || resync === 'DownstreamResync';
    executor.enter(transaction);
    try {
      const start = performance.now();
      if (reads) firstReading.begin(transaction);
      await turn.run(intake.take(transaction));
      await prologue?.(this);
      transaction.spent('validate', start);
      if (reads) {
        await this.#readAll();
        await turn.run(this.#seedUnfinished());
        firstReading.end(transaction);
      }
      await this.#work();
      if (transaction.halted) await this.#revert();
      else if (transaction.contended) await turn.run(this.#shareFailures());
      if (transaction.options.verify === true) await this.#verify();
    } finally {
      firstReading.end(transaction);
      executor.leave(transaction);
      await this.#sweep();
    }
  }

  /** What another transaction tried for keys of this one, and failed to do, is this one's failure, too. */
  *#shareFailures(): Generator<void> {
    const { requests, seqNum, failures } = this.#transaction;
    const told = new Set(failures.map(({ key }) => key));
    const share = (node: Node): void => {
      const { key, failure } = node;
      if (failure !== undefined && !told.has(key))
        failures.push({ key, operation: failure.operation, error: failure.error });
      node.parts.forEach(share);
    };
    let steps = 0;
    for (const key of requests.keys()) {
      const node = this.#shop.graph.get(key);
      if (node?.desired?.seqNum === seqNum) share(node);
      if ((++steps & 63) === 0) yield;
    }
  }

  /** Plans and executes until nothing is left; looks up in the data plane what failed. */
  async #work(): Promise<void> {
    const transaction = this.#transaction;
    for (;;) {
      await this.#rounds();
      if (transaction.unverified.size === 0) return;
      await this.#lookUpFailed();
      if (transaction.halted) return;
    }
  }

  async #rounds(): Promise<void> {
    const transaction = this.#transaction;
    const { graph, executor, waiting, firstReading } = this.#shop;
    const { turn } = transaction;
    for (let idle = 0; idle < patience; ) {
      while (firstReading.holds(transaction)) await firstReading.over;
      const seeds = transaction.takeSeeds();
      if (seeds.size === 0 || transaction.halted) return;
      const done = transaction.executed.length;
      const start = performance.now();
      const events = transaction.takeEvents();
      const began = graph.time;
      const plan = await turn.run(
        planInSteps(graph, {
          seeds,
          events,
          behind: (node) => waiting.behind(node),
          stuck: (node) => transaction.refuses(node),
        }),
      );
      this.#first ??= plan;
      transaction.draft = plan.draft;
      transaction.planned = began;
      for (const operation of plan.blocked) this.#keepWaiting(operation, began);
      this.#keepAsking(seeds, plan);
      const later = await this.#settleItems(plan);
      if (this.#first === plan && plan.operations.length > 0) await this.#keepPlan(plan);
      const planned = transaction.spent('plan', start);
      if (plan.operations.length > 0) await executor.run(transaction, plan.operations);
      await turn.each(later, ({ item, note }) => {
        if (transaction.contended && item.goal !== undefined && plan.operations.length > 0)
          transaction.seed(item.node, item.reason);
        if (item.removal !== undefined) graph.settle(item.node);
        else this.#settle(item, transaction.deviated ? undefined : note);
      });
      transaction.spent('execute', planned);
      // What failed may have happened all the same: look before the next plan builds on it.
      if (transaction.unverified.size > 0) return;
      idle = transaction.executed.length === done ? idle + 1 : 0;
    }
    for (const node of transaction.takeSeeds().keys()) {
      const error = new SchedulerError('conflict', `${node.key}: others keep changing what it depends on`, {
        key: node.key,
        retriable: true,
      });
      transaction.failures.push({ key: node.key, operation: 'UNDEFINED', error });
    }
  }

  /** Behind what stood in the way when planning `began`: if it was settled meanwhile, nobody will call any more. */
  #keepWaiting({ stuckOn, node, reason }: Operation, began: number): void {
    if (stuckOn!.touched > began) this.#transaction.seed(node, reason);
    else this.#shop.waiting.add(stuckOn!, node);
  }

  /** What was to be dealt with while the outcome of something else about it was unknown is dealt with when that is known. */
  #keepAsking(seeds: ReadonlyMap<Node, string>, { draft }: PlannedChange): void {
    for (const [node, reason] of seeds) {
      if (draft.get(node)?.stuck !== true || this.#transaction.refuses(node)) continue;
      if (node.uncertain) this.#shop.waiting.add(node, node);
      else this.#transaction.seed(node, reason);
    }
  }

  /** The list is made only if needed: most transactions do what they planned, and nobody asks to hear of it before. */
  async #keepPlan({ operations }: PlannedChange): Promise<void> {
    const transaction = this.#transaction;
    const { onPlan } = this.#shop;
    const { isRevert, isRetry } = transaction;
    const steps = preview([...transaction.executed], operations, { isRevert, isRetry });
    if (onPlan === undefined) this.#plan = steps;
    else onPlan(transaction, (this.#planned = await transaction.turn.run(steps)));
  }

  #plan: Generator<void, readonly RecordedOperation[]> | undefined;

  /** Call once, when the transaction is over. */
  async concludePlan(): Promise<void> {
    const { deviated, executed, turn } = this.#transaction;
    if (!deviated) this.#planned = executed;
    else if (this.#plan !== undefined) this.#planned = await turn.run(this.#plan);
    this.#plan = undefined;
    this.#first = undefined;
  }

  /** Returns those that have to wait for the operation of their base. */
  async #settleItems(plan: PlannedChange): Promise<readonly Foreseen[]> {
    const { circumstances, turn } = this.#transaction;
    const later: Foreseen[] = [];
    let steps = 0;
    for (const item of plan.items) {
      const follows = followsBase(item, plan.draft);
      if (follows && item.making === undefined) later.push({ item, note: previewNote(item, circumstances) });
      if (!follows || item.removal !== undefined) this.#settle(item);
      if ((++steps & 63) === 0 && turn.isOver) await turn.next();
    }
    return later;
  }

  #settle(item: Item, foreseen?: RecordedOperation): void {
    const transaction = this.#transaction;
    const { node } = item;
    if (node.desired === undefined || transaction.keepsTrack) transaction.touched.add(node);
    // Others have asked for something else, or done something, since it was thought about.
    const isOutdated =
      node.wanted !== item.goal ||
      (node.applied !== item.was && item.removal === undefined && item.making === undefined);
    if (isOutdated) return transaction.seed(node, item.reason);
    const note = settleItem(this.#shop.graph, item, transaction.circumstances, foreseen);
    if (note !== undefined) transaction.executed.push(note);
  }

  async #readAll(): Promise<void> {
    const transaction = this.#transaction;
    const { leftovers } = transaction.options;
    const start = performance.now();
    const findings = await this.read(leftovers === undefined ? {} : { leftovers });
    await this.take(findings);
    transaction.spent('retrieve', start);
  }

  /** What was found otherwise than believed is planned next. */
  async take(findings: Findings): Promise<void> {
    await this.#transaction.turn.run(this.#adoptFindings(findings));
  }

  /** Reads the data plane into the graph; `uncertain` are those whose outcome is in question. */
  async read(scope: RetrievalScope, uncertain: ReadonlySet<Node> = new Set()): Promise<Findings> {
    const { retrieval, graph, executor } = this.#shop;
    const { turn } = this.#transaction;
    const findings = noFindings();
    executor.disturb();
    const failures = await retrieval.read(scope, turn, (reading) =>
      turn.run(observe(graph, reading, findings, uncertain)),
    );
    for (const { registration, error } of failures) {
      this.#transaction.failures.push({
        key: asKey(registration.kind.prefix ?? registration.kind.name),
        operation: 'UNDEFINED',
        error,
      });
    }
    return findings;
  }

  *#adoptFindings({ changed, events, supposed }: Findings): Generator<void> {
    const transaction = this.#transaction;
    let steps = 0;
    for (const [node, what] of changed) {
      transaction.touched.add(node);
      transaction.seed(node, what);
      this.#wake(node);
      if (node.applied === undefined || node.applied.foreign) this.#shop.graph.settle(node);
      if ((++steps & 63) === 0) yield;
    }
    for (const node of events) {
      transaction.events.add(node);
      if ((++steps & 63) === 0) yield;
    }
    for (const node of supposed) {
      transaction.touched.add(node);
      if ((++steps & 63) === 0) yield;
    }
  }

  /** Whoever could not be dealt with because of this node is looked at again. */
  #wake(node: Node): void {
    this.#shop.executor.announce(node);
    for (const waiting of this.#shop.waiting.take(node)) this.#transaction.heed(waiting, `${node.key} is settled`);
  }

  /** A resync tries everything again that is not as wanted. */
  *#seedUnfinished(): Generator<void> {
    let steps = 0;
    for (const node of this.#shop.graph.nodes.values()) {
      if (node.state !== 'CONFIGURED' && node.state !== 'OBTAINED') this.#transaction.seed(node, 'resync');
      else if (node.failure !== undefined || (node.desired === undefined && node.applied?.foreign === false))
        this.#transaction.seed(node, 'resync');
      if ((++steps & 63) === 0) yield;
    }
  }

  async #lookUpFailed(): Promise<void> {
    const transaction = this.#transaction;
    const { graph } = this.#shop;
    const { turn } = transaction;
    const nodes = transaction.takeUnverified();
    const start = performance.now();
    const before = new Map<Node, Applied | undefined>();
    const keys = new Set<Key>();
    await turn.each(nodes, (node) => {
      before.set(node, node.applied);
      keys.add(node.key);
    });
    const told = transaction.failures.length;
    const findings = await this.read({ keys }, nodes);
    // That the data plane is away has been said of each object.
    if (transaction.failures.slice(told).every(({ error }) => isAway(error))) transaction.failures.length = told;
    await turn.each(nodes, (node) => {
      graph.setUncertain(node, false);
      graph.setAttempt(node, undefined);
      this.#wake(node);
    });
    await this.take(findings);
    await turn.each(nodes, (node) => {
      if (node.applied === before.get(node) || node.applied?.value !== node.goal?.value) return;
      transaction.refused.delete(node);
      transaction.retries.delete(node);
      graph.setFailure(node, undefined, undefined);
      graph.settle(node);
    });
    transaction.spent('retrieve', start);
  }

  async #revert(): Promise<void> {
    const transaction = this.#transaction;
    const { intake, graph } = this.#shop;
    if (transaction.unverified.size > 0) await this.#lookUpFailed();
    transaction.halted = false;
    transaction.isRevert = true;
    await transaction.turn.each(transaction.refused, (node) => graph.setFailure(node, undefined, undefined));
    transaction.refused.clear();
    await transaction.turn.each(transaction.touched, (node) => transaction.seed(node, 'revert'));
    await transaction.turn.run(intake.giveBack(transaction));
    await this.#work();
  }

  async #verify(): Promise<void> {
    const transaction = this.#transaction;
    const { retrieval, graph } = this.#shop;
    const start = performance.now();
    const { turn } = transaction;
    const keys = new Set<Key>();
    await turn.each(transaction.touched, (node) => {
      if (node.failure === undefined) keys.add(node.key);
    });
    await retrieval.read({ keys }, turn, async (reading) => {
      for (const { key, problem, applied, retrieved } of await turn.run(compare(graph, reading))) {
        if (!keys.has(key)) continue;
        const fields =
          applied !== null && retrieved !== null ? ` in ${differingFields(applied, retrieved).join(', ')}` : '';
        const error = new SchedulerError('failed', `verification: ${key} is ${problem}${fields}`, {
          key,
          retriable: false,
        });
        transaction.failures.push({ key, operation: 'VALIDATE', error });
      }
    });
    transaction.spent('retrieve', start);
  }

  async #sweep(): Promise<void> {
    const { touched, turn } = this.#transaction;
    let gone: Node[] = [];
    const drop = (): void => {
      this.#shop.graph.sweep(gone);
      gone = [];
    };
    await turn.each(touched, (node) => {
      if (node.desired === undefined) gone.push(node);
      if (gone.length >= 64) drop();
    });
    drop();
  }
}
