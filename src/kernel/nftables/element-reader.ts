/** Set elements out of received messages: the fast path of large dumps, so it works on offsets. */

import type { Verdict } from './objects.ts';
import { attribute, elementFlag, userdata, verdictCode } from './uapi.ts';

export interface RawElement {
  /** Bytes as latin1 text. */
  readonly key: string;
  readonly keyEnd: string | undefined;
  readonly end: boolean;
  readonly value: string | undefined;
  readonly verdict: Verdict | undefined;
  readonly comment: string | undefined;
  readonly expires: number | undefined;
  readonly counter: { readonly packets: bigint; readonly bytes: bigint } | undefined;
}

/** What is stored under the key, as text to compare. */
export function contentOf({ verdict, value, comment }: RawElement): string {
  return `${verdict ? verdictId(verdict) : (value ?? '')}\0${comment ?? ''}`;
}

/** A verdict as text to compare. */
export function verdictId(verdict: Verdict): string {
  return `verdict ${verdictCode[verdict.verdict]} ${'chain' in verdict ? verdict.chain : ''}`;
}

const verdictNames = new Map(Object.entries(verdictCode).map(([name, code]) => [code as number, name]));

/** One list element between two offsets. */
export function readElement(buffer: Buffer, start: number, end: number): RawElement {
  let key = '';
  let keyEnd: string | undefined;
  let isEnd = false;
  let value: string | undefined;
  let verdict: Verdict | undefined;
  let comment: string | undefined;
  let expires: number | undefined;
  let counter: RawElement['counter'];
  let at = start;
  while (at + 4 <= end) {
    const length = buffer.readUInt16LE(at);
    if (length < 4 || at + length > end) break;
    const type = buffer.readUInt16LE(at + 2) & 0x3fff;
    if (type === attribute.element.key) key = innerValue(buffer, at);
    else if (type === attribute.element.keyEnd) keyEnd = innerValue(buffer, at);
    else if (type === attribute.element.flags) isEnd = (buffer.readUInt32BE(at + 4) & elementFlag.intervalEnd) !== 0;
    else if (type === attribute.element.data) {
      const inner = buffer.readUInt16LE(at + 6) & 0x3fff;
      if (inner === attribute.data.verdict) verdict = readVerdict(buffer, at + 8, at + length);
      else value = innerValue(buffer, at);
    } else if (type === attribute.element.userdata) comment = readElementComment(buffer, at + 4, at + length);
    else if (type === attribute.element.expiration) expires = Number(buffer.readBigUInt64BE(at + 4));
    else if (type === attribute.element.expression) counter = readCounter(buffer, at + 4, at + length);
    at += (length + 3) & ~3;
  }
  return { key, keyEnd, end: isEnd, value, verdict, comment, expires, counter };
}

/** Bytes of the only attribute in a nest, without its padding. */
function innerValue(buffer: Buffer, nest: number): string {
  return buffer.toString('latin1', nest + 8, nest + 4 + buffer.readUInt16LE(nest + 4));
}

function readVerdict(buffer: Buffer, start: number, end: number): Verdict | undefined {
  let name: string | undefined;
  let chain = '';
  for (let at = start; at + 4 <= end; ) {
    const length = buffer.readUInt16LE(at);
    if (length < 4) break;
    const type = buffer.readUInt16LE(at + 2) & 0x3fff;
    if (type === attribute.verdict.code) name = verdictNames.get(buffer.readInt32BE(at + 4));
    else if (type === attribute.verdict.chain) chain = buffer.toString('utf8', at + 4, at + length - 1);
    at += (length + 3) & ~3;
  }
  if (name === undefined) return undefined;
  return (chain === '' ? { verdict: name } : { verdict: name, chain }) as Verdict;
}

function readElementComment(buffer: Buffer, start: number, end: number): string | undefined {
  for (let at = start; at + 2 <= end; at += 2 + buffer[at + 1]!) {
    if (buffer[at] === userdata.elementComment) return buffer.toString('utf8', at + 2, at + 1 + buffer[at + 1]!);
  }
  return undefined;
}

/** NFTA_EXPR_NAME "counter", NFTA_EXPR_DATA with bytes (1) and packets (2). */
export function readCounter(buffer: Buffer, start: number, end: number): RawElement['counter'] {
  let bytes: bigint | undefined;
  let packets: bigint | undefined;
  const nameEnd = start + ((buffer.readUInt16LE(start) + 3) & ~3);
  if (buffer.toString('latin1', start + 4, start + 11) !== 'counter') return undefined;
  for (let at = nameEnd + 4; at + 12 <= end; ) {
    const length = buffer.readUInt16LE(at);
    if (length < 4) break;
    const type = buffer.readUInt16LE(at + 2) & 0x3fff;
    if (type === 1) bytes = buffer.readBigUInt64BE(at + 4);
    else if (type === 2) packets = buffer.readBigUInt64BE(at + 4);
    at += (length + 3) & ~3;
  }
  return bytes === undefined || packets === undefined ? undefined : { packets, bytes };
}
