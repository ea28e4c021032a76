/** Cross-connects of IP packets: `vpp.l3xconnect`. */

import { L3XConnect_Protocol as Protocol } from '../../model/gen/ligato/vpp/l3/l3xc_pb.js';
import type { L3XConnect, L3XConnect_Path } from '../../model/gen/ligato/vpp/l3/l3xc_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { enumProblem, ipProblem, nameProblem, rangeProblem, report, reportDuplicates } from '../check.ts';
import { equivalence, sameSet, spelledIp } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';

const PREFIX = 'config/vpp/v2/l3xconnect/';

export const l3xconnect: Kind<L3XConnect> = {
  name: 'vpp.l3xconnect',
  prefix: PREFIX,
  validate: (_key, value) => validate(value),
  equivalent: equivalence<L3XConnect>({ paths: (left, right) => sameSet(left, right, pathText) }),
  dependencies(_key, { interface: name, paths }) {
    const names = new Set([name, ...paths.map((path) => path.outgoingInterface)]);
    return [...names].filter((text) => text !== '').map(interfaceDependency);
  },
};

function validate({ interface: name, protocol, paths }: L3XConnect): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, nameProblem(name, 'the name of an interface'), 'interface');
  report(problems, enumProblem(protocol, Protocol), 'protocol');
  if (paths.length === 0) report(problems, 'is empty: at least one path is required', 'paths');
  const family = protocol === Protocol.IPV6 ? 6 : 4;
  for (const [index, { outgoingInterface: out, nextHopAddr, weight, preference }] of paths.entries()) {
    if (out !== '') report(problems, nameProblem(out), 'paths', index, 'outgoing_interface');
    if (nextHopAddr !== '') {
      report(problems, ipProblem(nextHopAddr, { family, unspecified: true }), 'paths', index, 'next_hop_addr');
    } else if (out === '') {
      const problem = 'is missing: a next hop, an outgoing interface or both are required';
      report(problems, problem, 'paths', index, 'next_hop_addr');
    }
    report(problems, rangeProblem(weight, 0, 255), 'paths', index, 'weight');
    report(problems, rangeProblem(preference, 0, 255), 'paths', index, 'preference');
  }
  reportDuplicates(problems, paths, (path) => `${spelledIp(path.nextHopAddr)} ${path.outgoingInterface}`, 'paths');
  return problems;
}

function pathText({ outgoingInterface, nextHopAddr, weight, preference }: L3XConnect_Path): string {
  return `${spelledIp(nextHopAddr)} ${weight || 1} ${preference} ${outgoingInterface}`;
}

export function l3xconnectKey(interfaceName: string, family: 4 | 6): Key {
  return asKey(`${PREFIX}${interfaceName}/protocol/IPV${family}`);
}
