/** What a segment does with its packets (RFC 8986). */

import type { LocalSID } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Dependency, Problem } from '../../../scheduler/kind.ts';
import { ipProblem, nameProblem, rangeProblem, report } from '../../check.ts';
import { messageRule, sameIpText } from '../../equality.ts';
import { interfaceDependency } from '../../interface/model.ts';
import { vrfDependency } from '../../vrf/model.ts';

type EndFunction = LocalSID['endFunction'];

const IPV4 = { family: 4 } as const;
const IPV6 = { family: 6 } as const;

export function reportFunction(problems: Problem[], { case: name, value }: EndFunction): void {
  switch (name) {
    case undefined:
      return report(problems, 'is missing: one of the end functions is required', 'base_end_function');
    case 'endFunctionX':
      return reportNeighbour(problems, value, 'end_function_x', IPV6);
    case 'endFunctionDx2':
      report(problems, rangeProblem(value.vlanTag, 0, 4094, 'VLAN id'), 'end_function_dx2.vlan_tag');
      return reportInterface(problems, value.outgoingInterface, 'end_function_dx2.outgoing_interface');
    case 'endFunctionDx4':
      return reportNeighbour(problems, value, 'end_function_dx4', IPV4);
    case 'endFunctionDx6':
      return reportNeighbour(problems, value, 'end_function_dx6', IPV6);
    case 'endFunctionAd':
      reportInterface(problems, value.outgoingInterface, 'end_function_ad.outgoing_interface');
      reportInterface(problems, value.incomingInterface, 'end_function_ad.incoming_interface');
      if (value.l3ServiceAddress !== '') {
        report(problems, ipProblem(value.l3ServiceAddress), 'end_function_ad.l3_service_address');
      }
      return;
    default:
  }
}

function reportNeighbour(
  problems: Problem[],
  { outgoingInterface, nextHop }: { readonly outgoingInterface: string; readonly nextHop: string },
  field: string,
  family: typeof IPV4 | typeof IPV6,
): void {
  reportInterface(problems, outgoingInterface, `${field}.outgoing_interface`);
  report(problems, ipProblem(nextHop, family), `${field}.next_hop`);
}

function reportInterface(problems: Problem[], name: string, field: string): void {
  report(problems, nameProblem(name, 'the name of an interface'), field);
}

export function functionDependencies({ case: name, value }: EndFunction): readonly (Dependency | undefined)[] {
  switch (name) {
    case 'endFunctionT':
    case 'endFunctionDt6':
      return [vrfDependency(value.vrfId, 6)];
    case 'endFunctionDt4':
      return [vrfDependency(value.vrfId, 4)];
    case 'endFunctionX':
    case 'endFunctionDx2':
    case 'endFunctionDx4':
    case 'endFunctionDx6':
      return [interfaceDependency(value.outgoingInterface)];
    case 'endFunctionAd':
      return [interfaceDependency(value.outgoingInterface), interfaceDependency(value.incomingInterface)];
    default:
      return [];
  }
}

const sameParameters = messageRule<Record<string, unknown>>({
  nextHop: (left, right) => sameIpText(left as string, right as string),
  l3ServiceAddress: (left, right) => sameIpText(left as string, right as string),
});

export function sameFunction(left: EndFunction, right: EndFunction): boolean {
  if (left.case !== right.case) return false;
  return sameParameters(
    left.value as Record<string, unknown> | undefined,
    right.value as Record<string, unknown> | undefined,
  );
}
