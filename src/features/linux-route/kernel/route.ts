/** `linux.l3.route`: routes in the namespaces of Linux interfaces. */

import { formatPrefix } from '../../../model/address.ts';
import { Route_Scope as Scope } from '../../../model/gen/ligato/linux/l3/route_pb.js';
import type { Route } from '../../../model/gen/ligato/linux/l3/route_pb.js';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { addRoute, deleteRoute, listRoutes, replaceRoute } from '../../../kernel/netlink/route.ts';
import type { Route as KernelRouteEntry, RouteSpec } from '../../../kernel/netlink/route.ts';
import { routeProtocols } from '../../../kernel/pipeline/numbers.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler } from '../../../scheduler/handler.ts';
import { departingLinuxInterface, departuresOf } from '../../kernel/departure.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { routePlace } from '../../kernel/upkeep.ts';
import type { KernelUpkeep } from '../../kernel/upkeep.ts';
import type { KernelLinuxRoute } from '../kernel-metadata.ts';
import { retrieve } from './retrieve.ts';
import { leadsThere, targetOf } from './target.ts';

export function linuxRouteHandler(engine: KernelEngine, upkeep: KernelUpkeep): Handler<Route, KernelLinuxRoute> {
  const routes = new LinuxRoutes(engine, upkeep);
  return {
    kind: 'linux.l3.route',
    engine: 'kernel',
    unsupported: (_key, value) => unsupported(value),
    create: (context, key, value) => routes.make(context, key, value),
    update: (context, key, _from, to, metadata) => routes.change(context, key, to, metadata),
    refresh: (context, key, value, metadata) => routes.change(context, key, value, metadata),
    remove: (context, key, value, metadata) => routes.remove(context, key, value, metadata),
    retrieve: (context) => retrieve(engine, upkeep, context),
    retrieveAfter: ['linux.interfaces.interface', 'linux.interfaces.interface.vrf', 'netalloc.ip'],
    retriable: (error) => !(error instanceof SchedulerError) || error.retriable,
  };
}

function unsupported({ scope, dstNetwork }: Route): string | undefined {
  return scope === Scope.SITE && !dstNetwork.includes(':') && !dstNetwork.startsWith('alloc:')
    ? 'kernel: scope SITE is for IPv6 only'
    : undefined;
}

class LinuxRoutes {
  readonly #engine: KernelEngine;
  readonly #upkeep: KernelUpkeep;

  constructor(engine: KernelEngine, upkeep: KernelUpkeep) {
    this.#engine = engine;
    this.#upkeep = upkeep;
  }

  async make(graph: GraphView, key: Key, value: Route): Promise<KernelLinuxRoute> {
    const target = targetOf(graph, value);
    departuresOf(this.#engine).cancel(key);
    const made = await this.#add(target);
    this.#upkeep.remember(key, { ...target, place: routePlace(target) });
    return made;
  }

  /** In place while it stays at its place in the table; else the new one is there before the old one goes. */
  async change(graph: GraphView, key: Key, value: Route, old: KernelLinuxRoute): Promise<KernelLinuxRoute> {
    const target = targetOf(graph, value);
    const isSamePlace = old.namespace.id === target.namespace.id && routePlace(old) === routePlace(target);
    if (old.borrowed === true || !isSamePlace) {
      const made = await this.make(graph, key, value);
      await this.#delete(old);
      return made;
    }
    await this.#engine.driver.rtnl(target.namespace).request(replaceRoute(specOf(target)));
    this.#upkeep.remember(key, { ...target, place: routePlace(target) });
    return target;
  }

  async remove(graph: GraphView, key: Key, value: Route, route: KernelLinuxRoute): Promise<void> {
    this.#upkeep.forget(key);
    const device = departingLinuxInterface(graph, value.outgoingInterface);
    if (device) departuresOf(this.#engine).leave(graph, key, device, () => this.#delete(route));
    else await this.#delete(route);
  }

  async #add(target: KernelLinuxRoute): Promise<KernelLinuxRoute> {
    const rtnl = this.#engine.driver.rtnl(target.namespace);
    try {
      await rtnl.request(addRoute(specOf(target)));
      return target;
    } catch (error) {
      if (!isKernelError(error, 'EEXIST')) throw error;
    }
    const occupant = await this.#occupant(target);
    if (occupant && occupant.protocol !== routeProtocols.linuxRoute) {
      if (leadsThere(occupant, target)) return { ...target, borrowed: true };
      this.#respect(occupant, target);
    }
    await rtnl.request(replaceRoute(specOf(target)));
    return target;
  }

  /** The namespace of a pod is ours to set up; in the one that the agent runs in others may have routes of their own. */
  #respect(occupant: KernelRouteEntry, { destination, metric, namespace }: KernelLinuxRoute): void {
    if (occupant.protocol !== KERNEL && namespace.id !== this.#engine.driver.own.id) return;
    const whose = occupant.protocol === KERNEL ? 'the kernel (a connected route)' : 'somebody else';
    const message = `${whose} has another route to ${formatPrefix(destination)} with metric ${metric}: a larger metric lets both be there`;
    throw new SchedulerError('failed', message, { retriable: true });
  }

  async #occupant(target: KernelLinuxRoute): Promise<KernelRouteEntry | undefined> {
    const { destination, table, namespace } = target;
    const family = destination.address.family;
    const routes = await this.#engine.driver.rtnl(namespace).dump(listRoutes({ family, table }));
    const place = routePlace(target);
    return routes.find((route) => routePlace(route) === place);
  }

  async #delete(route: KernelLinuxRoute): Promise<void> {
    if (route.borrowed === true) return;
    const { destination, table, metric, link, namespace } = route;
    const spec = { destination, table, metric, link, protocol: routeProtocols.linuxRoute };
    try {
      await this.#engine.driver.rtnl(namespace).request(deleteRoute(spec));
    } catch (error) {
      // With its device or its namespace it is gone, too.
      if (!isKernelError(error, 'ESRCH', 'ENODEV', 'ENOENT', 'ENETUNREACH')) throw error;
    }
  }
}

/** RTPROT_KERNEL */
const KERNEL = 2;

function specOf({ destination, gateway, link, table, metric, scope }: KernelLinuxRoute): RouteSpec {
  return {
    destination,
    ...(gateway ? { gateway } : {}),
    link,
    table,
    metric,
    scope,
    protocol: routeProtocols.linuxRoute,
  };
}
