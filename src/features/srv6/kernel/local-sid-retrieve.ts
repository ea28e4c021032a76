/** Reads the local segments back from the kernel's tables. */

import type { LocalSID } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Key } from '../../../model/key.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Route } from '../../../kernel/netlink/route.ts';
import { readSeg6Local, seg6Actions } from '../../../kernel/netlink/seg6.ts';
import type { Seg6Local } from '../../../kernel/netlink/seg6.ts';
import { routeProtocols, vrfOfTable } from '../../../kernel/pipeline/numbers.ts';
import type { RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { INTERFACE_PREFIX, interfaceKey } from '../../interface/model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { routePlace } from '../../kernel/upkeep.ts';
import type { SegmentPlace } from '../kernel-metadata.ts';
import { localSidKey } from '../model.ts';
import { functionOf, neighbourOf } from './end-function.ts';
import { bareSid, sidPlace } from './sid.ts';
import type { KernelLocalSid, LocalSidParts } from './sid.ts';
import { hopId, numberOf, readNextHops } from './next-hops.ts';
import type { NextHop } from './next-hops.ts';
import { legsOf } from './routes.ts';

type Context = RetrieveContext<LocalSID, KernelLocalSid>;
type Item = Retrieved<LocalSID, KernelLocalSid>;

export async function retrieveLocalSids(
  { driver }: KernelEngine,
  { routes, nextHops }: LocalSidParts,
  context: Context,
): Promise<readonly Item[]> {
  const dump = driver.dump(context.session, driver.vswitch);
  const [all, rules, byName, byIndex] = await Promise.all([
    dump.routes(),
    dump.rules(),
    dump.linksByName(),
    dump.linksByIndex(),
  ]);
  const device = routes.device.see(byName);
  const reading = new Reading(context, readNextHops(all, rules), byIndex);
  for (const route of all) reading.take(route, device);
  for (const { key, metadata } of reading.items) {
    routes.found(key, metadata.place, device);
    const { hop } = metadata;
    if (!hop) continue;
    nextHops.found(key, hop.gateway.family, hop.number);
    if (hop.link !== NOWHERE) nextHops.watch(key, hop.number, hop, byIndex.get(hop.link)?.up === true);
  }
  return context.keys ? reading.items.filter(({ key }) => context.keys!.has(key)) : reading.items;
}

class Reading {
  readonly items: Item[] = [];
  readonly #context: Context;
  readonly #hops: ReadonlyMap<string, NextHop>;
  readonly #links: ReadonlyMap<number, Link>;
  readonly #expected: ReadonlyMap<string, { readonly key: Key; readonly value: LocalSID }>;
  #names: ReadonlyMap<number, string> | undefined;

  constructor(context: Context, hops: ReadonlyMap<string, NextHop>, links: ReadonlyMap<number, Link>) {
    this.#context = context;
    this.#hops = hops;
    this.#links = links;
    this.#expected = new Map(
      Array.from(context.expected, ([key, { value }]) => [routePlace(sidPlace(value)), { key, value }]),
    );
  }

  take(route: Route, device: number | undefined): void {
    if (route.protocol !== routeProtocols.srv6 || route.family !== 6) return;
    const [leg, ...others] = legsOf(route, device);
    const local = leg && readSeg6Local(leg.encapsulation);
    if (!local || others.length > 0) return;
    const place: SegmentPlace = route;
    const wanted = this.#expected.get(routePlace(place));
    const hop = this.#hopOf(local, wanted?.value);
    const endFunction = functionOf(local, { name: (link) => this.#nameOf(link), neighbour: () => hop });
    if (!endFunction) return;
    const bare = bareSid(place, vrfOfTable(place.table) ?? 0, endFunction);
    const value = wanted ? { ...wanted.value, endFunction } : bare;
    const { destination, table, metric } = place;
    const metadata = { place: { destination, table, metric }, ...(hop ? { hop } : {}) };
    this.items.push({ key: wanted?.key ?? localSidKey(bare.sid), value, metadata, origin: 'ours' });
  }

  /** The neighbour that a segment sends to: right, too, if it is not there because its device is down. */
  #hopOf({ action, nextHop4, nextHop6 }: Seg6Local, wanted: LocalSID | undefined): KernelLocalSid['hop'] {
    if (!SENDERS.has(action)) return undefined;
    const standIn = nextHop4 ?? nextHop6;
    const number = standIn && numberOf(standIn);
    if (!standIn || number === undefined) return undefined;
    const found = this.#hops.get(hopId(standIn.family, number));
    if (found) return { ...found, number };
    const neighbour = wanted && neighbourOf(wanted.endFunction);
    const link = neighbour && this.#context.metadata<KernelInterface>(interfaceKey(neighbour.interface))?.ifindex;
    const isDown = link !== undefined && this.#links.get(link)?.up === false;
    if (isDown && neighbour?.gateway.family === standIn.family) return { gateway: neighbour.gateway, link, number };
    return { gateway: { family: standIn.family, bytes: new Uint8Array(standIn.bytes.length) }, link: NOWHERE, number };
  }

  #nameOf(link: number): string {
    this.#names ??= this.#namesOfDevices();
    return this.#names.get(link) ?? this.#links.get(link)?.name ?? `#${link}`;
  }

  #namesOfDevices(): ReadonlyMap<number, string> {
    const names = new Map<number, string>();
    for (const [key] of this.#context.appliedUnder(INTERFACE_PREFIX)) {
      const device = this.#context.metadata<KernelInterface>(key);
      if (device) names.set(device.ifindex, key.slice(INTERFACE_PREFIX.length));
    }
    return names;
  }
}

/** No device has this index: the next hop was taken away. */
const NOWHERE = 0;
const SENDERS: ReadonlySet<number> = new Set([seg6Actions['End.X'], seg6Actions['End.DX4'], seg6Actions['End.DX6']]);
