/**
 * The nftables tables of the access lists (each interface has one of 64, see kernel/spread-tables.ts), and what the interfaces of
 * one share in it:
 *
 *   in-DEVICE, out-DEVICE   base chain of an interface and direction: ARP and other non-IP passes, sessions, the lists, drop
 *   in:NAME, out:NAME       the rules of a list, for what comes in and for what goes out
 *   sessions-in, -out       lets packets of reflected sessions pass and keeps the session alive
 *   reflect-in, -out        where a REFLECT rule goes: makes a session, lets the packet pass
 *
 * netdev ingress sees packets before any NAT and netdev egress after it, as VPP's ACL features do. A session belongs to one
 * interface (its index is the first part of the key) and is written from the inside of that interface, so that one set
 * serves both directions: address and port of the side behind the interface first.
 */

import {
  accept,
  addChain,
  addRule,
  addSet,
  addTable,
  type Chain,
  concat,
  dynamic,
  flushChain,
  goto,
  icmp,
  icmpv6,
  ip,
  ip6,
  jump,
  meta,
  drop,
  type NftSet,
  type Nftables,
  type Operation,
  payload,
  type Rule,
  type Statement,
  type Table,
  tcp,
  th,
  types,
} from '../../../kernel/nftables/index.ts';
import { stages, tables } from '../../../kernel/pipeline/index.ts';
import { SpreadTables, spreadTable } from '../../kernel/spread-tables.ts';
import type { Direction } from '../model.ts';

const aclTables: Table = { family: 'netdev', name: tables.acl, comment: 'access lists of the ligature agent' };

/** The table of an interface. */
export function aclTable(interfaceName: string): Table {
  return spreadTable(aclTables, interfaceName);
}

export function createAclTables(nft: Nftables): SpreadTables {
  return new SpreadTables(nft, aclTables, sharedOperations);
}

/** ms a session lives after its last packet: VPP's defaults (acl-plugin: udp idle 600 s, tcp idle 86400 s, transient 120 s). */
export const sessionTimeouts = {
  tcp: 86_400_000,
  tcpTransient: 120_000,
  udp: 600_000,
  icmp: 120_000,
  other: 600_000,
} as const;

/** Sessions of one protocol and family; more than one million do not fit any sensible memory. */
const maxSessions = 1_048_576;

interface SessionSet {
  readonly set: NftSet;
  /** `other`: protocols without ports, told apart by their number. */
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6' | 'other';
  readonly etherType: 'ip' | 'ip6';
}

const families = [
  { etherType: 'ip', address: types.ipv4_addr, suffix: '4', icmpName: 'icmp' },
  { etherType: 'ip6', address: types.ipv6_addr, suffix: '6', icmpName: 'icmpv6' },
] as const;

const sessionSets: readonly SessionSet[] = families.flatMap(({ etherType, address, suffix, icmpName }) => {
  const set = (protocol: string, ports: NftSet['key'], timeout: number): NftSet => ({
    name: `${protocol}${suffix}`,
    key: [types.iface_index, address, address, ...ports],
    dynamic: true,
    timeout,
    size: maxSessions,
  });
  const ports = [types.inet_service, types.inet_service];
  return [
    { set: set('tcp', ports, sessionTimeouts.tcpTransient), protocol: 'tcp', etherType },
    { set: set('udp', ports, sessionTimeouts.udp), protocol: 'udp', etherType },
    { set: set('icmp', [types.short], sessionTimeouts.icmp), protocol: icmpName, etherType },
    { set: set('other', [types.inet_proto], sessionTimeouts.other), protocol: 'other', etherType },
  ] as const;
});

export const sessionSetList: readonly NftSet[] = sessionSets.map(({ set }) => set);

/** Identifier of an ICMP echo request or reply. */
const icmpIdentifier = payload('transport', 4, types.short);

function keyOf({ protocol, etherType }: SessionSet, direction: Direction) {
  const addresses = etherType === 'ip' ? ip : ip6;
  const [device, inside, outside] =
    direction === 'ingress'
      ? ([meta.iif, addresses.saddr, addresses.daddr] as const)
      : ([meta.oif, addresses.daddr, addresses.saddr] as const);
  if (protocol === 'icmp' || protocol === 'icmpv6') return concat(device, inside, outside, icmpIdentifier);
  if (protocol === 'other') return concat(device, inside, outside, meta.l4proto);
  const [insidePort, outsidePort] = direction === 'ingress' ? [th.sport, th.dport] : [th.dport, th.sport];
  return concat(device, inside, outside, insidePort, outsidePort);
}

const withPortsOrMessages = ['tcp', 'udp', 'icmp', 'icmpv6'] as const;

function protocolMatch({ protocol, etherType }: SessionSet): Statement[] {
  const others = withPortsOrMessages.map((one) => meta.l4proto.ne(one));
  return [meta.protocol.eq(etherType), ...(protocol === 'other' ? others : [meta.l4proto.eq(protocol)])];
}

