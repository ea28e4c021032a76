/** Translations of destinations: `vpp.nat.dnat44`. */

import { DNat44_StaticMapping_TwiceNatMode as TwiceNat } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { DNat44 } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Dependency, Kind } from '../../../scheduler/kind.ts';
import { equivalence, sameSet } from '../../equality.ts';
import { interfaceDependency } from '../../interface/model.ts';
import { vrfDependency } from '../../vrf/model.ts';
import { DNAT44_PREFIX } from './keys.ts';
import { externalText, identityText, isLoadBalanced, staticMappingText } from './mapping.ts';
import { endpointDependent, natEnabled } from './mode.ts';
import { twiceNatPoolDependency } from './pool.ts';
import { validateDnat } from './validate-dnat.ts';

export const dnat44: Kind<DNat44> = {
  name: 'vpp.nat.dnat44',
  prefix: DNAT44_PREFIX,
  validate: (_key, value) => validateDnat(value),
  equivalent: equivalence<DNat44>({
    stMappings: (left, right) => sameSet(left, right, staticMappingText),
    idMappings: (left, right) => sameSet(left, right, identityText),
  }),
  dependencies: (_key, value) => dependencies(value),
  claims: (_key, { stMappings, idMappings }) => [
    ...stMappings.map((mapping) => `NAT44 mapping of ${externalText(mapping)}`),
    ...idMappings.map((mapping) => `NAT44 identity mapping of ${identityText(mapping)}`),
  ],
};

function dependencies({ stMappings, idMappings }: DNat44): readonly Dependency[] {
  const wanted = new Map<string, Dependency>([[natEnabled.label, natEnabled]]);
  const add = (dependency: Dependency | undefined) => {
    if (dependency !== undefined) wanted.set(dependency.label, dependency);
  };
  for (const mapping of stMappings) {
    const { externalInterface, localIps, twiceNat, twiceNatPoolIp, sessionAffinity } = mapping;
    if (externalInterface !== '') add(interfaceDependency(externalInterface));
    for (const { vrfId } of localIps) add(vrfDependency(vrfId, 4));
    if (twiceNat !== TwiceNat.DISABLED || sessionAffinity !== 0 || isLoadBalanced(mapping)) add(endpointDependent);
    if (twiceNatPoolIp !== '') add(twiceNatPoolDependency(twiceNatPoolIp));
  }
  for (const { interface: name, vrfId } of idMappings) {
    if (name !== '') add(interfaceDependency(name));
    add(vrfDependency(vrfId, 4));
  }
  return [...wanted.values()];
}
