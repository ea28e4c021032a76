import { AppError } from '../errors.ts';
import { suggest } from './suggest.ts';

/** A flag somebody understands. */
export interface FlagDeclaration {
  /** Without dashes. */
  readonly name: string;
  readonly description: string;
  /** Needs no value. */
  readonly boolean?: boolean;
}

/**
 * Reads `--name value`, `--name=value` and, as Ligato's flags allowed, `-name value`. The last one wins.
 * Errors: AppError `usage` for unknown flags, missing values and stray words.
 */
export function parseFlags(args: readonly string[], declared: readonly FlagDeclaration[]): Map<string, string> {
  const known = new Map(declared.map((flag) => [flag.name, flag]));
  const values = new Map<string, string>();
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    const match = /^--?([A-Za-z][^=]*)(?:=(.*))?$/s.exec(word);
    if (match === null)
      throw new AppError('usage', `unexpected argument ${JSON.stringify(word)}: flags look like --name value`);
    const name = match[1] ?? '';
    const flag = known.get(name);
    if (flag === undefined) throw unknownFlag(name, known.keys());
    let value = match[2];
    if (value === undefined && flag.boolean === true) value = 'true';
    if (value === undefined) value = args[++index];
    if (value === undefined)
      throw new AppError('usage', `--${name} needs a value: ${flag.description}`, { field: name });
    values.set(name, value);
  }
  return values;
}

function unknownFlag(name: string, known: Iterable<string>): AppError {
  const names = [...known];
  const guess = suggest(name, names);
  const hint = guess === undefined ? '' : `; did you mean --${guess}?`;
  return new AppError('usage', `unknown flag --${name}${hint}`, { field: name });
}
