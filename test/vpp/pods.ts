/** Pods beside VPP, and a bridge domain for them. */

import { create } from '@bufbuild/protobuf';
import { bridgeDomainKey } from '../../src/features/bridge-domain/model.ts';
import { Interface_Type as LinuxType } from '../../src/model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as Type } from '../../src/model/gen/ligato/vpp/interfaces/interface_pb.js';
import { BridgeDomainSchema } from '../../src/model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import type { Change } from '../../src/scheduler/scheduler.ts';
import { linuxInterface, type named, vppInterface } from '../stage/stage.ts';

/** A pod: a VETH whose one end is in its namespace, and VPP's interface on the other end. */
export function pod(name: string, namespace: ReturnType<typeof named>, address: string): readonly Change[] {
  const inside = { type: LinuxType.VETH, namespace, hostIfName: 'eth0', ipAddresses: [address] };
  return [
    linuxInterface(`${name}-in`, { ...inside, link: { case: 'veth', value: { peerIfName: `${name}-out` } } }),
    linuxInterface(`${name}-out`, {
      type: LinuxType.VETH,
      hostIfName: `v-${name}`,
      link: { case: 'veth', value: { peerIfName: `${name}-in` } },
    }),
    vppInterface(name, {
      type: Type.AF_PACKET,
      link: { case: 'afpacket', value: { linuxInterface: `${name}-out` } },
    }),
  ];
}

/** A learning bridge domain. */
export function lan(...names: readonly string[]): Change {
  const interfaces = names.map((name) => ({ name }));
  const value = { name: 'lan', flood: true, unknownUnicastFlood: true, forward: true, learn: true, interfaces };
  return { key: bridgeDomainKey('lan'), value: create(BridgeDomainSchema, value) };
}
