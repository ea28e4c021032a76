/** `vpp.srv6.localsid` in the Linux kernel: a route of the segment that does what the function says (seg6local). */

import type { LocalSID } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Key } from '../../../model/key.ts';
import { seg6Local } from '../../../kernel/netlink/seg6.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, OperationContext } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { routePlace } from '../../kernel/upkeep.ts';
import { frameInterfaceOf, localOf, neighbourOf, unsupportedFunction } from './end-function.ts';
import { retrieveLocalSids } from './local-sid-retrieve.ts';
import type { NextHops } from './next-hops.ts';
import type { SegmentRoutes } from './routes.ts';
import { sidPlace } from './sid.ts';
import type { KernelLocalSid, LocalSidParts } from './sid.ts';

export function localSidHandler(engine: KernelEngine, parts: LocalSidParts): Handler<LocalSID, KernelLocalSid> {
  const segments = new LocalSids(engine, parts);
  return {
    kind: 'vpp.srv6.localsid',
    engine: 'kernel',
    support: { grade: 'proven', needs: ['seg6local'] },
    unsupported: (_key, value) => unsupportedFunction(value, parts.lacking()),
    recreate: (_key, from, to) => routePlace(sidPlace(from)) !== routePlace(sidPlace(to)),
    create: (context, key, value) => segments.create(context, key, value),
    update: (context, key, _from, to, metadata) => segments.update(context, key, to, metadata),
    remove: (_context, key, _value, metadata) => segments.remove(key, metadata),
    retrieve: (context) => retrieveLocalSids(engine, parts, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

class LocalSids {
  readonly #engine: KernelEngine;
  readonly #routes: SegmentRoutes;
  readonly #nextHops: NextHops;

  constructor(engine: KernelEngine, { routes, nextHops }: LocalSidParts) {
    this.#engine = engine;
    this.#routes = routes;
    this.#nextHops = nextHops;
  }

  async create(context: OperationContext, key: Key, value: LocalSID): Promise<KernelLocalSid> {
    const made = this.#plan(context, key, value);
    await this.#prepare(value);
    // First the segment, by which what stands for its next hop is found again after a crash.
    await this.#routes.add(key, made.place, [this.#leg(context, value, made)]);
    if (made.hop) await this.#nextHops.set(key, made.hop.number, made.hop);
    return made;
  }

  async update(
    context: OperationContext,
    key: Key,
    value: LocalSID,
    { place, hop }: KernelLocalSid,
  ): Promise<KernelLocalSid> {
    const made = this.#plan(context, key, value);
    await this.#prepare(value);
    if (made.hop) await this.#nextHops.set(key, made.hop.number, made.hop);
    await this.#routes.replace(key, place, [this.#leg(context, value, made)]);
    const family = hop?.gateway.family;
    if (family !== undefined && family !== made.hop?.gateway.family)
      await this.#nextHops.clear(key, hop!.number, family);
    if (!made.hop) this.#nextHops.forget(key);
    return made;
  }

  async remove(key: Key, { place, hop }: KernelLocalSid): Promise<void> {
    if (hop) await this.#nextHops.clear(key, hop.number, hop.gateway.family);
    this.#nextHops.forget(key);
    await this.#routes.remove(key, place);
  }

  #plan(graph: GraphView, key: Key, value: LocalSID): KernelLocalSid {
    const place = sidPlace(value);
    const neighbour = neighbourOf(value.endFunction);
    if (!neighbour) return { place };
    const { gateway } = neighbour;
    const link = deviceOf(graph, key, neighbour.interface).ifindex;
    return { place, hop: { gateway, link, number: this.#nextHops.numberFor(key) } };
  }

  #leg(graph: GraphView, value: LocalSID, { hop }: KernelLocalSid) {
    const frames = frameInterfaceOf(value.endFunction);
    const local = localOf(value.endFunction, {
      nextHop: hop && this.#nextHops.standIn(hop.gateway.family, hop.number),
      link: frames === undefined ? undefined : deviceOf(graph, undefined, frames).ifindex,
    });
    return { encapsulation: seg6Local(local), weight: 1 };
  }

  /** The kernel unpacks into a vrf device only when no two devices can have one table. */
  async #prepare({ endFunction: { case: name, value } }: LocalSID): Promise<void> {
    if ((name !== 'endFunctionDt4' && name !== 'endFunctionDt6') || value.vrfId === 0) return;
    await this.#engine.driver.sysctl(this.#engine.driver.vswitch).write('net/vrf/strict_mode', 1);
  }
}

function deviceOf(graph: GraphView, key: Key | undefined, name: string): KernelInterface {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`, key === undefined ? {} : { key });
  return device;
}
