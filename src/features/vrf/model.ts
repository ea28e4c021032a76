/** VRF tables: `vpp.vrf-table`. */

import type { Family } from '../../model/address.ts';
import { VrfTable_Protocol } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import type { VrfTable, VrfTable_FlowHashSettings } from '../../model/gen/ligato/vpp/l3/vrf_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Dependency, Kind, Problem } from '../../scheduler/kind.ts';
import { enumProblem, indexProblem, lengthProblem, LONGEST_NAME, report } from '../check.ts';
import { equivalence } from '../equality.ts';

const PREFIX = 'config/vpp/v2/vrf-table/';

export const vrfTable: Kind<VrfTable> = {
  name: 'vpp.vrf-table',
  prefix: PREFIX,
  validate(_key, { id, protocol, label }) {
    const problems: Problem[] = [];
    report(problems, indexProblem(id), 'id');
    report(problems, enumProblem(protocol, VrfTable_Protocol), 'protocol');
    report(problems, lengthProblem(label, LONGEST_NAME), 'label');
    return problems;
  },
  equivalent(key, left, right) {
    return vrfLabel(left) === vrfLabel(right) && sameButLabel(key, left, right);
  },
};

const sameButLabel = equivalence<VrfTable>({
  label: () => true,
  flowHashSettings: (left, right) => flowHashText(left) === flowHashText(right),
});

export function vrfTableKey(id: number, family: Family): Key {
  return asKey(`${PREFIX}id/${id}/protocol/IPV${family}`);
}

export function vrfFamily(table: VrfTable): Family {
  return table.protocol === VrfTable_Protocol.IPV6 ? 6 : 4;
}

/** The label of the table in the data plane: the configured one, or the default. */
export function vrfLabel(table: VrfTable): string {
  return table.label === '' ? `IPV${vrfFamily(table)}-VRF:${table.id}` : table.label;
}

/** What a flow is hashed by when there are several paths. */
export interface FlowHash {
  readonly sourceAddress: boolean;
  readonly destinationAddress: boolean;
  readonly sourcePort: boolean;
  readonly destinationPort: boolean;
  readonly protocol: boolean;
  readonly reverse: boolean;
  readonly symmetric: boolean;
}

/** The settings in force: without any, the 5-tuple. */
export function flowHash(settings: VrfTable_FlowHashSettings | undefined): FlowHash {
  return {
    sourceAddress: settings?.useSrcIp ?? true,
    destinationAddress: settings?.useDstIp ?? true,
    sourcePort: settings?.useSrcPort ?? true,
    destinationPort: settings?.useDstPort ?? true,
    protocol: settings?.useProtocol ?? true,
    reverse: settings?.reverse ?? false,
    symmetric: settings?.symmetric ?? false,
  };
}

function flowHashText(settings: VrfTable_FlowHashSettings | undefined): string {
  return Object.values(flowHash(settings)).join();
}

/** A VRF that has to be there first. VRF 0 always is: no dependency. */
export function vrfDependency(id: number, family: Family): Dependency | undefined {
  return id === 0 ? undefined : { label: `VRF ${id} (IPv${family})`, key: vrfTableKey(id, family) };
}

/** A VRF of whichever family, for values whose family is known only when a reference is resolved. */
export function anyVrfDependency(id: number): Dependency | undefined {
  if (id === 0) return undefined;
  return { label: `VRF ${id}`, anyOf: { prefixes: [vrfTableKey(id, 4), vrfTableKey(id, 6)] } };
}
