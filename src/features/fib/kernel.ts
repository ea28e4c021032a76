/** `vpp.l2.fib` in the Linux kernel: entries of the bridge (FORWARD) and of the set that the bridge family drops by (DROP). */

import { formatMac, parseMac } from '../../model/address.ts';
import type { Ip } from '../../model/address.ts';
import { FIBEntry_Action as Action } from '../../model/gen/ligato/vpp/l2/fib_pb.js';
import type { FIBEntry } from '../../model/gen/ligato/vpp/l2/fib_pb.js';
import type { Key } from '../../model/key.ts';
import { isKernelError } from '../../kernel/errors.ts';
import { addElements, deleteElements } from '../../kernel/nftables/index.ts';
import {
  deleteFdb,
  NTF_MASTER,
  NTF_SELF,
  NTF_STICKY,
  NUD_NOARP,
  NUD_PERMANENT,
  replaceFdb,
} from '../../kernel/netlink/neighbour.ts';
import { SchedulerError } from '../../scheduler/errors.ts';
import type { GraphView, Handler } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { bridgeTable, dropSetOf, type KernelBridge, type KernelBridgePort } from '../bridge-domain/kernel-metadata.ts';
import { KernelNotifier } from '../kernel/notifier.ts';
import { bridgeDomainInterfaceKey, bridgeDomainKey } from '../bridge-domain/model.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import type { KernelFib } from './kernel-metadata.ts';
import { retrieveEntries } from './kernel-retrieve.ts';
import { remoteOf } from './tunnel.ts';

/** Keys of forwarding entries by where they are; what the handler and the watch of one engine share. */
const placed = new WeakMap<KernelEngine, Map<string, Key>>();

function entriesOf(engine: KernelEngine): Map<string, Key> {
  const entries = placed.get(engine) ?? new Map<string, Key>();
  placed.set(engine, entries);
  return entries;
}

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [fibHandler(engine, entriesOf(engine))] as readonly Handler[];
}

/** An entry goes with the port it is at, and that may be another one than it was made for: learning moved it. */
export function watch(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const { driver } = engine;
  const entries = entriesOf(engine);
  const notifier = new KernelNotifier(scheduler, signal);
  const recheckAll = (reason: string): void => {
    const keys = Array.from(scheduler.snapshot().statuses({ kind: 'vpp.l2.fib' }), ({ key }) => key);
    if (keys.length > 0) scheduler.recheck(keys, reason);
  };
  const ends = [
    driver.nft(driver.vswitch).watch(
      ({ family, name }) => family === bridgeTable.family && name === bridgeTable.name,
      (changes) => {
        if (changes?.every(({ name }) => !name.startsWith('drops-')) !== true)
          recheckAll('what is dropped was changed');
      },
    ),
    driver.events.subscribe((event) => {
      if (event.type !== 'fdb' || event.action !== 'removed' || event.namespace.id !== driver.vswitch.id) return;
      const { master, mac } = event.value;
      const key = master === undefined ? undefined : entries.get(placeOf(master, mac));
      if (key !== undefined) notifier.recheck(key, 'the entry was removed');
    }),
  ];
  signal.addEventListener('abort', () => ends.forEach((end) => end()), { once: true });
  return Promise.resolve();
}

function placeOf(bridge: number, mac: Uint8Array): string {
  return `${bridge} ${formatMac(mac)}`;
}

function fibHandler(engine: KernelEngine, entries: Map<string, Key>): Handler<FIBEntry, KernelFib> {
  const { driver } = engine;
  const rtnl = driver.rtnl(driver.vswitch);
  const nft = driver.nft(driver.vswitch);

  async function make(graph: GraphView, key: Key, value: FIBEntry): Promise<KernelFib> {
    const mac = parseMac(value.physAddress)!;
    if (value.action === Action.DROP) {
      const bridge = graph.metadata<KernelBridge>(bridgeDomainKey(value.bridgeDomain));
      if (!bridge) throw new SchedulerError('failed', `bridge domain ${value.bridgeDomain} has no device`, { key });
      await nft.apply([addElements(bridgeTable, dropSetOf(bridge), [{ key: [mac] }])]);
      return { bridge, mac };
    }
    const port = graph.metadata<KernelBridgePort>(
      bridgeDomainInterfaceKey(value.bridgeDomain, value.outgoingInterface),
    );
    if (!port) throw new SchedulerError('failed', `${value.outgoingInterface} is no port`, { key });
    const router = port.routerAddress !== undefined && formatMac(port.routerAddress) === formatMac(mac);
    // Not one that ages: whoever configures an entry does not want it to go. Learning moves it when it is not static.
    const flags = NTF_MASTER | (value.staticConfig || router ? NTF_STICKY : 0);
    const remote = port.shared ? remoteOf(graph, value.outgoingInterface) : undefined;
    await Promise.all([
      rtnl.request(replaceFdb({ link: port.ifindex, mac, state: NUD_NOARP, flags })),
      ...(remote ? [rtnl.request(replaceFdb(tunnelEntry(port.ifindex, mac, remote)))] : []),
    ]);
    entries.set(placeOf(port.bridge.ifindex, mac), key);
    return {
      bridge: port.bridge,
      mac,
      port: port.ifindex,
      ...(remote ? { remote } : {}),
      ...(router ? { router } : {}),
    };
  }

  async function unmake({ bridge, mac, port, remote, router }: KernelFib): Promise<void> {
    entries.delete(placeOf(bridge.ifindex, mac));
    if (router) return;
    if (remote) await rtnl.request(deleteFdb(tunnelEntry(port!, mac, remote))).catch(unlessGone);
    const removal =
      port === undefined
        ? nft.apply([deleteElements(bridgeTable, dropSetOf(bridge), [{ key: [mac] }])])
        : rtnl.request(deleteFdb({ link: port, mac }));
    await removal.catch(unlessGone);
  }

  return {
    kind: 'vpp.l2.fib',
    engine: 'kernel',
    create: make,
    async update(context, key, from, to, metadata) {
      // The kernel moves an entry from port to port at once.
      if (from.action !== to.action || metadata.router) await unmake(metadata);
      const made = await make(context, key, to);
      const moved = metadata.remote !== undefined && metadata.port !== made.port;
      if (moved)
        await rtnl.request(deleteFdb(tunnelEntry(metadata.port!, metadata.mac, metadata.remote!))).catch(unlessGone);
      return made;
    },
    remove: (_context, _key, _value, metadata) => unmake(metadata),
    async retrieve(context) {
      const retrieved = await retrieveEntries(engine, context);
      for (const { key, metadata, origin } of retrieved) {
        if (metadata.port !== undefined && origin === 'ours')
          entries.set(placeOf(metadata.bridge.ifindex, metadata.mac), key);
      }
      return retrieved;
    },
    retrieveAfter: ['vpp.l2.bridge-domain.interface'],
  };
}

/** Tells tunnels of one VXLAN device apart: the entry of the device itself says to which end. */
function tunnelEntry(link: number, mac: Uint8Array, remote: Ip) {
  return { link, mac, remote, state: NUD_PERMANENT, flags: NTF_SELF };
}

function unlessGone(error: unknown): void {
  if (!isKernelError(error, 'ENOENT', 'ENODEV')) throw error;
}
