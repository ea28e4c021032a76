/** Tells the scheduler what others did to our bridges, their ports and their rules. */

import type { Link } from '../../../kernel/netlink/link.ts';
import { tables } from '../../../kernel/pipeline/index.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { KernelNotifier } from '../../kernel/notifier.ts';
import { bridgeDomainKey } from '../model.ts';
import type { AttachedPorts } from './attached-ports.ts';
import { domainOf } from './domain.ts';

export function watchBridges(
  engine: KernelEngine,
  ports: AttachedPorts,
  scheduler: Scheduler,
  signal: AbortSignal,
): void {
  const { driver } = engine;
  const recheckAll = (reason: string): void => {
    const keys = Array.from(scheduler.snapshot().statuses({ kind: 'vpp.l2.bridge-domain' }), ({ key }) => key);
    if (keys.length > 0) scheduler.recheck(keys, reason);
  };
  const notifier = new KernelNotifier(scheduler, signal);
  const removed = (link: Link): void => {
    const domain = domainOf(engine, link);
    if (domain !== undefined) notifier.recheck(bridgeDomainKey(domain), 'a bridge was removed');
  };
  const changed = (link: Link): void => {
    for (const key of ports.misplaced(link)) notifier.recheck(key, 'a port was taken out of its bridge');
  };
  const ends = [
    driver.nft(driver.vswitch).watch(
      ({ name }) => name === tables.bridgeDomain,
      () => recheckAll('the rules of bridge domains were changed'),
    ),
    driver.events.subscribe((event) => {
      if (event.type === 'resync') recheckAll('events of the kernel were lost');
      if (event.type !== 'link' || event.namespace.id !== driver.vswitch.id) return;
      if (event.action === 'set') changed(event.value);
      else removed(event.value);
    }),
  ];
  signal.addEventListener('abort', () => ends.forEach((end) => end()), { once: true });
}
