/** Tunnels in words, and where their outer packets are routed. */

import { contains, parseIp, parsePrefix, sameIp } from '../../../model/address.ts';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { TeibEntry } from '../../../model/gen/ligato/vpp/l3/teib_pb.js';
import type { Peer } from '../../../model/gen/ligato/vpp/wireguard/wireguard_pb.js';
import type { Snapshot } from '../../../scheduler/scheduler.ts';
import { tunnelOf } from '../../topology/tunnels.ts';

/** `overlay wraps it: VXLAN 7 10.2.0.1 -> 10.2.0.2`; `destination` where the configuration names none. */
export function wrapText({ name, value }: { readonly name: string; readonly value?: Interface }, destination = '') {
  const tunnel = value && tunnelOf(value);
  if (!tunnel) return `${name} wraps it`;
  const { id, source } = tunnel;
  const type = value.link.case === 'vxlan' && value.link.value.gpe ? 'VXLAN-GPE' : tunnel.type;
  const far = tunnel.destination || destination || 'the peer of its next hop';
  return `${name} wraps it: ${type}${id === undefined ? '' : ` ${id}`} ${source || '?'} -> ${far}`;
}

/** VRF that the outer packets of a tunnel are routed in. */
export function underlayVrf({ link, vrf }: Interface): number {
  switch (link.case) {
    case 'gre':
      return link.value.outerFibId;
    case 'gtpu':
      return link.value.encapVrfId;
    case 'vxlan':
    case 'ipip':
      return vrf;
    default:
      return 0;
  }
}

/** Address outside of the peer of a tunnel with several, that has this next hop. Undefined: no peer has it. */
export function peerOf(snapshot: Snapshot, name: string, nextHop: string): string | undefined {
  const address = parseIp(nextHop);
  if (!address) return undefined;
  for (const { applied } of snapshot.nodes({ kind: 'vpp.wg.peer' })) {
    const peer = applied as Peer | null;
    if (peer?.wgIfName !== name) continue;
    const prefixes = peer.allowedIps.flatMap((text) => parsePrefix(text) ?? []);
    if (prefixes.some((prefix) => contains(prefix, address))) return peer.endpoint;
  }
  for (const { applied } of snapshot.nodes({ kind: 'vpp.teib' })) {
    const entry = applied as TeibEntry | null;
    const inside = parseIp(entry?.peerAddr ?? '');
    if (entry?.interface === name && inside && sameIp(inside, address)) return entry.nextHopAddr;
  }
  return undefined;
}
