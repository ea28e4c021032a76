/**
 * `vpp.vrf-table` in the Linux kernel: one vrf device for the tables of both families. A family that is wanted has a route of
 * last resort that drops, as VPP does: without it a lookup would go on in the main table.
 */

import { create } from '@bufbuild/protobuf';
import { parsePrefix } from '../../../model/address.ts';
import type { Family } from '../../../model/address.ts';
import { VrfTable_Protocol, VrfTableSchema } from '../../../model/gen/ligato/vpp/l3/vrf_pb.js';
import type { VrfTable } from '../../../model/gen/ligato/vpp/l3/vrf_pb.js';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { changeLink, deleteLink, getLink } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import { deleteRoute, replaceRoute } from '../../../kernel/netlink/route.ts';
import type { RouteSpec } from '../../../kernel/netlink/route.ts';
import { routeProtocols, routingTables, tableOfVrf, vrfOfTable } from '../../../kernel/pipeline/numbers.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { AggregateChange, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { makeDevice, markOf, ownMark } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { routePlace } from '../../kernel/upkeep.ts';
import type { KernelUpkeep } from '../../kernel/upkeep.ts';
import type { KernelVrf } from '../kernel-metadata.ts';
import { vrfDeviceName } from '../kernel-metadata.ts';
import { vrfFamily, vrfTableKey } from '../model.ts';
import { FlowHashing, unsupportedFlowHash } from './flow-hash.ts';
import { putLocalTableLast } from '../../kernel/local-table.ts';

type Change = AggregateChange<VrfTable, KernelVrf>;

export function vrfHandler(
  engine: KernelEngine,
  upkeep: KernelUpkeep,
  lacking: () => string | undefined,
): Handler<VrfTable, KernelVrf> {
  const tables = new VrfTables(engine, upkeep);
  return {
    kind: 'vpp.vrf-table',
    support: { grade: 'proven', needs: ['vrf'] },
    engine: 'kernel',
    unsupported: (_key, value) => unsupportedVrf(value, lacking()) ?? unsupportedFlowHash(engine, value),
    aggregate: (_key, { id }) => String(id),
    reconcile: (_context, change) => tables.reconcile(change),
    // Never called, as all have an aggregate.
    create: inAggregate,
    update: inAggregate,
    remove: inAggregate,
    retrieve: (context) => tables.retrieve(context),
  };
}

function inAggregate(): Promise<never> {
  return Promise.reject(new SchedulerError('usage', 'tables are made by reconcile'));
}

function unsupportedVrf({ id }: VrfTable, lacking: string | undefined): string | undefined {
  if (id === 0) return undefined;
  if (id > MOST) return `kernel: ${id} is not in 0-${MOST}: larger tables are used for other things`;
  return lacking === undefined ? undefined : `kernel: VRFs other than 0 need vrf devices: ${lacking}`;
}

const MOST = vrfOfTable(routingTables.vrf.last)!;

class VrfTables {
  readonly #engine: KernelEngine;
  readonly #upkeep: KernelUpkeep;
  readonly #rtnl: Rtnl;
  readonly #hashing: FlowHashing;

  constructor(engine: KernelEngine, upkeep: KernelUpkeep) {
    this.#engine = engine;
    this.#upkeep = upkeep;
    this.#rtnl = engine.driver.rtnl(engine.driver.vswitch);
    this.#hashing = new FlowHashing(engine);
  }

