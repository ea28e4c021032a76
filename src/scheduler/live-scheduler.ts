/** The scheduler as the rest of the agent sees it: hands each request to whoever does it. */

import type { Key } from '../model/key.ts';
import { SchedulerError } from './errors.ts';
import { Executor } from './executor.ts';
import { FirstReading } from './first-reading.ts';
import { FollowUps } from './follow-ups.ts';
import { Graph } from './graph.ts';
import { Guards } from './guards.ts';
import type { Engine, Handler } from './handler.ts';
import { History } from './history.ts';
import { Inspection } from './inspection.ts';
import { Intake } from './intake.ts';
import type { Kind } from './kind.ts';
import { Lanes } from './lanes.ts';
import { Registry } from './registry.ts';
import { rehearse, simulate } from './rehearsal.ts';
import { assertSensible, atOnce, requestsOf } from './requests.ts';
import { Retrieval } from './retrieval.ts';
import type { Workshop } from './runner.ts';
import type {
  Change,
  CommitOptions,
  CommitResult,
  Comparison,
  Drift,
  DumpedValue,
  Notification,
  Plan,
  Scheduler,
  SchedulerLog,
  SchedulerOptions,
  Snapshot,
  Source,
  TransactionCourse,
  TransactionRecord,
  ValueStatus,
  View,
} from './scheduler.ts';
import { OverlaySnapshot } from './snapshot.ts';
import { statusOf } from './status.ts';
import type { Transaction } from './transaction.ts';
import { Transactions } from './transactions.ts';
import { Undo } from './undo.ts';
import { complaintsAbout } from './validation.ts';
import { WaitingRoom } from './waiting-room.ts';
import { Watches } from './watch.ts';

const silent: SchedulerLog = { debug() {}, info() {}, warn() {}, error() {} };
/** Changes up to which a transaction is taken for a person's or a pod's. */
const interactiveLimit = 64;

export class LiveScheduler implements Scheduler {
  readonly #now: () => number;
  readonly #log: SchedulerLog;
  readonly #registry: Registry;
  readonly #graph: Graph;
  readonly #shop: Workshop;
  readonly #lanes = new Lanes();
  readonly #history: History;
  readonly #undo = new Undo();
  readonly #watches: Watches;
  readonly #transactions: Transactions;
  readonly #followUps: FollowUps;
  readonly #inspection: Inspection;
  readonly #guards: Guards;
  #closed = false;

