import type * as z from 'zod';
import { acceptedDurations, durationOptions } from './duration.ts';
import { elementOf, shapeOf, unwrap, valueOf } from './schema.ts';
import { suggest } from './suggest.ts';
import { formatPath, isTree, type Tree, type TreePath } from './tree.ts';
import { describeValue } from './yaml.ts';

/** Something to say about one place of the tree. */
export interface Finding {
  readonly path: TreePath;
  readonly message: string;
}

export interface Inspection {
  readonly problems: Finding[];
  readonly warnings: Finding[];
}

/**
 * Walks the tree beside its schema before validation: reports unknown keys everywhere (whatever the strictness of the schema),
 * and rewrites in place integer nanoseconds where the schema allows them.
 */
export function inspect(schema: z.core.$ZodType, tree: Tree): Inspection {
  const inspection: Inspection = { problems: [], warnings: [] };
  walk(schema, tree, [], inspection);
  return inspection;
}

function walk(schema: z.core.$ZodType, value: unknown, path: TreePath, into: Inspection): unknown {
  const duration = durationOptions(unwrap(schema));
  if (duration !== undefined && typeof value === 'number')
    return fromNumber(value, duration.nanoseconds === true, path, into);
  if (isTree(value)) walkTree(schema, value, path, into);
  else if (Array.isArray(value)) walkList(schema, value, path, into);
  return value;
}

function walkTree(schema: z.core.$ZodType, tree: Tree, path: TreePath, into: Inspection): void {
  const shape = shapeOf(schema);
  const values = valueOf(schema);
  if (shape === undefined && values === undefined) return;
  for (const [key, value] of Object.entries(tree)) {
    const child = shape === undefined ? values : Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (child === undefined)
      into.problems.push({ path: [...path, key], message: unknownKey(key, path, Object.keys(shape ?? {})) });
    else if (value === null) delete tree[key];
    else tree[key] = walk(child, value, [...path, key], into);
  }
}

function walkList(schema: z.core.$ZodType, list: unknown[], path: TreePath, into: Inspection): void {
  const element = elementOf(schema);
  if (element === undefined) return;
  for (const [index, value] of list.entries()) list[index] = walk(element, value, [...path, index], into);
}

function fromNumber(value: number, nanoseconds: boolean, path: TreePath, into: Inspection): unknown {
  if (value === 0) return '0';
  if (!nanoseconds || !Number.isInteger(value) || value < 0) {
    into.problems.push({ path, message: `expected ${acceptedDurations}, found ${describeValue(value)}` });
    return '0';
  }
  const text = `${value / 1e6}ms`;
  into.warnings.push({ path, message: `${value} without a unit is read as nanoseconds; write ${text}` });
  return text;
}

function unknownKey(key: string, path: TreePath, known: readonly string[]): string {
  const guess = suggest(key, known);
  const where = path.length === 0 ? '' : ` in ${formatPath(path)}`;
  const hint = guess === undefined ? '' : `; did you mean "${guess}"?`;
  const accepted = known.length === 0 ? 'nothing is accepted here' : `accepted: ${known.join(', ')}`;
  return `unknown key "${key}"${where}${hint} (${accepted})`;
}
