/** Links: RTM_NEWLINK, RTM_SETLINK, RTM_DELLINK, RTM_GETLINK and their alternative names. */

import { KernelError } from '../errors.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { errnoNumber } from '../syscall/errno.ts';
import { readBridgePort, writeBridgePort } from './bridge-port.ts';
import type { BridgePort } from './bridge-port.ts';
import * as rt from './constants.ts';
import type { Encoder } from './encoder.ts';
import { readKind, writeKind } from './link-kinds.ts';
import type { LinkKind } from './link-kinds.ts';
import { Attributes, read16, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Query, Request } from './request.ts';

/** What can be set on a link, when it is created or later. What is left out stays as it is. */
export interface LinkSettings {
  /** At most 15 bytes. */
  readonly name?: string;
  readonly up?: boolean;
  /** bytes */
  readonly mtu?: number;
  /** Hardware address. */
  readonly address?: Uint8Array;
  readonly broadcast?: Uint8Array;
  /** Index of the bridge, VRF or bond it belongs to; 0 takes it out. */
  readonly master?: number;
  readonly group?: number;
  /** Free text of at most 255 bytes, kept with the link (ifalias). */
  readonly alias?: string;
  readonly arp?: boolean;
  readonly promiscuous?: boolean;
  readonly allMulticast?: boolean;
  readonly multicast?: boolean;
  readonly txQueueLength?: number;
  /** Moves it there (20 ms); when creating, creates it there (no wait). */
  readonly namespace?: Namespace;
  /** IPv6 link-local addresses: 0 eui64, 1 none, 2 stable-privacy, 3 random. */
  readonly addressGeneration?: number;
  /** Type, and parameters of the type that are to be set. */
  readonly kind?: LinkKind;
  readonly gsoMaxSize?: number;
}

export interface NewLink extends LinkSettings {
  readonly name: string;
  readonly kind: LinkKind;
  /** Wanted interface index. Default: the kernel's choice. */
  readonly index?: number;
  /** Index of the interface it is made on (VLAN, macvlan). */
  readonly link?: number;
  /** Where `link` is, when not in the namespace of the request. Id as seen from there (RTM_NEWNSID). */
  readonly linkNamespaceId?: number;
  readonly txQueues?: number;
  readonly rxQueues?: number;
}

/** Which link is meant: by index, else by name (alternative names too). A Link is one. */
export type LinkSelector =
  | { readonly index: number; readonly name?: string }
  | { readonly name: string; readonly index?: undefined };

export interface Link {
  readonly index: number;
  readonly name: string;
  /** ARPHRD_...: 1 Ethernet, 772 loopback, 65534 none. */
  readonly hardwareType: number;
  /** IFF_... */
  readonly flags: number;
  /** Administratively up. */
  readonly up: boolean;
  /** Has carrier (IFF_LOWER_UP). */
  readonly lowerUp: boolean;
  /** IF_OPER_...: 0 unknown, 1 not present, 2 down, 3 lower layer down, 4 testing, 5 dormant, 6 up. */
  readonly operationalState: number;
  readonly mtu: number;
  readonly minMtu?: number;
  readonly maxMtu?: number;
  readonly address: Uint8Array;
  readonly permanentAddress?: Uint8Array;
  readonly broadcast?: Uint8Array;
  readonly master?: number;
  /** Index of the interface below, or of the other end of a veth. */
  readonly link?: number;
  /** Id of the namespace of `link` when it is another one; -1: not known here. */
  readonly linkNamespaceId?: number;
  readonly group: number;
  readonly alias?: string;
  readonly alternativeNames: readonly string[];
  readonly kind?: LinkKind;
  /** Type of the master as the port sees it: `bridge`, `bond`, `vrf`. */
  readonly portKind?: string;
  /** Present when it is a port of a bridge. */
  readonly port?: BridgePort;
  readonly txQueueLength: number;
  readonly promiscuity: number;
  readonly addressGeneration?: number;
  readonly parentDevice?: string;
  readonly parentBus?: string;
  readonly statistics?: LinkStatistics;
}

/** Counters since the link exists (struct rtnl_link_stats64). */
export interface LinkStatistics {
  readonly rxPackets: bigint;
  readonly txPackets: bigint;
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  readonly rxErrors: bigint;
  readonly txErrors: bigint;
  readonly rxDropped: bigint;
  readonly txDropped: bigint;
  readonly multicast: bigint;
  readonly rxNoHandler: bigint;
}

