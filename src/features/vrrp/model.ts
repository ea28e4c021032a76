/** Virtual routers: `vpp.vrrp`. */

import { parseIp } from '../../model/address.ts';
import type { VRRPEntry } from '../../model/gen/ligato/vpp/l3/vrrp_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { ipProblem, nameProblem, rangeProblem, report, reportDuplicates } from '../check.ts';
import { equivalence, sameSet, spelledIp } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';

const PREFIX = 'config/vpp/v2/vrrp/';

export const vrrpEntry: Kind<VRRPEntry> = {
  name: 'vpp.vrrp',
  prefix: PREFIX,
  validate: (_key, value) => validate(value),
  equivalent: equivalence<VRRPEntry>({
    // It is sent in steps of ten milliseconds.
    interval: (left, right) => Math.trunc(left / 10) === Math.trunc(right / 10),
    ipAddresses: (left, right) => sameSet(left, right, spelledIp),
  }),
  dependencies: (_key, { interface: name }) => [interfaceDependency(name)],
};

/** Told by the engine: what this machine is in a virtual router (RFC 5798: Master, Backup). */
export interface VrrpState {
  readonly interface: string;
  readonly vrId: number;
  readonly state: 'MASTER' | 'BACKUP';
}

export const vrrpState: Kind<VrrpState> = { name: 'vpp.vrrp.state' };

function validate({ interface: name, vrId, priority, interval, ipAddresses }: VRRPEntry): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, nameProblem(name, 'the name of an interface'), 'interface');
  report(problems, rangeProblem(vrId, 1, 255), 'vr_id');
  report(problems, rangeProblem(priority, 1, 255), 'priority');
  report(problems, rangeProblem(interval, 10, 65535, 'ms'), 'interval');
  const { length } = ipAddresses;
  if (length === 0 || length > 255) report(problems, `has ${length} addresses; 1-255 are accepted`, 'ip_addresses');
  const family = ipAddresses.map((text) => parseIp(text)?.family).find((found) => found !== undefined);
  for (const [index, text] of ipAddresses.entries()) {
    report(problems, ipProblem(text, family && { family }), 'ip_addresses', index);
  }
  reportDuplicates(problems, ipAddresses, spelledIp, 'ip_addresses');
  return problems;
}

export function vrrpKey(interfaceName: string, virtualRouter: number): Key {
  return asKey(`${PREFIX}${interfaceName}/vrid/${virtualRouter}`);
}

export function vrrpStateKey(interfaceName: string, virtualRouter: number, state: VrrpState['state']): Key {
  return asKey(`vpp/vrrp/${interfaceName}/vrid/${virtualRouter}/state/${state}`);
}
