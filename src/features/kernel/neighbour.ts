/** Configured neighbours (ARP, ND) in a namespace: what `vpp.arp` and `linux.l3.arp` share. */

import { formatIp, formatMac, parseIp, parseMac } from '../../model/address.ts';
import type { Ip } from '../../model/address.ts';
import type { Key } from '../../model/key.ts';
import { isKernelError } from '../../kernel/errors.ts';
import type { Namespace } from '../../kernel/namespace/namespace.ts';
import {
  deleteNeighbour,
  NUD_NOARP,
  NUD_PERMANENT,
  NUD_STALE,
  replaceNeighbour,
} from '../../kernel/netlink/neighbour.ts';
import type { Neighbour } from '../../kernel/netlink/neighbour.ts';
import { SchedulerError } from '../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import { departuresOf } from './departure.ts';
import type { KernelEngine } from './engine.ts';
import { neighbourPlace } from './upkeep.ts';
import type { KernelUpkeep } from './upkeep.ts';

/** Metadata of an applied neighbour. */
export interface KernelNeighbour {
  readonly namespace: Namespace;
  /** Index of the device. */
  readonly link: number;
  readonly address: Ip;
}

/** What a model says of a neighbour. */
export interface NeighbourModel<V extends object> {
  readonly kind: string;
  /** NDA_PROTOCOL: whose it is. */
  readonly protocol: number;
  readonly retrieveAfter: readonly string[];
  /** The device it is on; undefined when that is not there. */
  place(graph: GraphView, value: V): { readonly namespace: Namespace; readonly link: number } | undefined;
  /** The key of the interface that is removed with its device, and so with the entry; see departure.ts. */
  departing(graph: GraphView, value: V): Key | undefined;
  /** The address as text, a reference resolved; undefined when nothing is allocated. */
  address(graph: GraphView, value: V): string | undefined;
  mac(value: V): string;
  /** False: the entry may be learned anew. */
  isStatic(value: V): boolean;
  /** `wanted` with what is in the kernel. */
  read(wanted: V, found: { readonly mac: string; readonly isStatic: boolean }): V;
  /** Devices on which entries that nobody wants are looked for, with the names of their interfaces. */
  devices(graph: GraphView): Iterable<{ readonly namespace: Namespace; readonly link: number; readonly name: string }>;
  stranger(name: string, address: string): { readonly key: Key; readonly value: V };
}

export function neighbourHandler<V extends object>(
  engine: KernelEngine,
  upkeep: KernelUpkeep,
  model: NeighbourModel<V>,
): Handler<V, KernelNeighbour> {
  async function set(graph: GraphView, key: Key, value: V): Promise<KernelNeighbour> {
    const target = targetOf(model, graph, value);
    const { namespace, link, address } = target;
    departuresOf(engine).cancel(key);
    const isStatic = model.isStatic(value);
    const entry = { link, address, mac: parseMac(model.mac(value))!, protocol: model.protocol };
    await engine.driver
      .rtnl(namespace)
      .request(replaceNeighbour({ ...entry, state: isStatic ? NUD_PERMANENT : NUD_STALE }));
    upkeep.forget(key);
    upkeep.remember(key, { namespace, link, place: neighbourPlace(link, address), changes: !isStatic });
    return target;
  }

  async function unset({ namespace, link, address }: KernelNeighbour): Promise<void> {
    try {
      await engine.driver.rtnl(namespace).request(deleteNeighbour({ link, address }));
    } catch (error) {
      // With its device or its namespace it is gone, too.
      if (!isKernelError(error, 'ENOENT', 'ESRCH', 'ENODEV')) throw error;
    }
  }

  async function move(graph: GraphView, key: Key, value: V, old: KernelNeighbour): Promise<KernelNeighbour> {
    const target = await set(graph, key, value);
    if (!samePlace(target, old)) await unset(old);
    return target;
  }

  return {
    kind: model.kind,
    engine: 'kernel',
    create: set,
    update: (context, key, _from, to, metadata) => move(context, key, to, metadata),
    refresh: (context, key, value, metadata) => move(context, key, value, metadata),
    async remove(context, key, value, metadata) {
      upkeep.forget(key);
      const device = model.departing(context, value);
      if (device) departuresOf(engine).leave(context, key, device, () => unset(metadata));
      else await unset(metadata);
    },
    retrieve: (context) => retrieve(engine, upkeep, model, context),
    retrieveAfter: model.retrieveAfter,
  };
}

