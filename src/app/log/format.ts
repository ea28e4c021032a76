import { inspect } from 'node:util';

/** How a line is written. `json`: one object a line; `text`: for people; `auto`: text on a terminal, json otherwise. */
export type LogFormat = 'json' | 'text' | 'auto';

const colours: Readonly<Record<string, number>> = { trace: 90, debug: 36, info: 32, warn: 33, error: 31, fatal: 35 };

/** Turns one JSON line into one for people. `time` is in the local zone, ms. A line that is no JSON stays as it is. */
export function humanLine(line: string, colour: boolean): string {
  const record = parse(line);
  if (record === undefined) return line;
  const { time, level, logger, msg, err, ...fields } = record;
  const name = String(level);
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const clock = paint(90, formatTime(time));
  const tag = paint(colours[name] ?? 37, name.toUpperCase().padEnd(5));
  const rest = Object.entries(fields).map(([key, value]) => ` ${paint(90, `${key}=`)}${formatField(value)}`);
  return `${clock} ${tag} ${paint(1, String(logger))}: ${String(msg ?? '')}${rest.join('')}${formatError(err)}\n`;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function formatTime(time: unknown): string {
  const date = new Date(String(time));
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function formatField(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
  return typeof value === 'object'
    ? inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 6 })
    : String(value);
}

function formatError(error: unknown): string {
  if (error === undefined) return '';
  const { stack, message } = error as { stack?: string; message?: string };
  return `\n${(stack ?? message ?? String(error)).replaceAll(/^/gm, '    ')}`;
}
