/** Parts that this engine does not have yet. */

import { SchedulerError } from '../../../scheduler/errors.ts';
import type { Handler } from '../../../scheduler/handler.ts';

const reasons: Readonly<Record<string, string>> = {
  'vpp.interfaces.dhcp-client':
    'vpp: the DHCP client is not supported yet; give the interface an address or an allocation',
  'vpp.interfaces.ip6nd': 'vpp: addresses from router advertisements are not supported yet',
  'vpp.interfaces.rx-modes': 'vpp: receive modes are not supported yet',
  'vpp.interfaces.rx-placement': 'vpp: the placement of receive queues is not supported yet',
};

export function handlersOfWhatIsNotHere(): readonly Handler[] {
  return Object.entries(reasons).map(([kind, reason]) => ({
    kind,
    engine: 'vpp',
    unsupported: () => reason,
    create: () => Promise.reject(new SchedulerError('unimplemented', reason, { retriable: false })),
    remove: () => Promise.resolve(),
  }));
}
