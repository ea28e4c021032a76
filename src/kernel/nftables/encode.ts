/** Operations to netlink messages. Nothing here talks to the kernel. */

import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_REPLACE, NLM_F_REQUEST } from '../netlink/constants.ts';
import type { Encoder } from '../netlink/encoder.ts';
import { Compiler } from './compiler.ts';
import { dataLength, padded, typeNumber, type DataType } from './datatype.ts';
import { ElementCodec } from './element-codec.ts';
import type { Chain, Element, NftSet, Operation, Rule, RulePlace, Table, TableReference } from './objects.ts';
import {
  arpHooks,
  attribute,
  commentLimit,
  dataTypeVerdict,
  families,
  inetHooks,
  message,
  netdevHooks,
  setFlag,
  subsystem,
  userdata,
  type Family,
} from './uapi.ts';

/** Where messages go and how they are numbered. */
export interface MessageSink {
  readonly encoder: Encoder;
  /** Number of the next message. */
  next(): number;
}

/** Starts a message with its nfgenmsg. */
export function begin(sink: MessageSink, type: number, flags: number, family: number): void {
  const { encoder } = sink;
  encoder.beginMessage((subsystem.nftables << 8) | type, NLM_F_REQUEST | flags, sink.next());
  encoder.u8(family);
  encoder.u8(0);
  encoder.be16(0);
}

/**
 * Writes the messages of one operation; yields where a long one may be interrupted.
 * Throws RangeError for what cannot be expressed.
 */
export function* encodeOperation(operation: Operation, sink: MessageSink): Generator<void, void> {
  const { table } = operation;
  switch (operation.type) {
    case 'add-table':
      return addTable(sink, operation.table);
    case 'delete-table':
      return simple(sink, message.deleteTable, table, []);
    case 'add-chain':
      return addChain(sink, table, operation.chain);
    case 'delete-chain':
      return simple(sink, message.deleteChain, table, [[attribute.chain.name, operation.chain]]);
    case 'flush-chain':
      return simple(sink, message.deleteRule, table, [[attribute.rule.chain, operation.chain]]);
    case 'add-rule':
      return rule(sink, table, operation.chain, operation.rule, placeOf(operation.place));
    case 'replace-rule':
      return rule(sink, table, operation.chain, operation.rule, { flags: NLM_F_REPLACE, handle: operation.handle });
    case 'delete-rule':
      return deleteRule(sink, table, operation.chain, operation.handle);
    case 'add-set':
      return addSet(sink, table, operation.set);
    case 'delete-set':
      return simple(sink, message.deleteSet, table, [[attribute.set.name, operation.set]]);
    case 'flush-set':
      return simple(sink, message.deleteElement, table, [[attribute.elementList.set, operation.set]]);
    case 'add-elements':
      return yield* elements(sink, message.newElement, NLM_F_CREATE, table, operation.set, operation.elements);
    case 'delete-elements':
      return yield* elements(sink, message.deleteElement, 0, table, operation.set, operation.elements);
  }
}

/** A message that only names things. The table's name is attribute 1 of every object. */
function simple(
  sink: MessageSink,
  type: number,
  table: TableReference,
  names: readonly (readonly [number, string])[],
): void {
  begin(sink, type, 0, families[table.family]);
  sink.encoder.attributeString(1, table.name);
  for (const [attributeType, name] of names) sink.encoder.attributeString(attributeType, name);
  sink.encoder.endMessage();
}

function addTable(sink: MessageSink, table: Table): void {
  begin(sink, message.newTable, NLM_F_CREATE, families[table.family]);
  sink.encoder.attributeString(attribute.table.name, table.name);
  sink.encoder.attributeBe32(attribute.table.flags, 0);
  comment(sink.encoder, attribute.table.userdata, userdata.tableComment, table.comment);
  sink.encoder.endMessage();
}

function addChain(sink: MessageSink, table: TableReference, chain: Chain): void {
  const { encoder } = sink;
  begin(sink, message.newChain, NLM_F_CREATE, families[table.family]);
  encoder.attributeString(attribute.chain.table, table.name);
  encoder.attributeString(attribute.chain.name, chain.name);
  if (chain.base) {
    const { hook, priority, devices = [], policy = 'accept', type } = chain.base;
    const nest = encoder.beginNest(attribute.chain.hook);
    encoder.attributeBe32(attribute.hook.number, hookNumber(table.family, hook));
    encoder.attributeBe32(attribute.hook.priority, priority >>> 0);
    writeDevices(encoder, devices);
    encoder.endNest(nest);
    encoder.attributeBe32(attribute.chain.policy, policy === 'accept' ? 1 : 0);
    encoder.attributeString(attribute.chain.type, type);
  }
  comment(encoder, attribute.chain.userdata, userdata.chainComment, chain.comment);
  encoder.endMessage();
}

