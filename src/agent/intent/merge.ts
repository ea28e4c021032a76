/** One request merged into the sources: what it means, what to write, how to take it back. */

import { isDeepStrictEqual } from 'node:util';
import type { Key } from '../../model/key.ts';
import type { Value } from '../../scheduler/kind.ts';
import type { Source } from '../../scheduler/scheduler.ts';
import type { Write } from '../../store/store.ts';
import type { Archive } from './archive.ts';
import type { Effect, Labels, Sources } from './sources.ts';
import type { Reversal } from './undo-log.ts';

export interface MergeRequest {
  readonly source: Source;
  readonly changes: readonly { readonly key: Key; readonly value: Value | null; readonly labels?: Labels }[];
  readonly replace?: boolean;
}

export class Merge {
  readonly effects: Effect[] = [];
  /** Under which the archive keeps what to put back, when the commit waits for a confirmation. */
  guardId: string | undefined;
  readonly #sources: Sources;
  readonly #request: MergeRequest;
  readonly #archive: Archive;
  readonly #changed: {
    readonly key: Key;
    readonly before: Value | undefined;
    readonly labels: Labels | undefined;
    readonly after: Value | null;
  }[] = [];

  constructor(sources: Sources, request: MergeRequest, archive: Archive) {
    this.#sources = sources;
    this.#request = request;
    this.#archive = archive;
  }

  /**
   * Merges change by change and gives what has to be written, so that the caller can take turns; undefined where there is
   * nothing. `hasLeftover`: an older revision is still being taken down; that one is kept, the data plane may hold it.
   */
  *steps(hasLeftover: (key: Key) => boolean): Generator<Write | undefined, void> {
    const { source, changes, replace } = this.#request;
    const mentioned = new Set<Key>();
    for (const { key, value, labels } of changes) {
      if (replace) mentioned.add(key);
      yield* this.#set(key, value, hasLeftover, labels);
    }
    if (!replace) return;
    for (const key of [...this.#sources.keysOf(source.name)]) {
      if (!mentioned.has(key)) yield* this.#set(key, null, hasLeftover);
    }
  }

  *#set(
    key: Key,
    value: Value | null,
    hasLeftover: (key: Key) => boolean,
    labels?: Labels,
  ): Generator<Write | undefined, void> {
    const { source } = this.#request;
    const before = this.#sources.held(source.name, key);
    const labelsBefore = this.#sources.labels(source.name, key);
    if (value !== null && !isDeepStrictEqual(labelsBefore, labels)) yield this.#archive.label(source, key, labels);
    else if (value === null ? before === undefined : before !== undefined && isDeepStrictEqual(before, value)) {
      // Asked again: give a value that FAILED another chance, write nothing.
      if (value !== null) this.effects.push({ key, before: undefined, after: this.#sources.effective(key) });
      yield undefined;
      return;
    }
    if (value === null && labelsBefore !== undefined) yield this.#archive.label(source, key, undefined);
    this.#changed.push({ key, before, labels: labelsBefore, after: value });
    const effect = this.#sources.set(source, key, value, labels);
    if (effect.before !== effect.after) {
      this.effects.push(effect);
      if (effect.before && !hasLeftover(key)) yield this.#archive.leave(key, effect.before.value);
    }
    yield* this.#archive.record(source, key, value);
  }

  /** What was merged, each key once. */
  reversal(): Reversal {
    const changes = new Map<Key, Reversal['changes'][number]>();
    for (const { key, before, labels, after } of this.#changed) {
      const first = changes.get(key) ?? { before: before ?? null, ...(labels === undefined ? {} : { labels }) };
      changes.set(key, { ...first, key, after });
    }
    return { source: this.#request.source, changes: [...changes.values()] };
  }

  undo(): void {
    const { source } = this.#request;
    for (const { key, before, labels } of this.#changed.toReversed())
      this.#sources.set(source, key, before ?? null, labels);
  }
}

/** Keys whose earlier revision has to leave the data plane. */
export function replaced(effects: readonly Effect[]): readonly Key[] {
  return effects.filter((effect) => effect.before).map((effect) => effect.key);
}
