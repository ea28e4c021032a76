/** Packets handed to the host and to applications: `vpp.ipredirect`, `vpp.tohost`, `vpp.exception`. */

import { L3Protocol, L4Protocol } from '../../model/gen/ligato/vpp/punt/punt_pb.js';
import type { Exception, IPRedirect, ToHost } from '../../model/gen/ligato/vpp/punt/punt_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { enumProblem, ipProblem, nameProblem, rangeProblem, report, requiredProblem } from '../check.ts';
import { equivalence, sameIpText } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';

const REDIRECT_PREFIX = 'config/vpp/v2/ipredirect/';
const TO_HOST_PREFIX = 'config/vpp/v2/tohost/';
const EXCEPTION_PREFIX = 'config/vpp/v2/exception/';

/** sun_path of a unix socket. */
const LONGEST_SOCKET_PATH = 107;

export const ipRedirect: Kind<IPRedirect> = {
  name: 'vpp.ipredirect',
  prefix: REDIRECT_PREFIX,
  validate(_key, { l3Protocol, rxInterface, txInterface, nextHop }) {
    const problems: Problem[] = [];
    report(problems, enumProblem(l3Protocol, L3Protocol, { zero: false }), 'l3_protocol');
    if (rxInterface !== '') report(problems, nameProblem(rxInterface), 'rx_interface');
    report(problems, nameProblem(txInterface, 'the interface packets leave by'), 'tx_interface');
    const family = l3Protocol === L3Protocol.IPV4 ? 4 : l3Protocol === L3Protocol.IPV6 ? 6 : undefined;
    report(problems, ipProblem(nextHop, family && { family }), 'next_hop');
    return problems;
  },
  equivalent: equivalence<IPRedirect>({ nextHop: sameIpText }),
  dependencies: (_key, { rxInterface, txInterface }) =>
    [...new Set([txInterface, rxInterface])].filter((name) => name !== '').map(interfaceDependency),
};

export const toHost: Kind<ToHost> = {
  name: 'vpp.tohost',
  prefix: TO_HOST_PREFIX,
  validate(_key, { l3Protocol, l4Protocol, port, socketPath }) {
    const problems: Problem[] = [];
    report(problems, enumProblem(l3Protocol, L3Protocol, { zero: false }), 'l3_protocol');
    const tcp = l4Protocol === L4Protocol.TCP ? 'TCP is not handed over by sockets; UDP is' : undefined;
    report(problems, enumProblem(l4Protocol, L4Protocol, { zero: false }) ?? tcp, 'l4_protocol');
    report(problems, rangeProblem(port, 1, 65535, 'port'), 'port');
    report(problems, requiredProblem(socketPath, 'the path of a socket', LONGEST_SOCKET_PATH), 'socket_path');
    return problems;
  },
};

export const exception: Kind<Exception> = {
  name: 'vpp.exception',
  prefix: EXCEPTION_PREFIX,
  validate(_key, { reason, socketPath }) {
    const problems: Problem[] = [];
    report(problems, nameProblem(reason, 'the name of a reason'), 'reason');
    report(problems, requiredProblem(socketPath, 'the path of a socket', LONGEST_SOCKET_PATH), 'socket_path');
    return problems;
  },
};

export function ipRedirectKey(protocol: L3Protocol, txInterface: string): Key {
  return asKey(`${REDIRECT_PREFIX}l3/${L3Protocol[protocol]}/tx/${txInterface}`);
}

export function toHostKey(l3: L3Protocol, l4: L4Protocol, port: number): Key {
  return asKey(`${TO_HOST_PREFIX}l3/${L3Protocol[l3]}/l4/${L4Protocol[l4]}/port/${port}`);
}

export function exceptionKey(reason: string): Key {
  return asKey(`${EXCEPTION_PREFIX}reason/${reason}`);
}
