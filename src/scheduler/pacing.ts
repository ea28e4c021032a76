/**
 * How soon a key may be looked up again. One that is found otherwise after each healing (a value that reads back differently, two
 * that undo each other's work) is looked at less and less often: its healing makes the very events that ask for the next look.
 */

import type { Key } from '../model/key.ts';

/** Healings in a row that are not slowed down. */
const FREE = 8;
/** ms: the first pause; each further one is twice as long, up to `LONGEST`. */
const FIRST = 40;
const LONGEST = 60_000;
/** ms without any healing after which all is forgotten, in addition to the last pause. */
const CALM = 10_000;

interface Course {
  /** Looks in a row that found it otherwise. */
  readonly healed: number;
  readonly at: number;
}

export class Pacing {
  readonly #courses = new Map<Key, Course>();
  readonly #now: () => number;

  /** `now` in ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** ms until the key may be looked up. */
  pauseOf(key: Key): number {
    const course = this.#courses.get(key);
    return course === undefined ? 0 : Math.max(0, course.at + pauseAfter(course.healed) - this.#now());
  }

  /** It was looked up, and was otherwise than believed. Returns true when from now on it has to wait. */
  differed(key: Key): boolean {
    this.#forgetOld();
    const healed = (this.#courses.get(key)?.healed ?? 0) + 1;
    this.#courses.set(key, { healed, at: this.#now() });
    return healed === FREE + 1;
  }

  #forgetOld(): void {
    const now = this.#now();
    for (const [key, { healed, at }] of this.#courses)
      if (now - at > pauseAfter(healed) + CALM) this.#courses.delete(key);
  }
}

function pauseAfter(healed: number): number {
  return healed <= FREE ? 0 : Math.min(LONGEST, FIRST * 2 ** Math.min(healed - FREE - 1, 20));
}
