/**
 * GRE_TUNNEL: gre, gretap and erspan devices, or their IPv6 forms. Ends change in place; what travels in the tunnel and the family
 * of its ends are what device it is.
 */

import { parseIp } from '../../../model/address.ts';
import { GreLink_Type, Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { GRE_KEY, GRE_SEQ } from '../../../kernel/netlink/link-kinds.ts';
import type { Gre } from '../../../kernel/netlink/link-kind-model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { DeviceMaker } from './maker.ts';
import { singleDeviceMaker } from './single-device.ts';
import { NO_ENCAPSULATION_LIMIT, outerDevice, TUNNEL_TTL } from './tunnel-underlay.ts';

export const GRE_ROLE = 'gre';

const KINDS = {
  [GreLink_Type.L3]: ['gre', 'ip6gre'],
  [GreLink_Type.TEB]: ['gretap', 'ip6gretap'],
  [GreLink_Type.ERSPAN]: ['erspan', 'ip6erspan'],
} as const;

export function greMaker(engine: KernelEngine): DeviceMaker {
  return singleDeviceMaker(engine, {
    type: Interface_Type.GRE_TUNNEL,
    role: GRE_ROLE,
    title: 'GRE tunnels of this type',
    layer3: (value) => greOf(value).tunnelType === GreLink_Type.L3,
    shape(graph, value) {
      const { srcAddr, outerFibId } = greOf(value);
      const link = outerDevice(graph, outerFibId, parseIp(srcAddr)!);
      const kind = kindOf(value);
      return link === undefined ? { kind } : { kind: { ...kind, link }, link };
    },
    recreate(from, to) {
      const [one, other] = [greOf(from), greOf(to)];
      return kindOf(from).type !== kindOf(to).type || one.outerFibId !== other.outerFibId;
    },
    hint({ code }, value) {
      if (code !== 'EEXIST') return undefined;
      const { srcAddr, dstAddr } = greOf(value);
      return `another tunnel of this kind has the ends ${srcAddr} and ${dstAddr}: remove that one or choose another end`;
    },
  });
}

function greOf({ link }: Interface) {
  if (link.case !== 'gre') throw new TypeError('no GRE tunnel');
  return link.value;
}

function kindOf(value: Interface): Gre {
  const { tunnelType, srcAddr, dstAddr, sessionId } = greOf(value);
  const local = parseIp(srcAddr)!;
  const [four, six] = KINDS[tunnelType as keyof typeof KINDS];
  return {
    type: local.family === 4 ? four : six,
    local,
    remote: parseIp(dstAddr)!,
    ttl: TUNNEL_TTL,
    ...(local.family === 6 && { flags: NO_ENCAPSULATION_LIMIT }),
    ...(tunnelType === GreLink_Type.ERSPAN && sessionOf(sessionId)),
  };
}

/** The kernel takes the session of ERSPAN type 2 for the key of the tunnel. */
function sessionOf(session: number): Partial<Gre> {
  const flags = GRE_KEY | GRE_SEQ;
  return { erspanVersion: 1, inputFlags: flags, outputFlags: flags, inputKey: session, outputKey: session };
}