/** Makes a link; EEXIST when the name is taken. Alias and address generation are set right after (the kernel's rule). */
export function createLink(spec: NewLink): Request<NewLink> {
  const flags = rt.NLM_F_CREATE | rt.NLM_F_EXCL;
  const request = {
    type: rt.RTM_NEWLINK,
    flags,
    lane: 'quick',
    spec,
    encode: encodeNew,
    describe: describeNew,
    cost: 300,
  } as const;
  const { name, alias, addressGeneration, up } = spec;
  if (alias === undefined && addressGeneration === undefined) return request;
  const later = {
    ...(alias !== undefined && { alias }),
    ...(addressGeneration !== undefined && { addressGeneration }),
  };
  if (addressGeneration === undefined || !up) return { ...request, followUps: [changeLink({ name }, later)] };
  // A link that is up has generated its address already.
  return {
    ...request,
    spec: { ...spec, up: false },
    followUps: [changeLink({ name }, later), changeLink({ name }, { up })],
  };
}

/** Changes a link; a new name needs the index to select it by. Moving it, taking it down or out of its master waits for RCU and goes the slow way. */
export function changeLink(link: LinkSelector, settings: LinkSettings): Request<Change> {
  const slow = settings.namespace !== undefined || settings.up === false || settings.master === 0;
  return {
    type: rt.RTM_NEWLINK,
    flags: 0,
    lane: slow ? 'slow' : 'quick',
    spec: { link, settings },
    encode: encodeChange,
    describe: describeChange,
    cost: settings.up === undefined && settings.mtu === undefined ? 15 : 60,
  };
}

/** Sets what a bridge does with one of its ports. */
export function changeBridgePort(link: { readonly index: number }, port: BridgePort): Request<PortChange> {
  const spec = { index: link.index, port };
  return { type: rt.RTM_SETLINK, flags: 0, lane: 'quick', spec, encode: encodePort, describe: describePort, cost: 15 };
}

/** Removes a link (16-20 ms alone; many at once are removed together, see Rtnl). */
export function deleteLink(link: LinkSelector): Request<LinkSelector> {
  return {
    type: rt.RTM_DELLINK,
    flags: 0,
    lane: 'remove',
    spec: link,
    encode: encodeSelector,
    describe: describeDelete,
    cost: 2000,
  };
}

/** Removes all links of a group, in one step. */
export function deleteLinkGroup(group: number): Request<number> {
  return {
    type: rt.RTM_DELLINK,
    flags: 0,
    lane: 'slow',
    spec: group,
    encode(encoder) {
      writeHeader(encoder, rt.AF_UNSPEC, 0, 0, 0);
      encoder.attributeU32(IFLA_GROUP, group);
    },
    describe: () => `delete links of group ${group}`,
    cost: 5000,
  };
}

export function addAlternativeName(link: LinkSelector, name: string): Request<NameChange> {
  return alternativeName(rt.RTM_NEWLINKPROP, rt.NLM_F_CREATE | rt.NLM_F_EXCL, { link, name });
}

export function removeAlternativeName(link: LinkSelector, name: string): Request<NameChange> {
  return alternativeName(rt.RTM_DELLINKPROP, 0, { link, name });
}

export function getLink(link: LinkSelector): Query<Link, LinkSelector> {
  return {
    type: rt.RTM_GETLINK,
    flags: 0,
    spec: link,
    encode: encodeGet,
    describe: describeGet,
    decode: (message) => decodeLink(message),
  };
}

export interface LinkFilter {
  /** Only ports of this master. */
  readonly master?: number;
  /** Only links of this type. */
  readonly kind?: string;
  /** With counters. */
  readonly statistics?: boolean;
}

export function listLinks(filter: LinkFilter = {}): Query<Link, LinkFilter> {
  return {
    type: rt.RTM_GETLINK,
    flags: rt.NLM_F_DUMP,
    spec: filter,
    encode: encodeList,
    describe: () => 'list links',
    decode: (message, { statistics }) => decodeLink(message, statistics),
  };
}

interface Change {
  readonly link: LinkSelector;
  readonly settings: LinkSettings;
}

interface PortChange {
  readonly index: number;
  readonly port: BridgePort;
}

interface NameChange {
  readonly link: LinkSelector;
  readonly name: string;
}

/** A link in words: `tap1` or `#5`. */
export function describeLink(link: LinkSelector): string {
  return link.name ?? `#${link.index}`;
}

