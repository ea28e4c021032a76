/**
 * `vpp.interfaces.vrf` and `vpp.interfaces.inherited-vrf` in the Linux kernel: a device belongs to the vrf device of its table, or rules
 * put it there (../../kernel/rule-vrf/). In VRF 0, the main table, there is nothing to do.
 */

import type { Family } from '../../../model/address.ts';
import { VxlanLink_Gpe_Protocol as Protocol } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { changeLink } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import { vrfOfTable } from '../../../kernel/pipeline/numbers.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { addressNewsOf } from '../../kernel/address-news.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelVrf } from '../../vrf/kernel-metadata.ts';
import { vrfTableKey } from '../../vrf/model.ts';
import type { KernelInterface, KernelInterfaceVrf } from '../kernel-metadata.ts';
import { interfaceKey, interfaceVrfKey, interfaceVrfPrefix } from '../model/keys.ts';
import type { InheritedVrf, InterfaceVrf } from '../model/parts.ts';
import { ownMark } from '../../kernel/device.ts';
import { RuleVrfs } from '../../kernel/rule-vrf/rule-vrfs.ts';
import { lackingVrfDevices } from '../../kernel/vrf-devices.ts';
import { interfaceRoles } from './roles.ts';

/** Where a device has to be: the id of the VRF and the index of its device, if it has to be in one. */
interface Wanted {
  readonly vrf: number;
  readonly device: number | undefined;
  /** By rules. */
  readonly ruled?: true;
}

const MAIN: Wanted = { vrf: 0, device: undefined };

export function vrfHandler(engine: KernelEngine): Handler<InterfaceVrf, KernelInterfaceVrf> {
  return {
    kind: 'vpp.interfaces.vrf',
    engine: 'kernel',
    create: (context, key, value) =>
      enter(engine, context, key, value.interface, configured(context, key, inside(context, value))),
    update: (context, key, _from, to) =>
      enter(engine, context, key, to.interface, configured(context, key, inside(context, to))),
    recreate: (_key, from, to) => from.outerOnly !== to.outerOnly,
    remove: (_context, key, _value, metadata) => leave(engine, key, metadata),
    retrieve: (context) => retrieve(engine, context, (value) => wantedVrf(inside(context, value)), interfaceVrfKeyOf),
    retrieveAfter: ['vpp.interfaces', 'vpp.vrf-table'],
  };
}

export function inheritedVrfHandler(engine: KernelEngine): Handler<InheritedVrf, KernelInterfaceVrf> {
  return {
    kind: 'vpp.interfaces.inherited-vrf',
    engine: 'kernel',
    create: (context, key, value) => enter(engine, context, key, value.interface, inherited(context, value.lender)),
    async refresh(context, key, value, metadata) {
      const wanted = inherited(context, value.lender);
      if (wanted.device === metadata.device && wanted.vrf === metadata.vrf) return metadata;
      if (metadata.ruled !== undefined) await leave(engine, key, metadata);
      return enter(engine, context, key, value.interface, wanted);
    },
    remove: (_context, key, _value, metadata) => leave(engine, key, metadata),
    retrieve: (context) => retrieve(engine, context, (value) => lentBy(context, value.lender)?.vrf),
    retrieveAfter: ['vpp.interfaces.vrf'],
  };
}

function wantedVrf({ outerOnly, vrf }: InterfaceVrf): number {
  return outerOnly ? 0 : vrf;
}

/** What comes out of a VXLAN-GPE tunnel is routed in a VRF of its own, and the device is in that one. */
function inside(graph: GraphView, value: InterfaceVrf): InterfaceVrf {
  const { link } = (graph.applied(interfaceKey(value.interface)) ?? {}) as Partial<Interface>;
  if (link?.case !== 'vxlan' || link.value.gpe === undefined) return value;
  const { decapVrfId, protocol } = link.value.gpe;
  return { ...value, vrf: decapVrfId, outerOnly: false, certain: [protocol === Protocol.IP6 ? 6 : 4] };
}

