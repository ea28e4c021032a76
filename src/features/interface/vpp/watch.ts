/** What happens to VPP's interfaces without us: link states are told to the scheduler; what vanished or changed is looked at. */

import type { Scheduler } from '../../../scheduler/scheduler.ts';
import { ifStatusFlags, isVppError } from '../../../vpp/index.ts';
import { KernelNotifier as Notifier } from '../../kernel/notifier.ts';
import type { InterfaceDetails } from '../../vpp/dump.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { interfaceKey, linkStateKey } from '../model/keys.ts';
import { linkState } from '../model/part-kinds.ts';
import { OwnRemovals } from './own-removals.ts';

/** Listens anew on each connection, until the signal. Resolves when the state of the first has been told. */
export async function watchInterfaces(engine: VppEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const watch = new InterfaceWatch(engine, new Notifier(scheduler, signal));
  let first: Promise<void> | undefined;
  const stop = engine.client.onState(({ state }) => {
    if (state === 'disconnected') return;
    const listening = watch.listen(signal);
    first ??= listening;
  });
  signal.addEventListener('abort', stop, { once: true });
  await first;
}

/** VPP only tells it back. */
const OUR_PID = 1;

interface Seen {
  readonly name: string;
  readonly isUp: boolean;
  readonly isLinkUp: boolean;
}

class InterfaceWatch {
  readonly #engine: VppEngine;
  readonly #notifier: Notifier;
  readonly #own: OwnRemovals;
  #seen = new Map<number, Seen>();

  constructor(engine: VppEngine, notifier: Notifier) {
    this.#engine = engine;
    this.#own = OwnRemovals.of(engine);
    this.#notifier = notifier;
  }

  async listen(signal: AbortSignal): Promise<void> {
    const { client, log } = this.#engine;
    try {
      const events = client.events('sw_interface_event', { signal });
      await client.request('want_interface_events', { enable_disable: 1, pid: OUR_PID });
      this.#replace(await client.list('sw_interface_dump', {}));
      void this.#follow(events, signal);
    } catch (error) {
      // A connection that is gone is followed by another one.
      if (!signal.aborted && !isVppError(error, 'disconnected', 'closed')) {
        log.warn({ err: error }, 'VPP does not tell what happens to its interfaces');
      }
    }
  }

  async #follow(
    events: AsyncIterable<{ readonly sw_if_index: number; readonly deleted: boolean }>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      for await (const { sw_if_index, deleted } of events) {
        if (deleted) this.#forget(sw_if_index, this.#own.take(sw_if_index));
        // A number may be another one's by now: VPP tells the end of one and the start of the next in the same event.
        for (const details of await this.#engine.client.list('sw_interface_dump', { sw_if_index }))
          if (details.sw_if_index === sw_if_index) this.#see(details);
      }
    } catch (error) {
      if (isVppError(error, 'overflow')) await this.listen(signal);
    }
  }

  #replace(all: readonly InterfaceDetails[]): void {
    const there = new Set(all.map(({ sw_if_index }) => sw_if_index));
    for (const index of this.#seen.keys()) if (!there.has(index)) this.#forget(index);
    for (const details of all) this.#see(details);
  }

  #see(details: InterfaceDetails): void {
    const { sw_if_index: index, tag: name, flags } = details;
    const before = this.#seen.get(index);
    if (before && before.name !== name) this.#forget(index);
    if (name === '') return;
    const isUp = (flags & ifStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP) !== 0;
    const isLinkUp = isUp && (flags & ifStatusFlags.IF_STATUS_API_FLAG_LINK_UP) !== 0;
    const known = before?.name === name ? before : undefined;
    this.#seen.set(index, { name, isUp, isLinkUp });
    if (known?.isLinkUp !== isLinkUp) this.#tell(name, isLinkUp ? 'UP' : 'DOWN');
    if (known && known.isUp !== isUp)
      this.#notifier.recheck(interfaceKey(name), isUp ? 'it was set up' : 'it was set down');
  }

  #forget(index: number, isOurs = false): void {
    const seen = this.#seen.get(index);
    if (!seen) return;
    this.#seen.delete(index);
    for (const state of ['UP', 'DOWN'] as const) this.#withdraw(seen.name, state);
    if (!isOurs) this.#notifier.recheck(interfaceKey(seen.name), 'the interface vanished');
  }

  #tell(name: string, state: 'UP' | 'DOWN'): void {
    this.#withdraw(name, state === 'UP' ? 'DOWN' : 'UP');
    this.#notifier.notify({ key: linkStateKey(name, state), kind: linkState.name, value: { interface: name, state } });
  }

  #withdraw(name: string, state: 'UP' | 'DOWN'): void {
    this.#notifier.notify({ key: linkStateKey(name, state), kind: linkState.name, value: null });
  }
}
