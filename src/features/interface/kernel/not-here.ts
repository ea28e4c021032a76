/** Parts that this engine does not have, each with its reason. */

import { SchedulerError } from '../../../scheduler/errors.ts';
import type { Handler } from '../../../scheduler/handler.ts';

const reasons: Readonly<Record<string, string>> = {
  'vpp.interfaces.dhcp-client': 'kernel: there is no DHCP client; give the interface an address or an allocation',
  'vpp.interfaces.ip6nd': 'kernel: addresses from router advertisements are not supported',
  'vpp.interfaces.rx-modes': 'kernel: the kernel chooses between interrupts and polling by itself (NAPI)',
  'vpp.interfaces.rx-placement':
    'kernel: receive queues have no worker threads; the kernel spreads them (see RPS, IRQ affinity)',
};

export function handlersOfWhatIsNotHere(): readonly Handler[] {
  return Object.entries(reasons).map(([kind, reason]) => ({
    kind,
    engine: 'kernel',
    unsupported: () => reason,
    create: () => Promise.reject(new SchedulerError('unimplemented', reason, { retriable: false })),
    remove: () => Promise.resolve(),
  }));
}
