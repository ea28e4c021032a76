/** Peers of multipoint tunnels: `vpp.teib`. */

import type { TeibEntry } from '../../model/gen/ligato/vpp/l3/teib_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { ipProblem, nameProblem, report } from '../check.ts';
import { equivalence, sameIpText } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';
import { vrfDependency } from '../vrf/model.ts';

const PREFIX = 'config/vpp/v2/teib/';

export const teibEntry: Kind<TeibEntry> = {
  name: 'vpp.teib',
  prefix: PREFIX,
  validate(_key, { interface: name, peerAddr, nextHopAddr }) {
    const problems: Problem[] = [];
    report(problems, nameProblem(name, 'the name of a tunnel interface'), 'interface');
    report(problems, ipProblem(peerAddr), 'peer_addr');
    report(problems, ipProblem(nextHopAddr), 'next_hop_addr');
    return problems;
  },
  equivalent: equivalence<TeibEntry>({ peerAddr: sameIpText, nextHopAddr: sameIpText }),
  dependencies(_key, { interface: name, vrfId, nextHopAddr }) {
    const table = vrfDependency(vrfId, nextHopAddr.includes(':') ? 6 : 4);
    return table === undefined ? [interfaceDependency(name)] : [interfaceDependency(name), table];
  },
};

/** `peer` as it is configured. */
export function teibKey(interfaceName: string, peer: string): Key {
  return asKey(`${PREFIX}${interfaceName}/peer/${peer}`);
}
