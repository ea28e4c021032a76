/** Commits are checked before anything else, in the order in which they came. */

import { Pace } from '../../app/pace.ts';
import type { Change } from '../../scheduler/scheduler.ts';
import { IntentError, type InvalidValue } from './errors.ts';

/** Values of one commit that are checked at once. */
const FEW = 64;

type Wanted = Pick<Change, 'key' | 'value'>;

export class Admission {
  readonly #complaints: (changes: readonly Wanted[]) => readonly InvalidValue[];
  /** A large commit is being checked, or others are behind it. */
  #checking: Promise<void> | undefined;

  constructor(complaints: (changes: readonly Wanted[]) => readonly InvalidValue[]) {
    this.#complaints = complaints;
  }

  /** Throws or rejects as `validate` does, of a strict request. Undefined: it has passed, and nobody is before it. */
  check({
    strict,
    changes,
  }: {
    readonly strict?: boolean;
    readonly changes: readonly Wanted[];
  }): Promise<void> | undefined {
    if (this.#checking === undefined && (!strict || changes.length <= FEW)) {
      if (strict) this.validate(changes);
      return undefined;
    }
    const checked = (this.#checking ?? Promise.resolve()).then(() =>
      strict ? this.validateInTurns(changes) : undefined,
    );
    const passed = checked
      .catch(() => undefined)
      .finally(() => {
        if (this.#checking === passed) this.#checking = undefined;
      });
    this.#checking = passed;
    return checked;
  }

  /** Throws IntentError `invalid` with everything that is wrong with these values. */
  validate(changes: readonly Wanted[]): void {
    refuse(this.#complaints(changes.filter(({ value }) => value !== null)));
  }

  /** As `validate`, with others served in between. */
  async validateInTurns(changes: readonly Wanted[]): Promise<void> {
    const invalid: InvalidValue[] = [];
    const pace = new Pace();
    for (const change of changes) {
      if (change.value !== null) invalid.push(...this.#complaints([change]));
      if (pace.due()) await pace.rest();
    }
    refuse(invalid);
  }
}

function refuse(invalid: readonly InvalidValue[]): void {
  if (invalid.length === 0) return;
  const first = invalid[0];
  const problem = first?.problems[0];
  const more = invalid.reduce((sum, one) => sum + one.problems.length, 0) - 1;
  const where = problem?.field ? `${first?.key} ${problem.field}` : `${first?.key}`;
  throw new IntentError(
    'invalid',
    `${where}: ${problem?.message}${more > 0 ? ` (and ${more} more problem${more > 1 ? 's' : ''})` : ''}`,
    { invalid },
  );
}
