/**
 * `vpp.vrf-table` in the Linux kernel: one vrf device for the tables of both families, or rules (rule-vrf/). A family that is wanted has a route of
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
import { mostRuleVrf, vrfMark } from '../../kernel/rule-vrf/rules.ts';
import { RuleVrfs } from '../../kernel/rule-vrf/rule-vrfs.ts';
import { lackingVrfDevices, lackingVrfs, refusedWithoutVrfDevices } from '../../kernel/vrf-devices.ts';

type Change = AggregateChange<VrfTable, KernelVrf>;

export function vrfHandler(engine: KernelEngine, upkeep: KernelUpkeep): Handler<VrfTable, KernelVrf> {
  const tables = new VrfTables(engine, upkeep);
  return {
    kind: 'vpp.vrf-table',
    support: {
      grade: 'proven',
      note: 'on a kernel without vrf devices by rules: without overlapping subnets, routes between VRFs and NAT in VRFs',
    },
    engine: 'kernel',
    unsupported: (_key, value) => unsupportedVrf(engine, value) ?? unsupportedFlowHash(engine, value),
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

function unsupportedVrf(engine: KernelEngine, { id }: VrfTable): string | undefined {
  if (id === 0) return undefined;
  if (id > MOST) return `kernel: ${id} is not in 0-${MOST}: larger tables are used for other things`;
  const lacking = lackingVrfs(engine);
  if (lacking !== undefined) return `kernel: VRFs other than 0 need vrf devices: ${lacking}`;
  return id > mostRuleVrf ? refusedWithoutVrfDevices(engine, `VRF numbers above ${mostRuleVrf} need`) : undefined;
}

const MOST = vrfOfTable(routingTables.vrf.last)!;

class VrfTables {
  readonly #engine: KernelEngine;
  readonly #upkeep: KernelUpkeep;
  readonly #rtnl: Rtnl;
  readonly #hashing: FlowHashing;
  readonly #rules: RuleVrfs;

  constructor(engine: KernelEngine, upkeep: KernelUpkeep) {
    this.#engine = engine;
    this.#upkeep = upkeep;
    this.#rtnl = engine.driver.rtnl(engine.driver.vswitch);
    this.#hashing = new FlowHashing(engine);
    this.#rules = RuleVrfs.of(engine);
  }

  async reconcile({ aggregate, before, after }: Change): Promise<ReadonlyMap<Key, KernelVrf | Error>> {
    const id = Number(aggregate);
    const table = tableOfVrf(id);
    const outcomes = new Map<Key, KernelVrf | Error>();
    for (const [key, value] of after) outcomes.set(key, (await this.#hashing.set(key, value)) ?? { table });
    for (const key of before.keys()) if (!after.has(key)) await this.#hashing.forget(key);
    if (id === 0) return outcomes;
    for (const [key, { value }] of before) if (!after.has(key)) await this.#close(key, id, vrfFamily(value));
    const byRules = lackingVrfDevices(this.#engine) !== undefined;
    if (byRules || after.size === 0) await this.#removeDevice(id);
    if (after.size === 0) return outcomes;
    const metadata = byRules ? { table, mark: vrfMark(id) } : { ifindex: await this.#device(id, table), table };
    for (const [key, value] of after) {
      await this.#rtnl.request(replaceRoute(lastResort(table, vrfFamily(value))));
      if (byRules) await this.#rules.openTable(key, id, vrfFamily(value));
      else await this.#rules.abandonTable(id, vrfFamily(value));
      this.#remember(key, metadata.ifindex ?? NO_DEVICE, table, vrfFamily(value));
      if (!(outcomes.get(key) instanceof Error)) outcomes.set(key, metadata);
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

  async #close(key: Key, id: number, family: Family): Promise<void> {
    const table = tableOfVrf(id);
    this.#upkeep.forget(key);
    if (lackingVrfDevices(this.#engine) !== undefined) await this.#rules.closeTable(key, id, family);
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
    if (lackingVrfDevices(this.#engine) !== undefined) await this.#retrieveRules(context, closed, put);
    else
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

  /** `closed`: tables and families with a route of last resort. */
  async #retrieveRules(
    context: RetrieveContext<VrfTable, KernelVrf>,
    closed: ReadonlySet<string>,
    put: (id: number, family: Family, metadata: KernelVrf) => void,
  ): Promise<void> {
    const reading = await this.#rules.read(context.session);
    const tables = [...closed].map((text) => vrfOfTable(Number(text.split(' ')[0])));
    for (const id of new Set([...(await reading.vrfs()), ...tables])) {
      if (id === undefined || id === 0 || id > mostRuleVrf) continue;
      const metadata = { table: tableOfVrf(id), mark: vrfMark(id) };
      const wanted = ([4, 6] as const).filter((family) => context.desired(vrfTableKey(id, family)) !== undefined);
      for (const family of [4, 6] as const) {
        const key = vrfTableKey(id, family);
        const isWhole = closed.has(`${metadata.table} ${family}`) && reading.hasTable(id, family);
        if (isWhole) {
          this.#rules.rememberTable(key, id, family);
          this.#remember(key, NO_DEVICE, metadata.table, family);
        }
        // Of what is half made, or left, somebody has to know to remove it.
        const isLeft = wanted.length === 0 || (!wanted.includes(family) && closed.has(`${metadata.table} ${family}`));
        if (isWhole || isLeft) put(id, family, metadata);
      }
    }
  }
}

/** Stands for the device of a VRF that has none. */
const NO_DEVICE = 0;

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
