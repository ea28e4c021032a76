/** `vpp.interfaces.vrf` and `vpp.interfaces.inherited-vrf` in VPP: the table of each family that an interface looks routes up in. */

import type { Key } from '../../../model/key.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { vppDump } from '../../vpp/dump.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { vrfTableKey } from '../../vrf/model.ts';
import { interfaceVrfKey, interfaceVrfPrefix } from '../model/keys.ts';
import type { InheritedVrf, InterfaceVrf } from '../model/parts.ts';
import { swIfIndexOf } from '../vpp-metadata.ts';
import type { VppInterfaceVrf } from '../vpp-metadata.ts';

/** Table of each family that has to be set; undefined: as it is. */
type Tables = Pick<VppInterfaceVrf, 'ipv4' | 'ipv6'>;

export function vrfHandler(engine: VppEngine): Handler<InterfaceVrf, VppInterfaceVrf> {
  return {
    kind: 'vpp.interfaces.vrf',
    engine: 'vpp',
    create: (context, _key, value) => enter(engine, context, value.interface, configured(context, value)),
    remove: (context, _key, _value, metadata) => leave(engine, context, metadata),
    retrieve: (context) => retrieve(engine, context, (value) => configured(context, value), unexpected),
    retrieveAfter: ['vpp.interfaces', 'vpp.vrf-table'],
  };
}

export function inheritedVrfHandler(engine: VppEngine): Handler<InheritedVrf, VppInterfaceVrf> {
  return {
    kind: 'vpp.interfaces.inherited-vrf',
    engine: 'vpp',
    create: (context, _key, value) => enter(engine, context, value.interface, inherited(context, value.lender)),
    async refresh(context, _key, value, metadata) {
      const wanted = inherited(context, value.lender);
      if (wanted.ipv4 === metadata.ipv4 && wanted.ipv6 === metadata.ipv6) return metadata;
      return enter(engine, context, value.interface, wanted);
    },
    remove: (context, _key, _value, metadata) => leave(engine, context, metadata),
    retrieve: (context) => retrieve(engine, context, (value) => lentBy(context, value.lender)),
    retrieveAfter: ['vpp.interfaces.vrf'],
  };
}

/** A tunnel without addresses has only its outer packets in the VRF, which it was told when it was made. */
function configured(graph: GraphView, { vrf, ipv4, ipv6, certain, outerOnly }: InterfaceVrf): Tables {
  if (outerOnly) return {};
  // A family that is not certain may have no table.
  const has = (family: 4 | 6): boolean =>
    vrf === 0 || certain.includes(family) || graph.applied(vrfTableKey(vrf, family)) !== undefined;
  return { ...(ipv4 && has(4) ? { ipv4: vrf } : {}), ...(ipv6 && has(6) ? { ipv6: vrf } : {}) };
}

function inherited(graph: GraphView, lender: string): Tables {
  const lent = lentBy(graph, lender);
  if (!lent) throw new SchedulerError('failed', `interface ${lender} is in no VRF`);
  return lent;
}

/** The tables of the lender, which may itself have inherited them; undefined while it is in none. */
function lentBy(graph: GraphView, lender: string): Tables | undefined {
  for (const [key] of graph.appliedUnder(interfaceVrfPrefix(lender))) {
    const membership = graph.metadata<VppInterfaceVrf>(key);
    if (!membership) continue;
    const { ipv4, ipv6 } = membership;
    return { ...(ipv4 === undefined ? {} : { ipv4 }), ...(ipv6 === undefined ? {} : { ipv6 }) };
  }
  return undefined;
}

async function enter(
  engine: VppEngine,
  context: OperationContext,
  name: string,
  tables: Tables,
): Promise<VppInterfaceVrf> {
  const swIfIndex = swIfIndexOf(context, name);
  await Promise.all(requests(engine, context, swIfIndex, tables));
  return { swIfIndex, ...tables };
}

