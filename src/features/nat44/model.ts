/** NAT44: `vpp.nat.*`. Keys, kinds and the meaning of mappings. */

import type { Nat44Interface, Nat44VrfRoute, Nat44VrfTable } from '../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Dependency, Kind, Problem } from '../../scheduler/kind.ts';
import { nameProblem, report, reportDuplicates } from '../check.ts';
import { equivalence, sameSet } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';
import { vrfDependency } from '../vrf/model.ts';
import { dnat44 } from './model/dnat.ts';
import { globalAddress, globalInterface, nat44Global, natInterfaceClaim } from './model/global.ts';
import * as keys from './model/keys.ts';
import { endpointDependent, natEnabled } from './model/mode.ts';
import { nat44Pool } from './model/pool.ts';

export { dnat44 } from './model/dnat.ts';
export { globalAddress, globalInterface, nat44Global } from './model/global.ts';
export type { GlobalAddress, GlobalInterface } from './model/global.ts';
export * from './model/keys.ts';
export {
  externalText,
  identityText,
  isAddressOnly,
  isLoadBalanced,
  localText,
  probabilityOf,
} from './model/mapping.ts';
export { ANY_VRF, lastIpOf, nat44Pool, nat44PoolKey, poolAddresses } from './model/pool.ts';
export type { TwiceNatPool } from './model/pool.ts';

export const nat44Interface: Kind<Nat44Interface> = {
  name: 'vpp.nat.nat44-interface',
  prefix: keys.NAT44_INTERFACE_PREFIX,
  validate(_key, { name, natInside, natOutside, outputFeature }) {
    const problems: Problem[] = [];
    report(problems, nameProblem(name, 'the name of an interface'), 'name');
    if (!natInside && !natOutside && !outputFeature) {
      report(problems, 'is neither inside nor outside: `nat_inside` or `nat_outside` is required', 'nat_inside');
    }
    if (natInside && natOutside && outputFeature) {
      report(problems, 'the output feature works inside or outside, not both', 'output_feature');
    }
    return problems;
  },
  dependencies: (_key, { name }) => [natEnabled, interfaceDependency(name)],
  claims: (_key, { name, natInside, natOutside, outputFeature }) => [
    ...(natInside ? [natInterfaceClaim(name, true)] : []),
    ...(natOutside || (outputFeature && !natInside) ? [natInterfaceClaim(name, false)] : []),
  ],
};

export const nat44Vrf: Kind<Nat44VrfTable> = {
  name: 'vpp.nat.nat44-vrf',
  prefix: keys.NAT44_VRF_PREFIX,
  validate(_key, { destVrfIds }) {
    const problems: Problem[] = [];
    reportDuplicates(problems, destVrfIds, (id) => id, 'dest_vrf_ids');
    return problems;
  },
  equivalent: equivalence<Nat44VrfTable>({ destVrfIds: (left, right) => sameSet(left, right, (id) => id) }),
  dependencies: (_key, { srcVrfId, destVrfIds }) => {
    const tables = [...new Set([srcVrfId, ...destVrfIds])].map((id) => vrfDependency(id, 4));
    return [endpointDependent, ...tables.filter((table): table is Dependency => table !== undefined)];
  },
};

export const nat44VrfRoute: Kind<Nat44VrfRoute> = {
  name: 'vpp.nat.nat44-vrf-route',
  prefix: keys.NAT44_VRF_ROUTE_PREFIX,
  dependencies(_key, { srcVrfId, destVrfId }) {
    const table = vrfDependency(destVrfId, 4);
    const source = { label: `NAT44 table of VRF ${srcVrfId}`, key: keys.nat44VrfKey(srcVrfId) };
    return table === undefined ? [source] : [source, table];
  },
};

export const nat44Kinds: readonly Kind[] = [
  nat44Global,
  globalInterface,
  globalAddress,
  nat44Interface,
  nat44Pool,
  dnat44,
  nat44Vrf,
  nat44VrfRoute,
];
