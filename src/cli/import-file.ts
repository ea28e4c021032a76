import { CliError } from './errors.ts';

export interface ImportedLine {
  readonly key: string;
  readonly value: unknown;
}

/** Lines `KEY VALUE`, the value in JSON; empty lines and those that begin with `#` say nothing. Every wrong line is told. */
export function parseImport(text: string, file: string): readonly ImportedLine[] {
  const found: ImportedLine[] = [];
  const problems: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const place = `${file}:${index + 1}`;
    const space = /\s/.exec(trimmed)?.index ?? -1;
    if (space < 0) {
      problems.push(`${place}: expected a key, a space and a value in JSON`);
      continue;
    }
    try {
      found.push({ key: trimmed.slice(0, space), value: JSON.parse(trimmed.slice(space)) as unknown });
    } catch (error) {
      problems.push(`${place}: the value is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0) throw new CliError('failed', `${file}: ${problems.length} lines are wrong`, problems);
  return found;
}