const echo = {
  icmp: { field: icmp.type, request: 8, reply: 0 },
  icmpv6: { field: icmpv6.type, request: 128, reply: 129 },
} as const;

/** No session is opened, and none kept alive for long, by packets with one of these flags: SYN, FIN, RST. */
const transientFlags = 0x07;

function sessionRules(direction: Direction): Rule[] {
  return sessionSets.flatMap((one): Rule[] => {
    const key = keyOf(one, direction);
    const { name } = one.set;
    const refresh = (timeout: number): Statement => dynamic('update', one.set, key, { timeout });
    if (one.protocol === 'tcp') {
      const settled = tcp.flags.masked(transientFlags).eq(0);
      return [
        {
          key: `${name} settled`,
          statements: [...protocolMatch(one), settled, key.in(one.set), refresh(sessionTimeouts.tcp), accept],
        },
        {
          key: name,
          statements: [...protocolMatch(one), key.in(one.set), refresh(sessionTimeouts.tcpTransient), accept],
        },
      ];
    }
    if (one.protocol === 'udp' || one.protocol === 'other') {
      const timeout = sessionTimeouts[one.protocol];
      return [{ key: name, statements: [...protocolMatch(one), key.in(one.set), refresh(timeout), accept] }];
    }
    const { field, request, reply } = echo[one.protocol];
    const kinds = [request, reply] as const;
    return kinds.map((kind) => ({
      key: `${name} ${kind}`,
      statements: [...protocolMatch(one), field.eq(kind), key.in(one.set), refresh(sessionTimeouts.icmp), accept],
    }));
  });
}

function reflectRules(direction: Direction): Rule[] {
  const learning = sessionSets.map((one): Rule => {
    const key = keyOf(one, direction);
    const only =
      one.protocol === 'icmp' || one.protocol === 'icmpv6'
        ? [echo[one.protocol].field.eq(echo[one.protocol].request)]
        : [];
    return { key: one.set.name, statements: [...protocolMatch(one), ...only, dynamic('update', one.set, key), accept] };
  });
  return [...learning, { key: 'others', statements: [accept] }];
}

const prefixes = { ingress: 'in', egress: 'out' } as const;

export function sessionsChain(direction: Direction): string {
  return `sessions-${prefixes[direction]}`;
}

export function reflectChain(direction: Direction): string {
  return `reflect-${prefixes[direction]}`;
}

/** Chain with the rules of a list. */
export function listChain(name: string, direction: Direction): string {
  return `${prefixes[direction]}:${encodeURIComponent(name)}`;
}

/** The list that a chain belongs to. */
export function listOfChain(chain: string): { readonly name: string; readonly direction: Direction } | undefined {
  const colon = chain.indexOf(':');
  if (colon < 0) return undefined;
  const direction = chain.slice(0, colon) === 'in' ? 'ingress' : 'egress';
  return { name: decodeURIComponent(chain.slice(colon + 1)), direction };
}

/** Base chain of an interface and direction. */
export function interfaceChain(device: string, direction: Direction): Chain {
  const stage = direction === 'ingress' ? stages.inputAcl : stages.outputAcl;
  return {
    name: `${prefixes[direction]}-${device}`,
    base: { type: 'filter', hook: stage.hook, priority: stage.priority, devices: [device] },
  };
}

/** What the base chain does: everything that is not IP passes; sessions; the lists in this order; the rest is dropped. */
export function interfaceRules(lists: readonly string[], direction: Direction): Rule[] {
  return [
    { key: 'not IP', statements: [meta.protocol.ne('ip'), meta.protocol.ne('ip6'), accept] },
    { key: 'sessions', statements: [jump(sessionsChain(direction))] },
    ...lists.map((name) => ({ key: `list ${name}`, statements: [jump(listChain(name, direction))] })),
    { key: 'no list permits', statements: [drop] },
  ];
}

/** To the chain that makes a session. */
export function reflect(direction: Direction): Statement {
  return goto(reflectChain(direction));
}

export interface SharedChain {
  readonly name: string;
  readonly rules: readonly Rule[];
}

export const sharedChains: readonly SharedChain[] = (['ingress', 'egress'] as const).flatMap((direction) => [
  { name: sessionsChain(direction), rules: sessionRules(direction) },
  { name: reflectChain(direction), rules: reflectRules(direction) },
]);

/** Makes the shared part, whether some of it is there or not; sessions stay. */
export function sharedOperations(table: Table): Operation[] {
  return [
    addTable(table),
    ...sessionSetList.map((set) => addSet(table, set)),
    ...sharedChains.map(({ name }) => addChain(table, { name })),
    ...sharedChains.flatMap(({ name, rules }) => rewriteChain(table, name, rules)),
  ];
}

/** The chain's rules become these, in one step with whatever else is in the transaction. */
export function rewriteChain(table: Table, chain: string, rules: readonly Rule[]): Operation[] {
  return [flushChain(table, chain), ...rules.map((rule) => addRule(table, chain, rule))];
}
