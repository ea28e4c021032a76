/**
 * A rule's expressions as text that is equal for equal rules, whether they come from our encoder or from the kernel, which
 * adds defaults, leaves others out, and fills in counters.
 */

import { Encoder } from '../netlink/encoder.ts';
import { Attributes } from '../netlink/reader.ts';
import { writeExpressions } from './encode.ts';
import type { Rule } from './objects.ts';
import { attribute, type Family } from './uapi.ts';

/** Attributes that hold data (a value or a verdict), by expression. */
const dataAttributes: Readonly<Record<string, readonly number[]>> = {
  cmp: [3],
  immediate: [2],
  range: [3, 4],
  bitwise: [4, 5, 7],
};

/** Attributes that say nothing about the rule: ids of the transaction, counts, what is left of a quota. */
const volatileAttributes: Readonly<Record<string, readonly number[]>> = {
  lookup: [4],
  dynset: [2],
  counter: [1, 2],
  quota: [4],
  last: [1, 2],
};

/** Attributes for which zero is not the same as absent: a verdict register, the original direction. */
const meaningfulZeros: Readonly<Record<string, readonly number[]>> = { lookup: [3], ct: [3], immediate: [1] };

const dynamicSet = { expression: 7, expressions: 10 } as const;

/** The kernel tells the default log level (warning, 4). */
const logLevel = { attribute: 5, default: '00000004' } as const;

/** Normal form of a list of expressions between two offsets (content of NFTA_RULE_EXPRESSIONS). */
export function normalForm(list: Attributes): string {
  const parts: string[] = [];
  while (list.next()) parts.push(expression(list.nested()));
  return parts.join(' ');
}

function expression(content: Attributes): string {
  let name = '';
  let fields = '';
  while (content.next()) {
    if (content.type === attribute.expression.name) name = content.string();
    else if (content.type === attribute.expression.data) fields = attributesOf(name, content.nested());
  }
  return `${name}(${fields})`;
}

function attributesOf(name: string, content: Attributes): string {
  const fields: [number, string][] = [];
  while (content.next()) {
    const { type } = content;
    if (volatileAttributes[name]?.includes(type)) continue;
    const text = valueOf(name, content);
    if (/^0*$/.test(text) && !meaningfulZeros[name]?.includes(type)) continue;
    if (name === 'log' && type === logLevel.attribute && text === logLevel.default) continue;
    fields.push([type, text]);
  }
  return fields
    .sort(([left], [right]) => left - right)
    .map(([type, text]) => `${type}=${text}`)
    .join(',');
}

function valueOf(name: string, at: Attributes): string {
  if (dataAttributes[name]?.includes(at.type)) return dataOf(at.nested());
  if (name === 'dynset' && at.type === dynamicSet.expression) return `[${expression(at.nested())}]`;
  if (name === 'dynset' && at.type === dynamicSet.expressions) return `[${normalForm(at.nested())}]`;
  return hexOf(at);
}

function dataOf(content: Attributes): string {
  while (content.next()) {
    if (content.type === attribute.data.value) return `{${hexOf(content)}}`;
    if (content.type === attribute.data.verdict) return verdictOf(content.nested());
  }
  return '{}';
}

function verdictOf(content: Attributes): string {
  let code = '';
  let chain = '';
  while (content.next()) {
    if (content.type === attribute.verdict.code) code = hexOf(content);
    else if (content.type === attribute.verdict.chain) chain = content.string();
  }
  return `<${code} ${chain}>`;
}

function hexOf(at: Attributes): string {
  return at.buffer.toString('hex', at.at, at.at + at.length);
}

const scratch = new Encoder(4096);

/** Normal form of a rule that is only declared. Throws RangeError for what cannot be expressed in that family. */
export function fingerprint(family: Family, rule: Rule): string {
  scratch.reset();
  writeExpressions(scratch, family, rule);
  const bytes = Buffer.from(scratch.bytes.buffer, 0, scratch.position);
  return normalForm(new Attributes(bytes, 4, bytes.length));
}
