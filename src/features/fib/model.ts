/** Entries of the MAC tables of bridge domains: `vpp.l2.fib`. */

import { FIBEntry_Action as Action } from '../../model/gen/ligato/vpp/l2/fib_pb.js';
import type { FIBEntry } from '../../model/gen/ligato/vpp/l2/fib_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { bridgeDomainDependency, bridgeDomainInterfaceKey } from '../bridge-domain/model.ts';
import { enumProblem, macProblem, nameProblem, report } from '../check.ts';
import { equivalence, sameMacText } from '../equality.ts';

const PREFIX = 'config/vpp/l2/v2/fib/';

export const fibEntry: Kind<FIBEntry> = {
  name: 'vpp.l2.fib',
  prefix: PREFIX,
  validate: (_key, entry) => validate(entry),
  equivalent(key, left, right) {
    const drops = left.action === Action.DROP && right.action === Action.DROP;
    return drops ? sameDrop(key, left, right) : sameForward(key, left, right);
  },
  dependencies(_key, { action, bridgeDomain, outgoingInterface: port }) {
    if (action === Action.DROP) return [bridgeDomainDependency(bridgeDomain)];
    const label = `interface ${port} in bridge domain ${bridgeDomain}`;
    return [{ label, key: bridgeDomainInterfaceKey(bridgeDomain, port) }];
  },
};

const sameForward = equivalence<FIBEntry>({ physAddress: sameMacText });
/** Dropped frames leave by no interface. */
const sameDrop = equivalence<FIBEntry>({ physAddress: sameMacText, outgoingInterface: () => true });

function validate({ physAddress, bridgeDomain, action, outgoingInterface }: FIBEntry): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, macProblem(physAddress), 'phys_address');
  report(problems, nameProblem(bridgeDomain, 'the name of a bridge domain'), 'bridge_domain');
  report(problems, enumProblem(action, Action), 'action');
  if (action === Action.FORWARD) {
    report(problems, nameProblem(outgoingInterface, 'a port of the bridge domain'), 'outgoing_interface');
  }
  return problems;
}

/** `mac` as it is configured. */
export function fibKey(bridgeDomain: string, mac: string): Key {
  return asKey(`${PREFIX}${bridgeDomain}/mac/${mac}`);
}
