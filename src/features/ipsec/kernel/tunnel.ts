/** What a protected tunnel interface is, and what protects it: how its associations are used, policies, what has to come in decrypted. */

import { parseIp } from '../../../model/address.ts';
import type { Family, Ip } from '../../../model/address.ts';
import { Interface_Type as Type, IPIPLink_Mode } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { SecurityAssociation, TunnelProtection } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { TeibEntry } from '../../../model/gen/ligato/vpp/l3/teib_pb.js';
import type { Key } from '../../../model/key.ts';
import type { PolicyDirection, PolicySpec, Template } from '../../../kernel/netlink/xfrm-policy.ts';
import type { Selector } from '../../../kernel/netlink/xfrm-selector.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import { securityInterfaceId } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import { teibKey } from '../../teib/model.ts';
import type { AssociationUse } from '../kernel-metadata.ts';
import { saKey } from '../model.ts';
import { protocolOf, requestIdOf, tunnelOf as endsOf } from './associations.ts';
import type { TunnelArrival } from './packet-table.ts';

/**
 * A device that packs packets itself: what runs between its ends is protected in transport mode. Or one that does nothing but protect:
 * its associations pack, in tunnel mode.
 */
export type Tunnel =
  | { readonly here: Ip; readonly there: Ip; readonly protocols: readonly number[] }
  | { readonly interfaceId: number };

/** An association and how it is used. */
export type Use = readonly [index: number, use: AssociationUse];

/** IPv4 and IPv6 in IP; GRE. */
const IP_IN_IP = [4, 41];
const GRE = [47];
/** Before the rules of databases. */
const PRIORITY = 0;
const ANY: Readonly<Record<Family, Ip>> = { 4: parseIp('0.0.0.0')!, 6: parseIp('::')! };

/** Throws SchedulerError when there is nothing to protect. */
export function tunnelOf(graph: GraphView, key: Key, { interface: name, nextHopAddr }: TunnelProtection): Tunnel {
  const value = graph.applied(interfaceKey(name)) as Interface | undefined;
  const link = value?.link;
  const refuse = (message: string) =>
    new SchedulerError('unimplemented', `kernel: ${message}`, { key, retriable: false });
  if (link?.case === 'ipip' && link.value.tunnelMode === IPIPLink_Mode.POINT_TO_MULTIPOINT) {
    if (nextHopAddr === '') throw refuse(`${name} has several peers: next_hop_addr says which of them is meant`);
    const peer = graph.applied(teibKey(name, nextHopAddr)) as TeibEntry | undefined;
    if (!peer) throw new SchedulerError('failed', `peer ${nextHopAddr} of ${name} is not there`, { key });
    return { here: parseIp(link.value.srcAddr)!, there: parseIp(peer.nextHopAddr)!, protocols: IP_IN_IP };
  }
  if (nextHopAddr !== '') throw refuse(`${name} has one peer: next_hop_addr has no meaning`);
  if (value?.type === Type.IPSEC_TUNNEL) return { interfaceId: securityInterfaceId(name) };
  if (link?.case !== 'ipip' && link?.case !== 'gre') {
    throw refuse(`${name} is no tunnel that can be protected: IPSEC_TUNNEL, IPIP_TUNNEL and GRE_TUNNEL are`);
  }
  const { srcAddr, dstAddr } = link.value;
  return { here: parseIp(srcAddr)!, there: parseIp(dstAddr)!, protocols: link.case === 'ipip' ? IP_IN_IP : GRE };
}

/** What comes in by it and could do so in clear. */
export function arrivalsOf(tunnel: Tunnel): readonly TunnelArrival[] {
  if ('interfaceId' in tunnel) return [];
  const { here, there, protocols } = tunnel;
  return protocols.map((protocol) => ({ source: there, destination: here, protocol }));
}

/** Throws SchedulerError when an association does not fit. */
export function usesOf(graph: GraphView, { saOut, saIn }: TunnelProtection, tunnel: Tunnel): readonly Use[] {
  if ('interfaceId' in tunnel) return [...saOut, ...saIn].map((index) => [index, packing(graph, index, tunnel)]);
  const { here, there } = tunnel;
  const out: AssociationUse = { mode: 'transport', source: here, destination: there };
  const into: AssociationUse = { mode: 'transport', source: there, destination: here };
  return [...saOut.map((index): Use => [index, out]), ...saIn.map((index): Use => [index, into])];
}

function packing(graph: GraphView, index: number, { interfaceId }: { readonly interfaceId: number }): AssociationUse {
  const ends = endsOf(associationOf(graph, index));
  if (ends) return { ...ends, interfaceId };
  const message = `kernel: association ${index} has no tunnel_src_addr and tunnel_dst_addr, and an IPSEC_TUNNEL has none either`;
  throw new SchedulerError('unimplemented', message, { retriable: false });
}

function associationOf(graph: GraphView, index: number): SecurityAssociation {
  const association = graph.applied(saKey(index)) as SecurityAssociation | undefined;
  if (association) return association;
  throw new SchedulerError('failed', `security association ${index} is not there`, { retriable: true });
}

export function policiesFor(
  graph: GraphView,
  { saOut, saIn }: TunnelProtection,
  tunnel: Tunnel,
  uses: readonly Use[],
): readonly PolicySpec[] {
  const byIndex = new Map(uses);
  const policy = (direction: PolicyDirection, selector: Selector, indices: readonly number[]): PolicySpec => {
    const templates = [templateFor(graph, indices, byIndex.get(indices[0]!)!)];
    const by = 'interfaceId' in tunnel ? { interfaceId: tunnel.interfaceId } : {};
    return { direction, selector, priority: PRIORITY, action: 'allow', templates, ...by };
  };
  if ('interfaceId' in tunnel) {
    return ([4, 6] as const).flatMap((family) => [
      policy('out', { family }, saOut),
      policy('in', { family }, saIn),
      policy('forward', { family }, saIn),
    ]);
  }
  const { here, there, protocols } = tunnel;
  const host = (address: Ip) => ({ address, length: address.bytes.length * 8 });
  const between = (source: Ip, destination: Ip, protocol: number): Selector => ({
    family: source.family,
    source: host(source),
    destination: host(destination),
    protocol,
  });
  return protocols.flatMap((protocol) => [
    policy('out', between(here, there, protocol), saOut),
    policy('in', between(there, here, protocol), saIn),
  ]);
}

/** Several may come in, by whichever of them. */
function templateFor(graph: GraphView, indices: readonly number[], use: AssociationUse): Template {
  const { mode, source, destination } = use;
  const { family } = destination;
  const isOne = indices.length === 1;
  const ends =
    mode === 'tunnel' ? { source: isOne ? source : ANY[family], destination: isOne ? destination : ANY[family] } : {};
  const protocol = protocolOf(associationOf(graph, indices[0]!));
  return { protocol, mode, family, requestId: isOne ? requestIdOf(indices[0]!) : 0, ...ends };
}
