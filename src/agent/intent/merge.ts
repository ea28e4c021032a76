/** One request merged into the sources: what it means, what to write, how to take it back. */

import { isDeepStrictEqual } from 'node:util';
import type { Key } from '../../model/key.ts';
import type { Value } from '../../scheduler/kind.ts';
import type { Source } from '../../scheduler/scheduler.ts';
import type { Write } from '../../store/store.ts';
import type { Archive } from './archive.ts';
import type { Effect, Labels, Sources } from './sources.ts';
import type { Reversal, Reversible } from './undo-log.ts';

export interface MergeRequest {
  readonly source: Source;
  readonly changes: readonly { readonly key: Key; readonly value: Value | null; readonly labels?: Labels }[];
  readonly replace?: boolean;
}

interface Merged {
  readonly key: Key;
  readonly before: Value | undefined;
  readonly labels: Labels | undefined;
  readonly after: Value | null;
}

export class Merge {
  readonly effects: Effect[] = [];
  /** Under which the archive keeps what to put back, when the commit waits for a confirmation. */
  guardId: string | undefined;
  readonly #sources: Sources;
  readonly #request: MergeRequest;
  readonly #archive: Archive;
  readonly #changed: Merged[] = [];

  constructor(sources: Sources, request: MergeRequest, archive: Archive) {
    this.#sources = sources;
    this.#request = request;
    this.#archive = archive;
  }

  /** Every change to be merged: those asked for and, for a request that replaces, the removal of everything else. */
  *changes(): Generator<MergeRequest['changes'][number]> {
    const { source, changes, replace } = this.#request;
    yield* changes;
    if (!replace) return;
    const mentioned = new Set(changes.map(({ key }) => key));
    for (const key of [...this.#sources.keysOf(source.name)]) if (!mentioned.has(key)) yield { key, value: null };
  }

  /**
   * Merges one change and adds what has to be written. `hasLeftover`: an older revision is still being taken down; that one is
   * kept, the data plane may hold it.
   */
  add(
    { key, value, labels }: MergeRequest['changes'][number],
    hasLeftover: (key: Key) => boolean,
    writes: Write[],
  ): void {
    const { source } = this.#request;
    const held = this.#sources.holding(source.name, key);
    const before = held?.value;
    const labelsBefore = held?.labels;
    const relabelled = labelsBefore !== labels && !isDeepStrictEqual(labelsBefore, labels);
    if (value !== null && relabelled) writes.push(this.#archive.label(source, key, labels));
    else if (value === null ? held === undefined : held !== undefined && isDeepStrictEqual(before, value)) {
      // Asked again: give a value that FAILED another chance, write nothing.
      if (value !== null) this.effects.push({ key, before: undefined, after: this.#sources.effective(key) });
      return;
    }
    if (value === null && labelsBefore !== undefined) writes.push(this.#archive.label(source, key, undefined));
    this.#changed.push({ key, before, labels: labelsBefore, after: value });
    const effect = this.#sources.set(source, key, value, labels);
    if (effect.before !== effect.after) {
      this.effects.push(effect);
      if (effect.before && !hasLeftover(key)) writes.push(this.#archive.leave(key, effect.before.value));
    }
    this.#archive.record(source, key, value, writes);
  }

  /** How to take back what was merged. Keeps the changes alone alive. */
  reversible(): Reversible {
    return reversibleOf(this.#request.source, this.#changed);
  }

  undo(): void {
    const { source } = this.#request;
    for (const { key, before, labels } of this.#changed.toReversed())
      this.#sources.set(source, key, before ?? null, labels);
  }
}

function reversibleOf(source: Source, merged: readonly Merged[]): Reversible {
  return { size: merged.length, reversal: () => ({ source, changes: onlyFirst(merged) }) };
}

/** Of several changes of one key: what was before the first, and what is after the last. */
function onlyFirst(merged: readonly Merged[]): Reversal['changes'] {
  const changes = new Map<Key, Reversal['changes'][number]>();
  for (const { key, before, labels, after } of merged) {
    const first = changes.get(key);
    if (first !== undefined) changes.set(key, { ...first, after });
    else if (labels === undefined) changes.set(key, { key, before: before ?? null, after });
    else changes.set(key, { key, before: before ?? null, labels, after });
  }
  return [...changes.values()];
}

/** Keys whose earlier revision has to leave the data plane. */
export function replaced(effects: readonly Effect[]): readonly Key[] {
  const keys: Key[] = [];
  for (const { key, before } of effects) if (before) keys.push(key);
  return keys;
}