function configured(graph: GraphView, key: Key, { vrf, certain, outerOnly }: InterfaceVrf): Wanted {
  if (vrf === 0) return MAIN;
  if (outerOnly) return { vrf, device: undefined };
  const families: readonly Family[] = certain.length > 0 ? certain : [4, 6];
  const tables = families.map((family) => graph.metadata<KernelVrf>(vrfTableKey(vrf, family)));
  const device = tables.find((table) => table?.ifindex !== undefined)?.ifindex;
  if (device !== undefined) return { vrf, device };
  if (tables.some((table) => table?.mark !== undefined)) return { vrf, device: undefined, ruled: true };
  throw new SchedulerError('failed', `VRF ${vrf} is not there`, { key });
}

function inherited(graph: GraphView, lender: string): Wanted {
  const lent = lentBy(graph, lender);
  if (!lent) throw new SchedulerError('failed', `interface ${lender} is in no VRF`);
  return lent;
}

/** The VRF of the lender, which may itself have inherited it; undefined while it is in none: then nothing is inherited. */
function lentBy(graph: GraphView, lender: string): Wanted | undefined {
  for (const [key] of graph.appliedUnder(interfaceVrfPrefix(lender))) {
    const membership = graph.metadata<KernelInterfaceVrf>(key);
    if (membership?.ruled !== undefined) return { vrf: membership.vrf, device: undefined, ruled: true };
    if (membership) return { vrf: membership.device === undefined ? 0 : membership.vrf, device: membership.device };
  }
  return undefined;
}

async function enter(
  engine: KernelEngine,
  graph: GraphView,
  key: Key,
  name: string,
  { vrf, device, ruled }: Wanted,
): Promise<KernelInterfaceVrf> {
  const found = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!found) throw new SchedulerError('failed', `interface ${name} has no device`);
  const { ifindex } = found;
  if (ruled) {
    await RuleVrfs.of(engine).enter(key, { ifindex, name: found.name, vrf });
    return { ifindex, vrf, device: undefined, ruled: found.name };
  }
  if (device !== undefined) {
    await engine.driver.rtnl(engine.driver.vswitch).request(changeLink({ index: ifindex }, { master: device }));
    addressNewsOf(engine).tell({ link: ifindex, removed: true });
  }
  return { ifindex, vrf, device };
}

async function leave(
  engine: KernelEngine,
  key: Key,
  { ifindex, vrf, device, ruled }: KernelInterfaceVrf,
): Promise<void> {
  if (ruled !== undefined) return RuleVrfs.of(engine).leave(key, { name: ruled, vrf });
  if (device === undefined) return;
  try {
    await engine.driver.rtnl(engine.driver.vswitch).request(changeLink({ index: ifindex }, { master: 0 }));
    addressNewsOf(engine).tell({ link: ifindex, removed: true });
  } catch (error) {
    if (!isKernelError(error, 'ENODEV')) throw error;
  }
}

/** Memberships as they are: what is expected where it holds, and `unexpected` for devices of ours in a VRF that nobody wants. */
async function retrieve<V extends InterfaceVrf | InheritedVrf>(
  engine: KernelEngine,
  context: RetrieveContext<V, KernelInterfaceVrf>,
  wantedVrf: (value: V) => number | undefined,
  unexpected?: (name: string, vrf: number) => { readonly key: Key; readonly value: V },
): Promise<readonly Retrieved<V, KernelInterfaceVrf>[]> {
  if (lackingVrfDevices(engine) !== undefined) return retrieveRuled(engine, context, wantedVrf, unexpected);
  const dump = engine.driver.dump(context.session, engine.driver.vswitch);
  const links = await dump.linksByIndex();
  const retrieved: Retrieved<V, KernelInterfaceVrf>[] = [];
  const explained = new Set<number>();
  for (const [key, { value }] of context.expected) {
    const ifindex = context.metadata<KernelInterface>(interfaceKey(value.interface))?.ifindex;
    const link = ifindex === undefined ? undefined : links.get(ifindex);
    if (!link) continue;
    explained.add(link.index);
    const device = vrfDeviceOf(links, link);
    const vrf = device === undefined ? 0 : device.vrf;
    if (vrf !== wantedVrf(value) || (context.keys && !context.keys.has(key))) continue;
    const metadata = { ifindex: link.index, vrf: 'vrf' in value ? value.vrf : vrf, device: device?.ifindex };
    retrieved.push({ key, value, metadata, origin: 'ours' });
  }
  if (context.keys || !unexpected) return retrieved;
  for (const link of links.values()) {
    const device = vrfDeviceOf(links, link);
    const mark = device && !explained.has(link.index) ? ownMark(engine, link) : undefined;
    if (!device || !mark || !interfaceRoles.has(mark.role) || borrows(context, mark.name)) continue;
    const metadata = { ifindex: link.index, vrf: device.vrf, device: device.ifindex };
    retrieved.push({ ...unexpected(mark.name, device.vrf), metadata, origin: 'ours' });
  }
  return retrieved;
}