function writeDevices(encoder: Encoder, devices: readonly string[]): void {
  const [first] = devices;
  if (first === undefined) return;
  if (devices.length === 1) return encoder.attributeString(attribute.hook.device, first);
  const nest = encoder.beginNest(attribute.hook.devices);
  for (const device of devices) encoder.attributeString(1, device);
  encoder.endNest(nest);
}

/** The kernel's number of a hook. RangeError when the family has no such hook. */
export function hookNumber(family: Family, hook: string): number {
  const hooks: Readonly<Record<string, number>> =
    family === 'netdev' ? netdevHooks : family === 'arp' ? arpHooks : inetHooks;
  const number = hooks[hook];
  if (number === undefined) throw new RangeError(`family ${family} has no hook ${hook}`);
  return number;
}

interface Placed {
  readonly flags: number;
  readonly position?: bigint;
  readonly handle?: bigint;
}

function placeOf(place: RulePlace): Placed {
  if (place === 'last') return { flags: NLM_F_CREATE | NLM_F_APPEND };
  if (place === 'first') return { flags: NLM_F_CREATE };
  if ('before' in place) return { flags: NLM_F_CREATE, position: place.before };
  return { flags: NLM_F_CREATE | NLM_F_APPEND, position: place.after };
}

function rule(sink: MessageSink, table: TableReference, chain: string, content: Rule, place: Placed): void {
  const { encoder } = sink;
  begin(sink, message.newRule, place.flags, families[table.family]);
  encoder.attributeString(attribute.rule.table, table.name);
  encoder.attributeString(attribute.rule.chain, chain);
  if (place.handle !== undefined) encoder.attributeBe64(attribute.rule.handle, place.handle);
  if (place.position !== undefined) encoder.attributeBe64(attribute.rule.position, place.position);
  writeExpressions(encoder, table.family, content);
  comment(encoder, attribute.rule.userdata, userdata.ruleComment, content.key);
  encoder.endMessage();
}

/** NFTA_RULE_EXPRESSIONS of a rule's statements. */
export function writeExpressions(encoder: Encoder, family: Family, content: Rule): void {
  const nest = encoder.beginNest(attribute.rule.expressions);
  const compiler = new Compiler(family, encoder);
  for (const statement of content.statements) statement.compile(compiler);
  encoder.endNest(nest);
}

function deleteRule(sink: MessageSink, table: TableReference, chain: string, handle: bigint): void {
  begin(sink, message.deleteRule, 0, families[table.family]);
  sink.encoder.attributeString(attribute.rule.table, table.name);
  sink.encoder.attributeString(attribute.rule.chain, chain);
  sink.encoder.attributeBe64(attribute.rule.handle, handle);
  sink.encoder.endMessage();
}

/** The kernel wants an id with a new set, to be named by rules of the same transaction; we name sets by name. */
let lastSetId = 0;

function addSet(sink: MessageSink, table: TableReference, set: NftSet): void {
  const { encoder } = sink;
  begin(sink, message.newSet, NLM_F_CREATE, families[table.family]);
  encoder.attributeString(attribute.set.table, table.name);
  encoder.attributeString(attribute.set.name, set.name);
  writeSetDefinition(encoder, set);
  lastSetId = (lastSetId + 1) >>> 0;
  encoder.attributeBe32(attribute.set.id, lastSetId);
  encoder.endMessage();
}

