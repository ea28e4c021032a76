import { readBridgePort } from './bridge-port.ts';
import * as rt from './constants.ts';
import {
  IFF_UP,
  IFF_LOWER_UP,
  IFLA_ADDRESS,
  IFLA_BROADCAST,
  IFLA_IFNAME,
  IFLA_MTU,
  IFLA_LINK,
  IFLA_MASTER,
  IFLA_TXQLEN,
  IFLA_OPERSTATE,
  IFLA_LINKINFO,
  IFLA_IFALIAS,
  IFLA_STATS64,
  IFLA_AF_SPEC,
  IFLA_GROUP,
  IFLA_PROMISCUITY,
  IFLA_LINK_NETNSID,
  IFLA_MIN_MTU,
  IFLA_MAX_MTU,
  IFLA_PROP_LIST,
  IFLA_ALT_IFNAME,
  IFLA_PERM_ADDRESS,
  IFLA_PARENT_DEV_NAME,
  IFLA_PARENT_DEV_BUS_NAME,
  IFLA_INFO_KIND,
  IFLA_INFO_DATA,
  IFLA_INFO_SLAVE_KIND,
  IFLA_INFO_SLAVE_DATA,
  IFLA_INET6_ADDR_GEN_MODE,
} from './link-attributes.ts';
import { readKind } from './link-kinds.ts';
import type { Link, LinkStatistics } from './link-model.ts';
import { Attributes, read16, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';

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
