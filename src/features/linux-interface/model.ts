/** Linux interfaces: `linux.interfaces.interface`, its parts and what the watcher of the host tells. */

import { Interface_Type as Type } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Interface } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Dependency, Kind } from '../../scheduler/kind.ts';
import { equivalence, sameMacText, samePrefixSet } from '../equality.ts';
import { interfaceKey } from '../interface/model/keys.ts';
import { namespaceDependency, namespaceLabel, sameNamespace } from '../namespace/model.ts';
import { LINUX_INTERFACE_PREFIX, linuxInterfaceKey } from './model/keys.ts';
import * as parts from './model/parts.ts';
import { hostIfName, hostInterfaceDependency, linuxInterfaceParts } from './model/parts.ts';
import { validateLinuxInterface } from './model/validate.ts';

export * from './model/keys.ts';
export {
  hostIfName,
  hostInterfaceDependency,
  linuxAddressDependency,
  linuxInterfaceDependency,
  linuxInterfaceUpDependency,
  waitsForAddresses,
} from './model/parts.ts';
export type {
  HostAddress,
  HostInterface,
  HostVrf,
  LinuxInterfaceAddress,
  LinuxInterfaceState,
  LinuxInterfaceVrf,
} from './model/parts.ts';

export const linuxInterface: Kind<Interface> = {
  name: 'linux.interfaces.interface',
  prefix: LINUX_INTERFACE_PREFIX,
  validate: (_key, value) => validateLinuxInterface(value),
  equivalent: (key, left, right) => hostIfName(left) === hostIfName(right) && sameInterface(key, left, right),
  parts: (_key, value) => linuxInterfaceParts(value),
  dependencies: (_key, value) => dependencies(value),
  claims: (_key, value) => claims(value),
  // The ends of a VETH wait for each other; the first by key makes the pair.
  cycleRank: 0,
};

export const linuxInterfaceKinds: readonly Kind[] = [
  linuxInterface,
  parts.linuxInterfaceAddress,
  parts.linuxInterfaceVrf,
  parts.hostInterface,
  parts.hostAddress,
  parts.hostVrf,
];

/** No wish as to the MAC address or the MTU is met by any; a wish is not met by an unknown one. */
const sameInterface = equivalence<Interface>({
  physAddress: (left, right) => right === '' || sameMacText(left, right),
  mtu: (left, right) => right === 0 || left === right,
  ipAddresses: samePrefixSet,
  namespace: sameNamespace,
  hostIfName: () => true,
});

function dependencies(value: Interface): readonly Dependency[] {
  const wanted: Dependency[] = [];
  const namespace = namespaceDependency(value.namespace);
  if (namespace !== undefined) wanted.push(namespace);
  if (value.type === Type.EXISTING) wanted.push(hostInterfaceDependency(hostIfName(value)));
  if (value.link.case === 'tap') {
    const tap = value.link.value.vppTapIfName;
    wanted.push({ label: `TAP interface ${tap}`, key: interfaceKey(tap) });
  } else if (value.link.case === 'veth') {
    const peer = value.link.value.peerIfName;
    wanted.push({ label: `VETH peer ${peer}`, key: linuxInterfaceKey(peer) });
  }
  return wanted;
}

function claims(value: Interface): readonly string[] {
  const place = namespaceLabel(value.namespace);
  const device = `host interface ${hostIfName(value)} in ${place}`;
  switch (value.link.case) {
    case 'tap':
      return [device, `Linux side of TAP interface ${value.link.value.vppTapIfName}`];
    case 'veth':
      return [device, `VETH peer ${value.link.value.peerIfName}`];
    case 'vrfDev':
      return [device, `routing table ${value.link.value.routingTable} in ${place}`];
    default:
      return [device];
  }
}
