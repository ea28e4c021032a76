/** Security policies and their databases: `vpp.ipsec.spd`, `vpp.ipsec.sp`. */

import { compareIp, parseIp } from '../../../model/address.ts';
import { SecurityPolicy_Action as Action } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { SecurityPolicy, SecurityPolicyDatabase } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Kind, Problem } from '../../../scheduler/kind.ts';
import {
  enumProblem,
  indexProblem,
  ipProblem,
  nameProblem,
  rangeProblem,
  report,
  reportDuplicates,
} from '../../check.ts';
import { equivalence, sameIpText, sameSet } from '../../equality.ts';
import { interfaceDependency } from '../../interface/model.ts';
import { SP_PREFIX, SPD_PREFIX, saKey, spdInterfaceKey, spdKey } from './keys.ts';

/** An interface whose traffic a database decides about (`vpp.ipsec.spd.interface`). */
export interface SpdInterface {
  readonly spd: number;
  readonly interface: string;
}

export const securityPolicyDatabase: Kind<SecurityPolicyDatabase> = {
  name: 'vpp.ipsec.spd',
  prefix: SPD_PREFIX,
  validate(_key, { index, interfaces, policyEntries }) {
    const problems: Problem[] = [];
    report(problems, indexProblem(index), 'index');
    for (const [at, { name }] of interfaces.entries()) {
      report(problems, nameProblem(name, 'the name of an interface'), 'interfaces', at, 'name');
    }
    reportDuplicates(problems, interfaces, ({ name }) => name, 'interfaces', 'name');
    if (policyEntries.length > 0) {
      report(problems, 'is no longer accepted: make each entry an object of model vpp.ipsec.sp', 'policy_entries');
    }
    return problems;
  },
  equivalent: equivalence<SecurityPolicyDatabase>({
    interfaces: (left, right) => sameSet(left, right, ({ name }) => name),
  }),
  parts: (_key, { index, interfaces }) =>
    interfaces.map(({ name }) => {
      const value: SpdInterface = { spd: index, interface: name };
      return { key: spdInterfaceKey(index, name), kind: spdInterface.name, value };
    }),
};

export const spdInterface: Kind<SpdInterface> = {
  name: 'vpp.ipsec.spd.interface',
  dependencies: (_key, { interface: name }) => [interfaceDependency(name)],
  claims: (_key, { interface: name }) => [`security policies of interface ${name}`],
};

export const securityPolicy: Kind<SecurityPolicy> = {
  name: 'vpp.ipsec.sp',
  prefix: SP_PREFIX,
  validate: (_key, value) => validate(value),
  equivalent: equivalence<SecurityPolicy>({
    remoteAddrStart: sameIpText,
    remoteAddrStop: sameIpText,
    localAddrStart: sameIpText,
    localAddrStop: sameIpText,
    remotePortStop: sameLastPort,
    localPortStop: sameLastPort,
  }),
  dependencies(_key, { spdIndex, saIndex, action }) {
    const database = { label: `security policy database ${spdIndex}`, key: spdKey(spdIndex) };
    return action === Action.PROTECT ? [database, associationDependency(saIndex)] : [database];
  },
};

export function associationDependency(index: number) {
  return { label: `security association ${index}`, key: saKey(index) };
}

function sameLastPort(left: number, right: number): boolean {
  return lastPort(left) === lastPort(right);
}

/** The last port of a range; 0 stands for the end. */
export function lastPort(port: number): number {
  return port || 65535;
}

function validate(value: SecurityPolicy): readonly Problem[] {
  const problems: Problem[] = [];
  const unused = value.action === Action.RESOLVE ? 'RESOLVE is not in use; BYPASS, DISCARD and PROTECT are' : undefined;
  report(problems, enumProblem(value.action, Action) ?? unused, 'action');
  report(problems, rangeProblem(value.protocol, 0, 255, 'IP protocol'), 'protocol');
  const remote = reportAddresses(problems, value.remoteAddrStart, value.remoteAddrStop, 'remote_addr');
  const local = reportAddresses(problems, value.localAddrStart, value.localAddrStop, 'local_addr');
  if (remote !== undefined && local !== undefined && remote !== local) {
    report(
      problems,
      `is IPv${local}, the remote range is IPv${remote}; both have to be of one family`,
      'local_addr_start',
    );
  }
  reportPorts(problems, value.remotePortStart, value.remotePortStop, 'remote_port');
  reportPorts(problems, value.localPortStart, value.localPortStop, 'local_port');
  return problems;
}

/** Reports what is wrong with a range and returns its family. */
function reportAddresses(problems: Problem[], start: string, stop: string, field: string): 4 | 6 | undefined {
  if (start === '' && stop === '') return undefined;
  const anyAddress = { unspecified: true, multicast: true };
  report(problems, ipProblem(start, anyAddress), `${field}_start`);
  const first = parseIp(start);
  const last = parseIp(stop);
  const wrong = ipProblem(stop, { ...anyAddress, ...(first && { family: first.family }) });
  const early = first !== undefined && last !== undefined && compareIp(first, last) > 0;
  report(problems, wrong ?? (early ? `${stop} is before ${start}` : undefined), `${field}_stop`);
  return first?.family ?? last?.family;
}

function reportPorts(problems: Problem[], start: number, stop: number, field: string): void {
  report(problems, rangeProblem(start, 0, 65535, 'port'), `${field}_start`);
  const early = lastPort(stop) < start ? `${stop} is before ${start}` : undefined;
  report(problems, rangeProblem(stop, 0, 65535, 'port') ?? early, `${field}_stop`);
}
