/**
 * IPIP_TUNNEL: a sit device of protocol "any" over IPv4, ip6tnl of the same over IPv6: both carry IPv4 and IPv6, as in VPP (the
 * kernel's ipip carries IPv4 only). To several peers, which the entries of ligato.vpp.l3.TeibEntry make: over IPv4 a sit device
 * without a far end, for which the gateway of a route is the far end; over IPv6 one that takes it from the route (`encap ip6`).
 */

import { parseIp } from '../../../model/address.ts';
import { Interface_Type, IPIPLink_Mode } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Ip6Tunnel, IpTunnel } from '../../../kernel/netlink/link-kind-model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { vrfDependency } from '../../vrf/model.ts';
import type { DeviceMaker } from './maker.ts';
import { singleDeviceMaker } from './single-device.ts';
import { NO_ENCAPSULATION_LIMIT, outerDevice, TUNNEL_TTL } from './tunnel-underlay.ts';

export const IPIP_ROLE = 'ipip';

export function ipipMaker(engine: KernelEngine): DeviceMaker {
  return singleDeviceMaker(engine, {
    type: Interface_Type.IPIP_TUNNEL,
    role: IPIP_ROLE,
    title: 'tunnels of IP in IP',
    layer3: () => true,
    unsupported(value) {
      if (!toMany(value) || value.vrf === 0 || parseIp(ipipOf(value).srcAddr)?.family === 4) return undefined;
      return 'kernel: a tunnel to several peers over IPv6 runs in VRF 0 only; one over IPv4 runs in any';
    },
    dependencies({ vrf, link }) {
      const table = link.case === 'ipip' ? vrfDependency(vrf, link.value.srcAddr.includes(':') ? 6 : 4) : undefined;
      return table ? [table] : [];
    },
    shape(graph, value) {
      const link = outerDevice(graph, value.vrf, parseIp(ipipOf(value).srcAddr)!);
      const kind = kindOf(value);
      return link === undefined ? { kind } : { kind: { ...kind, link }, link };
    },
    recreate: (from, to) => toMany(from) !== toMany(to) || kindOf(from).type !== kindOf(to).type,
    hint({ code }, value) {
      if (code !== 'EEXIST') return undefined;
      const { srcAddr, dstAddr } = ipipOf(value);
      if (toMany(value))
        return parseIp(srcAddr)?.family === 4
          ? `another tunnel to several peers has the near end ${srcAddr}: remove that one or choose another address`
          : 'the kernel has one tunnel to several peers over IPv6 in a namespace: remove the other one';
      return `another tunnel has the ends ${srcAddr} and ${dstAddr}: remove that one or choose another end`;
    },
  });
}

function ipipOf({ link }: Interface) {
  if (link.case !== 'ipip') throw new TypeError('no IPIP tunnel');
  return link.value;
}

function toMany(value: Interface): boolean {
  return ipipOf(value).tunnelMode === IPIPLink_Mode.POINT_TO_MULTIPOINT;
}

function kindOf(value: Interface): IpTunnel | Ip6Tunnel {
  const { srcAddr, dstAddr } = ipipOf(value);
  const local = parseIp(srcAddr)!;
  if (toMany(value)) {
    return local.family === 4
      ? { type: 'sit', local, ttl: TUNNEL_TTL, protocol: 0 }
      : { type: 'ip6tnl', protocol: 0, collectMetadata: true };
  }
  const ends = { local, remote: parseIp(dstAddr)!, ttl: TUNNEL_TTL, protocol: 0 };
  return local.family === 4 ? { type: 'sit', ...ends } : { type: 'ip6tnl', ...ends, flags: NO_ENCAPSULATION_LIMIT };
}
