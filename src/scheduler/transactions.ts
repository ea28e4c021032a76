/** Opens transactions, has them run in their lanes, and records how they went. */

import type { Key } from '../model/key.ts';
import { SchedulerError } from './errors.ts';
import type { History } from './history.ts';
import { Hold } from './hold.ts';
import type { Lane, Lanes } from './lanes.ts';
import type { Retry } from './node.ts';
import { Runner } from './runner.ts';
import type { Workshop } from './runner.ts';
import type {
  Change,
  CommitOptions,
  CommitResult,
  SchedulerLog,
  TransactionCourse,
  TransactionRecord,
  TransactionType,
} from './scheduler.ts';
import { Transaction } from './transaction.ts';
import { Turn } from './turn.ts';
import type { Undo } from './undo.ts';

type RecordListener = (record: TransactionRecord, course: TransactionCourse) => void;

/** What is done without anybody having asked. */
export interface InternalRequest {
  readonly type: TransactionType;
  readonly description: string;
  readonly retry?: Retry;
  /** Keep no record when nothing came of it. */
  readonly quiet: boolean;
  prologue(runner: Runner, transaction: Transaction): Promise<void> | void;
}

interface Office {
  readonly shop: Workshop;
  readonly lanes: Lanes;
  readonly history: History;
  readonly undo: Undo;
  readonly log: SchedulerLog;
  /** ms since the epoch */
  readonly now: () => number;
}

export class Transactions {
  /** Each lane has its own share of a turn: bulk work that uses up its own does not keep an interactive change waiting. */
  readonly turn = new Turn();
  readonly bulkTurn = new Turn();
  readonly hold = new Hold();
  readonly #shop: Workshop;
  readonly #lanes: Lanes;
  readonly #history: History;
  readonly #undo: Undo;
  readonly #log: SchedulerLog;
  readonly #now: () => number;
  readonly #listeners = new Set<RecordListener>();
  #nextSeqNum = 0;
  /** Hears of each transaction that is over and recorded. */
  onConcluded: (transaction: Transaction) => void = () => {};

  constructor({ shop, lanes, history, undo, log, now }: Office) {
    this.#shop = shop;
    this.#lanes = lanes;
    this.#history = history;
    this.#undo = undo;
    this.#log = log;
    this.#now = now;
  }

  /** The number of the next transaction: they are numbered in the order in which they are handed in. */
  reserve(): number {
    return this.#nextSeqNum++;
  }

  /** Calls `listener` with each transaction that comes into the history. Returns the function that ends this. */
  listen(listener: RecordListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  open(
    type: TransactionType,
    requests: ReadonlyMap<Key, Change>,
    options: CommitOptions,
    isBulk: boolean,
    retry?: Retry,
    seqNum = this.reserve(),
  ): Transaction {
    return new Transaction({
      seqNum,
      type,
      requests,
      options,
      isBulk,
      turn: isBulk ? this.bulkTurn : this.turn,
      graph: this.#shop.graph,
      waiting: this.#shop.waiting,
      ...(retry === undefined ? undefined : { retry }),
    });
  }

  /** Lets the transaction run in its lane; `signal` ends the waiting for it. */
  submit(transaction: Transaction, signal: AbortSignal | undefined): Promise<CommitResult> {
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
  internal(request: InternalRequest): void {
    const transaction = this.open(request.type, new Map(), { description: request.description }, false, request.retry);
    this.#lanes.enter({
      isBulk: false,
      run: () =>
        this.#run(transaction, (runner) => request.prologue(runner, transaction), request.quiet).then(
          () => {},
          (error: unknown) => {
            if (!(error instanceof SchedulerError && error.code === 'closed'))
              this.#log.error({ err: error, seqNum: transaction.seqNum }, 'transaction broke off');
          },
        ),
      cancel: () => {},
    });
  }

  async #run(
    transaction: Transaction,
    prologue: ((runner: Runner) => Promise<void> | void) | undefined,
    quiet: boolean,
  ): Promise<CommitResult> {
    if (this.hold.reason !== undefined) await this.hold.pass();
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
    this.onConcluded(transaction);
    transaction.spent('record', began);
    return { seqNum: transaction.seqNum, record, failures: transaction.failures, timing: transaction.timing };
  }

  /** A listener that throws must not take the transaction along. */
  #tell(record: TransactionRecord, { failures, timing }: Transaction): void {
    for (const listener of this.#listeners) {
      try {
        listener(record, { failures, timing });
      } catch (error) {
        this.#log.error({ err: error, seqNum: record.seqNum }, 'a listener to transactions failed');
      }
    }
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
