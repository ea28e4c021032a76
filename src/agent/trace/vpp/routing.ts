/** Nodes of routing: look-ups, neighbours, what leaves, what ends here. */

import { tunnelMidchain } from './tunnels.ts';
import { keyed, type NodeReader, type Way } from './way.ts';

function looksUpIn(way: Way, family: 4 | 6, fib: number): void {
  if (!way.facts.isOwn(family, fib)) way.looksUp(way.facts.tableOf(family, fib), { observed: true });
}

export const looksUp: NodeReader = (way, { name, lines }, next) => {
  looksUpIn(way, name.startsWith('ip6') ? 6 : 4, Number(/^fib (\d+)/.exec(lines[0] ?? '')?.[1] ?? 0));
  if (next && /^ip[46]-drop$/.test(next.name)) way.drops(`no route to ${way.header.destination}`);
};

/** In other tables, that routes between VRFs lead to: a line for each. */
export const looksUpAgain: NodeReader = (way, { name, lines }, next) => {
  const family = name.includes('ip6') ? 6 : 4;
  for (const line of lines) {
    const fib = /^fib-index:(\d+)/.exec(line)?.[1];
    if (fib !== undefined) looksUpIn(way, family, Number(fib));
  }
  if (next && /^ip[46]-drop$/.test(next.name)) way.drops(`no route to ${way.header.destination}`);
};

export const rewrites: NodeReader = (way, node) => {
  const { names } = way;
  const line = node.lines[0] ?? '';
  const output = names.interface(Number(/tx_sw_if_index (\d+)/.exec(line)?.[1]));
  const [, address] = /ipv[46] (?:\[features\] )?via (\S+) \S+?: /.exec(line) ?? [];
  // Of a tunnel with two ends.
  const via = address === '0.0.0.0' || address === '::' ? undefined : address;
  way.leadsTo(output, via);
  if (node.name.includes('midchain')) return tunnelMidchain(way, output, node);
  const rewrite = /flags:\[[^\]]*\] ([0-9a-f]*)/.exec(line)?.[1] ?? '';
  const mac = /^[0-9a-f]{28}/.test(rewrite) ? (rewrite.slice(0, 12).match(/../g)?.join(':') ?? '') : '';
  if (via === undefined || mac === '') return;
  const key = names.arp(output.name, via);
  const how = key === undefined ? (via.includes(':') ? 'found by ND' : 'found by ARP') : 'configured';
  const text = `${via} on ${output.name} is ${mac} (${how})`;
  way.add({ by: 'neighbour', text, ...(key !== undefined && { key }) });
};

export const gleans: NodeReader = (way, { name }) => {
  way.isWaiting = true;
  const asked = name.startsWith('ip4') ? 'ARP' : 'neighbour discovery';
  const text = `nobody answers ${asked} for the next hop to ${way.header.destination}`;
  way.ends({ outcome: 'dropped', text });
};

export const delivered: NodeReader = (way, _node, next) => {
  if (next && /^(?:ip[46]-drop|error-drop)$/.test(next.name)) return;
  const { destination } = way.header;
  const text = `to the switch itself: ${destination} is its own address`;
  way.ends({ outcome: 'delivered', text, ...keyed(way.names.owner(destination)) });
};

/** The packet ends here; what goes on is VPP's answer. */
export const answeredByError: NodeReader = (way) => {
  const ends = way.header.ttl <= 1;
  way.ends({ outcome: 'dropped', text: ends ? 'its TTL ends here' : 'VPP answers with an ICMP error' });
};

export const notEnabled: NodeReader = (way, { name }) => {
  const { input } = way;
  const family = name.startsWith('ip4') ? 'IPv4' : 'IPv6';
  const text = `${input?.name ?? 'the interface'} takes no ${family}: it has no such address`;
  way.ends({ outcome: 'dropped', text, ...keyed(input) });
};

export const leaves: NodeReader = (way, { name }) => {
  const { names } = way;
  const output = names.device(name.slice(0, -'-output'.length));
  if (!output) return;
  const domain = names.domainOf(output);
  way.add({ by: 'interface', text: `${output.name} sends it`, ...keyed(output) });
  if (domain?.isBvi) {
    const text = `${domain.value.name} gets it from its BVI ${output.name}`;
    return way.add({ by: 'bridge domain', text, key: domain.key });
  }
  way.output = output;
  // What a loopback sends comes in by it again, and is another packet.
  if (names.isLoopback(output)) way.ends(way.finish().verdict);
};

export const sent: NodeReader = (way, { name }) => {
  if (way.names.device(name.slice(0, -'-tx'.length)) && way.output) way.ends(way.finish().verdict);
};

/** What VPP's counters mean. */
const meanings: Readonly<Record<string, string>> = {
  'wg4-output-tun: Keypair error': 'WireGuard has no session with its peer: the handshake has not been answered',
  'wg4-output-tun: Peer error': 'no WireGuard peer has the next hop among its allowed_ips',
  'sr-localsid: (SR-Error) No SR header': 'the packet has no list of segments',
  'sr-localsid-d: (SR-Error) No inner IP header': 'there is no packet inside that this segment unpacks',
  'sr-pl-rewrite-b-encaps: BSID with SL = 0': 'a binding segment has to be one of several, and not the last',
};

/** `drop` prints the reason. */
export const drops: NodeReader = (way, node, next) => {
  const reasons = node.name === 'drop' ? node : next;
  const reason = reasons?.lines.find((line) => /^[\w-]+: /.test(line));
  way.drops(reason === undefined ? 'VPP does not say why' : (meanings[reason.replace('wg6', 'wg4')] ?? reason));
};
