import * as z from 'zod';

/** Units and their length in ms. */
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const whole = /^(?:\d+(?:\.\d+)?(?:ns|us|\u00B5s|ms|s|m|h))+$/;
const part = /(\d+(?:\.\d+)?)(ns|us|\u00B5s|ms|s|m|h)/g;

export const acceptedDurations = 'a duration such as 500ms, 2s, 1m, 1h or 1m30s';

/** ms, or undefined when the text is not a duration. `0` needs no unit. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '0') return 0;
  if (!whole.test(trimmed)) return undefined;
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(part)) total += Number(amount) * (units[unit ?? ''] ?? 0);
  // To the nanosecond: a sum of fractions is off by less.
  return Number.isFinite(total) ? Math.round(total * 1e6) / 1e6 : undefined;
}

/** The shortest spelling: 90000 -> `1m30s`, 1500 -> `1.5s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1000;
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}${seconds > 0 ? `${seconds}s` : ''}`;
}

export interface DurationOptions {
  /** ms */
  readonly min?: number;
  /** ms */
  readonly max?: number;
  /**
   * Accept a bare integer as nanoseconds, with a warning: what Ligato's files have where they had Go durations.
   * Without it a bare number is an error that asks for a unit. Default: false.
   */
  readonly nanoseconds?: boolean;
}

// Keyed by the definition object, which zod keeps when a schema is cloned by .describe() or .meta().
const durations = new WeakMap<object, DurationOptions>();

/** A duration written as `500ms`, `2s`, `1m`, `1h`; the value is a number of ms.
 *
 * @example
 * z.strictObject({ 'dial-timeout': duration({ nanoseconds: true }).default(1000) })
 */
export function duration(options: DurationOptions = {}): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> {
  const schema = z.string().transform((text, context) => {
    const ms = parseDuration(text);
    const range = ms === undefined ? undefined : outside(ms, options);
    if (ms !== undefined && range === undefined) return ms;
    context.issues.push({
      code: 'custom',
      input: text,
      message: range ?? `expected ${acceptedDurations}`,
    });
    return z.NEVER;
  });
  durations.set(schema._zod.def, options);
  return schema;
}

/** The options of a duration schema; undefined for every other schema. */
export function durationOptions(schema: z.core.$ZodType): DurationOptions | undefined {
  return durations.get(schema._zod.def);
}

function outside(ms: number, options: DurationOptions): string | undefined {
  if (options.min !== undefined && ms < options.min) return `expected at least ${formatDuration(options.min)}`;
  if (options.max !== undefined && ms > options.max) return `expected at most ${formatDuration(options.max)}`;
  return undefined;
}
