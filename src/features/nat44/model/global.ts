/** NAT44 as a whole: `vpp.nat.nat44-global`, and its deprecated lists of interfaces and addresses. */

import type {
  Nat44Global,
  Nat44Global_Address,
  Nat44Global_Interface,
} from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Kind, Part, Problem } from '../../../scheduler/kind.ts';
import { ipProblem, nameProblem, report, reportDuplicates } from '../../check.ts';
import { equivalence, sameSet, spelledIp } from '../../equality.ts';
import { interfaceDependency } from '../../interface/model.ts';
import * as keys from './keys.ts';
import { endpointDependent } from './mode.ts';
import { poolAddressClaim, poolVrfDependency } from './pool.ts';

/** An interface of the global object (`vpp.nat.nat44-global.interface`). */
export interface GlobalInterface {
  readonly interface: string;
  /** Else outside. */
  readonly inside: boolean;
  readonly outputFeature: boolean;
}

/** An address of the global object (`vpp.nat.nat44-global.address`). */
export interface GlobalAddress {
  /** Canonical. */
  readonly address: string;
  /** 0xFFFFFFFF: any. */
  readonly vrf: number;
  readonly twiceNat: boolean;
}

export const nat44Global: Kind<Nat44Global> = {
  name: 'vpp.nat.nat44-global',
  prefix: keys.NAT44_GLOBAL_KEY,
  label: () => 'NAT44',
  validate: (_key, value) => validate(value),
  equivalent: equivalence<Nat44Global>({
    natInterfaces: (left, right) => sameSet(left, right, interfaceText),
    addressPool: (left, right) => sameSet(left, right, addressText),
  }),
  parts(_key, { endpointIndependent, natInterfaces, addressPool }) {
    const parts: Part[] = [...natInterfaces.map(interfacePart), ...addressPool.map(addressPart)];
    if (!endpointIndependent) parts.push({ key: keys.ENDPOINT_DEPENDENT_KEY, value: {} });
    return parts;
  },
};

export const globalInterface: Kind<GlobalInterface> = {
  name: 'vpp.nat.nat44-global.interface',
  dependencies: (_key, { interface: name }) => [interfaceDependency(name)],
  claims: (_key, { interface: name, inside }) => [natInterfaceClaim(name, inside)],
};

export const globalAddress: Kind<GlobalAddress> = {
  name: 'vpp.nat.nat44-global.address',
  dependencies(_key, { vrf, twiceNat }) {
    const table = poolVrfDependency(vrf);
    return [...(table ? [table] : []), ...(twiceNat ? [endpointDependent] : [])];
  },
  claims: (_key, { address, twiceNat }) => [poolAddressClaim(address, twiceNat)],
};

/** One object says that an interface is inside, one that it is outside. */
export function natInterfaceClaim(interfaceName: string, inside: boolean): string {
  return `${inside ? 'inside' : 'outside'} of NAT44 at interface ${interfaceName}`;
}

function validate({ natInterfaces, addressPool }: Nat44Global): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [index, { name, outputFeature }] of natInterfaces.entries()) {
    report(problems, nameProblem(name, 'the name of an interface'), 'nat_interfaces', index, 'name');
    const both = outputFeature && natInterfaces.filter((other) => other.name === name).length > 1;
    if (!both) continue;
    const problem = 'the output feature works inside or outside; another entry has this interface, too';
    report(problems, problem, 'nat_interfaces', index, 'output_feature');
  }
  const side = ({ name, isInside }: Nat44Global_Interface) => `${name} ${isInside ? 'inside' : 'outside'}`;
  reportDuplicates(problems, natInterfaces, side, 'nat_interfaces');
  for (const [index, { address }] of addressPool.entries()) {
    report(problems, ipProblem(address, { family: 4 }), 'address_pool', index, 'address');
  }
  const address = (item: Nat44Global_Address) => spelledIp(item.address);
  reportDuplicates(problems, addressPool, address, 'address_pool', 'address');
  return problems;
}

function interfacePart({ name, isInside, outputFeature }: Nat44Global_Interface): Part {
  const value: GlobalInterface = { interface: name, inside: isInside, outputFeature };
  return { key: keys.globalInterfaceKey(name, isInside), kind: globalInterface.name, value };
}

function addressPart({ address, vrfId, twiceNat }: Nat44Global_Address): Part {
  const value: GlobalAddress = { address: spelledIp(address), vrf: vrfId, twiceNat };
  return { key: keys.globalAddressKey(value.address, twiceNat), kind: globalAddress.name, value };
}

function interfaceText({ name, isInside, outputFeature }: Nat44Global_Interface): string {
  return `${isInside} ${outputFeature} ${name}`;
}

function addressText({ address, vrfId, twiceNat }: Nat44Global_Address): string {
  return `${spelledIp(address)} ${vrfId} ${twiceNat}`;
}
