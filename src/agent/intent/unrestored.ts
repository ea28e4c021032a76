/** What could not be made as it was when the agent started, for as long as that is so. */

import type { Key } from '../../model/key.ts';
import { Pace } from '../../app/pace.ts';
import type {
  CommitResult,
  Scheduler,
  TransactionCourse,
  TransactionRecord,
  ValueState,
  ValueStatus,
} from '../../scheduler/scheduler.ts';

const failed: ReadonlySet<ValueState> = new Set(['FAILED', 'RETRYING', 'UNIMPLEMENTED']);

export class Unrestored {
  readonly #scheduler: Pick<Scheduler, 'onTransaction' | 'snapshot' | 'status'>;
  readonly #changed: (unrestored: Unrestored) => void;
  /** By key of the value, not of its parts: the transaction that had asked for it. */
  readonly #values = new Map<Key, number>();
  /** Kinds that could not be read. */
  readonly #unread: Set<Key>;
  readonly #patience: number;
  #stop: () => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;

  /** `changed` is called whenever it becomes less; `patience`: ms between two looks at what is tried again. */
  constructor(
    scheduler: Pick<Scheduler, 'onTransaction' | 'snapshot' | 'status'>,
    { failures }: Pick<CommitResult, 'failures'>,
    changed: (unrestored: Unrestored) => void,
    patience = 5000,
  ) {
    this.#scheduler = scheduler;
    this.#changed = changed;
    this.#patience = patience;
    const snapshot = scheduler.snapshot();
    this.#unread = new Set();
    for (const { key } of failures) {
      let base = snapshot.node(key);
      for (let parent = base?.parent; parent !== undefined; parent = base?.parent) base = snapshot.node(parent);
      if (base === undefined) this.#unread.add(key);
      else this.#values.set(base.key, scheduler.status(base.key)?.seqNum ?? -1);
    }
    if (this.isEmpty) return;
    this.#stop = scheduler.onTransaction((record, course) => this.#take(record, course));
    // Since the commit some of it may have been made.
    this.#lookIn(0);
  }

  get values(): number {
    return this.#values.size;
  }

  get isEmpty(): boolean {
    return this.#values.size === 0 && this.#unread.size === 0;
  }

  /** For people; undefined when all is well. */
  get reason(): string | undefined {
    const parts: string[] = [];
    if (this.values === 1) parts.push('1 value could not be restored, see values');
    if (this.values > 1) parts.push(`${this.values} values could not be restored, see values`);
    if (this.#unread.size > 0) parts.push(`what there is of ${[...this.#unread].join(', ')} could not be read`);
    return parts.length === 0 ? undefined : parts.join('; ');
  }

  close(): void {
    this.#stop();
    clearTimeout(this.#timer);
  }

  #take({ resync }: TransactionRecord, { failures }: TransactionCourse): void {
    const hasRead = resync === 'FullResync' || resync === 'DownstreamResync';
    if (hasRead && this.#unread.size > 0) {
      const unread = new Set(failures.map(({ key }) => key));
      for (const key of this.#unread) if (!unread.has(key)) this.#unread.delete(key);
      this.#tell();
    }
    if (!this.isEmpty) this.#lookIn(0);
  }

  #lookIn(ms: number): void {
    if (this.#isDue) return;
    this.#isDue = ms === 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isDue = false;
      void this.#look();
    }, ms);
    this.#timer.unref();
  }

  /** Not only at what a transaction has dealt with: of a reply that comes late there is no record. */
  async #look(): Promise<void> {
    const pace = new Pace();
    const before = this.#values.size;
    let isRetried = false;
    for (const [key, seqNum] of this.#values) {
      const status = this.#scheduler.status(key);
      if (status === undefined || status.seqNum !== seqNum || !hasState(status, failed)) this.#values.delete(key);
      else isRetried ||= hasState(status, retried);
      if (pace.due()) await pace.rest();
    }
    if (this.#values.size < before) this.#tell();
    if (isRetried) this.#lookIn(this.#patience);
  }

  #tell(): void {
    if (this.isEmpty) this.close();
    this.#changed(this);
  }
}

const retried: ReadonlySet<ValueState> = new Set(['RETRYING']);

/** The value or one of its parts. */
function hasState({ state, parts }: ValueStatus, states: ReadonlySet<ValueState>): boolean {
  return states.has(state) || parts.some((part) => hasState(part, states));
}
