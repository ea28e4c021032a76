/** Policy rules: RTM_NEWRULE, RTM_DELRULE, RTM_GETRULE. */

import type { Family, Prefix } from '../../model/address.ts';
import { formatPrefix } from '../../model/address.ts';
import * as rt from './constants.ts';
import type { Encoder } from './encoder.ts';
import { Attributes, read16, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Query, Request } from './request.ts';

export type RuleAction = 'table' | 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit';

export interface RuleSpec {
  readonly family: Family;
  /** Lower is asked first. */
  readonly priority: number;
  /** Default `table`. */
  readonly action?: RuleAction;
  /** For `table`. */
  readonly table?: number;
  /** For `goto`: priority of the rule to go on with. */
  readonly target?: number;
  readonly from?: Prefix;
  readonly to?: Prefix;
  /** Interface names; the interface need not exist yet. */
  readonly inputInterface?: string;
  readonly outputInterface?: string;
  readonly mark?: number;
  /** Bits of `mark` that count. Default all. */
  readonly mask?: number;
  readonly tos?: number;
  /** Negates the match. */
  readonly invert?: boolean;
  /** IP protocol number. */
  readonly ipProtocol?: number;
  readonly sourcePorts?: PortRange;
  readonly destinationPorts?: PortRange;
  /** Use the table of the packet's VRF device. */
  readonly l3mdev?: boolean;
  /** Refuse results with a prefix of at most this length. */
  readonly suppressPrefixLength?: number;
  /** Who made it, 0-255. */
  readonly protocol?: number;
}

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface Rule extends RuleSpec {
  readonly action: RuleAction;
  readonly protocol: number;
  /** FIB_RULE_...: 8 and 16 say that the named interface does not exist. */
  readonly flags: number;
}

/** Adds a rule; EEXIST when there is the same. */
export function addRule(spec: RuleSpec): Request<RuleSpec> {
  return request(rt.RTM_NEWRULE, rt.NLM_F_CREATE | rt.NLM_F_EXCL, spec, 'add');
}

export function deleteRule(spec: RuleSpec): Request<RuleSpec> {
  return request(rt.RTM_DELRULE, 0, spec, 'delete');
}

export function listRules(filter: { readonly family?: Family } = {}): Query<Rule, { readonly family?: Family }> {
  return {
    type: rt.RTM_GETRULE,
    flags: rt.NLM_F_DUMP,
    spec: filter,
    encode(encoder, { family }) {
      encoder.u8(family ? rt.familyNumber(family) : rt.AF_UNSPEC);
      encoder.zeros(11);
    },
    describe: () => 'list rules',
    decode: decodeRule,
  };
}

/** A rule in words: `1000: from 10.0.0.0/8 iif tap1 lookup 100`. */
export function describeRule(spec: RuleSpec): string {
  let text = `${spec.priority}:`;
  if (spec.from) text += ` from ${formatPrefix(spec.from)}`;
  if (spec.to) text += ` to ${formatPrefix(spec.to)}`;
  if (spec.inputInterface) text += ` iif ${spec.inputInterface}`;
  if (spec.outputInterface) text += ` oif ${spec.outputInterface}`;
  if (spec.mark !== undefined) text += ` fwmark 0x${spec.mark.toString(16)}`;
  if (spec.table !== undefined) text += ` lookup ${spec.table}`;
  return `${text}${spec.action && spec.action !== 'table' ? ` ${spec.action}` : ''} (IPv${spec.family})`;
}

function request(type: number, flags: number, spec: RuleSpec, verb: string): Request<RuleSpec> {
  return {
    type,
    flags,
    lane: 'quick',
    spec,
    encode,
    describe: (rule) => `${verb} rule ${describeRule(rule)}`,
    cost: 15,
  };
}

/** struct fib_rule_hdr and its attributes */
function encode(encoder: Encoder, spec: RuleSpec): void {
  const table = spec.table ?? 0;
  encoder.u8(rt.familyNumber(spec.family));
  encoder.u8(spec.to?.length ?? 0);
  encoder.u8(spec.from?.length ?? 0);
  encoder.u8(spec.tos ?? 0);
  encoder.u8(table > 255 ? 0 : table);
  encoder.u8(0);
  encoder.u8(0);
  encoder.u8(ACTIONS[spec.action ?? 'table']);
  encoder.u32(spec.invert ? FIB_RULE_INVERT : 0);
  encoder.attributeU32(FRA_PRIORITY, spec.priority);
  if (table > 255) encoder.attributeU32(FRA_TABLE, table);
  if (spec.target !== undefined) encoder.attributeU32(FRA_GOTO, spec.target);
  if (spec.to) encoder.attributeBytes(FRA_DST, spec.to.address.bytes);
  if (spec.from) encoder.attributeBytes(FRA_SRC, spec.from.address.bytes);
  if (spec.inputInterface !== undefined) encoder.attributeString(FRA_IIFNAME, spec.inputInterface);
  if (spec.outputInterface !== undefined) encoder.attributeString(FRA_OIFNAME, spec.outputInterface);
  if (spec.mark !== undefined) encoder.attributeU32(FRA_FWMARK, spec.mark);
  if (spec.mask !== undefined) encoder.attributeU32(FRA_FWMASK, spec.mask);
  if (spec.ipProtocol !== undefined) encoder.attributeU8(FRA_IP_PROTO, spec.ipProtocol);
  if (spec.sourcePorts) writeRange(encoder, FRA_SPORT_RANGE, spec.sourcePorts);
  if (spec.destinationPorts) writeRange(encoder, FRA_DPORT_RANGE, spec.destinationPorts);
  if (spec.l3mdev) encoder.attributeU8(FRA_L3MDEV, 1);
  if (spec.suppressPrefixLength !== undefined) encoder.attributeU32(FRA_SUPPRESS_PREFIXLEN, spec.suppressPrefixLength);
  if (spec.protocol !== undefined) encoder.attributeU8(FRA_PROTOCOL, spec.protocol);
}

