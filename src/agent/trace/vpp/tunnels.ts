/** Nodes that put a packet into another one. */

import { tunnelOf } from '../../topology/tunnels.ts';
import { peerOf, underlayVrf, wrapText } from '../objects/tunnels.ts';
import type { Header, Hop } from '../trace.ts';
import type { NamedInterface } from './names.ts';
import { rawHeaderOf, type TracedNode } from './text.ts';
import { keyed, type NodeReader, type Way } from './way.ts';

/** Tunnels of IP packets: the route leads to the outer header itself. */
export function tunnelMidchain(way: Way, tunnel: NamedInterface, node: TracedNode): void {
  // WireGuard and IPsec interfaces have no header yet: the node that encrypts makes it.
  if (!tunnel.value || !tunnelOf(tunnel.value) || tunnel.value.link.case === 'wireguard') return;
  const header = rawHeaderOf(node);
  wraps(way, tunnel, header?.destination, header);
}

/** `vxlan4-encap`, `gtpu4-encap`, ... */
export const encapsulates: NodeReader = (way, { lines }) => {
  const text = lines.join('\n');
  const gre = /^GRE: tunnel (\d+) /m.exec(text)?.[1];
  const device = gre === undefined ? /encap to (\S+)/.exec(text)?.[1] : `gre${gre}`;
  const tunnel = device === undefined ? way.lastLookUp?.output : way.names.device(device);
  if (tunnel) wraps(way, tunnel);
};

function wraps(way: Way, tunnel: NamedInterface, destination?: string, header?: Header): void {
  const routedIn = tunnel.value ? underlayVrf(tunnel.value) : 0;
  const hop: Omit<Hop, 'observed'> = { by: 'tunnel', text: wrapText(tunnel, destination), ...keyed(tunnel) };
  way.wraps(hop, { tunnel, routedIn, ...(header && { header }) });
}

export const wireguard: NodeReader = (way) => {
  const looked = way.lastLookUp;
  const tunnel = looked?.output;
  if (!tunnel) return;
  wraps(way, tunnel, peerOf(way.snapshot, tunnel.name, looked.via ?? looked.destination));
};