function alternativeName(type: number, flags: number, spec: NameChange): Request<NameChange> {
  const verb = type === rt.RTM_NEWLINKPROP ? 'add' : 'remove';
  return {
    type,
    flags,
    lane: 'quick',
    spec,
    encode(encoder, { link, name }) {
      encodeSelector(encoder, link);
      const nest = encoder.beginNest(IFLA_PROP_LIST);
      encoder.attributeString(IFLA_ALT_IFNAME, name);
      encoder.endNest(nest);
    },
    describe: ({ link, name }) => `${verb} alternative name ${name} of link ${describeLink(link)}`,
    cost: 10,
  };
}

function describeNew(spec: NewLink): string {
  return `create ${spec.kind.type === 'other' ? spec.kind.name : spec.kind.type} ${spec.name}`;
}

function describeChange({ link, settings }: Change): string {
  return `change ${Object.keys(settings).join(', ')} of link ${describeLink(link)}`;
}

function describePort({ index, port }: PortChange): string {
  return `change ${Object.keys(port).join(', ')} of bridge port #${index}`;
}

function describeDelete(link: LinkSelector): string {
  return `delete link ${describeLink(link)}`;
}

function describeGet(link: LinkSelector): string {
  return `get link ${describeLink(link)}`;
}

function encodeNew(encoder: Encoder, spec: NewLink): void {
  writeHeader(encoder, rt.AF_UNSPEC, spec.index ?? 0, flagBits(spec), flagMask(spec));
  encoder.attributeString(IFLA_IFNAME, spec.name);
  if (spec.link !== undefined) encoder.attributeU32(IFLA_LINK, spec.link);
  if (spec.linkNamespaceId !== undefined) encoder.attributeU32(IFLA_LINK_NETNSID, spec.linkNamespaceId);
  if (spec.txQueues !== undefined) encoder.attributeU32(IFLA_NUM_TX_QUEUES, spec.txQueues);
  if (spec.rxQueues !== undefined) encoder.attributeU32(IFLA_NUM_RX_QUEUES, spec.rxQueues);
  writeSettings(encoder, spec);
  writeKindInfo(encoder, spec);
}

function encodeChange(encoder: Encoder, { link, settings }: Change): void {
  if (link.index === undefined && settings.name !== undefined) {
    throw new KernelError(errnoNumber('EINVAL'), {
      operation: `rename link ${link.name}`,
      explanation: 'that takes its index',
      hint: '',
    });
  }
  writeHeader(encoder, rt.AF_UNSPEC, link.index ?? 0, flagBits(settings), flagMask(settings));
  if (link.index === undefined) encoder.attributeString(nameAttribute(link.name), link.name);
  if (settings.name !== undefined) encoder.attributeString(IFLA_IFNAME, settings.name);
  writeSettings(encoder, settings);
  if (settings.alias !== undefined) encoder.attributeString(IFLA_IFALIAS, settings.alias);
  if (settings.addressGeneration !== undefined) writeAddressGeneration(encoder, settings.addressGeneration);
  writeKindInfo(encoder, settings);
}

function encodePort(encoder: Encoder, { index, port }: PortChange): void {
  writeHeader(encoder, rt.AF_BRIDGE, index, 0, 0);
  const nest = encoder.beginNest(IFLA_PROTINFO);
  writeBridgePort(encoder, port);
  encoder.endNest(nest);
}

function encodeSelector(encoder: Encoder, link: LinkSelector): void {
  writeHeader(encoder, rt.AF_UNSPEC, link.index ?? 0, 0, 0);
  if (link.index === undefined) encoder.attributeString(nameAttribute(link.name), link.name);
}

function encodeGet(encoder: Encoder, link: LinkSelector): void {
  encodeSelector(encoder, link);
  encoder.attributeU32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
}

function encodeList(encoder: Encoder, filter: LinkFilter): void {
  writeHeader(encoder, rt.AF_UNSPEC, 0, 0, 0);
  encoder.attributeU32(IFLA_EXT_MASK, filter.statistics ? 0 : RTEXT_FILTER_SKIP_STATS);
  if (filter.master !== undefined) encoder.attributeU32(IFLA_MASTER, filter.master);
  if (filter.kind === undefined) return;
  const nest = encoder.beginNest(IFLA_LINKINFO);
  encoder.attributeString(1, filter.kind);
  encoder.endNest(nest);
}

/** Names longer than IFNAMSIZ can only be alternative names. */
function nameAttribute(name: string): number {
  return name.length > 15 ? IFLA_ALT_IFNAME : IFLA_IFNAME;
}

/** struct ifinfomsg */
function writeHeader(encoder: Encoder, family: number, index: number, flags: number, mask: number): void {
  encoder.u8(family);
  encoder.u8(0);
  encoder.u16(0);
  encoder.u32(index);
  encoder.u32(flags);
  encoder.u32(mask);
}

