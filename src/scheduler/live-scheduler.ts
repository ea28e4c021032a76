import { isUnder } from '../model/key.ts';
import type { Key } from '../model/key.ts';
import { compare } from './drift.ts';
import { SchedulerError } from './errors.ts';
import { Executor } from './executor.ts';
import type { LateOutcome } from './attempt.ts';
import { FirstReading } from './first-reading.ts';
import { Graph } from './graph.ts';
import type { Engine, Handler } from './handler.ts';
import { History } from './history.ts';
import { Intake } from './intake.ts';
import type { Kind } from './kind.ts';
import { Lanes } from './lanes.ts';
import type { Lane } from './lanes.ts';
import { isFailed } from './node.ts';
import type { Applied, Node, Retry } from './node.ts';
import { isAtRest } from './notes.ts';
import { takeNotification } from './notification.ts';
import type { Operation } from './operation.ts';
import { planAtOnce } from './planner.ts';
import { presentPlan } from './preview.ts';
import { Registry } from './registry.ts';
import type { Registration } from './registry.ts';
import { Retrieval } from './retrieval.ts';
import { Retries } from './retry.ts';
import { Runner } from './runner.ts';
import type { Workshop } from './runner.ts';
import type {
  Change,
  CommitOptions,
  CommitResult,
  DumpedValue,
  Drift,
  Notification,
  Plan,
  Scheduler,
  SchedulerLog,
  SchedulerOptions,
  Snapshot,
  Source,
  TransactionCourse,
  TransactionRecord,
  TransactionType,
  ValueStatus,
  View,
} from './scheduler.ts';
import { OverlaySnapshot } from './snapshot.ts';
import { statusOf } from './status.ts';
import { Transaction } from './transaction.ts';
import { Turn } from './turn.ts';
import { Uncertainty } from './uncertainty.ts';
import { Undo } from './undo.ts';
import { complaintsAbout } from './validation.ts';
import { WaitingRoom } from './waiting-room.ts';
import { Watches } from './watch.ts';

const silent: SchedulerLog = { debug() {}, info() {}, warn() {}, error() {} };
/** Changes up to which a transaction is taken for a person's or a pod's. */
const interactiveLimit = 64;

interface InternalRequest {
  readonly type: TransactionType;
  readonly description: string;
  readonly retry?: Retry;
  /** Keep no record when nothing came of it. */
  readonly quiet: boolean;
  prologue(runner: Runner, transaction: Transaction): Promise<void> | void;
}

export class LiveScheduler implements Scheduler {
  readonly #now: () => number;
  readonly #log: SchedulerLog;
  readonly #registry: Registry;
  readonly #graph: Graph;
  /** Each lane has its own share of a turn: bulk work that uses up its own does not keep an interactive change waiting. */
  readonly #turn = new Turn();
  readonly #bulkTurn = new Turn();
  readonly #shop: Workshop;
  readonly #lanes = new Lanes();
  readonly #history: History;
  readonly #undo = new Undo();
  readonly #watches: Watches;
  readonly #retries: Retries;
  readonly #uncertainty: Uncertainty;
  readonly #recordListeners = new Set<(record: TransactionRecord, course: TransactionCourse) => void>();
  readonly #unconfirmed = new Map<number, NodeJS.Timeout>();
  readonly #rechecks = new Map<Key, string>();
  #recheckArmed = false;
  #nextSeqNum = 0;
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
    this.#graph.onFreed = (key, refused) => this.#judgeAnew(refused, `${key} is free now`, `${key} is free`);
    const executor = new Executor(this.#graph, options.engines);
    this.#shop = {
      graph: this.#graph,
      executor,
      intake: new Intake(this.#graph),
      retrieval: new Retrieval(this.#graph, this.#registry, this.#log),
      waiting: new WaitingRoom(),
      firstReading: new FirstReading(),
      onPlan: announcer(options.onPlan, this.#log),
    };
    this.#lanes.onIdle = () => this.#shop.intake.forget();
    this.#retries = new Retries((nodes, retry) => this.#retry(nodes, retry));
    this.#uncertainty = new Uncertainty({
      answered: (node, applied) => this.#lateReply(node, applied),
      lookUp: (operation) => this.#lookUp(operation),
      doubt: (node) => this.recheck([node.key], 'a reply came after its object had been looked up'),
    });
    executor.onOverdue = (operation, reply) => this.#investigate(operation, reply);
  }

