/** Cross-connects: `vpp.l2.xconnect`. */

import type { XConnectPair } from '../../model/gen/ligato/vpp/l2/xconnect_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { layer2Claim } from '../bridge-domain/model.ts';
import { nameProblem, report } from '../check.ts';
import { interfaceDependency } from '../interface/model.ts';

const PREFIX = 'config/vpp/l2/v2/xconnect/';

export const xconnect: Kind<XConnectPair> = {
  name: 'vpp.l2.xconnect',
  prefix: PREFIX,
  validate(_key, { receiveInterface: from, transmitInterface: to }) {
    const problems: Problem[] = [];
    report(problems, nameProblem(from, 'the name of an interface'), 'receive_interface');
    const itself = from === to ? `${to} is the receiving interface, too` : undefined;
    report(problems, nameProblem(to, 'the name of an interface') ?? itself, 'transmit_interface');
    return problems;
  },
  dependencies: (_key, { receiveInterface, transmitInterface }) => [
    interfaceDependency(receiveInterface),
    interfaceDependency(transmitInterface),
  ],
  // Only what comes in is taken from the layers above: frames may leave by any interface.
  claims: (_key, { receiveInterface }) => [layer2Claim(receiveInterface)],
};

export function xconnectKey(receiveInterface: string): Key {
  return asKey(PREFIX + receiveInterface);
}