function writeSettings(encoder: Encoder, settings: LinkSettings): void {
  if (settings.address) encoder.attributeBytes(IFLA_ADDRESS, settings.address);
  if (settings.broadcast) encoder.attributeBytes(IFLA_BROADCAST, settings.broadcast);
  if (settings.mtu !== undefined) encoder.attributeU32(IFLA_MTU, settings.mtu);
  if (settings.master !== undefined) encoder.attributeU32(IFLA_MASTER, settings.master);
  if (settings.group !== undefined) encoder.attributeU32(IFLA_GROUP, settings.group);
  if (settings.txQueueLength !== undefined) encoder.attributeU32(IFLA_TXQLEN, settings.txQueueLength);
  if (settings.gsoMaxSize !== undefined) encoder.attributeU32(IFLA_GSO_MAX_SIZE, settings.gsoMaxSize);
  if (settings.namespace) encoder.attributeNamespace(IFLA_NET_NS_FD, settings.namespace);
}

function writeKindInfo(encoder: Encoder, settings: LinkSettings): void {
  if (settings.kind === undefined) return;
  const nest = encoder.beginNest(IFLA_LINKINFO);
  writeKind(encoder, settings.kind);
  encoder.endNest(nest);
}

function writeAddressGeneration(encoder: Encoder, mode: number): void {
  const families = encoder.beginNest(IFLA_AF_SPEC);
  const inet6 = encoder.beginNest(rt.AF_INET6);
  encoder.attributeU8(IFLA_INET6_ADDR_GEN_MODE, mode);
  encoder.endNest(inet6);
  encoder.endNest(families);
}

function flagBits(settings: LinkSettings): number {
  return (
    (settings.up ? IFF_UP : 0) |
    (settings.arp === false ? IFF_NOARP : 0) |
    (settings.promiscuous ? IFF_PROMISC : 0) |
    (settings.allMulticast ? IFF_ALLMULTI : 0) |
    (settings.multicast ? IFF_MULTICAST : 0)
  );
}

function flagMask(settings: LinkSettings): number {
  return (
    (settings.up !== undefined ? IFF_UP : 0) |
    (settings.arp !== undefined ? IFF_NOARP : 0) |
    (settings.promiscuous !== undefined ? IFF_PROMISC : 0) |
    (settings.allMulticast !== undefined ? IFF_ALLMULTI : 0) |
    (settings.multicast !== undefined ? IFF_MULTICAST : 0)
  );
}

type Draft = { -readonly [K in keyof Link]: Link[K] } & { alternativeNames: string[] };

/** Reads RTM_NEWLINK and RTM_DELLINK; undefined for the bridge's own view of a port (AF_BRIDGE). */
export function decodeLink(message: MessageView, statistics = false): Link | undefined {
  const { buffer, payload } = message;
  if (buffer[payload] !== rt.AF_UNSPEC) return undefined;
  const flags = read32(buffer, payload + 8);
  const link: Draft = {
    index: read32(buffer, payload + 4),
    name: '',
    hardwareType: read16(buffer, payload + 2),
    flags,
    up: (flags & IFF_UP) !== 0,
    lowerUp: (flags & IFF_LOWER_UP) !== 0,
    operationalState: 0,
    mtu: 0,
    address: EMPTY,
    group: 0,
    alternativeNames: [],
    txQueueLength: 0,
    promiscuity: 0,
  };
  const attributes = Attributes.of(message, 16);
  while (attributes.next()) {
    if (attributes.type !== IFLA_STATS64) readAttribute(attributes, link);
    else if (statistics) link.statistics = readStatistics(attributes);
  }
  return link;
}