  async reconcile({ aggregate, before, after }: Change): Promise<ReadonlyMap<Key, KernelVrf | Error>> {
    const id = Number(aggregate);
    const table = tableOfVrf(id);
    const outcomes = new Map<Key, KernelVrf | Error>();
    for (const [key, value] of after) outcomes.set(key, (await this.#hashing.set(key, value)) ?? { table });
    for (const key of before.keys()) if (!after.has(key)) await this.#hashing.forget(key);
    if (id === 0) return outcomes;
    for (const [key, { value }] of before) if (!after.has(key)) await this.#close(key, table, vrfFamily(value));
    if (after.size === 0) {
      await this.#removeDevice(id);
      return outcomes;
    }
    const ifindex = await this.#device(id, table);
    for (const [key, value] of after) {
      await this.#rtnl.request(replaceRoute(lastResort(table, vrfFamily(value))));
      this.#remember(key, ifindex, table, vrfFamily(value));
      if (!(outcomes.get(key) instanceof Error)) outcomes.set(key, { ifindex, table });
    }
    return outcomes;
  }

  /** The device of the VRF, made if it is not there. One that a crash left behind carries our mark. */
  async #device(id: number, table: number): Promise<number> {
    const name = vrfDeviceName(id);
    const alias = markOf(this.#engine, 'vrf', String(id));
    const known = await this.#rtnl.get(getLink({ name }));
    if (known?.alias === alias) {
      if (!known.up) await this.#rtnl.request(changeLink({ index: known.index }, { up: true }));
      return known.index;
    }
    await putLocalTableLast(this.#engine);
    return (await makeDevice(this.#rtnl, { name, alias, kind: { type: 'vrf', table }, up: true })).index;
  }

  async #removeDevice(id: number): Promise<void> {
    const known = await this.#rtnl.get(getLink({ name: vrfDeviceName(id) }));
    if (!known || ownMark(this.#engine, known)?.role !== 'vrf') return;
    try {
      await this.#rtnl.request(deleteLink({ index: known.index }));
    } catch (error) {
      if (!isKernelError(error, 'ENODEV')) throw error;
    }
  }

  async #close(key: Key, table: number, family: Family): Promise<void> {
    this.#upkeep.forget(key);
    try {
      await this.#rtnl.request(deleteRoute(lastResort(table, family)));
    } catch (error) {
      if (!isKernelError(error, 'ESRCH', 'ENOENT')) throw error;
    }
  }

  #remember(key: Key, link: number, table: number, family: Family): void {
    const { destination, metric } = lastResort(table, family);
    const place = routePlace({ destination, table, metric: metric! });
    this.#upkeep.remember(key, { namespace: this.#engine.driver.vswitch, link, place });
  }

  async retrieve(context: RetrieveContext<VrfTable, KernelVrf>): Promise<readonly Retrieved<VrfTable, KernelVrf>[]> {
    const dump = this.#engine.driver.dump(context.session, this.#engine.driver.vswitch);
    const [links, routes] = await Promise.all([dump.links(), dump.routes()]);
    const closed = new Set<string>();
    for (const { protocol, table, family, metric } of routes) {
      if (protocol === routeProtocols.vrf && metric === LAST) closed.add(`${table} ${family}`);
    }
    const found: Retrieved<VrfTable, KernelVrf>[] = [];
    const put = (id: number, family: Family, metadata: KernelVrf): void => {
      const key = vrfTableKey(id, family);
      if (context.keys && !context.keys.has(key)) return;
      const bare = create(VrfTableSchema, {
        id,
        protocol: family === 6 ? VrfTable_Protocol.IPV6 : VrfTable_Protocol.IPV4,
      });
      found.push({ key, value: context.expected.get(key)?.value ?? bare, metadata, origin: 'ours' });
    };
    for (const family of [4, 6] as const) {
      if (context.expected.has(vrfTableKey(0, family))) put(0, family, { table: routingTables.defaultVrf });
    }
    for (const link of links) {
      const table = tableOfDevice(this.#engine, link);
      const id = table === undefined ? undefined : vrfOfTable(table);
      if (table === undefined || id === undefined) continue;
      const families = ([4, 6] as const).filter((family) => link.up && closed.has(`${table} ${family}`));
      for (const family of families) put(id, family, { ifindex: link.index, table });
      for (const family of families) this.#remember(vrfTableKey(id, family), link.index, table, family);
      // What a crash left half made and nobody wants.
      const isWanted = context.expected.has(vrfTableKey(id, 4)) || context.expected.has(vrfTableKey(id, 6));
      if (families.length === 0 && !isWanted) put(id, 4, { ifindex: link.index, table });
    }
    return found;
  }
}

function tableOfDevice(engine: KernelEngine, link: Link): number | undefined {
  if (link.kind?.type !== 'vrf' || ownMark(engine, link)?.role !== 'vrf') return undefined;
  return link.kind.table;
}

/** Behind all other routes of the table: the metric that the kernel's documentation of VRFs uses. */
const LAST = 4_278_198_272;

function lastResort(table: number, family: Family): RouteSpec {
  const destination = family === 4 ? ANY4 : ANY6;
  return { destination, table, metric: LAST, type: 'blackhole', protocol: routeProtocols.vrf };
}

const ANY4 = parsePrefix('0.0.0.0/0')!;
const ANY6 = parsePrefix('::/0')!;
