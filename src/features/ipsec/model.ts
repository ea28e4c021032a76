/** IPsec: `vpp.ipsec.*`. */

import type { TunnelProtection } from '../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { ipProblem, nameProblem, report, reportDuplicates } from '../check.ts';
import { equivalence, sameIpText, sameSet } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';
import { securityAssociation } from './model/association.ts';
import { TUNNEL_PROTECTION_PREFIX } from './model/keys.ts';
import { associationDependency, securityPolicy, securityPolicyDatabase, spdInterface } from './model/policy.ts';

export { securityAssociation, UDP_ENCAPSULATION_PORT } from './model/association.ts';
export * from './model/keys.ts';
export { lastPort, securityPolicy, securityPolicyDatabase, spdInterface } from './model/policy.ts';
export type { SpdInterface } from './model/policy.ts';

/** VPP counts them in a byte. */
const MOST_INBOUND = 255;

export const tunnelProtection: Kind<TunnelProtection> = {
  name: 'vpp.ipsec.tun-protect',
  prefix: TUNNEL_PROTECTION_PREFIX,
  validate(_key, { interface: name, saOut, saIn, nextHopAddr }) {
    const problems: Problem[] = [];
    report(problems, nameProblem(name, 'the name of a tunnel interface'), 'interface');
    if (saOut.length !== 1) {
      report(problems, `has ${saOut.length} associations; one is accepted for what goes out`, 'sa_out');
    }
    if (saIn.length < 1 || saIn.length > MOST_INBOUND) {
      report(problems, `has ${saIn.length} associations; 1-${MOST_INBOUND} are accepted for what comes in`, 'sa_in');
    }
    reportDuplicates(problems, saIn, (index) => index, 'sa_in');
    if (nextHopAddr !== '') report(problems, ipProblem(nextHopAddr), 'next_hop_addr');
    return problems;
  },
  equivalent: equivalence<TunnelProtection>({
    saIn: (left, right) => sameSet(left, right, (index) => index),
    nextHopAddr: sameIpText,
  }),
  dependencies: (_key, { interface: name, saOut, saIn }) => [
    interfaceDependency(name),
    ...[...new Set([...saOut, ...saIn])].map(associationDependency),
  ],
};

export const ipsecKinds: readonly Kind[] = [
  securityAssociation,
  securityPolicyDatabase,
  spdInterface,
  securityPolicy,
  tunnelProtection,
];
