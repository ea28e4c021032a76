/** Turns the nodes that a packet passed in VPP into hops: who reads which node. */

import type { Probe } from '../trace.ts';
import type { Facts } from './facts.ts';
import { accessList, crossConnected, macip, steered } from './filters.ts';
import { asksDatabase, encrypts } from './ipsec.ts';
import { floods, forwards, l2Output } from './layer2.ts';
import type { VppNames } from './names.ts';
import {
  answeredByError,
  delivered,
  drops,
  gleans,
  leaves,
  looksUp,
  looksUpAgain,
  notEnabled,
  rewrites,
  sent,
} from './routing.ts';
import { endsSegment, takesPolicy } from './segments.ts';
import type { TracedNode } from './text.ts';
import { encapsulates, wireguard } from './tunnels.ts';
import { keyed, type NodeReader, numberAfter, type VppReading, Way } from './way.ts';

/** By name; the first that fits reads. */
const readers: readonly (readonly [RegExp, NodeReader])[] = [
  [/^ethernet-input$/, (way, node) => void (way.frameIndex ??= numberAfter(node, 'sw-if-index'))],
  [/^acl-plugin-(?:in|out)-/, accessList],
  [/^ip[46]-inacl$|^l2-input-(?:acl|classify)$/, macip],
  [/^abf-input-ip[46]$/, steered],
  [/^l3xc-input-ip[46]$/, crossConnected],
  [/^ip[46]-lookup$/, looksUp],
  [/^lookup-ip[46]-/, looksUpAgain],
  [/^ip[46]-(?:rewrite|midchain)/, rewrites],
  [/^ip[46]-(?:glean|arp)$|^ip6-discover-neighbor$/, gleans],
  [/^ip[46]-(?:receive|local)$/, delivered],
  [/^ip[46]-icmp-error$/, answeredByError],
  [/^ip[46]-not-enabled$/, notEnabled],
  [/^l2-fwd$/, forwards],
  [/^l2-flood$/, floods],
  [/^l2-output$/, l2Output],
  [/^sr-pl-rewrite/, takesPolicy],
  [/^sr-localsid/, endsSegment],
  [/^ipsec[46]-output-feature$/, asksDatabase],
  [/-encrypt(?:-tun)?$/, encrypts],
  [/^wg[46]-output-tun$/, wireguard],
  [/-encap$/, encapsulates],
  [/^(?:error-)?drop$/, drops],
  [/-output$/, leaves],
  [/-tx$/, sent],
];

export function readNodes(nodes: readonly TracedNode[], probe: Probe, names: VppNames, facts: Facts): VppReading {
  const way = new Way(probe, names, facts);
  comesIn(way);
  for (const [at, node] of nodes.entries()) {
    if (node.name === 'pg-input') continue;
    way.see(node);
    readers.find(([pattern]) => pattern.test(node.name))?.[1](way, node, nodes[at + 1]);
    if (way.isOver) break;
  }
  return way.finish();
}

function comesIn(way: Way): void {
  const { input, names } = way;
  if (!input) return way.add({ by: 'switch', text: 'sends it itself' });
  way.add({ by: 'interface', text: `${input.name} receives it`, header: way.header, ...keyed(input) });
  const domain = names.domainOf(input);
  if (!domain || domain.isBvi) return;
  way.add({ by: 'bridge domain', text: `${domain.value.name} has ${input.name} as a port`, key: domain.key });
}
