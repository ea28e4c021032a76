import { open, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreError, fromSystemError } from '../errors.ts';
import { syncDirectory } from '../local/durable.ts';
import type { Commit, Image, Journal } from '../local/journal.ts';
import { copyRange, createImage } from './compaction.ts';
import { FrameKind } from './format.ts';
import { FrameWriter } from './frame-writer.ts';
import { alsoSynced, closeLogFile, type LogFile } from './log-file.ts';
import type { ReadLog } from './reader.ts';
import type { LogRecord } from './record.ts';

export interface LogOptions {
  readonly path: string;
  /** Bytes of commits, beyond the size of the last image, at which the log is rewritten. */
  readonly compactAfter: number;
  /** Trouble that fails no call (a compaction that found no space). */
  readonly onProblem: (problem: StoreError) => void;
  /** The first call that could not be written, and undefined with the next one that could. */
  readonly onWritable?: ((problem: StoreError | undefined) => void) | undefined;
  /** Frees what goes with the log. */
  readonly onClose: () => void;
}

/** A log being rewritten. */
interface Draft {
  readonly log: LogFile;
  readonly abandon: AbortController;
  /** Settles when the draft has the image and most of what came after. */
  readonly copied: Promise<unknown>;
}

/** A commit is durable when its frame is in the file and synced; the file is rewritten when it has grown. */
export class Log implements Journal {
  readonly #options: LogOptions;
  readonly #id: number;
  readonly #writer: FrameWriter;
  #log: LogFile;
  #end: number;
  #sequence: number;
  /** Not before the log is this long: a compaction failed. */
  #compactAt = 0;
  /** The end of the file is not known to be at `#end`. */
  #unclean = false;
  /** The name of the file is not known to be durable. */
  #unnamed = false;
  #draft: Draft | undefined;
  #compaction: Promise<void> | undefined;
  #appending: Promise<void> = Promise.resolve();
  #isWritable = true;

  constructor(log: LogFile, read: ReadLog, options: LogOptions) {
    this.#log = log;
    this.#options = options;
    this.#id = read.id;
    this.#writer = new FrameWriter(read.id);
    this.#end = read.end;
    this.#sequence = read.sequence;
    this.#unclean = read.torn > 0;
  }

  append(commits: readonly Commit[]): Promise<void> {
    return this.#exclusively(async () => {
      try {
        await this.#append(commits);
      } catch (error) {
        await this.#appendInRoom(commits, error);
      }
      this.#tellWritable(undefined);
    });
  }

  /** Once more, if there is room to be made. */
  async #appendInRoom(commits: readonly Commit[], cause: unknown): Promise<void> {
    try {
      if (!(await this.#makeRoom(cause))) throw cause;
      await this.#append(commits);
    } catch (error) {
      const problem = fromSystemError(error, 'writing', this.#options.path);
      if (problem.code !== 'usage') this.#tellWritable(problem);
      throw error;
    }
  }

  #tellWritable(problem: StoreError | undefined): void {
    if ((problem === undefined) === this.#isWritable) return;
    this.#isWritable = problem === undefined;
    this.#options.onWritable?.(problem);
  }

  settled(bytes: number, image: () => Image): void {
    const { compactAfter, path, onProblem } = this.#options;
    if (this.#compaction !== undefined || this.#end < Math.max(this.#compactAt, bytes * 2 + compactAfter)) return;
    this.#compaction = this.#compact(image(), this.#end, this.#sequence)
      .catch((error: unknown) => {
        this.#compactAt = this.#end + compactAfter;
        onProblem(fromSystemError(error, 'compacting', path));
      })
      .finally(() => {
        this.#compaction = undefined;
      });
  }

  async close(): Promise<void> {
    await this.#compaction;
    await this.#appending;
    await closeLogFile(this.#log);
    this.#options.onClose();
  }

  async #append(commits: readonly Commit[]): Promise<void> {
    await this.#repair();
    const { file, synced } = this.#log;
    const records = recordsOf(commits);
    try {
      const { end, isWhole } = await this.#writer.write(
        file,
        this.#end,
        FrameKind.commits,
        this.#sequence,
        records,
        synced,
      );
      if (!isWhole) await file.datasync();
      this.#end = end;
      this.#sequence += 1;
    } catch (error) {
      this.#unclean = true;
      // Failing here too leaves it to the next append, which does not go on before the log is clean.
      await this.#repair().catch(() => {});
      throw fromSystemError(error, 'writing', this.#options.path);
    }
  }

  /** Takes back what a failed append left behind. */
  async #repair(): Promise<void> {
    try {
      if (this.#unclean) {
        await this.#log.file.truncate(this.#end);
        await this.#log.file.datasync();
        this.#unclean = false;
      }
      if (this.#unnamed) {
        await syncDirectory(dirname(this.#options.path));
        this.#unnamed = false;
      }
    } catch (error) {
      throw fromSystemError(error, 'repairing', this.#options.path);
    }
  }

  /** A commit goes before a compaction that takes the last space. False when that is not what is wrong. */
  async #makeRoom(error: unknown): Promise<boolean> {
    const draft = this.#draft;
    if (draft === undefined || !(error instanceof StoreError) || error.code !== 'no-space') return false;
    draft.abandon.abort(error);
    await draft.copied.catch(() => {});
    await draft.log.file.truncate(0);
    return true;
  }

  /** Writes `image`, which the log holds up to `from`, and what was appended since to a new file that takes its place. */
  async #compact(image: Image, from: number, sequence: number): Promise<void> {
    const path = newPath(this.#options.path);
    const log = await create(path);
    const { file } = log;
    const abandon = new AbortController();
    const copied = this.#copy(image, from, sequence, file, abandon.signal);
    this.#draft = { log, abandon, copied };
    try {
      const { shift, end } = await copied;
      await this.#exclusively(async () => {
        await copyRange(this.#log.file, end, this.#end, file, end + shift, abandon.signal);
        abandon.signal.throwIfAborted();
        await file.sync();
        await rename(path, this.#options.path);
        await this.#replace(log, this.#end + shift);
      });
    } catch (error) {
      if (this.#log !== log) await this.#exclusively(() => discard(log, path));
      throw error;
    } finally {
      this.#draft = undefined;
    }
  }

  async #copy(
    image: Image,
    from: number,
    sequence: number,
    file: FileHandle,
    signal: AbortSignal,
  ): Promise<{ shift: number; end: number }> {
    const shift = (await createImage(file, this.#id, sequence, image, signal)) - from;
    const end = this.#end;
    await copyRange(this.#log.file, from, end, file, from + shift, signal);
    await file.datasync();
    return { shift, end };
  }

  async #replace(log: LogFile, end: number): Promise<void> {
    const old = this.#log;
    this.#log = log;
    this.#end = end;
    this.#unclean = false;
    this.#unnamed = true;
    await closeLogFile(old);
    await this.#repair();
  }

  #exclusively(work: () => Promise<void>): Promise<void> {
    const done = this.#appending.then(work);
    this.#appending = done.catch(() => {});
    return done;
  }
}

async function create(path: string): Promise<LogFile> {
  const file = await open(path, 'w+', 0o600);
  try {
    return await alsoSynced(file, path);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function discard(log: LogFile, path: string): Promise<void> {
  await closeLogFile(log);
  await unlink(path).catch(() => {});
}

/** Where a log is written before it takes its place. */
export function newPath(path: string): string {
  return `${path}.new`;
}

function* recordsOf(commits: readonly Commit[]): Generator<LogRecord> {
  for (const { revision, operations } of commits) {
    yield { type: 'commit', revision };
    yield* operations;
  }
}
