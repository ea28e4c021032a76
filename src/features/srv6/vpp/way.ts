/**
 * The way to the next hop of End.X, End.DX4 and End.DX6: a table whose default route leads there, in which the segment looks packets up.
 * A segment of VPP that sends to the next hop itself takes for granted that the neighbour is known; VPP 26.06 ends with the first packet
 * when it is not (23.06 drops it), and forgets neighbours when a link goes down. A route asks for its neighbour.
 */

import type { LocalSID } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { OperationContext } from '../../../scheduler/handler.ts';
import { spelledIp } from '../../equality.ts';
import { fnv1a } from '../../fnv1a.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import type { InterfaceTable, VppDump } from '../../vpp/dump.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { isOwnTable, ownTableName } from '../../vpp/own-tables.ts';
import { removed } from '../../vpp/retries.ts';

const TABLE = ['ip_table_add_del_v2', 'ip_table_add_del'] as const;
const ROUTE = ['ip_route_add_del_v2', 'ip_route_add_del'] as const;

/** What VPP needs for a way to work. */
export const WAY_MESSAGES = [TABLE, ROUTE, ['ip_route_dump'], ['ip_table_dump']] as const;

export interface Way {
  readonly table: number;
  readonly isSix: boolean;
}

/** Ids of these tables: a part of the numbers that people give to VRFs last. */
const FIRST = 0xf000_0000;
const COUNT = 0x0f00_0000;

interface Neighbour {
  readonly outgoingInterface: string;
  readonly nextHop: string;
}

/** The next hop that a segment sends to, whatever a packet is for. */
export function neighbourOf({ endFunction: { case: name, value } }: LocalSID): Neighbour | undefined {
  return name === 'endFunctionX' || name === 'endFunctionDx4' || name === 'endFunctionDx6' ? value : undefined;
}

/** Makes the table and its route. What an operation of unknown outcome left of it is taken away first. */
export async function makeWay(
  engine: VppEngine,
  context: OperationContext,
  sid: string,
  { outgoingInterface, nextHop }: Neighbour,
): Promise<Way> {
  const { client } = engine;
  const isSix = nextHop.includes(':');
  const { signal } = context;
  const sw_if_index = swIfIndexOf(context, outgoingInterface);
  const name = ownTableName(spelledIp(sid));
  const found = (await client.list('ip_table_dump', {}, { signal })).map(({ table }) => table);
  for (const { table_id, is_ip6 } of found.filter((each) => each.name === name))
    await removeWay(engine, context, { table: table_id, isSix: is_ip6 });
  const others = found.filter((each) => each.name !== name).map((each) => each.table_id);
  const table_id = freeId(engine, name, others);
  const table = { table_id, is_ip6: isSix, name };
  await client.request(client.pick(...TABLE), { is_add: true, table }, { signal });
  const route = routeOf(table_id, isSix, sw_if_index, nextHop);
  await client.request(client.pick(...ROUTE), { is_add: true, route }, { signal });
  return { table: table_id, isSix };
}

export async function removeWay(
  { client }: VppEngine,
  { signal }: Pick<OperationContext, 'signal'>,
  { table: table_id, isSix }: Way,
): Promise<void> {
  const route = { table_id, prefix: isSix ? '::/0' : '0.0.0.0/0' };
  await removed(client.request(client.pick(...ROUTE), { is_add: false, route }, { signal }));
  const table = { table_id, is_ip6: isSix, name: '' };
  await removed(client.request(client.pick(...TABLE), { is_add: false, table }, { signal }));
}

/** Where the way of a segment that looks up in this table leads; undefined when the table is no way. */
export async function readWay(
  dump: VppDump,
  interfaces: InterfaceTable,
  id: number,
  isSix: boolean,
): Promise<(Neighbour & { readonly way: Way }) | undefined> {
  const tables = await dump.list('ip_table_dump', {});
  const own = tables.find(({ table }) => table.table_id === id && table.is_ip6 === isSix && isOwnTable(table));
  if (!own) return undefined;
  const routes = await dump.list('ip_route_dump', { table: own.table });
  const all = isSix ? '::/0' : '0.0.0.0/0';
  const path = routes.find(({ route }) => route.prefix === all)?.route.paths[0];
  const isThere = path?.type === 'FIB_API_PATH_TYPE_NORMAL';
  const outgoingInterface = isThere ? interfaces.nameOf(path.sw_if_index) : '';
  return { way: { table: id, isSix }, outgoingInterface, nextHop: isThere ? path.nh.address : '' };
}

function routeOf(table_id: number, isSix: boolean, sw_if_index: number, address: string) {
  const proto = isSix ? 'FIB_API_PATH_NH_PROTO_IP6' : 'FIB_API_PATH_NH_PROTO_IP4';
  const path = { type: 'FIB_API_PATH_TYPE_NORMAL', sw_if_index, weight: 1, proto, nh: { address } } as const;
  return { table_id, prefix: isSix ? '::/0' : '0.0.0.0/0', paths: [path] };
}

/** Ids that were given to names: one that is being made is in no list yet. */
const given = new WeakMap<VppEngine, Map<number, string>>();

/** The same for a name each time, so that agents and recordings see the same; the next one where it is taken. */
function freeId(engine: VppEngine, name: string, taken: readonly number[]): number {
  const known = given.get(engine) ?? new Map<number, string>();
  given.set(engine, known);
  let at = fnv1a(name) % COUNT;
  const isTaken = (id: number) => taken.includes(id) || (known.get(id) ?? name) !== name;
  while (isTaken(FIRST + at)) at = (at + 1) % COUNT;
  const id = FIRST + at;
  known.set(id, name);
  return id;
}
