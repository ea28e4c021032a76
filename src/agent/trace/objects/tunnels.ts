/** Tunnels in words, and where their outer packets are routed. */

import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
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
