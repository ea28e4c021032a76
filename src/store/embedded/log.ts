import { open, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fromSystemError } from '../errors.ts';
import type { StoreError } from '../errors.ts';
import { syncDirectory } from '../local/durable.ts';
import type { Commit, Image, Journal } from '../local/journal.ts';
import { copyRange, createImage } from './compaction.ts';
import { FrameKind } from './format.ts';
import { FrameWriter } from './frame-writer.ts';
import type { ReadLog } from './reader.ts';
import type { LogRecord } from './record.ts';

export interface LogOptions {
  readonly path: string;
  /** Bytes of commits, beyond the size of the last image, at which the log is rewritten. */
  readonly compactAfter: number;
  /** Trouble that fails no call (a compaction that found no space). */
  readonly onProblem: (problem: StoreError) => void;
  /** Frees what goes with the log. */
  readonly onClose: () => void;
}

/** A commit is durable when its frame is in the file and the file is synced; the file is rewritten when it has grown. */
export class Log implements Journal {
  readonly #options: LogOptions;
  readonly #id: number;
  readonly #writer: FrameWriter;
  #file: FileHandle;
  #end: number;
  #sequence: number;
  #imageSize: number;
  #compactAt: number;
  /** The end of the file is not known to be at `#end`. */
  #unclean = false;
  /** The name of the file is not known to be durable. */
  #unnamed = false;
  #compaction: Promise<void> | undefined;
  #appending: Promise<void> = Promise.resolve();

  constructor(file: FileHandle, read: ReadLog, options: LogOptions) {
    this.#file = file;
    this.#options = options;
    this.#id = read.id;
    this.#writer = new FrameWriter(read.id);
    this.#end = read.end;
    this.#sequence = read.sequence;
    this.#imageSize = read.imageEnd;
    this.#unclean = read.torn > 0;
    this.#compactAt = this.#imageSize * 2 + options.compactAfter;
  }

  append(commits: readonly Commit[]): Promise<void> {
    return this.#exclusively(async () => {
      await this.#repair();
      try {
        const end = await this.#writer.write(this.#file, this.#end, FrameKind.commits, this.#sequence, recordsOf(commits));
        await this.#file.datasync();
        this.#end = end;
        this.#sequence += 1;
      } catch (error) {
        this.#unclean = true;
        // Failing here too leaves it to the next append, which does not go on before the log is clean.
        await this.#repair().catch(() => {});
        throw fromSystemError(error, 'writing', this.#options.path);
      }
    });
  }

  settled(image: () => Image): void {
    if (this.#end < this.#compactAt || this.#compaction !== undefined) return;
    this.#compaction = this.#compact(image(), this.#end, this.#sequence)
      .catch((error: unknown) => {
        this.#compactAt = this.#end + this.#options.compactAfter;
        this.#options.onProblem(fromSystemError(error, 'compacting', this.#options.path));
      })
      .finally(() => {
        this.#compaction = undefined;
      });
  }

  async close(): Promise<void> {
    await this.#compaction;
    await this.#appending;
    await this.#file.close();
    this.#options.onClose();
  }

  /** Takes back what a failed append left behind. */
  async #repair(): Promise<void> {
    try {
      if (this.#unclean) {
        await this.#file.truncate(this.#end);
        await this.#file.datasync();
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

  /** Writes `image`, which the log holds up to `from`, and what was appended since to a new file that takes its place. */
  async #compact(image: Image, from: number, sequence: number): Promise<void> {
    const path = newPath(this.#options.path);
    const file = await open(path, 'w+', 0o600);
    try {
      const imageEnd = await createImage(file, this.#id, sequence, image);
      const shift = imageEnd - from;
      const most = this.#end;
      await copyRange(this.#file, from, most, file, from + shift);
      await file.datasync();
      await this.#exclusively(async () => {
        await copyRange(this.#file, most, this.#end, file, most + shift);
        await file.sync();
        await rename(path, this.#options.path);
        this.#unnamed = true;
        const old = this.#file;
        this.#file = file;
        this.#end += shift;
        this.#unclean = false;
        this.#imageSize = imageEnd;
        this.#compactAt = imageEnd * 2 + this.#options.compactAfter;
        await old.close();
        await this.#repair();
      });
    } catch (error) {
      if (this.#file !== file) {
        await file.close();
        await unlink(path).catch(() => {});
      }
      throw error;
    }
  }

  #exclusively(work: () => Promise<void>): Promise<void> {
    const done = this.#appending.then(work);
    this.#appending = done.catch(() => {});
    return done;
  }
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
