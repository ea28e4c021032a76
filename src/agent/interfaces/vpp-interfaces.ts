/** Interfaces of the VPP engine: states from VPP's list, counters from its stats segment. */

import type { VppInterface } from '../../features/interface/vpp-metadata.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import {
  ifStatusFlags,
  type Messages,
  type VppClient,
  type VppInterfaceCounters,
  type VppStats,
} from '../../vpp/index.ts';
import type { InterfaceCounters, InterfaceReader, InterfaceState } from './interface-states.ts';

type Details = Messages['sw_interface_details'];

export type InterfaceLink = Pick<InterfaceState, 'name' | 'admin' | 'operational'>;

/** Interfaces of the configuration that are there, by logical names; needs no counters. */
export async function vppLinks(scheduler: Scheduler, client: VppClient): Promise<readonly InterfaceLink[]> {
  const list = await client.list('sw_interface_dump');
  return matched(scheduler, list).map(({ label, found }) => ({ name: label, ...linkOf(found.flags) }));
}

export function vppInterfaces(scheduler: Scheduler, client: VppClient, stats: VppStats): InterfaceReader {
  return {
    async read(signal) {
      const [list, counted] = await Promise.all([client.list('sw_interface_dump', {}, { signal }), stats.interfaces()]);
      const counters = new Map(counted.map((one) => [one.index, one]));
      return matched(scheduler, list).map(({ key, label, found }) =>
        stateOf(key, label, found, counters.get(found.sw_if_index)),
      );
    },
    watch(listener) {
      const end = new AbortController();
      const stop = client.onState(({ state }) => {
        listener();
        if (state === 'connected') void follow(client, listener, end.signal);
      });
      return () => {
        stop();
        end.abort();
      };
    },
  };
}

/** What is wanted with what VPP has. */
function matched(
  scheduler: Scheduler,
  list: readonly Details[],
): readonly { readonly key: string; readonly label: string; readonly found: Details }[] {
  const details = new Map(list.map((one) => [one.sw_if_index, one]));
  return [...scheduler.snapshot().nodes({ kind: 'vpp.interfaces' })].flatMap(({ key, label, metadata }) => {
    const index = (metadata as VppInterface | undefined)?.swIfIndex;
    const found = index === undefined ? undefined : details.get(index);
    return found ? [{ key, label, found }] : [];
  });
}

function linkOf(flags: number): Pick<InterfaceState, 'admin' | 'operational'> {
  return {
    admin: (flags & ifStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP) === 0 ? 'DOWN' : 'UP',
    operational: (flags & ifStatusFlags.IF_STATUS_API_FLAG_LINK_UP) === 0 ? 'DOWN' : 'UP',
  };
}

/** Until the connection ends; the features have asked VPP for these events. */
async function follow(client: VppClient, listener: () => void, signal: AbortSignal): Promise<void> {
  try {
    for await (const _event of client.events('sw_interface_event', { signal })) listener();
  } catch {
    // Events were lost: what is there now is read anew.
    listener();
  }
}

function stateOf(
  key: string,
  name: string,
  details: Details,
  counted: VppInterfaceCounters | undefined,
): Omit<InterfaceState, 'since'> {
  const { flags, interface_name: device, sw_if_index: index, l2_address: mac, link_mtu, mtu } = details;
  return {
    key,
    model: 'vpp.interfaces',
    name,
    device,
    index,
    place: 'VPP',
    ...linkOf(flags),
    mac: mac === '00:00:00:00:00:00' ? '' : mac,
    mtu: mtu[0] || link_mtu,
    shared: false,
    counters: countersOf(counted),
  };
}

/** VPP does not say in which direction a packet was dropped: as with the kernel's, most are on their way in. */
function countersOf(counted: VppInterfaceCounters | undefined): InterfaceCounters {
  return {
    rxPackets: counted?.rx.packets ?? 0n,
    rxBytes: counted?.rx.bytes ?? 0n,
    rxErrors: counted?.rxErrors ?? 0n,
    rxDropped: counted?.drops ?? 0n,
    txPackets: counted?.tx.packets ?? 0n,
    txBytes: counted?.tx.bytes ?? 0n,
    txErrors: counted?.txErrors ?? 0n,
    txDropped: 0n,
    rxMulticast: counted?.rxMulticast.packets ?? 0n,
    rxUnhandled: 0n,
    ...(counted && { vpp: counted }),
  };
}