function writeRange(encoder: Encoder, type: number, { first, last }: PortRange): void {
  const nest = encoder.beginNest(type, 0);
  encoder.u16(first);
  encoder.u16(last);
  encoder.endNest(nest);
}

type Draft = { -readonly [K in keyof Rule]: Rule[K] };

/** Reads RTM_NEWRULE and RTM_DELRULE. */
export function decodeRule(message: MessageView): Rule | undefined {
  const { buffer, payload } = message;
  const number = buffer[payload];
  if (number !== rt.AF_INET && number !== rt.AF_INET6) return undefined;
  const action = ACTION_NAMES.get(buffer[payload + 7]!);
  if (!action) return undefined;
  const flags = read32(buffer, payload + 8);
  const rule: Draft = { family: number === rt.AF_INET ? 4 : 6, priority: 0, action, protocol: 0, flags };
  const tableByte = buffer[payload + 4]!;
  if (action === 'table' && tableByte !== 0) rule.table = tableByte;
  if (buffer[payload + 3] !== 0) rule.tos = buffer[payload + 3]!;
  if ((flags & FIB_RULE_INVERT) !== 0) rule.invert = true;
  readRule(Attributes.of(message, 12), rule, buffer[payload + 1]!, buffer[payload + 2]!);
  return rule;
}

function readRule(attributes: Attributes, rule: Draft, toLength: number, fromLength: number): void {
  const prefix = (length: number): Prefix => ({ address: { family: rule.family, bytes: attributes.bytes() }, length });
  while (attributes.next()) {
    switch (attributes.type) {
      case FRA_PRIORITY:
        rule.priority = attributes.u32();
        break;
      case FRA_TABLE:
        if (rule.action === 'table') rule.table = attributes.u32();
        break;
      case FRA_GOTO:
        rule.target = attributes.u32();
        break;
      case FRA_DST:
        rule.to = prefix(toLength);
        break;
      case FRA_SRC:
        rule.from = prefix(fromLength);
        break;
      case FRA_IIFNAME:
        rule.inputInterface = attributes.string();
        break;
      case FRA_OIFNAME:
        rule.outputInterface = attributes.string();
        break;
      case FRA_FWMARK:
        rule.mark = attributes.u32();
        break;
      case FRA_FWMASK:
        rule.mask = attributes.u32();
        break;
      case FRA_IP_PROTO:
        rule.ipProtocol = attributes.u8();
        break;
      case FRA_SPORT_RANGE:
        rule.sourcePorts = readRange(attributes);
        break;
      case FRA_DPORT_RANGE:
        rule.destinationPorts = readRange(attributes);
        break;
      case FRA_L3MDEV:
        if (attributes.u8() !== 0) rule.l3mdev = true;
        break;
      case FRA_SUPPRESS_PREFIXLEN:
        if (attributes.u32() !== 0xffffffff) rule.suppressPrefixLength = attributes.u32();
        break;
      case FRA_PROTOCOL:
        rule.protocol = attributes.u8();
        break;
    }
  }
}

function readRange(attributes: Attributes): PortRange {
  return { first: read16(attributes.buffer, attributes.at), last: read16(attributes.buffer, attributes.at + 2) };
}

/** FR_ACT_... */
const ACTIONS: Readonly<Record<RuleAction, number>> = {
  table: 1,
  goto: 2,
  nop: 3,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
};
const ACTION_NAMES = new Map(Object.entries(ACTIONS).map(([name, number]) => [number, name as RuleAction]));

const FIB_RULE_INVERT = 2;
const FRA_DST = 1;
const FRA_SRC = 2;
const FRA_IIFNAME = 3;
const FRA_GOTO = 4;
const FRA_PRIORITY = 6;
const FRA_FWMARK = 10;
const FRA_SUPPRESS_PREFIXLEN = 14;
const FRA_TABLE = 15;
const FRA_FWMASK = 16;
const FRA_OIFNAME = 17;
const FRA_L3MDEV = 19;
const FRA_PROTOCOL = 21;
const FRA_IP_PROTO = 22;
const FRA_SPORT_RANGE = 23;
const FRA_DPORT_RANGE = 24;
