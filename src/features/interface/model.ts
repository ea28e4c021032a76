/** VPP interfaces: `vpp.interfaces`, its parts and what is told about interfaces. Keys and types for other features, too. */

import { VxlanLink_Gpe_Protocol } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface, VxlanLink_Gpe } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Dependency, Kind } from '../../scheduler/kind.ts';
import { equivalence, messageRule, sameIpText, sameMacText, samePrefixSet, sameSet } from '../equality.ts';
import { linuxInterfaceKey } from '../linux-interface/model/keys.ts';
import { microserviceDependency } from '../namespace/model.ts';
import { vrfDependency } from '../vrf/model.ts';
import { INTERFACE_PREFIX } from './model/keys.ts';
import * as partKinds from './model/part-kinds.ts';
import { interfaceDependency } from './model/part-kinds.ts';
import { interfaceParts } from './model/parts.ts';
import { validateInterface } from './model/validate.ts';

export * from './model/keys.ts';
export { addressDependency, hasIp, interfaceDependency } from './model/part-kinds.ts';
export type { LinkState } from './model/part-kinds.ts';
export { base64KeyProblem } from './model/validate-tunnel.ts';
export type * from './model/parts.ts';

export const vppInterface: Kind<Interface> = {
  name: 'vpp.interfaces',
  prefix: INTERFACE_PREFIX,
  validate: (_key, value) => validateInterface(value),
  equivalent: (key, left, right) => sameInterface(key, left, right),
  parts: (_key, value) => interfaceParts(value),
  dependencies: (_key, value) => linkDependencies(value),
  claims: (_key, value) => linkClaims(value),
  secrets: [
    'memif.secret',
    'wireguard.private_key',
    'ipsec.local_crypto_key',
    'ipsec.remote_crypto_key',
    'ipsec.local_integ_key',
    'ipsec.remote_integ_key',
  ],
};

export const interfaceKinds: readonly Kind[] = [vppInterface, ...Object.values(partKinds).filter(isKind)];

function isKind(candidate: Kind | ((name: string) => Dependency)): candidate is Kind {
  return typeof candidate === 'object';
}

/** No wish as to the MAC address or the MTU is met by any; a wish is not met by an unknown one. */
const sameInterface = equivalence<Interface>({
  physAddress: (left, right) => right === '' || sameMacText(left, right),
  mtu: (left, right) => right === 0 || left === right,
  ipAddresses: samePrefixSet,
  rxModes: (left, right) => sameSet(left, right, (mode) => `${mode.defaultMode || mode.queue} ${mode.mode}`),
  rxPlacements: (left, right) =>
    sameSet(left, right, ({ queue, mainThread, worker }) => `${queue} ${mainThread || worker}`),
  link: sameLink,
});

type Link = Interface['link'];
type Spelled = { readonly value: Record<string, unknown> };

function sameLink(left: Link, right: Link): boolean {
  if (left.case !== right.case) return false;
  return left.value === right.value || sameParameters((left as Spelled).value, (right as Spelled).value);
}

/** Fields of these names hold the same thing in every type of link. */
const sameParameters = messageRule<Record<string, unknown>>({
  srcAddress: sameIp,
  dstAddress: sameIp,
  srcAddr: sameIp,
  dstAddr: sameIp,
  bondedInterfaces: (left, right) =>
    sameSet(
      left as Members,
      right as Members,
      (member) => `${member.name} ${member.isPassive} ${member.isLongTimeout}`,
    ),
});

type Members = readonly { readonly name: string; readonly isPassive: boolean; readonly isLongTimeout: boolean }[];

function sameIp(left: unknown, right: unknown): boolean {
  return sameIpText(left as string, right as string);
}

/** What the parameters of the type refer to. What only one engine needs is in its handler. */
function linkDependencies({ link, vrf }: Interface): readonly Dependency[] {
  switch (link.case) {
    case 'sub':
      return [interfaceDependency(link.value.parentName)];
    case 'tap':
      return link.value.toMicroservice === '' ? [] : [microserviceDependency(link.value.toMicroservice)];
    case 'afpacket':
      return link.value.linuxInterface === '' ? [] : [linuxInterfaceDependency(link.value.linuxInterface)];
    case 'vxlan':
      return present(
        carrier(link.value.multicast),
        outerVrf(vrf, link.value.srcAddress),
        decapsulationVrf(link.value.gpe),
      );
    case 'gtpu':
      return present(carrier(link.value.multicast), outerVrf(link.value.encapVrfId, link.value.srcAddr));
    case 'gre':
      return present(outerVrf(link.value.outerFibId, link.value.srcAddr));
    default:
      return NONE;
  }
}

const NONE: readonly Dependency[] = [];

function present(...dependencies: readonly (Dependency | undefined)[]): readonly Dependency[] {
  return dependencies.filter((dependency) => dependency !== undefined);
}

function carrier(multicast: string): Dependency | undefined {
  return multicast === '' ? undefined : interfaceDependency(multicast);
}

/** The table in which the tunnel's own packets are routed. */
function outerVrf(id: number, source: string): Dependency | undefined {
  return vrfDependency(id, source.includes(':') ? 6 : 4);
}

function decapsulationVrf(gpe: VxlanLink_Gpe | undefined): Dependency | undefined {
  return gpe && vrfDependency(gpe.decapVrfId, gpe.protocol === VxlanLink_Gpe_Protocol.IP6 ? 6 : 4);
}

function linuxInterfaceDependency(name: string): Dependency {
  return { label: `Linux interface ${name}`, key: linuxInterfaceKey(name) };
}

/** What no two interfaces can have. */
function linkClaims({ link, vrf }: Interface): readonly string[] {
  switch (link.case) {
    case 'sub':
      return [`VLAN ${link.value.subId} of interface ${link.value.parentName}`];
    case 'memif':
      return [`memif ${link.value.id} on ${link.value.socketFilename || 'the default socket'}`];
    case 'afpacket': {
      const { linuxInterface, hostIfName } = link.value;
      return [
        linuxInterface === ''
          ? `packets of host interface ${hostIfName}`
          : `packets of Linux interface ${linuxInterface}`,
      ];
    }
    case 'vxlan': {
      const { srcAddress, dstAddress, vni, gpe } = link.value;
      return [`${gpe === undefined ? 'VXLAN' : 'VXLAN-GPE'} ${vni} ${srcAddress} - ${dstAddress} in VRF ${vrf}`];
    }
    case 'bond':
      return [`bond number ${link.value.id}`];
    default:
      return NO_CLAIMS;
  }
}

const NO_CLAIMS: readonly string[] = [];
