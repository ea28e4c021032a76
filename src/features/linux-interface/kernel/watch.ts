/**
 * What happens to host interfaces without us. Devices of the agent's namespace, their addresses and VRFs are told to the
 * scheduler; a named namespace that comes or goes makes it look at the Linux interfaces in it.
 */

import { formatPrefix } from '../../../model/address.ts';
import { listAddresses } from '../../../kernel/netlink/address.ts';
import { listLinks } from '../../../kernel/netlink/link.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { onLostFarEnd } from '../../kernel/far-end.ts';
import { namespaceDeparturesOf } from '../../kernel/namespace-departure.ts';
import { namespaceFactsOf } from '../../kernel/namespace-facts.ts';
import { KernelNotifier } from '../../kernel/notifier.ts';
import { takenNamesOf } from '../../kernel/taken-name.ts';
import { HostPicture } from './host-picture.ts';
import { NamespaceWatch } from './namespace-watch.ts';

export async function watchHost(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const { driver } = engine;
  const notifier = new KernelNotifier(scheduler, signal);
  namespaceFactsOf(engine).watch(scheduler, signal);
  namespaceDeparturesOf(engine).watch(scheduler, signal);
  const picture = new HostPicture((notification) => notifier.notify(notification));
  const look = async (): Promise<void> => {
    const rtnl = driver.rtnl(driver.own);
    const [links, addresses] = await Promise.all([rtnl.dump(listLinks()), rtnl.dump(listAddresses())]);
    const found = addresses.map(({ link, address }) => [link, formatPrefix(address)] as const);
    if (!signal.aborted) picture.replace(links, found);
  };
  const lookAgain = (): void => {
    if (!signal.aborted) look().catch(() => setTimeout(lookAgain, LATER).unref());
  };
  const stopWatching = driver.events.watch(driver.own, lookAgain);
  const taken = takenNamesOf(engine);
  const unsubscribe = driver.events.subscribe((event) => {
    for (const key of taken.heed(event)) notifier.recheck(key, 'the name that it asks for is free');
    if (event.type === 'resync') lookAgain();
    else if (event.namespace.id === driver.own.id) picture.take(event);
  });
  onLostFarEnd(engine, (key, reason) => notifier.recheck(key, reason));
  const names = new NamespaceWatch(engine, scheduler, notifier);
  const stopNames = driver.namespaces.watch((name) => names.changed(name));
  signal.addEventListener('abort', () => {
    unsubscribe();
    stopWatching();
    stopNames();
  });
  await look();
}

/** ms until the next attempt to read what could not be read. */
const LATER = 1_000;
