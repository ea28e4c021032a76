/** Forwarding by access control list: `vpp.abfs.abf` and the interfaces it works on. */

import { parseIp } from '../../model/address.ts';
import type { ABF, ABF_AttachedInterface, ABF_ForwardingPath } from '../../model/gen/ligato/vpp/abf/abf_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Dependency, Kind, Problem } from '../../scheduler/kind.ts';
import { aclDependency } from '../acl/model.ts';
import { ipProblem, nameProblem, rangeProblem, report, reportDuplicates } from '../check.ts';
import { equivalence, sameSet, spelledIp } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';

const PREFIX = 'config/vpp/abfs/v2/abf/';

/** A policy on an interface (`vpp.abfs.abf.interface`). */
export interface AbfInterface {
  readonly abf: number;
  readonly interface: string;
  /** Policies of an interface are tried in rising order. */
  readonly priority: number;
  readonly ipv6: boolean;
}

export const abf: Kind<ABF> = {
  name: 'vpp.abfs.abf',
  prefix: PREFIX,
  validate: (_key, value) => validate(value),
  equivalent: equivalence<ABF>({
    attachedInterfaces: (left, right) => sameSet(left, right, attachedText),
    forwardingPaths: (left, right) => sameSet(left, right, pathText),
  }),
  parts: (_key, { index, attachedInterfaces }) =>
    attachedInterfaces.map(({ inputInterface, priority, isIpv6 }) => {
      const value: AbfInterface = { abf: index, interface: inputInterface, priority, ipv6: isIpv6 };
      return { key: abfInterfaceKey(index, inputInterface), kind: abfInterface.name, value };
    }),
  dependencies(_key, { aclName, forwardingPaths }) {
    const names = new Set(forwardingPaths.map((path) => path.interfaceName));
    const interfaces: Dependency[] = [...names].filter((name) => name !== '').map(interfaceDependency);
    return [aclDependency(aclName), ...interfaces];
  },
};

export const abfInterface: Kind<AbfInterface> = {
  name: 'vpp.abfs.abf.interface',
  dependencies: (_key, { interface: name }) => [interfaceDependency(name)],
};

function validate({ aclName, attachedInterfaces, forwardingPaths }: ABF): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, nameProblem(aclName, 'the name of an access control list'), 'acl_name');
  for (const [index, { inputInterface }] of attachedInterfaces.entries()) {
    const problem = nameProblem(inputInterface, 'the name of an interface');
    report(problems, problem, 'attached_interfaces', index, 'input_interface');
  }
  const name = (attached: ABF_AttachedInterface) => attached.inputInterface;
  reportDuplicates(problems, attachedInterfaces, name, 'attached_interfaces', 'input_interface');
  if (forwardingPaths.length === 0) report(problems, 'is empty: at least one path is required', 'forwarding_paths');
  for (const [index, path] of forwardingPaths.entries()) reportPath(problems, path, index);
  reportMixture(problems, forwardingPaths);
  return problems;
}

function reportPath(
  problems: Problem[],
  { nextHopIp, interfaceName, weight, preference }: ABF_ForwardingPath,
  index: number,
): void {
  const say = (message: string | undefined, field: string) =>
    report(problems, message, 'forwarding_paths', index, field);
  if (nextHopIp !== '') say(ipProblem(nextHopIp, { unspecified: true }), 'next_hop_ip');
  if (interfaceName !== '') say(nameProblem(interfaceName), 'interface_name');
  if (nextHopIp === '' && interfaceName === '') {
    say('is missing: a next hop, an interface or both are required', 'next_hop_ip');
  }
  say(rangeProblem(weight, 0, 255), 'weight');
  say(rangeProblem(preference, 0, 255), 'preference');
}

function reportMixture(problems: Problem[], paths: readonly ABF_ForwardingPath[]): void {
  const families = paths.map((path) => parseIp(path.nextHopIp)?.family);
  const first = families.find((family) => family !== undefined);
  const other = families.findIndex((family) => family !== undefined && family !== first);
  if (other < 0) return;
  const problem = `${paths[other]!.nextHopIp} is not IPv${first} as other paths are`;
  report(problems, problem, 'forwarding_paths', other, 'next_hop_ip');
}

function attachedText({ inputInterface, priority, isIpv6 }: ABF_AttachedInterface): string {
  return `${priority} ${isIpv6} ${inputInterface}`;
}

function pathText({ nextHopIp, interfaceName, weight, preference, dvr }: ABF_ForwardingPath): string {
  return `${spelledIp(nextHopIp)} ${interfaceName} ${weight || 1} ${preference} ${dvr}`;
}

export function abfKey(index: number): Key {
  return asKey(`${PREFIX}${index}`);
}

export function abfInterfaceKey(index: number, interfaceName: string): Key {
  return asKey(`vpp/abf/${index}/interface/${interfaceName}`);
}