/** In table 0 are all interfaces that are in no other: nothing is asked for there. */
async function leave(
  engine: VppEngine,
  context: OperationContext,
  { swIfIndex, ipv4, ipv6 }: VppInterfaceVrf,
): Promise<void> {
  const back: Tables = { ...(ipv4 ? { ipv4: 0 } : {}), ...(ipv6 ? { ipv6: 0 } : {}) };
  await Promise.all(requests(engine, context, swIfIndex, back).map((request) => removed(request)));
}

function requests(
  { client }: VppEngine,
  { signal }: OperationContext,
  sw_if_index: number,
  { ipv4, ipv6 }: Tables,
): Promise<unknown>[] {
  const set = (is_ipv6: boolean, vrf_id: number | undefined) =>
    vrf_id === undefined
      ? []
      : [client.request('sw_interface_set_table', { sw_if_index, is_ipv6, vrf_id }, { signal })];
  return [...set(false, ipv4), ...set(true, ipv6)];
}

/** Memberships as they are: what is expected where it holds, and `unexpected` for interfaces of ours in a VRF that nobody wants. */
async function retrieve<V extends InterfaceVrf | InheritedVrf>(
  engine: VppEngine,
  context: RetrieveContext<V, VppInterfaceVrf>,
  wantedTables: (value: V) => Tables | undefined,
  unexpectedPart?: (name: string, tables: Tables) => { readonly key: Key; readonly value: V } | undefined,
): Promise<readonly Retrieved<V, VppInterfaceVrf>[]> {
  const interfaces = await vppDump(engine, context.session).interfaces();
  const retrieved: Retrieved<V, VppInterfaceVrf>[] = [];
  const explained = new Set<string>();
  const reads = [...context.expected].map(async ([key, { value }]) => {
    const details = interfaces.find(value.interface);
    if (!details) return;
    explained.add(details.tag);
    if (context.keys && !context.keys.has(key)) return;
    const wanted = wantedTables(value);
    const swIfIndex = details.sw_if_index;
    const found = await tablesOf(engine, context, swIfIndex);
    if (!wanted || (wanted.ipv4 ?? found.ipv4) !== found.ipv4 || (wanted.ipv6 ?? found.ipv6) !== found.ipv6) return;
    retrieved.push({ key, value, metadata: { swIfIndex, ...wanted }, origin: 'ours' });
  });
  await Promise.all(reads);
  if (context.keys || !unexpectedPart) return retrieved;
  const others = [...interfaces.ours()].filter(({ tag }) => !explained.has(tag) && !borrows(context, tag));
  const strangers = others.map(async ({ tag, sw_if_index: swIfIndex }) => {
    const tables = await tablesOf(engine, context, swIfIndex);
    const part = unexpectedPart(tag, tables);
    if (part) retrieved.push({ ...part, metadata: { swIfIndex, ...tables }, origin: 'ours' });
  });
  await Promise.all(strangers);
  return retrieved;
}

/** The VRF of an unnumbered interface is a part of another kind. */
function borrows(graph: GraphView, name: string): boolean {
  for (const [key] of graph.appliedUnder(interfaceVrfPrefix(name))) if (key.includes('/from-interface/')) return true;
  return false;
}

async function tablesOf(
  { client }: VppEngine,
  { signal }: { readonly signal: AbortSignal },
  sw_if_index: number,
): Promise<Required<Tables>> {
  const [ipv4, ipv6] = await Promise.all(
    [false, true].map((is_ipv6) => client.request('sw_interface_get_table', { sw_if_index, is_ipv6 }, { signal })),
  );
  return { ipv4: ipv4!.vrf_id, ipv6: ipv6!.vrf_id };
}

function unexpected(
  name: string,
  { ipv4 = 0, ipv6 = 0 }: Tables,
): { readonly key: Key; readonly value: InterfaceVrf } | undefined {
  const vrf = ipv4 || ipv6;
  if (vrf === 0) return undefined;
  const versions = ipv4 !== 0 && ipv6 !== 0 ? 'both' : ipv4 === 0 ? 'v6' : 'v4';
  const value = { interface: name, vrf, ipv4: ipv4 !== 0, ipv6: ipv6 !== 0, certain: [], outerOnly: false };
  return { key: interfaceVrfKey(name, vrf, versions), value };
}