function targetOf<V extends object>(model: NeighbourModel<V>, graph: GraphView, value: V): KernelNeighbour {
  const place = model.place(graph, value);
  if (!place) throw new SchedulerError('failed', 'its interface has no device');
  const address = parseIp(model.address(graph, value) ?? '');
  if (!address) throw new SchedulerError('failed', 'its address is not allocated');
  return { namespace: place.namespace, link: place.link, address };
}

function samePlace(left: KernelNeighbour, right: KernelNeighbour): boolean {
  return placeText(left) === placeText(right);
}

function placeText({ namespace, link, address }: KernelNeighbour): string {
  return `${namespace.id} ${neighbourPlace(link, address)}`;
}

async function retrieve<V extends object>(
  engine: KernelEngine,
  upkeep: KernelUpkeep,
  model: NeighbourModel<V>,
  context: RetrieveContext<V, KernelNeighbour>,
): Promise<readonly Retrieved<V, KernelNeighbour>[]> {
  const wanted = new Map<string, { readonly key: Key; readonly value: V }>();
  const namespaces = new Map<string, Namespace>();
  for (const [key, { value }] of context.expected) {
    if (context.keys && !context.keys.has(key)) continue;
    try {
      const target = targetOf(model, context, value);
      wanted.set(placeText(target), { key, value });
      namespaces.set(target.namespace.id, target.namespace);
    } catch {
      // What it names is not there, so the kernel cannot have it.
    }
  }
  const names = new Map<string, string>();
  for (const { namespace, link, name } of context.keys ? [] : model.devices(context)) {
    namespaces.set(namespace.id, namespace);
    names.set(`${namespace.id} ${link}`, name);
  }
  const items: Retrieved<V, KernelNeighbour>[] = [];
  await Promise.all(
    [...namespaces.values()].map(async (namespace) => {
      for (const entry of await entriesOf(engine, context.session, namespace)) {
        const metadata = { namespace, link: entry.link, address: entry.address };
        const wish = wanted.get(placeText(metadata)) ?? strangerOf(model, names, namespace, entry);
        if (!wish) continue;
        const isStatic = (entry.state & (NUD_PERMANENT | NUD_NOARP)) !== 0;
        const value = model.read(wish.value, { mac: entry.mac ? formatMac(entry.mac) : '', isStatic });
        const place = neighbourPlace(entry.link, entry.address);
        upkeep.remember(wish.key, { namespace, link: entry.link, place, changes: !isStatic });
        items.push({ key: wish.key, value, metadata, origin: 'ours' });
      }
    }),
  );
  return items;
}

/** Entries that lead somewhere. */
async function entriesOf(engine: KernelEngine, session: object, namespace: Namespace): Promise<readonly Neighbour[]> {
  try {
    const entries = await engine.driver.dump(session, namespace).neighbours();
    return entries.filter(({ state }) => (state & USELESS) === 0 && state !== 0);
  } catch (error) {
    // The namespace went while we looked.
    if (isKernelError(error, 'ENOENT')) return [];
    throw error;
  }
}

/** NUD_INCOMPLETE, NUD_FAILED */
const USELESS = 0x21;

function strangerOf<V extends object>(
  model: NeighbourModel<V>,
  names: ReadonlyMap<string, string>,
  namespace: Namespace,
  { protocol, link, address }: Neighbour,
): { readonly key: Key; readonly value: V } | undefined {
  const name = protocol === model.protocol ? names.get(`${namespace.id} ${link}`) : undefined;
  return name === undefined ? undefined : model.stranger(name, formatIp(address));
}
