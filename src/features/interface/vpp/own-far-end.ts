/** Tunnels whose far end is behind the tunnel itself, by an address of its own: what VPP (23.06 to 26.06) does not survive of them. */

import { contains, networkOf, parseIp, parsePrefix, sameIp } from '../../../model/address.ts';
import type { Ip } from '../../../model/address.ts';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';

interface FarEnd {
  readonly address: Ip;
  readonly text: string;
  readonly field: string;
}

/**
 * Why VPP cannot give the tunnel this address. To itself as the far end it ends with the first packet for the tunnel. In a subnet with
 * the far end VXLAN-GPE and GTP-U pack a packet again and again until VPP ends; IPIP and GRE drop it.
 */
export function ownFarEndProblem(value: Interface, prefix: string): string | undefined {
  const far = farEndOf(value);
  const own = parsePrefix(prefix);
  if (!far || !own) return undefined;
  if (sameIp(own.address, far.address)) {
    return `vpp: ip_addresses: ${prefix} is ${far.field}, too: VPP ends with a packet that goes there; an address other than that of the far end is accepted`;
  }
  if (value.link.case !== 'ipip' && value.link.case !== 'gre' && contains(networkOf(own), far.address)) {
    return `vpp: ip_addresses: ${prefix} has ${far.field} ${far.text} in its subnet: the tunnel would lead to itself, and VPP ends with a packet that goes there; a subnet without the far end is accepted`;
  }
  return undefined;
}

/** Whether the tunnel leads to its own far end by this address. */
export function leadsToFarEnd(value: Interface, prefix: string): boolean {
  const far = farEndOf(value);
  const own = parsePrefix(prefix);
  return far !== undefined && own !== undefined && contains(networkOf(own), far.address);
}

/** Undefined without one, and when its packets are routed in another VRF than what is inside of it. */
function farEndOf(value: Interface): FarEnd | undefined {
  const { link, vrf } = value;
  switch (link.case) {
    case 'ipip':
      return farEnd(link.value.dstAddr, 'ipip.dst_addr');
    case 'gre':
      return link.value.outerFibId === vrf ? farEnd(link.value.dstAddr, 'gre.dst_addr') : undefined;
    case 'gtpu':
      return link.value.encapVrfId === vrf ? farEnd(link.value.dstAddr, 'gtpu.dst_addr') : undefined;
    case 'vxlan':
      // Frames of one without GPE are bridged: its own addresses lead nowhere.
      return link.value.gpe && farEnd(link.value.dstAddress, 'vxlan.dst_address');
    default:
      return undefined;
  }
}

function farEnd(text: string, field: string): FarEnd | undefined {
  const address = parseIp(text);
  return address && { address, text, field };
}
