/** A set's definition in a normal form, to see whether the kernel has the set that is wanted. */

import { Encoder } from '../netlink/encoder.ts';
import { Attributes } from '../netlink/reader.ts';
import { writeSetDefinition } from './encode.ts';
import type { NftSet } from './objects.ts';
import { attribute, dataTypeVerdict, setFlag } from './uapi.ts';

const comparedFlags = setFlag.interval | setFlag.map | setFlag.timeout | setFlag.dynamic | setFlag.concatenation;

/** From the attributes of a set, ours or the kernel's. */
export function definitionFrom(at: Attributes): string {
  const parts: string[] = [];
  let verdictMap = false;
  while (at.next()) {
    const { type } = at;
    // The kernel does not tell flags that are all 0.
    if (type === attribute.set.flags) parts.push(...flags(at.be32() & comparedFlags));
    else if (type === attribute.set.keyType) parts.push(`key ${at.be32()}`);
    else if (type === attribute.set.keyLength) parts.push(`key length ${at.be32()}`);
    else if (type === attribute.set.dataType) verdictMap = pushDataType(parts, at.be32());
    else if (type === attribute.set.dataLength && !verdictMap) parts.push(`data length ${at.be32()}`);
    else if (type === attribute.set.timeout) parts.push(`timeout ${at.buffer.readBigUInt64BE(at.at)}`);
    else if (type === attribute.set.description) parts.push(...description(at.nested()));
    else if (type === attribute.set.expression) parts.push('counter');
    else if (type === attribute.set.userdata)
      parts.push(`userdata ${at.buffer.toString('hex', at.at, at.at + at.length)}`);
  }
  return parts.sort().join(', ');
}

function flags(bits: number): string[] {
  return bits === 0 ? [] : [`flags ${bits}`];
}

function pushDataType(parts: string[], type: number): boolean {
  const verdict = type === dataTypeVerdict;
  parts.push(verdict ? 'verdicts' : `data ${type}`);
  return verdict;
}

function description(at: Attributes): string[] {
  const parts: string[] = [];
  while (at.next()) {
    if (at.type === attribute.setDescription.size) parts.push(`size ${at.be32()}`);
    else if (at.type === attribute.setDescription.concatenation) parts.push(`fields ${fields(at.nested())}`);
  }
  return parts;
}

function fields(list: Attributes): string {
  const lengths: number[] = [];
  while (list.next()) for (const field = list.nested(); field.next(); ) lengths.push(field.be32());
  return lengths.join('+');
}

const scratch = new Encoder(1024);

/** Of a set that is declared. */
export function definitionOf(set: NftSet): string {
  scratch.reset();
  writeSetDefinition(scratch, set);
  const bytes = Buffer.from(scratch.bytes.buffer, 0, scratch.position);
  return definitionFrom(new Attributes(bytes, 0, bytes.length));
}
