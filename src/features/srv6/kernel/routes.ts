/** Routes with segments in the kernel: made, changed in place, removed, watched. */

import { formatPrefix, parseIp } from '../../../model/address.ts';
import type { Family } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { addRoute, deleteRoute, listRoutes, replaceRoute } from '../../../kernel/netlink/route.ts';
import type { Encapsulation, Route, RouteSpec } from '../../../kernel/netlink/route.ts';
import { routeProtocols } from '../../../kernel/pipeline/numbers.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { routePlace } from '../../kernel/upkeep.ts';
import type { KernelUpkeep } from '../../kernel/upkeep.ts';
import type { SegmentPlace } from '../kernel-metadata.ts';
import type { SegmentDevice } from './device.ts';

/** One of the ways that packets of a route are spread over. */
export interface Leg {
  readonly encapsulation: Encapsulation;
  /** 1-256 */
  readonly weight: number;
}

/**
 * VPP prefers segments to routes of the same prefix, and what interfaces have to both. Routes begin at 1 (IPv6: 1024), those of
 * interfaces have 0 (IPv6: 256).
 */
export function metricOf(family: Family): number {
  return family === 4 ? 0 : 512;
}

export class SegmentRoutes {
  readonly device: SegmentDevice;
  readonly #engine: KernelEngine;
  readonly #rtnl: Rtnl;
  readonly #upkeep: KernelUpkeep;

  constructor(engine: KernelEngine, device: SegmentDevice, upkeep: KernelUpkeep) {
    this.device = device;
    this.#engine = engine;
    this.#rtnl = engine.driver.rtnl(engine.driver.vswitch);
    this.#upkeep = upkeep;
  }

  async add(key: Key, place: SegmentPlace, legs: readonly Leg[]): Promise<void> {
    await this.device.use(key, async (link) => {
      const spec = specOf(place, legs, link);
      try {
        await this.#rtnl.request(addRoute(spec));
      } catch (error) {
        if (!isKernelError(error, 'EEXIST')) throw error;
        await this.#takeOver(spec);
      }
      this.#watch(key, place, link);
    });
  }

  async replace(key: Key, place: SegmentPlace, legs: readonly Leg[]): Promise<void> {
    await this.device.use(key, async (link) => {
      await this.#rtnl.request(replaceRoute(specOf(place, legs, link)));
      this.#watch(key, place, link);
    });
  }

  async remove(key: Key, { destination, table, metric }: SegmentPlace): Promise<void> {
    this.#upkeep.forget(key);
    try {
      await this.#rtnl.request(deleteRoute({ destination, table, metric, protocol: routeProtocols.srv6 }));
    } catch (error) {
      if (!isKernelError(error, 'ESRCH', 'ENOENT')) throw error;
    }
    await this.device.leave(key);
  }

  /** A retrieval found it, on the device that it knows. */
  found(key: Key, place: SegmentPlace, link: number | undefined): void {
    this.device.join(key);
    if (link !== undefined) this.#watch(key, place, link);
  }

  /** Whoever takes it away is noticed. */
  #watch(key: Key, place: SegmentPlace, link: number): void {
    this.#upkeep.remember(key, { namespace: this.#engine.driver.vswitch, link, place: routePlace(place) });
  }

  /**
   * What a crash left behind is replaced; the route of an interface or of another feature is not, and that of somebody else only in a
   * namespace that the agent has for itself.
   */
  async #takeOver(spec: RouteSpec): Promise<void> {
    const found = await this.#rtnl.dump(listRoutes({ family: spec.destination.address.family, table: spec.table! }));
    const place = routePlace(spec as SegmentPlace);
    const others = found.filter((route) => routePlace(route) === place);
    if (others.some(({ protocol }) => !this.#mayReplace(protocol))) {
      const destination = formatPrefix(spec.destination);
      throw new SchedulerError(
        'failed',
        `there is a route to ${destination} already: of an interface, or of somebody else`,
      );
    }
    await this.#rtnl.request(replaceRoute(spec));
  }

  #mayReplace(protocol: number): boolean {
    if (protocol === routeProtocols.srv6) return true;
    const { vswitch, own } = this.#engine.driver;
    return vswitch.id !== own.id && protocol !== RTPROT_KERNEL && !OTHER_FEATURES.has(protocol);
  }
}

const RTPROT_KERNEL = 2;
const OTHER_FEATURES: ReadonlySet<number> = new Set(Object.values(routeProtocols));

function specOf({ destination, table, metric }: SegmentPlace, legs: readonly Leg[], link: number): RouteSpec {
  const common = { destination, table, metric, protocol: routeProtocols.srv6 };
  if (legs.length === 1) return { ...common, link, encapsulation: legs[0]!.encapsulation };
  // IPv6 spreads over gateways only. Nobody asks for this one: the packet is looked up anew with its first segment.
  const via = destination.address.family === 6 ? { gateway: ANYBODY, onlink: true } : {};
  return { ...common, nextHops: legs.map(({ weight, encapsulation }) => ({ link, weight, encapsulation, ...via })) };
}

const ANYBODY = parseIp('fe80::1')!;

/** The ways of a route on the device of segments; empty when one of them is something else. */
export function legsOf(route: Route, device: number | undefined): readonly Leg[] {
  const ways = route.nextHops ?? [{ ...route, weight: 1 }];
  const legs: Leg[] = [];
  for (const { link, encapsulation, weight = 1 } of ways) {
    if (encapsulation === undefined || link !== device) return [];
    legs.push({ encapsulation, weight });
  }
  return legs;
}
