/** What a bench tells. */
export interface Result {
  /** Unique within the bench, e.g. `10,000 routes in one commit`. */
  readonly name: string;
  readonly value: number;
  /** `ms`, `µs`, `s`, `MB`, `packets/s`, ... */
  readonly unit: string;
  /** What it is compared with, in the same unit; null where there is nothing. */
  readonly reference: number | null;
  /** value / reference, or null. */
  readonly ratio: number | null;
  /** Where the reference comes from: `ip -batch, same run`, `recorded: kvscheduler, 2 cores`, `target`. */
  readonly referenceFrom?: string;
  /** Anything a reader has to know: acknowledgement level, number of runs, spread. */
  readonly note?: string;
}

export interface Reference {
  readonly value: number;
  readonly from: string;
}

/** A result with its ratio worked out. */
export function result(name: string, value: number, unit: string, reference?: Reference, note?: string): Result {
  return {
    name,
    value,
    unit,
    reference: reference?.value ?? null,
    ratio: reference === undefined || reference.value === 0 ? null : value / reference.value,
    ...(reference === undefined ? {} : { referenceFrom: reference.from }),
    ...(note === undefined ? {} : { note }),
  };
}

/** What stood in the way of a section: shown instead of its figures. */
export class Missing extends Error {}

export type Section = () => Promise<readonly Result[]>;

/** What `bench/NAME.ts` exports: sections by name. Each runs in a process of its own, with `gc` exposed; `LIGATURE_BENCH=a,b` picks some. */
export interface Bench {
  readonly sections: Readonly<Record<string, Section>>;
}