/** What makes the set what it is: everything but its names and its id. */
export function writeSetDefinition(encoder: Encoder, set: NftSet): void {
  encoder.attributeBe32(attribute.set.flags, flagsOf(set));
  encoder.attributeBe32(attribute.set.keyType, typeNumber(set.key));
  encoder.attributeBe32(attribute.set.keyLength, dataLength(set.key));
  if (set.data === 'verdict') {
    encoder.attributeBe32(attribute.set.dataType, dataTypeVerdict);
    encoder.attributeBe32(attribute.set.dataLength, 0);
  } else if (set.data !== undefined) {
    encoder.attributeBe32(attribute.set.dataType, typeNumber(set.data));
    encoder.attributeBe32(attribute.set.dataLength, dataLength(set.data) * (set.dataInterval ? 2 : 1));
  }
  writeDescription(encoder, set);
  if (set.timeout) encoder.attributeBe64(attribute.set.timeout, set.timeout);
  if (set.counter) {
    const nest = encoder.beginNest(attribute.set.expression);
    encoder.attributeString(attribute.expression.name, 'counter');
    encoder.endNest(encoder.beginNest(attribute.expression.data));
    encoder.endNest(nest);
  }
  encoder.attributeBytes(attribute.set.userdata, setUserdata(set));
}

function writeDescription(encoder: Encoder, set: NftSet): void {
  const size = set.size ?? (set.dynamic ? 65_535 : undefined);
  if (size === undefined && set.key.length === 1) return;
  const nest = encoder.beginNest(attribute.set.description);
  if (size !== undefined) encoder.attributeBe32(attribute.setDescription.size, size);
  if (set.key.length > 1) {
    const fields = encoder.beginNest(attribute.setDescription.concatenation);
    for (const part of set.key) {
      const field = encoder.beginNest(attribute.list.element);
      encoder.attributeBe32(attribute.setDescription.fieldLength, part.bytes);
      encoder.endNest(field);
    }
    encoder.endNest(fields);
  }
  encoder.endNest(nest);
}

function flagsOf(set: NftSet): number {
  return (
    (set.interval ? setFlag.interval : 0) |
    (set.data === undefined ? 0 : setFlag.map) |
    (set.timeout === undefined ? 0 : setFlag.timeout) |
    (set.dynamic ? setFlag.dynamic : 0) |
    (set.key.length > 1 ? setFlag.concatenation : 0)
  );
}

/** TLVs (type, length, value in host order) with which nft prints keys in the right byte order. */
function setUserdata(set: NftSet): Buffer {
  const values: [number, number][] = [[userdata.set.keyByteOrder, byteOrderOf(set.key)]];
  if (set.data !== undefined && set.data !== 'verdict')
    values.push([userdata.set.dataByteOrder, byteOrderOf(set.data)]);
  if (set.dataInterval) values.push([userdata.set.dataInterval, 1]);
  const tlvs: Buffer[] = values.map(([type, value]) => Buffer.of(type, 4, value, 0, 0, 0));
  if (set.comment !== undefined) tlvs.push(commentTlv(userdata.set.comment, set.comment));
  return Buffer.concat(tlvs);
}

/** nft's enum byteorder: 0 for concatenations, whose parts know their own, 1 host, 2 network. */
function byteOrderOf(parts: readonly DataType[]): number {
  const [only] = parts;
  if (parts.length > 1 || !only) return 0;
  return only.order === 'host' ? 1 : 2;
}

function comment(encoder: Encoder, attributeType: number, tlvType: number, text: string | undefined): void {
  if (text !== undefined) encoder.attributeBytes(attributeType, commentTlv(tlvType, text));
}

function commentTlv(type: number, text: string): Buffer {
  const bytes = Buffer.from(`${text}\0`);
  if (bytes.length > commentLimit) throw new RangeError(`"${text}" is longer than ${commentLimit - 1} bytes`);
  return Buffer.concat([Buffer.of(type, bytes.length), bytes]);
}

function* elements(
  sink: MessageSink,
  type: number,
  flags: number,
  table: TableReference,
  set: NftSet,
  list: readonly Element[],
): Generator<void, void> {
  const codec = new ElementCodec(set);
  for (let start = 0; start < list.length; ) {
    const { bytes, next } = codec.encode(list, start, type === message.newElement);
    begin(sink, type, flags, families[table.family]);
    sink.encoder.attributeString(attribute.elementList.table, table.name);
    sink.encoder.attributeString(attribute.elementList.set, set.name);
    const nest = sink.encoder.beginNest(attribute.elementList.elements);
    sink.encoder.raw(bytes);
    sink.encoder.endNest(nest);
    sink.encoder.endMessage();
    start = next;
    yield;
  }
}

/** Registers a key takes, for callers that check the limit of 64 bytes. */
export function keyBytes(parts: readonly DataType[]): number {
  return parts.reduce((sum, part) => sum + padded(part.bytes), 0);
}
