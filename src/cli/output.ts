/** What commands print: a table for people, JSON or YAML for programs. */

import { dump } from 'js-yaml';

export const formats = ['table', 'json', 'yaml'] as const;
export type Format = (typeof formats)[number];

/** Formats of `ligature graph`. */
export const pictures = ['dot', 'svg'] as const;
export type Picture = (typeof pictures)[number];

export interface Column<T> {
  readonly title: string;
  readonly text: (row: T) => string;
  readonly colour?: (row: T) => Colour | undefined;
}

export type Colour = 'red' | 'yellow' | 'green' | 'grey' | 'bold';

const codes: Readonly<Record<Colour, number>> = { red: 31, yellow: 33, green: 32, grey: 90, bold: 1 };

/** Colours only where a person looks. */
export function paint(text: string, colour: Colour | undefined, terminal = process.stdout.isTTY): string {
  const wanted = terminal && colour !== undefined && process.env['NO_COLOR'] === undefined;
  return wanted ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
}

/** Control characters of what comes from elsewhere must not reach the terminal. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]/gu, '\ufffd');
}

export function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const cells = rows.map((row) => columns.map(({ text }) => printable(text(row)).split('\n')));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((row) => Math.max(0, ...(row[index] ?? []).map((line) => line.length)))),
  );
  const lines = [columns.map(({ title }, index) => paint(title.padEnd(widths[index] ?? 0), 'bold')).join('  ')];
  for (const [number, row] of rows.entries()) {
    const height = Math.max(1, ...(cells[number] ?? []).map((cell) => cell.length));
    for (let line = 0; line < height; line++) {
      const texts = columns.map(({ colour }, index) => {
        const text = (cells[number]?.[index]?.[line] ?? '').padEnd(widths[index] ?? 0);
        return paint(text, colour?.(row));
      });
      lines.push(texts.join('  '));
    }
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** `data` as JSON or YAML, or `human` where a table is asked for. */
export function render(format: Format, data: unknown, human: () => string): string {
  if (format === 'json') return `${JSON.stringify(data, null, 2)}\n`;
  if (format === 'yaml') return dump(data, { lineWidth: -1, noRefs: true });
  return human();
}

/** Writes everything before it resolves; a reader that has gone (`| head`) is no error. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}

/** A reader that goes while something is written ends nothing here: without this Node throws where nobody can catch it. */
export function bearGoneReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Ends what would go on for ever: aborts at Ctrl-C, and when nobody reads any more. */
export function untilStopped(): AbortSignal {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.stdout.once('error', () => stop.abort());
  return stop.signal;
}

/** `3 s`, `5 min`, `2 h`, `4 d` since a time. */
export function ago(time: string | number, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - new Date(time).getTime()) / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

export function stateColour(state: string): Colour | undefined {
  if (state === 'CONFIGURED' || state === 'OBTAINED') return 'green';
  if (state === 'PENDING' || state === 'RETRYING' || state === 'DISCOVERED') return 'yellow';
  if (state === 'UNIMPLEMENTED') return 'grey';
  return state === 'FAILED' || state === 'INVALID' || state === 'MISSING' ? 'red' : undefined;
}
