import type { FieldProblem } from '../errors.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** State of one decoding: the problems found, and how many more values may be visited. */
export class DecodeContext {
  readonly problems: Mutable<FieldProblem>[] = [];
  /** Messages and list items seen so far. */
  visited = 0;
  /** Aliases in YAML can make a small file stand for a huge value; decoding stops when more is visited. */
  readonly #budget: number;

  constructor(budget = Number.POSITIVE_INFINITY) {
    this.#budget = budget;
  }

  /** Notes a problem of the value being decoded; its path is added by those around it. */
  fail(message: string): undefined {
    this.problems.push({ field: '', message });
    return undefined;
  }

  /** Notes that the name of a field of the value being decoded is wrong. */
  failName(field: string, message: string): void {
    this.problems.push({ field, message, about: 'name' });
  }

  /** Puts `part` (a field name or `[index]`) before the paths of all problems from index `since` on. */
  within(part: string, since: number): void {
    for (let index = since; index < this.problems.length; index++) {
      const problem = this.problems[index]!;
      problem.field = joinPath(part, problem.field);
    }
  }

  /** Counts one visited value. Throws TooManyValues at the limit. */
  visit(): void {
    if (++this.visited > this.#budget) throw new TooManyValues();
  }
}

/** Thrown when a value is larger than the limit allows, which only aliases make possible. */
export class TooManyValues extends Error {
  override readonly name = 'TooManyValues';
}

/** Joins `a` and `b` as `a.b`, `a` and `[1]` as `a[1]`. */
export function joinPath(outer: string, inner: string): string {
  if (inner === '' || outer === '') return outer + inner;
  return inner.startsWith('[') ? outer + inner : `${outer}.${inner}`;
}

/** Outcome of decoding: a value, or all that is wrong. */
export type Decoded<T> = (
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value: undefined; readonly problems: readonly FieldProblem[] }
) & {
  /** Messages and list items seen. */
  readonly visited: number;
};

const shownLength = 40;

/** What people read about a value that is not what it should be: `text "abc"`, `a list`. */
export function describe(json: unknown): string {
  if (json === null) return 'nothing (null)';
  if (Array.isArray(json)) return 'a list';
  if (typeof json === 'string') return `text ${JSON.stringify(shorten(json))}`;
  if (typeof json === 'number' || typeof json === 'bigint') return `number ${json}`;
  if (typeof json === 'boolean') return `${json}`;
  return 'an object';
}

function shorten(text: string): string {
  return text.length <= shownLength ? text : `${text.slice(0, shownLength)}…`;
}

export function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