  addEngine(engine: Engine): void {
    this.#assertOpen();
    this.#registry.addEngine(engine);
    this.#shop.executor.addEngine(engine);
  }

  register(kind: Kind, handler?: Handler): void {
    this.#assertOpen();
    const registration = this.#registry.register(kind, handler);
    const waiting = [...this.#graph.nodes.values()].filter((node) => this.#wasUnimplementedFor(node, registration));
    for (const node of waiting) this.#graph.setRegistration(node, registration);
    this.#judgeAnew(waiting, `${registration.kind.name} can be made now`, 'a handler was registered');
  }

  kinds(): readonly { readonly kind: Kind; readonly handler: Handler | undefined }[] {
    return this.#registry.all().map(({ kind, handler }) => ({ kind, handler }));
  }

  async commit(changes: readonly Change[], options: CommitOptions = {}): Promise<CommitResult> {
    this.#assertOpen();
    this.#assertSensible(changes, options);
    if (options.simulate === true) return this.#simulate(changes, options);
    if (options.signal?.aborted === true)
      throw new SchedulerError('aborted', 'the transaction was aborted before it began', {
        cause: options.signal.reason,
      });
    const isBulk =
      options.lane === undefined
        ? changes.length > interactiveLimit || (options.resync ?? 'NotResync') !== 'NotResync'
        : options.lane === 'bulk';
    const seqNum = this.#nextSeqNum++;
    const few = changes.length <= interactiveLimit;
    const requests = few
      ? atOnce(this.#requestsOf(changes))
      : await (isBulk ? this.#bulkTurn : this.#turn).run(this.#requestsOf(changes));
    this.#assertOpen();
    const transaction = this.#open('NBTransaction', requests, options, isBulk, undefined, seqNum);
    return this.#submit(transaction, options.signal);
  }

  plan(changes: readonly Change[], options: Pick<CommitOptions, 'resync'> = {}): Plan {
    this.#assertOpen();
    const intake = new Intake(this.#graph);
    this.#assertSensible(changes, options);
    const requests = atOnce(this.#requestsOf(changes));
    const transaction = new Transaction({
      seqNum: Number.MAX_SAFE_INTEGER,
      type: 'NBTransaction',
      requests,
      options,
      isBulk: false,
      turn: this.#turn,
      graph: this.#graph,
      waiting: this.#shop.waiting,
    });
    try {
      for (const _ of intake.take(transaction));
      const seeds = new Map(transaction.takeSeeds());
      if (options.resync === 'FullResync' || options.resync === 'DownstreamResync')
        for (const node of this.#graph.nodes.values())
          if (!isAtRest(node) && !seeds.has(node)) seeds.set(node, 'resync');
      return presentPlan(
        planAtOnce(this.#graph, {
          seeds,
          events: new Set(),
          stuck: () => false,
          behind: (node) => this.#shop.waiting.behind(node),
        }),
      );
    } finally {
      for (const _ of intake.giveBack(transaction));
      this.#graph.sweep(transaction.touched);
    }
  }

  confirm(seqNum: number): void {
    const timer = this.#unconfirmed.get(seqNum);
    if (timer === undefined)
      throw new SchedulerError('not-found', `transaction ${seqNum} does not wait for a confirmation`);
    clearTimeout(timer);
    this.#unconfirmed.delete(seqNum);
  }

  async rollback(seqNum: number, options: CommitOptions = {}): Promise<CommitResult> {
    const changes = this.#undo.of(seqNum);
    if (changes === undefined)
      throw new SchedulerError('not-found', `transaction ${seqNum} is not in the history, or changed nothing`);
    const timer = this.#unconfirmed.get(seqNum);
    if (timer !== undefined) this.confirm(seqNum);
    return this.commit(changes, { description: `rollback of transaction ${seqNum}`, ...options });
  }

  validate(changes: readonly Change[]): ReturnType<Scheduler['validate']> {
    return complaintsAbout(this.#registry, changes);
  }

  notify(notifications: readonly Notification[]): void {
    if (this.#closed || notifications.length === 0) return;
    this.#internal({
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

  recheck(keys: readonly Key[], reason: string): void {
    if (this.#closed) return;
    for (const key of keys) this.#rechecks.set(key, reason);
    if (this.#recheckArmed || this.#rechecks.size === 0) return;
    this.#recheckArmed = true;
    void this.#lanes.during(this.#recheckSoon());
  }

  async check(
    filter: { readonly keys?: readonly Key[]; readonly kinds?: readonly string[] } = {},
  ): Promise<readonly Drift[]> {
    this.#assertOpen();
    const drifts: Drift[] = [];
    const keys = filter.keys === undefined ? undefined : this.#withParts(filter.keys);
    const scope = {
      ...(keys === undefined ? undefined : { keys }),
      ...(filter.kinds === undefined ? undefined : { kinds: new Set(filter.kinds) }),
    };
    const turn = this.#bulkTurn;
    await this.#shop.retrieval.read(scope, turn, async (reading) => {
      for (const drift of await turn.run(compare(this.#graph, reading)))
        if (keys === undefined || keys.has(drift.key)) drifts.push(drift);
    });
    return drifts;
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
    if (filter.kind !== undefined && this.#registry.named(filter.kind) === undefined)
      throw new SchedulerError('not-found', `no kind ${filter.kind}`);
    if (view === 'SB') return this.#dumpRetrieved(filter);
    const dumped: DumpedValue[] = [];
    for (const node of this.#graph.nodes.values()) {
      if (!matches(filter, node)) continue;
      const value = view === 'NB' ? node.desired?.value : node.applied?.value;
      if (value !== undefined)
        dumped.push({
          key: node.key,
          value,
          metadata: node.applied?.metadata,
          origin: node.desired === undefined ? 'SB' : 'NB',
        });
    }
    return dumped;
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
    this.#recordListeners.add(listener);
    return () => void this.#recordListeners.delete(listener);
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
      this.#retries.close();
      for (const timer of this.#unconfirmed.values()) clearTimeout(timer);
      this.#unconfirmed.clear();
      this.#lanes.close(closed());
      this.#uncertainty.close();
    }
    await this.#lanes.idle();
    this.#shop.executor.close();
    this.#watches.close();
  }

  #assertOpen(): void {
    if (this.#closed) throw closed();
  }

  #assertSensible(changes: readonly Change[], options: CommitOptions): void {
    const resync = options.resync ?? 'NotResync';
    if (resync === 'DownstreamResync' && changes.length > 0)
      throw new SchedulerError('usage', 'a downstream resync carries no changes');
    if (resync !== 'NotResync' && options.revert === true)
      throw new SchedulerError('usage', 'a resync cannot be reverted');
  }

  *#requestsOf(changes: readonly Change[]): Generator<void, ReadonlyMap<Key, Change>> {
    const requests = new Map<Key, Change>();
    for (const change of changes) {
      const { key } = change;
      if (key === '') throw new SchedulerError('usage', 'a change has an empty key');
      const parent = this.#graph.get(key)?.parent;
      if (parent !== undefined)
        throw new SchedulerError('usage', `${key} is a part of ${parent.key} and cannot be changed by itself`, { key });
      requests.set(key, change);
      if ((requests.size & 255) === 0) yield;
    }
    return requests;
  }

  #open(
    type: TransactionType,
    requests: ReadonlyMap<Key, Change>,
    options: CommitOptions,
    isBulk: boolean,
    retry?: Retry,
    seqNum = this.#nextSeqNum++,
  ): Transaction {
    return new Transaction({
      seqNum,
      type,
      requests,
      options,
      isBulk,
      turn: isBulk ? this.#bulkTurn : this.#turn,
      graph: this.#graph,
      waiting: this.#shop.waiting,
      ...(retry === undefined ? undefined : { retry }),
    });
  }

  #submit(transaction: Transaction, signal: AbortSignal | undefined): Promise<CommitResult> {
    const entered = performance.now();
    return new Promise((resolve, reject) => {
      const lane: Lane = {
        isBulk: transaction.isBulk,
        run: () => {
          transaction.spent('wait', entered);
          return this.#run(transaction, undefined, false).then(resolve, reject);
        },
        cancel: reject,
      };
      signal?.addEventListener(
        'abort',
        () => {
          const error = new SchedulerError('aborted', `waiting for transaction ${transaction.seqNum} was aborted`, {
            cause: signal.reason,
          });
          if (!this.#lanes.withdraw(lane, error)) reject(error);
        },
        { once: true },
      );
      this.#lanes.enter(lane);
    });
  }

  /** A transaction that nobody waits for. */
  #internal(request: InternalRequest): void {
    const transaction = this.#open(request.type, new Map(), { description: request.description }, false, request.retry);
    this.#lanes.enter({
      isBulk: false,
      run: () =>
        this.#run(transaction, (runner) => request.prologue(runner, transaction), request.quiet).then(
          () => {},
          (error: unknown) => this.#log.error({ err: error, seqNum: transaction.seqNum }, 'transaction broke off'),
        ),
      cancel: () => {},
    });
  }

  async #run(
    transaction: Transaction,
    prologue: ((runner: Runner) => Promise<void> | void) | undefined,
    quiet: boolean,
  ): Promise<CommitResult> {
    const start = this.#now();
    const runner = new Runner(this.#shop, transaction);
    await runner.run(prologue);
    await runner.concludePlan();
    let began = performance.now();
    const record: TransactionRecord = {
      seqNum: transaction.seqNum,
      type: transaction.type,
      resync: transaction.options.resync ?? 'NotResync',
      description: transaction.options.description ?? '',
      ...(transaction.options.by === undefined ? undefined : { by: transaction.options.by }),
      start,
      stop: this.#now(),
      ...(transaction.retry === undefined
        ? undefined
        : { retryForTxn: transaction.retry.seqNum, retryAttempt: transaction.retry.attempt }),
      values: await transaction.turn.run(recordedValues(transaction.requests)),
      planned: runner.planned,
      executed: transaction.executed,
    };
    if (!quiet || transaction.executed.length > 0 || transaction.failures.length > 0) {
      await transaction.turn.run(this.#history.add(record));
      began = transaction.spent('record', began);
      this.#tell(record, transaction);
    }
    await transaction.turn.run(this.#undo.keep(transaction.seqNum, transaction.previous, transaction.created));
    this.#scheduleRetries(transaction);
    this.#guard(transaction);
    transaction.spent('record', began);
    return { seqNum: transaction.seqNum, record, failures: transaction.failures, timing: transaction.timing };
  }

  /** A listener that throws must not take the transaction along. */
  #tell(record: TransactionRecord, { failures, timing }: Transaction): void {
    for (const listener of this.#recordListeners) {
      try {
        listener(record, { failures, timing });
      } catch (error) {
        this.#log.error({ err: error, seqNum: record.seqNum }, 'a listener to transactions failed');
      }
    }
  }

  #simulate(changes: readonly Change[], options: CommitOptions): CommitResult {
    const start = this.#now();
    const began = performance.now();
    const { operations } = this.plan(changes, options.resync === undefined ? {} : { resync: options.resync });
    const record: TransactionRecord = {
      seqNum: -1,
      type: 'NBTransaction',
      resync: options.resync ?? 'NotResync',
      description: options.description ?? '',
      start,
      stop: this.#now(),
      values: changes.map(({ key, value }) => ({ key, value, origin: 'NB' })),
      planned: operations,
      executed: [],
    };
    return { seqNum: -1, record, failures: [], timing: { plan: performance.now() - began } };
  }

  #scheduleRetries(transaction: Transaction): void {
    if (this.#closed || transaction.retries.size === 0) return;
    const due = new Map<Node, Retry>();
    for (const [node, retry] of transaction.retries) if (!node.uncertain && node.retry === retry) due.set(node, retry);
    this.#retries.schedule(due);
  }

  #retry(nodes: readonly Node[], retry: Retry): void {
    this.#internal({
      type: 'RetryFailedOps',
      description: `retry ${retry.attempt} of transaction ${retry.seqNum}`,
      retry,
      quiet: false,
      prologue: (_, transaction) => {
        for (const node of nodes) transaction.seed(node, `retry ${retry.attempt} of transaction ${retry.seqNum}`);
      },
    });
  }

  #guard(transaction: Transaction): void {
    const { confirmWithin } = transaction.options;
    if (confirmWithin === undefined || this.#closed) return;
    const { seqNum } = transaction;
    const timer = setTimeout(() => {
      this.#unconfirmed.delete(seqNum);
      if (this.#undo.of(seqNum) === undefined) return;
      this.rollback(seqNum, {
        description: `transaction ${seqNum} was not confirmed within ${confirmWithin} ms`,
      }).catch((error: unknown) =>
        this.#log.error({ err: error, seqNum }, 'cannot roll back an unconfirmed transaction'),
      );
    }, confirmWithin);
    this.#unconfirmed.set(seqNum, timer);
  }

  async #recheckSoon(): Promise<void> {
    await this.#turn.next();
    this.#recheckArmed = false;
    const reasons = [...new Set(this.#rechecks.values())].join(', ');
    const keys = this.#withParts([...this.#rechecks.keys()]);
    this.#rechecks.clear();
    if (this.#closed) return;
    this.#internal({
      type: 'SBNotification',
      description: `recheck: ${reasons}`,
      quiet: true,
      prologue: async (runner, transaction) => {
        await runner.refresh(keys);
        for (const key of keys) {
          const node = this.#graph.get(key);
          if (node !== undefined && node.parent === undefined && !isAtRest(node)) transaction.seed(node, reasons);
        }
      },
    });
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
    this.#internal({
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
      this.#internal({
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
    for (const waiting of this.#shop.waiting.take(node)) transaction.seed(waiting, `${node.key} is settled`);
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
    this.#internal({
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

  #withParts(keys: readonly Key[]): ReadonlySet<Key> {
    const all = new Set<Key>();
    const add = (key: Key): void => {
      all.add(key);
      for (const part of this.#graph.get(key)?.parts ?? []) add(part.key);
    };
    for (const key of keys) add(key);
    return all;
  }

  async #dumpRetrieved(filter: { readonly prefix?: string; readonly kind?: string }): Promise<readonly DumpedValue[]> {
    const { kind, prefix } = filter;
    const named = kind === undefined ? undefined : this.#registry.named(kind);
    if (named !== undefined && named.handler?.retrieve === undefined)
      throw new SchedulerError('unimplemented', `objects of ${named.kind.name} cannot be retrieved`);
    const kinds =
      named !== undefined ? new Set([named.kind.name]) : prefix === undefined ? undefined : this.#kindsUnder(prefix);
    const dumped: DumpedValue[] = [];
    const turn = this.#bulkTurn;
    const failures = await this.#shop.retrieval.read(kinds === undefined ? {} : { kinds }, turn, ({ items }) =>
      turn.each(items, ({ key, value, metadata, origin }) => {
        if (prefix === undefined || isUnder(prefix, key))
          dumped.push({ key, value, metadata, origin: origin === 'ours' ? 'NB' : 'SB' });
      }),
    );
    if (failures.length > 0)
      throw new SchedulerError(
        'failed',
        `cannot retrieve ${failures[0]!.registration.kind.name}: ${failures[0]!.error.message}`,
        { cause: failures[0]!.error },
      );
    return dumped;
  }

  #kindsUnder(prefix: string): ReadonlySet<string> {
    const kinds = new Set<string>();
    for (const { kind } of this.#registry.all()) {
      if (kind.prefix === undefined || isUnder(prefix, kind.prefix) || isUnder(kind.prefix, prefix))
        kinds.add(kind.name);
    }
    return kinds;
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

function atOnce<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { value, done } = steps.next();
    if (done) return value;
  }
}

function* recordedValues(requests: ReadonlyMap<Key, Change>): Generator<void, TransactionRecord['values']> {
  const values: TransactionRecord['values'][number][] = [];
  for (const { key, value } of requests.values()) {
    values.push({ key, value, origin: 'NB' });
    if ((values.length & 255) === 0) yield;
  }
  return values;
}

function matches({ prefix, kind }: { readonly prefix?: string; readonly kind?: string }, node: Node): boolean {
  if (prefix !== undefined && !isUnder(prefix, node.key)) return false;
  return kind === undefined ? node.parent === undefined : node.kind === kind;
}

function closed(): SchedulerError {
  return new SchedulerError('closed', 'the scheduler is closed');
}
