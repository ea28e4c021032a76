import { KernelError } from '../errors.ts';
import { errnoNumber } from '../syscall/errno.ts';
import { writeBridgePort } from './bridge-port.ts';
import * as rt from './constants.ts';
import type { Encoder } from './encoder.ts';
import {
  IFF_UP,
  IFF_NOARP,
  IFF_PROMISC,
  IFF_ALLMULTI,
  IFF_MULTICAST,
  RTEXT_FILTER_SKIP_STATS,
  IFLA_ADDRESS,
  IFLA_BROADCAST,
  IFLA_IFNAME,
  IFLA_MTU,
  IFLA_LINK,
  IFLA_MASTER,
  IFLA_PROTINFO,
  IFLA_TXQLEN,
  IFLA_LINKINFO,
  IFLA_IFALIAS,
  IFLA_AF_SPEC,
  IFLA_GROUP,
  IFLA_NET_NS_FD,
  IFLA_EXT_MASK,
  IFLA_NUM_TX_QUEUES,
  IFLA_NUM_RX_QUEUES,
  IFLA_LINK_NETNSID,
  IFLA_GSO_MAX_SIZE,
  IFLA_ALT_IFNAME,
  IFLA_INET6_ADDR_GEN_MODE,
} from './link-attributes.ts';
import { writeKind } from './link-kinds.ts';
import type { Change, LinkFilter, LinkSelector, LinkSettings, NewLink, PortChange } from './link-model.ts';

export function encodeNew(encoder: Encoder, spec: NewLink): void {
  writeHeader(encoder, rt.AF_UNSPEC, spec.index ?? 0, flagBits(spec), flagMask(spec));
  encoder.attributeString(IFLA_IFNAME, spec.name);
  if (spec.link !== undefined) encoder.attributeU32(IFLA_LINK, spec.link);
  if (spec.linkNamespaceId !== undefined) encoder.attributeU32(IFLA_LINK_NETNSID, spec.linkNamespaceId);
  if (spec.txQueues !== undefined) encoder.attributeU32(IFLA_NUM_TX_QUEUES, spec.txQueues);
  if (spec.rxQueues !== undefined) encoder.attributeU32(IFLA_NUM_RX_QUEUES, spec.rxQueues);
  writeSettings(encoder, spec);
  writeKindInfo(encoder, spec);
}

export function encodeChange(encoder: Encoder, { link, settings }: Change): void {
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

export function encodePort(encoder: Encoder, { index, port }: PortChange): void {
  writeHeader(encoder, rt.AF_BRIDGE, index, 0, 0);
  const nest = encoder.beginNest(IFLA_PROTINFO);
  writeBridgePort(encoder, port);
  encoder.endNest(nest);
}

export function encodeSelector(encoder: Encoder, link: LinkSelector): void {
  writeHeader(encoder, rt.AF_UNSPEC, link.index ?? 0, 0, 0);
  if (link.index === undefined) encoder.attributeString(nameAttribute(link.name), link.name);
}

export function encodeGet(encoder: Encoder, link: LinkSelector): void {
  encodeSelector(encoder, link);
  encoder.attributeU32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
}

export function encodeList(encoder: Encoder, filter: LinkFilter): void {
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
export function writeHeader(encoder: Encoder, family: number, index: number, flags: number, mask: number): void {
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