function readAttribute(attributes: Attributes, link: Draft): void {
  switch (attributes.type) {
    case IFLA_ADDRESS:
      return void (link.address = attributes.bytes());
    case IFLA_BROADCAST:
      return void (link.broadcast = attributes.bytes());
    case IFLA_IFNAME:
      return void (link.name = attributes.string());
    case IFLA_MTU:
      return void (link.mtu = attributes.u32());
    case IFLA_LINK:
      return void (link.link = attributes.u32() || undefined);
    case IFLA_MASTER:
      return void (link.master = attributes.u32() || undefined);
    case IFLA_TXQLEN:
      return void (link.txQueueLength = attributes.u32());
    case IFLA_OPERSTATE:
      return void (link.operationalState = attributes.u8());
    case IFLA_LINKINFO:
      return readLinkInfo(attributes.nested(), link);
    case IFLA_IFALIAS:
      return void (link.alias = attributes.string());
    case IFLA_AF_SPEC:
      return void (link.addressGeneration = readAddressGeneration(attributes.nested()));
    case IFLA_GROUP:
      return void (link.group = attributes.u32());
    case IFLA_PROMISCUITY:
      return void (link.promiscuity = attributes.u32());
    case IFLA_LINK_NETNSID:
      return void (link.linkNamespaceId = attributes.s32());
    case IFLA_MIN_MTU:
      return void (link.minMtu = attributes.u32());
    case IFLA_MAX_MTU:
      return void (link.maxMtu = attributes.u32());
    case IFLA_PROP_LIST:
      return readNames(attributes.nested(), link.alternativeNames);
    case IFLA_PERM_ADDRESS:
      return void (link.permanentAddress = attributes.bytes());
    case IFLA_PARENT_DEV_NAME:
      return void (link.parentDevice = attributes.string());
    case IFLA_PARENT_DEV_BUS_NAME:
      return void (link.parentBus = attributes.string());
  }
}

function readLinkInfo(info: Attributes, link: Draft): void {
  let kind: string | undefined;
  let data: Attributes | undefined;
  while (info.next()) {
    if (info.type === IFLA_INFO_KIND) kind = info.string();
    else if (info.type === IFLA_INFO_DATA) data = info.nested();
    else if (info.type === IFLA_INFO_SLAVE_KIND) link.portKind = info.string();
    else if (info.type === IFLA_INFO_SLAVE_DATA && link.portKind === 'bridge')
      link.port = readBridgePort(info.nested());
  }
  if (kind !== undefined) link.kind = readKind(kind, data);
}

function readNames(list: Attributes, names: string[]): void {
  while (list.next()) if (list.type === IFLA_ALT_IFNAME) names.push(list.string());
}

function readAddressGeneration(families: Attributes): number | undefined {
  while (families.next()) {
    if (families.type !== rt.AF_INET6) continue;
    const inet6 = families.nested();
    while (inet6.next()) if (inet6.type === IFLA_INET6_ADDR_GEN_MODE) return inet6.u8();
  }
  return undefined;
}

function readStatistics(attributes: Attributes): LinkStatistics {
  const counter = (index: number): bigint => attributes.u64(index * 8);
  return {
    rxPackets: counter(0),
    txPackets: counter(1),
    rxBytes: counter(2),
    txBytes: counter(3),
    rxErrors: counter(4),
    txErrors: counter(5),
    rxDropped: counter(6),
    txDropped: counter(7),
    multicast: counter(8),
    rxNoHandler: attributes.length >= 192 ? counter(23) : 0n,
  };
}

const EMPTY = new Uint8Array(0);

const IFF_UP = 0x1;
const IFF_NOARP = 0x80;
const IFF_PROMISC = 0x100;
const IFF_ALLMULTI = 0x200;
const IFF_MULTICAST = 0x1000;
const IFF_LOWER_UP = 0x10000;

const RTEXT_FILTER_SKIP_STATS = 8;

const IFLA_ADDRESS = 1;
const IFLA_BROADCAST = 2;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINK = 5;
const IFLA_MASTER = 10;
const IFLA_PROTINFO = 12;
const IFLA_TXQLEN = 13;
const IFLA_OPERSTATE = 16;
const IFLA_LINKINFO = 18;
const IFLA_IFALIAS = 20;
const IFLA_STATS64 = 23;
const IFLA_AF_SPEC = 26;
const IFLA_GROUP = 27;
const IFLA_NET_NS_FD = 28;
const IFLA_EXT_MASK = 29;
const IFLA_PROMISCUITY = 30;
const IFLA_NUM_TX_QUEUES = 31;
const IFLA_NUM_RX_QUEUES = 32;
const IFLA_LINK_NETNSID = 37;
const IFLA_GSO_MAX_SIZE = 41;
const IFLA_MIN_MTU = 50;
const IFLA_MAX_MTU = 51;
const IFLA_PROP_LIST = 52;
const IFLA_ALT_IFNAME = 53;
const IFLA_PERM_ADDRESS = 54;
const IFLA_PARENT_DEV_NAME = 56;
const IFLA_PARENT_DEV_BUS_NAME = 57;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const IFLA_INFO_SLAVE_KIND = 4;
const IFLA_INFO_SLAVE_DATA = 5;
const IFLA_INET6_ADDR_GEN_MODE = 8;
