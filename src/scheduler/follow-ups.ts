/** What follows by itself: further attempts, look-ups, late replies, notifications, values that are possible now. */

import type { Key } from '../model/key.ts';
import type { LateOutcome } from './attempt.ts';
import type { Graph } from './graph.ts';
import type { Lanes } from './lanes.ts';
import { isFailed } from './node.ts';
import type { Applied, Node, Retry } from './node.ts';
import { isAtRest } from './notes.ts';
import { takeNotification } from './notification.ts';
import type { Findings } from './observation.ts';
import type { Operation } from './operation.ts';
import { Pacing } from './pacing.ts';
import type { Registration, Registry } from './registry.ts';
import { Retries } from './retry.ts';
import type { Workshop } from './runner.ts';
import type { Notification, SchedulerLog } from './scheduler.ts';
import type { Transaction } from './transaction.ts';
import type { Transactions } from './transactions.ts';
import { Uncertainty } from './uncertainty.ts';

interface Surroundings {
  readonly shop: Workshop;
  readonly registry: Registry;
  readonly lanes: Lanes;
  readonly transactions: Transactions;
  readonly log: SchedulerLog;
}

export class FollowUps {
  readonly #shop: Workshop;
  readonly #graph: Graph;
  readonly #registry: Registry;
  readonly #lanes: Lanes;
  readonly #transactions: Transactions;
  readonly #log: SchedulerLog;
  readonly #retries = new Retries((nodes, retry) => this.#retry(nodes, retry));
  readonly #uncertainty = new Uncertainty({
    answered: (node, applied) => this.#lateReply(node, applied),
    lookUp: (operation) => this.#lookUp(operation),
    doubt: (node) => this.recheck([node.key], 'a reply came after its object had been looked up'),
  });
  readonly #rechecks = new Map<Key, string>();
  /** Not by `now` of the options: that clock may be set. */
  readonly #pacing = new Pacing(() => performance.now());
  #recheckArmed = false;
  /** For keys that have to wait. */
  #laterRecheck: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ shop, registry, lanes, transactions, log }: Surroundings) {
    this.#shop = shop;
    this.#graph = shop.graph;
    this.#registry = registry;
    this.#lanes = lanes;
    this.#transactions = transactions;
    this.#log = log;
    shop.graph.onFreed = (key, refused) => this.#judgeAnew(refused, `${key} is free now`, `${key} is free`);
    shop.executor.onOverdue = (operation, reply) => this.#investigate(operation, reply);
  }

  /** Facts from the data plane that nobody asked for. */
  notify(notifications: readonly Notification[]): void {
    if (this.#closed || notifications.length === 0) return;
    this.#transactions.internal({
      type: 'SBNotification',
      description: 'notification',
      quiet: true,
      prologue: (_, transaction) => {
        const { graph, executor } = this.#shop;
        const receiver = {
          graph,
          registry: this.#registry,
          log: this.#log,
          announce: (node: Node) => executor.announce(node),
        };
        for (const notification of notifications) takeNotification(receiver, notification, transaction);
      },
    });
  }

  /** Looks these keys and their parts up soon, many at a time, and heals what differs. */
  recheck(keys: readonly Key[], reason: string): void {
    if (this.#closed) return;
    for (const key of keys) this.#rechecks.set(key, reason);
    this.#armRecheck();
  }

  #armRecheck(): void {
    if (this.#closed || this.#recheckArmed || this.#rechecks.size === 0) return;
    this.#recheckArmed = true;
    void this.#lanes.during(this.#recheckSoon());
  }

  /** Tries again what failed in the transaction. */
  retryLater(transaction: Transaction): void {
    if (this.#closed || transaction.retries.size === 0) return;
    const due = new Map<Node, Retry>();
    for (const [node, retry] of transaction.retries)
      if (!node.uncertain && node.retry === retry && retry.waits !== true) due.set(node, retry);
    this.#retries.schedule(due);
  }

  /** Values that were waiting for this kind, or for a handler of it. */
  registered(registration: Registration): void {
    const waiting = [...this.#graph.nodes.values()].filter((node) => this.#wasUnimplementedFor(node, registration));
    for (const node of waiting) this.#graph.setRegistration(node, registration);
    this.#judgeAnew(waiting, `${registration.kind.name} can be made now`, 'a handler was registered');
  }

  close(): void {
    this.#closed = true;
    this.#retries.close();
    this.#uncertainty.close();
    clearTimeout(this.#laterRecheck);
  }

  #retry(nodes: readonly Node[], retry: Retry): void {
    this.#transactions.internal({
      type: 'RetryFailedOps',
      description: `retry ${retry.attempt} of transaction ${retry.seqNum}`,
      retry,
      quiet: false,
      prologue: (_, transaction) => {
        for (const node of nodes) transaction.seed(node, `retry ${retry.attempt} of transaction ${retry.seqNum}`);
      },
    });
  }

  async #recheckSoon(): Promise<void> {
    await this.#transactions.turn.next();
    this.#recheckArmed = false;
    if (this.#closed) return;
    const due = this.#takeDue();
    if (due.size === 0) return;
    const reasons = [...new Set(due.values())].join(', ');
    const keys = this.#graph.withParts([...due.keys()]);
    this.#transactions.internal({
      type: 'SBNotification',
      description: `recheck: ${reasons}`,
      quiet: true,
      prologue: async (runner, transaction) => {
        const findings = await runner.read({ keys });
        this.#pace(due, findings, reasons);
        await runner.take(findings);
        for (const key of keys) {
          const node = this.#graph.get(key);
          if (node !== undefined && node.parent === undefined && !isAtRest(node)) transaction.seed(node, reasons);
        }
      },
    });
  }

  /** Those that may be looked up now; the others stay for a later look. */
  #takeDue(): ReadonlyMap<Key, string> {
    const due = new Map<Key, string>();
    let soonest = Infinity;
    for (const [key, reason] of this.#rechecks) {
      const pause = this.#pacing.pauseOf(key);
      if (pause > 0) soonest = Math.min(soonest, pause);
      else {
        due.set(key, reason);
        this.#rechecks.delete(key);
      }
    }
    clearTimeout(this.#laterRecheck);
    if (soonest !== Infinity) this.#laterRecheck = setTimeout(() => this.#armRecheck(), soonest);
    return due;
  }

  /** What was found otherwise is healed, and may be otherwise again: not for ever at full speed. */
  #pace(asked: ReadonlyMap<Key, string>, { changed }: Findings, reason: string): void {
    const differing = new Set<Key>();
    for (const node of changed.keys())
      for (const key of [node.key, node.base.key])
        if (asked.has(key) && node.base.desired !== undefined) differing.add(key);
    for (const key of differing)
      if (this.#pacing.differed(key))
        this.#log.warn({ key, reason }, 'found otherwise after each healing: looked at less often from now on');
  }

  #investigate(operation: Operation, reply: Promise<LateOutcome>): void {
    const { deadline } = operation.node.registration!.engine!;
    void this.#lanes.during(
      this.#uncertainty
        .investigate(operation, reply, deadline)
        .catch((error: unknown) =>
          this.#log.error({ err: error, key: operation.node.key }, 'cannot find out what became of an operation'),
        ),
    );
  }

  #lateReply(node: Node, applied: Applied | undefined): void {
    this.#transactions.internal({
      type: 'SBNotification',
      description: `late reply for ${node.key}`,
      quiet: true,
      prologue: (_, transaction) => {
        this.#graph.setUncertain(node, false);
        this.#graph.conclude(node, applied);
        this.#graph.setFailure(node, undefined, undefined);
        this.#graph.settle(node);
        this.#settled(node, transaction, 'a late reply');
      },
    });
  }

  #lookUp({ node }: Operation): Promise<boolean> {
    return new Promise((resolve) => {
      const { retry } = node;
      this.#transactions.internal({
        type: 'SBNotification',
        description: `look-up of ${node.key}`,
        quiet: true,
        prologue: async (runner, transaction) => {
          const before = transaction.failures.length;
          const findings = await runner.read({ keys: new Set([node.key]) }, new Set([node]));
          const known = transaction.failures.length === before;
          if (known) {
            this.#graph.setUncertain(node, false);
            this.#graph.setAttempt(node, undefined);
            await runner.take(findings);
            if (node.applied?.value === node.wanted?.value || !isFailed(node))
              this.#graph.setFailure(node, undefined, undefined);
            else {
              transaction.refused.add(node);
              if (retry !== undefined) transaction.retries.set(node, retry);
            }
            this.#graph.settle(node);
            this.#settled(node, transaction, 'looked up');
          }
          resolve(known);
        },
      });
    });
  }

  #settled(node: Node, transaction: Transaction, reason: string): void {
    transaction.touched.add(node);
    transaction.seed(node, reason);
    transaction.events.add(node);
    for (const waiting of this.#shop.waiting.take(node)) transaction.heed(waiting, `${node.key} is settled`);
    this.#shop.executor.announce(node);
  }

  #wasUnimplementedFor(node: Node, registration: Registration): boolean {
    if (node.desired?.refusal?.state !== 'UNIMPLEMENTED') return false;
    return (
      node.kind === registration.kind.name ||
      (node.parent === undefined && node.registration === undefined && this.#registry.ofKey(node.key) === registration)
    );
  }

  /** What was refused may be possible now. */
  #judgeAnew(nodes: Iterable<Node>, description: string, reason: string): void {
    const refused = [...nodes].filter(({ key, desired }) => desired?.refusal !== undefined && this.#graph.get(key));
    if (refused.length === 0 || this.#closed) return;
    this.#transactions.internal({
      type: 'RetryUnimplOps',
      description,
      quiet: false,
      prologue: (_, transaction) => {
        const changed = new Set<Node>();
        for (const node of refused) {
          if (node.desired !== undefined)
            this.#graph.setDesired(node, this.#graph.request(node, node.desired.value, node.desired), changed);
        }
        for (const node of changed) transaction.seed(node, reason);
      },
    });
  }
}