/** The same where rules make VRFs. One whose rules are damaged is not there, unless nobody wants it: then it is to be removed. */
async function retrieveRuled<V extends InterfaceVrf | InheritedVrf>(
  engine: KernelEngine,
  context: RetrieveContext<V, KernelInterfaceVrf>,
  wantedVrf: (value: V) => number | undefined,
  unexpected?: (name: string, vrf: number) => { readonly key: Key; readonly value: V },
): Promise<readonly Retrieved<V, KernelInterfaceVrf>[]> {
  const vrfs = RuleVrfs.of(engine);
  const [reading, links] = await Promise.all([
    vrfs.read(context.session),
    engine.driver.dump(context.session, engine.driver.vswitch).linksByName(),
  ]);
  const found: { readonly key: Key; readonly value: V; readonly metadata: KernelInterfaceVrf }[] = [];
  const explained = new Set<string>();
  for (const [key, { value }] of context.expected) {
    const device = context.metadata<KernelInterface>(interfaceKey(value.interface));
    if (!device) continue;
    const { ifindex, name } = device;
    const vrf = reading.devices.get(name) ?? 0;
    if (links.get(name)?.index !== ifindex || vrf !== wantedVrf(value)) continue;
    explained.add(name);
    if (vrf === 0) {
      found.push({ key, value, metadata: { ifindex, vrf: 'vrf' in value ? value.vrf : 0, device: undefined } });
      continue;
    }
    vrfs.rememberDevice(key, { ifindex, name, vrf });
    found.push({ key, value, metadata: { ifindex, vrf, device: undefined, ruled: name } });
  }
  if (!context.keys && unexpected) {
    for (const [name, vrf] of reading.devices) {
      const link = links.get(name);
      const mark = link && ownMark(engine, link);
      if (explained.has(name) || (mark && borrows(context, mark.name))) continue;
      const metadata = { ifindex: link?.index ?? 0, vrf, device: undefined, ruled: name };
      found.push({ ...unexpected(mark?.name ?? name, vrf), metadata });
    }
  }
  const retrieved: Retrieved<V, KernelInterfaceVrf>[] = [];
  for (const item of found) {
    if (context.keys && !context.keys.has(item.key)) continue;
    const { ifindex, vrf, ruled } = item.metadata;
    const isWanted = context.desired(item.key) !== undefined;
    const isWhole = ruled === undefined || !isWanted || (await reading.hasDevice({ ifindex, name: ruled, vrf }));
    if (isWhole) retrieved.push({ ...item, origin: 'ours' });
  }
  return retrieved;
}

/** The VRF of an unnumbered interface is not one of this kind. */
function borrows(graph: GraphView, name: string): boolean {
  return (graph.desired(interfaceKey(name)) as Interface | undefined)?.unnumbered !== undefined;
}

/** The vrf device that a device belongs to, when it stands for one of our VRFs. */
function vrfDeviceOf(
  links: ReadonlyMap<number, Link>,
  link: Link,
): { readonly ifindex: number; readonly vrf: number } | undefined {
  const master = link.master === undefined ? undefined : links.get(link.master);
  if (master?.kind?.type !== 'vrf') return undefined;
  const vrf = vrfOfTable(master.kind.table);
  return vrf === undefined ? undefined : { ifindex: master.index, vrf };
}

function interfaceVrfKeyOf(name: string, vrf: number): { readonly key: Key; readonly value: InterfaceVrf } {
  const value = { interface: name, vrf, ipv4: true, ipv6: true, certain: [], outerOnly: false };
  return { key: interfaceVrfKey(name, vrf, 'both'), value };
}
