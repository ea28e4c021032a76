import { suggest } from '../config/suggest.ts';
import { AppError } from '../errors.ts';

/** From loud to silent. `silent` switches a logger off. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

const otherNames: Readonly<Record<string, LogLevel>> = {
  warning: 'warn',
  panic: 'fatal',
  critical: 'fatal',
  off: 'silent',
};

/** Reads a level, also by Ligato's names (`warning`, `panic`), in any case. Errors: AppError `invalid`. */
export function parseLevel(text: string): LogLevel {
  const name = text.toLowerCase();
  const level = logLevels.find((candidate) => candidate === name) ?? otherNames[name];
  if (level !== undefined) return level;
  const guess = suggest(name, logLevels);
  const hint = guess === undefined ? '' : `; did you mean ${guess}?`;
  throw new AppError(
    'invalid',
    `unknown log level ${JSON.stringify(text)}${hint} (accepted: ${logLevels.join(', ')})`,
    {
      field: 'level',
    },
  );
}