  constructor(options: SchedulerOptions) {
    this.#now = options.now ?? Date.now;
    this.#log = options.log ?? silent;
    this.#registry = new Registry(options.engines);
    this.#graph = new Graph(this.#registry, this.#now, (key, parent) =>
      this.#log.warn({ key, parent }, 'part collides with another object of that key and is left out'),
    );
    this.#history = new History(options.history, this.#now);
    this.#watches = new Watches(this.#graph);
    this.#graph.onStatus = (node) => this.#watches.changed(node);
    this.#shop = {
      graph: this.#graph,
      executor: new Executor(this.#graph, options.engines),
      intake: new Intake(this.#graph),
      retrieval: new Retrieval(this.#graph, this.#registry, this.#log),
      waiting: new WaitingRoom(),
      firstReading: new FirstReading(),
      onPlan: announcer(options.onPlan, this.#log),
    };
    this.#lanes.onIdle = () => this.#shop.intake.forget();
    const common = { shop: this.#shop, lanes: this.#lanes, log: this.#log };
    this.#transactions = new Transactions({ ...common, history: this.#history, undo: this.#undo, now: this.#now });
    this.#followUps = new FollowUps({ ...common, registry: this.#registry, transactions: this.#transactions });
    this.#inspection = new Inspection(this.#graph, this.#registry, this.#shop.retrieval, this.#transactions.bulkTurn);
    this.#guards = new Guards((seqNum, within) => this.#takeBack(seqNum, within));
    this.#transactions.onConcluded = (transaction) => this.#concluded(transaction);
  }

  addEngine(engine: Engine): void {
    this.#assertOpen();
    this.#registry.addEngine(engine);
    this.#shop.executor.addEngine(engine);
  }

  register(kind: Kind, handler?: Handler): void {
    this.#assertOpen();
    this.#followUps.registered(this.#registry.register(kind, handler));
  }

  hold(reason: () => string, over: Promise<unknown>): void {
    this.#assertOpen();
    this.#transactions.hold.begin(reason, over);
  }

  get held(): string | undefined {
    return this.#transactions.hold.reason;
  }

  kinds(): readonly { readonly kind: Kind; readonly handler: Handler | undefined }[] {
    return this.#registry.all().map(({ kind, handler }) => ({ kind, handler }));
  }

  async commit(changes: readonly Change[], options: CommitOptions = {}): Promise<CommitResult> {
    this.#assertOpen();
    assertSensible(changes, options);
    if (options.simulate === true) return simulate(this.#stage, changes, options, this.#now);
    if (options.signal?.aborted === true)
      throw new SchedulerError('aborted', 'the transaction was aborted before it began', {
        cause: options.signal.reason,
      });
    const isBulk =
      options.lane === undefined
        ? changes.length > interactiveLimit || (options.resync ?? 'NotResync') !== 'NotResync'
        : options.lane === 'bulk';
    const { turn, bulkTurn } = this.#transactions;
    const seqNum = this.#transactions.reserve();
    const few = changes.length <= interactiveLimit;
    const steps = requestsOf(this.#graph, changes);
    const requests = few ? atOnce(steps) : await (isBulk ? bulkTurn : turn).run(steps);
    this.#assertOpen();
    const transaction = this.#transactions.open('NBTransaction', requests, options, isBulk, undefined, seqNum);
    return this.#transactions.submit(transaction, options.signal);
  }

  plan(changes: readonly Change[], options: Pick<CommitOptions, 'resync'> = {}): Plan {
    this.#assertOpen();
    return rehearse(this.#stage, changes, options);
  }

  confirm(seqNum: number): void {
    this.#guards.confirm(seqNum);
  }

  async rollback(seqNum: number, options: CommitOptions = {}): Promise<CommitResult> {
    const changes = this.#undo.of(seqNum);
    if (changes === undefined)
      throw new SchedulerError('not-found', `transaction ${seqNum} is not in the history, or changed nothing`);
    if (this.#guards.has(seqNum)) this.#guards.confirm(seqNum);
    return this.commit(changes, { description: `rollback of transaction ${seqNum}`, ...options });
  }

  validate(changes: readonly Change[]): ReturnType<Scheduler['validate']> {
    return complaintsAbout(this.#registry, changes);
  }

  notify(notifications: readonly Notification[]): void {
    this.#followUps.notify(notifications);
  }

  recheck(keys: readonly Key[], reason: string): void {
    this.#followUps.recheck(keys, reason);
  }

  async compare(
    filter: { readonly keys?: readonly Key[]; readonly kinds?: readonly string[] } = {},
  ): Promise<Comparison> {
    this.#assertOpen();
    this.#transactions.hold.assertOver();
    return this.#inspection.compare(filter);
  }

  async check(
    filter: { readonly keys?: readonly Key[]; readonly kinds?: readonly string[] } = {},
  ): Promise<readonly Drift[]> {
    this.#assertOpen();
    this.#transactions.hold.assertOver();
    return this.#inspection.check(filter);
  }

  async adopt(key: Key, source: Source): Promise<CommitResult> {
    const node = this.#graph.get(key);
    if (node?.applied?.foreign !== true || node.desired !== undefined)
      throw new SchedulerError('not-found', `${key} is not an obtained object`, { key });
    return this.commit([{ key, value: node.applied.value, source }], { description: `adopt ${key}` });
  }

  snapshot(): Snapshot {
    return new OverlaySnapshot(this.#graph.overlay());
  }

  status(key: Key): ValueStatus | undefined {
    const node = this.#graph.get(key);
    return node === undefined || node.state === 'NONEXISTENT'
      ? undefined
      : statusOf(node, (part) => this.#graph.get(part.key));
  }

  dependants(key: Key): readonly Key[] {
    const found = new Set<Key>();
    this.#graph.visitDependants(key, ({ key: dependant }) => found.add(dependant));
    return [...found];
  }

  async dump(
    filter: { readonly prefix?: string; readonly kind?: string },
    view: View,
  ): Promise<readonly DumpedValue[]> {
    if (view === 'SB') this.#transactions.hold.assertOver();
    return this.#inspection.dump(filter, view);
  }

  history(
    filter: { readonly since?: number; readonly until?: number; readonly seqNum?: number } = {},
  ): readonly TransactionRecord[] {
    return this.#history.list(filter);
  }

  get waiting(): number {
    return this.#lanes.waiting;
  }

  onTransaction(listener: (record: TransactionRecord, course: TransactionCourse) => void): () => void {
    return this.#transactions.listen(listener);
  }

  watch(
    filter: { readonly prefix?: string; readonly kind?: string } = {},
    signal?: AbortSignal,
  ): AsyncIterable<ValueStatus> {
    return this.#watches.open(filter, signal);
  }

  idle(): Promise<void> {
    return this.#lanes.idle();
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#followUps.close();
      this.#guards.close();
      this.#transactions.hold.close();
      this.#lanes.close(closed());
    }
    await this.#lanes.idle();
    this.#shop.executor.close();
    this.#watches.close();
  }

  get #stage(): Parameters<typeof rehearse>[0] {
    return { graph: this.#graph, waiting: this.#shop.waiting, turn: this.#transactions.turn };
  }

  #assertOpen(): void {
    if (this.#closed) throw closed();
  }

  #concluded(transaction: Transaction): void {
    this.#followUps.retryLater(transaction);
    const { confirmWithin } = transaction.options;
    if (confirmWithin !== undefined && !this.#closed) this.#guards.add(transaction.seqNum, confirmWithin);
  }

  #takeBack(seqNum: number, within: number): void {
    if (this.#undo.of(seqNum) === undefined) return;
    this.rollback(seqNum, {
      description: `transaction ${seqNum} was not confirmed within ${within} ms`,
    }).catch((error: unknown) =>
      this.#log.error({ err: error, seqNum }, 'cannot roll back an unconfirmed transaction'),
    );
  }
}

/** A listener that throws must not take the transaction along. */
function announcer(listener: SchedulerOptions['onPlan'], log: SchedulerLog): Workshop['onPlan'] {
  if (listener === undefined) return undefined;
  return ({ seqNum, type, options: { resync = 'NotResync', description = '' }, retry }, planned) => {
    const attempt = retry === undefined ? undefined : { retryForTxn: retry.seqNum, retryAttempt: retry.attempt };
    try {
      listener({ seqNum, type, resync, description, ...attempt, planned });
    } catch (error) {
      log.error({ err: error, seqNum }, 'a listener to plans failed');
    }
  };
}

function closed(): SchedulerError {
  return new SchedulerError('closed', 'the scheduler is closed');
}
