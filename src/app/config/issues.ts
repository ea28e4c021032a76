import type * as z from 'zod';
import { suggest } from './suggest.ts';
import type { Finding } from './inspect.ts';
import { getAt, type Tree } from './tree.ts';
import { describeValue } from './yaml.ts';

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** What zod found, in the words of somebody who edits a file. Unknown keys are left out: `inspect` has named them. */
export function findingsOf(issues: readonly z.core.$ZodIssue[], tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') continue;
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    findings.push({ path, message: explain(issue, getAt(tree, path)) });
  }
  return findings;
}

function explain(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'invalid_type') {
    const expected = nouns[issue.expected] ?? issue.expected;
    return value === undefined
      ? `is required: expected ${expected}`
      : `expected ${expected}, found ${describeValue(value)}`;
  }
  if (issue.code === 'invalid_value') {
    const accepted = issue.values.map(String).filter((text) => text !== '');
    const guess = typeof value === 'string' ? suggest(value, accepted) : undefined;
    const hint = guess === undefined ? '' : `; did you mean "${guess}"?`;
    return `expected one of ${accepted.join(', ')}, found ${describeValue(value)}${hint}`;
  }
  if (issue.code === 'invalid_union') return `found ${describeValue(value)}, which none of the accepted forms allows`;
  return `${lowerFirst(issue.message)}, found ${describeValue(value)}`;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
