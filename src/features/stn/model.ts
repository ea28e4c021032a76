/** Addresses of the host behind a card that the switch owns: `vpp.stn.rule`. */

import type { Rule } from '../../model/gen/ligato/vpp/stn/stn_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { ipProblem, nameProblem, report } from '../check.ts';
import { equivalence, sameIpText, spelledIp } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';

const PREFIX = 'config/vpp/stn/v2/rule/';

export const stnRule: Kind<Rule> = {
  name: 'vpp.stn.rule',
  prefix: PREFIX,
  validate(_key, { ipAddress, interface: name }) {
    const problems: Problem[] = [];
    report(problems, ipProblem(ipAddress), 'ip_address');
    report(problems, nameProblem(name, 'the name of an interface'), 'interface');
    return problems;
  },
  equivalent: equivalence<Rule>({ ipAddress: sameIpText }),
  dependencies: (_key, { interface: name }) => [interfaceDependency(name)],
  claims: (_key, { ipAddress }) => [`address ${spelledIp(ipAddress)} of the host`],
};

/** `address` as it is configured. */
export function stnRuleKey(interfaceName: string, address: string): Key {
  return asKey(`${PREFIX}${interfaceName}/ip/${address}`);
}
