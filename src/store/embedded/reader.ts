import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { StoreError } from '../errors.ts';
import type { Commit, Image, Operation, Restored, Stored } from '../local/journal.ts';
import { Pace } from '../../app/pace.ts';
import { Slab } from '../local/slab.ts';
import {
  FILE_HEADER,
  FORMAT_VERSION,
  FRAME_HEADER,
  FRAME_MAGIC,
  FrameKind,
  decodeFileHeader,
  decodeFrameHead,
} from './format.ts';
import type { FrameHead } from './format.ts';
import { decodeRecord } from './record.ts';
import type { LogRecord } from './record.ts';
import { Window } from './window.ts';
import { slice } from '../local/slice.ts';

export interface ReadLog {
  readonly id: number;
  readonly restored: Restored;
  /** Where the last intact frame ends: new frames go here. */
  readonly end: number;
  /** Sequence of the next commit frame. */
  readonly sequence: number;
  /** Bytes after `end`: a batch that was being written when the process or the machine died. */
  readonly torn: number;
}

/** Reads a whole log. Fails with `corrupt`, changing nothing, when what was once acknowledged cannot be read. */
export async function readLog(file: FileHandle, path: string): Promise<ReadLog> {
  const { size } = await file.stat();
  const window = new Window(file, size);
  const id = idOf(await window.read(0, FILE_HEADER), path);
  const log = new Collector();
  let offset = FILE_HEADER;
  while (offset < size) {
    const head = decodeFrameHead(await window.read(offset, FRAME_HEADER), id);
    const end = offset + FRAME_HEADER + (head?.length ?? 0);
    const payload =
      head !== undefined && end <= size ? await window.read(offset + FRAME_HEADER, head.length) : undefined;
    const intact = head !== undefined && payload !== undefined && crc32(payload) === head.crc;
    if (!intact) {
      await checkTorn(window, id, offset, head === undefined ? offset + 1 : end, log, path);
      return { id, ...log.result(), end: offset, torn: size - offset };
    }
    if (!(await log.add(head, payload))) throw damaged(path, offset);
    offset = end;
  }
  if (!log.complete) throw damaged(path, offset);
  return { id, ...log.result(), end: offset, torn: 0 };
}

function idOf(bytes: Buffer, path: string): number {
  const header = decodeFileHeader(bytes);
  if (header.type === 'ours') return header.id;
  if (header.type === 'damaged') throw damaged(path, 0);
  const what =
    header.type === 'foreign'
      ? 'is not a Ligature store'
      : `has store format ${header.version}, this program reads ${FORMAT_VERSION}`;
  const todo =
    header.type === 'foreign'
      ? 'Configure another path, or move the file away to start with an empty store'
      : 'Use the release that wrote it, export the content there and import it here';
  throw new StoreError('corrupt', `${path} ${what}. ${todo}. Nothing was changed`);
}

/** An unreadable frame is the torn last one only if no intact frame of this log follows it. */
async function checkTorn(
  window: Window,
  id: number,
  at: number,
  from: number,
  log: Collector,
  path: string,
): Promise<void> {
  if (!log.complete) throw damaged(path, at);
  const pace = new Pace(slice);
  for (let offset = await window.find(FRAME_MAGIC, from); offset >= 0; ) {
    if (pace.due()) await pace.rest();
    if (decodeFrameHead(await window.read(offset, FRAME_HEADER), id) !== undefined) throw damaged(path, at);
    offset = await window.find(FRAME_MAGIC, offset + 1);
  }
}

function damaged(path: string, offset: number): StoreError {
  return new StoreError(
    'corrupt',
    `${path} is damaged at byte ${offset}. Restore it from a backup, or move it away to start with an empty store. ` +
      'Nothing was changed',
  );
}

/** Puts frames together. */
class Collector {
  complete = false;
  #sequence = 0;
  #revision = 0;
  readonly #entries: Stored[] = [];
  readonly #leases: { readonly id: number; readonly ttl: number }[] = [];
  readonly #commits: Commit[] = [];
  readonly #slab = new Slab();
  readonly #pace = new Pace(slice);

  /** False when the frame does not belong here or its payload makes no sense. */
  async add(head: FrameHead, payload: Buffer): Promise<boolean> {
    if ((head.kind === FrameKind.commits) !== this.complete) return false;
    if (this.complete && head.sequence !== this.#sequence) return false;
    let operations: Operation[] | undefined;
    for (let offset = 0; offset < payload.length; ) {
      if (this.#pace.due()) await this.#pace.rest();
      const decoded = decodeRecord(payload, offset, this.#slab);
      if (decoded === undefined) return false;
      offset = decoded.end;
      if (!this.complete) this.#addToImage(decoded.record);
      else if (decoded.record.type === 'commit') {
        operations = [];
        this.#commits.push({ revision: decoded.record.revision, operations });
      } else if (operations === undefined) return false;
      else operations.push(decoded.record);
    }
    this.#sequence = this.complete ? this.#sequence + 1 : head.sequence;
    if (head.kind === FrameKind.imageEnd) this.complete = true;
    return true;
  }

  #addToImage(record: LogRecord): void {
    if (record.type === 'put') this.#entries.push(record.entry);
    else if (record.type === 'grant') this.#leases.push({ id: record.lease, ttl: record.ttl });
    else if (record.type === 'commit') this.#revision = record.revision;
  }

  result(): { restored: Restored; sequence: number } {
    const image: Image = { revision: this.#revision, entries: this.#entries, leases: this.#leases };
    return { restored: { image, commits: this.#commits }, sequence: this.#sequence };
  }
}
