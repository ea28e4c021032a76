import { parseIp } from '../../model/address.ts';
import type { Ip } from '../../model/address.ts';
import { errnoName } from '../syscall/errno.ts';
import { changeLink, createLink } from '../netlink/link.ts';
import type { LinkKind } from '../netlink/link-kinds.ts';
import type { Capability } from './capabilities.ts';
import type { Laboratory, Outcome } from './laboratory.ts';

const LOCAL4 = parseIp('192.0.2.1') as Ip;
const LOCAL6 = parseIp('2001:db8::1') as Ip;

/** Types of links: name of the capability, what people call it, and a link to try. */
const LINKS: readonly (readonly [name: string, title: string, kind: LinkKind, link?: number])[] = [
  ['veth', 'veth pairs', { type: 'veth', peer: { name: 'probe-peer', index: 999 } }],
  ['bridge', 'bridges', { type: 'bridge' }],
  ['dummy', 'dummy devices', { type: 'dummy' }],
  ['vrf', 'VRF devices', { type: 'vrf', table: 10 }],
  ['vxlan', 'VXLAN devices', { type: 'vxlan', id: 10, port: 4789, local: LOCAL4 }],
  ['vlan', 'VLAN devices', { type: 'vlan', id: 10 }, 1],
  ['macvlan', 'macvlan devices', { type: 'macvlan', mode: 4 }, 1],
  ['bond', 'bonding devices', { type: 'bond', mode: 1 }],
  ['ifb', 'ifb devices', { type: 'ifb' }],
  ['gre', 'GRE tunnels', { type: 'gre', local: LOCAL4, remote: LOCAL4, ttl: 64 }],
  ['gretap', 'GRE tunnels that carry Ethernet', { type: 'gretap', local: LOCAL4, remote: LOCAL4, ttl: 64 }],
  [
    'erspan',
    'ERSPAN tunnels',
    {
      type: 'erspan',
      local: LOCAL4,
      remote: LOCAL4,
      ttl: 64,
      erspanVersion: 1,
      inputFlags: 0x3000,
      outputFlags: 0x3000,
      inputKey: 1,
      outputKey: 1,
    },
  ],
  ['ip6gre', 'GRE tunnels over IPv6', { type: 'ip6gre', local: LOCAL6, remote: LOCAL6, ttl: 64 }],
  ['ipip', 'IPIP tunnels', { type: 'ipip', local: LOCAL4, remote: LOCAL4, ttl: 64 }],
  ['ip6tnl', 'IPv6 tunnels', { type: 'ip6tnl', local: LOCAL6, remote: LOCAL6, ttl: 64 }],
  ['wireguard', 'WireGuard devices', { type: 'wireguard' }],
  ['xfrm-interface', 'xfrm interfaces', { type: 'xfrm', id: 10 }],
  ['geneve', 'GENEVE tunnels', { type: 'geneve', id: 10, remote: LOCAL4 }],
];

const FIRST_INDEX = 1000;

export async function probeLinks(laboratory: Laboratory): Promise<Capability[]> {
  // A VLAN or macvlan needs an Ethernet device below it: the far end of the veth pair.
  const requests = LINKS.map(([name, , kind, below], index) =>
    createLink({
      name: `probe-${name}`.slice(0, 15),
      kind,
      index: FIRST_INDEX + index,
      ...(below !== undefined && { link: 999 }),
    }),
  );
  const outcomes = await laboratory.route(requests);
  const capabilities = LINKS.map(([name, title], index) => capability(name, title, outcomes[index]!));
  return [...capabilities.map(withRemedy), await vlanFiltering(laboratory)];
}

/** What helps, or takes its place. */
const REMEDIES: Readonly<Record<string, string>> = {
  vrf: '`modprobe vrf` brings them where they are a module; VRFs are made of rules without',
};

function withRemedy(capability: Capability): Capability {
  const remedy = REMEDIES[capability.name];
  if (capability.present || remedy === undefined) return capability;
  return { ...capability, reason: `${capability.reason}; ${remedy}` };
}

async function vlanFiltering(laboratory: Laboratory): Promise<Capability> {
  const index = FIRST_INDEX + LINKS.findIndex(([name]) => name === 'bridge');
  const [outcome] = await laboratory.route([changeLink({ index }, { kind: { type: 'bridge', vlanFiltering: true } })]);
  return capability('bridge-vlan-filtering', 'VLAN filtering in bridges', outcome!);
}

/** A capability from what trying it answered. */
export function capability(name: string, title: string, outcome: Outcome): Capability {
  if (outcome.errno === 0) return { name, present: true, reason: '' };
  const said = outcome.explanation ? `: ${outcome.explanation}` : '';
  return { name, present: false, reason: `this kernel has no ${title} (${errnoName(outcome.errno)}${said})` };
}
