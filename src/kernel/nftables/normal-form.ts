/**
 * A rule's expressions as text that is equal for equal rules, whether they come from our encoder or from the kernel, which
 * adds defaults, leaves others out, and fills in counters.
 */

import { Encoder } from '../netlink/encoder.ts';
import { writeExpressions } from './encode.ts';
import type { Rule } from './objects.ts';
import { Patience } from './patience.ts';
import { attribute, type Family } from './uapi.ts';

/** What is special about the attributes of an expression. */
interface Peculiarities {
  /** Hold data: a value or a verdict. */
  readonly data?: readonly number[];
  /** Say nothing about the rule: ids of the transaction, counts, what is left of a quota. */
  readonly volatile?: readonly number[];
  /** Zero is not the same as absent: a verdict register, the original direction. */
  readonly zeros?: readonly number[];
  /** Hold expressions: one, or a list. */
  readonly expression?: number;
  readonly expressions?: number;
}

const plain: Peculiarities = {};
const peculiarities: ReadonlyMap<string, Peculiarities> = new Map<string, Peculiarities>([
  ['cmp', { data: [3] }],
  ['immediate', { data: [2], zeros: [1] }],
  ['range', { data: [3, 4] }],
  ['bitwise', { data: [4, 5, 7] }],
  ['lookup', { volatile: [4], zeros: [3] }],
  ['dynset', { volatile: [2], expression: 7, expressions: 10 }],
  ['counter', { volatile: [1, 2] }],
  ['quota', { volatile: [4] }],
  ['last', { volatile: [1, 2] }],
  ['ct', { zeros: [3] }],
]);

/** The kernel tells the default log level (warning, 4). */
const logLevel = { attribute: 5, default: '\0\0\0\x04' } as const;

/** Normal form of a list of expressions: the content of NFTA_RULE_EXPRESSIONS. Not for people: values are raw bytes. */
export function normalForm(buffer: Buffer, start: number, end: number): string {
  let form = '';
  eachAttribute(buffer, start, end, (_, from, to) => {
    form += expression(buffer, from, to);
  });
  return form;
}

function eachAttribute(
  buffer: Buffer,
  start: number,
  end: number,
  visit: (type: number, from: number, to: number) => void,
): void {
  for (let at = start; at + 4 <= end; ) {
    const length = buffer[at]! | (buffer[at + 1]! << 8);
    if (length < 4 || at + length > end) return;
    visit((buffer[at + 2]! | (buffer[at + 3]! << 8)) & 0x3fff, at + 4, at + length);
    at += (length + 3) & ~3;
  }
}

function expression(buffer: Buffer, start: number, end: number): string {
  let name = '';
  let fields = '';
  eachAttribute(buffer, start, end, (type, from, to) => {
    if (type === attribute.expression.name) name = buffer.toString('latin1', from, to - 1);
    else if (type === attribute.expression.data) fields = fieldsOf(name, buffer, from, to);
  });
  return `${name}(${fields})`;
}

/** In the order of their numbers: the kernel has its own. */
function fieldsOf(name: string, buffer: Buffer, start: number, end: number): string {
  const special = peculiarities.get(name) ?? plain;
  const fields: (string | undefined)[] = [];
  eachAttribute(buffer, start, end, (type, from, to) => {
    if (special.volatile?.includes(type)) return;
    if (isZero(buffer, from, to) && !special.zeros?.includes(type)) return;
    const value = valueOf(special, type, buffer, from, to);
    if (name === 'log' && type === logLevel.attribute && value === logLevel.default) return;
    fields[type] = value;
  });
  let text = '';
  for (let type = 0; type < fields.length; type += 1)
    if (fields[type] !== undefined) text += `${type}=${fields[type]},`;
  return text;
}

function isZero(buffer: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (buffer[at] !== 0) return false;
  return true;
}

function valueOf(special: Peculiarities, type: number, buffer: Buffer, start: number, end: number): string {
  if (special.data?.includes(type)) return dataOf(buffer, start, end);
  if (special.expression === type) return `[${expression(buffer, start, end)}]`;
  if (special.expressions === type) return `[${normalForm(buffer, start, end)}]`;
  return buffer.toString('latin1', start, end);
}

function dataOf(buffer: Buffer, start: number, end: number): string {
  let text = '';
  eachAttribute(buffer, start, end, (type, from, to) => {
    if (type === attribute.data.value) text = `{${buffer.toString('latin1', from, to)}}`;
    else if (type === attribute.data.verdict) text = verdictOf(buffer, from, to);
  });
  return text;
}

function verdictOf(buffer: Buffer, start: number, end: number): string {
  let code = '';
  let chain = '';
  eachAttribute(buffer, start, end, (type, from, to) => {
    if (type === attribute.verdict.code) code = buffer.toString('latin1', from, to);
    else if (type === attribute.verdict.chain) chain = buffer.toString('latin1', from, to);
  });
  return `<${code} ${chain}>`;
}

const scratch = new Encoder(4096);

/** Declared rules are compared again and again. */
const known = new WeakMap<Rule, { readonly family: Family; readonly form: string }>();

/** Normal form of a rule that is only declared. Throws RangeError for what cannot be expressed in that family. */
export function fingerprint(family: Family, rule: Rule): string {
  const found = known.get(rule);
  if (found?.family === family) return found.form;
  scratch.reset();
  writeExpressions(scratch, family, rule);
  const bytes = Buffer.from(scratch.bytes.buffer, 0, scratch.position);
  const form = normalForm(bytes, 4, bytes.length);
  known.set(rule, { family, form });
  return form;
}

/** Prepares the fingerprints of many rules, letting the event loop run in between. */
export async function prepareFingerprints(family: Family, rules: Iterable<Rule>): Promise<void> {
  const patience = new Patience();
  for (const rule of rules) {
    fingerprint(family, rule);
    if (patience.spent()) await patience.rest();
  }
}
