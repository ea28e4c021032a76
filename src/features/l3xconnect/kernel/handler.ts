/**
 * `vpp.l3xconnect` in the Linux kernel: a rule sends what comes in by the interface to a table that has nothing but the paths,
 * before the kernel looks whether an address is its own.
 */

import { create } from '@bufbuild/protobuf';
import type { Family } from '../../../model/address.ts';
import { L3XConnect_Protocol as Protocol, L3XConnectSchema } from '../../../model/gen/ligato/vpp/l3/l3xc_pb.js';
import type { L3XConnect } from '../../../model/gen/ligato/vpp/l3/l3xc_pb.js';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { addRule, deleteRule, listRules } from '../../../kernel/netlink/rule.ts';
import type { Rule, RuleSpec } from '../../../kernel/netlink/rule.ts';
import { parseMark } from '../../../kernel/ownership/mark.ts';
import { crossConnectMark, markOf, marks } from '../../../kernel/pipeline/marks.ts';
import { numberIn, routeProtocols, routingTables, rulePreferences } from '../../../kernel/pipeline/numbers.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelInterface, KernelInterfaceVrf } from '../../interface/kernel-metadata.ts';
import { interfaceKey, interfaceVrfPrefix } from '../../interface/model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { PathTables } from '../../kernel/path-table.ts';
import type { ForwardingPath, PathTable } from '../../kernel/path-table.ts';
import type { PathUpkeep } from '../../kernel/path-upkeep.ts';
import { putLocalTableLast } from '../../kernel/local-table.ts';
import { SteeringMarks, steeringNumber } from '../../kernel/steering-marks.ts';
import { l3xconnectKey } from '../model.ts';
import type { MarkedDevices, Marking } from './marking.ts';

/** The receiving device, and where its packets are sent. */
export interface KernelL3XConnect extends PathTable {
  readonly device: string;
  /** What its packets are marked with: a number of its own in a VRF, else the one of all cross-connects. */
  readonly number: number;
}

/** The same, before it is known which number it has in a VRF. */
type Place = Omit<KernelL3XConnect, 'number'> & { readonly isInVrf: boolean };

type Item = Retrieved<L3XConnect, KernelL3XConnect>;

export function l3xconnectHandler(
  engine: KernelEngine,
  upkeep: PathUpkeep,
  marking: Marking,
): Handler<L3XConnect, KernelL3XConnect> {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  const tables = new PathTables(engine, routeProtocols.l3CrossConnect, upkeep);
  const numbers = SteeringMarks.of(engine);

  async function make(graph: GraphView, key: Key, value: L3XConnect): Promise<KernelL3XConnect> {
    const place = placeOf(graph, key, value);
    const rules = await rtnl.dump(listRules());
    const at = { ...place, number: numberFor(key, place, rules) };
    await tables.write(graph, key, at, pathsOf(value));
    await putLocalTableLast(engine);
    const earlier = marking.numberOf(at);
    const there = rules.filter((rule) => isOurs(rule) && rule.family === at.family && isFor(rule, at, earlier));
    await setRule(rtnl, at, there);
    await marking.add(key, at);
    for (const { table } of there) {
      if (table !== undefined && table !== at.table) await leave(key, { family: at.family, table });
    }
    if (!place.isInVrf) numbers.release(at.table, key);
    return at;
  }

  function numberFor(key: Key, { table, isInVrf }: Place, rules: readonly Rule[]): number {
    if (!isInVrf) return crossConnectMark;
    const number = numbers.take(table, key, rules);
    if (number !== undefined) return number;
    const message = `kernel: no more than ${SteeringMarks.limit} ABF policies and cross-connects of IP packets in VRFs fit the packet mark`;
    throw new SchedulerError('unimplemented', message, { key, retriable: false });
  }

  async function leave(key: Key, table: PathTable): Promise<void> {
    numbers.release(table.table, key);
    await tables.clear(key, table);
  }

  return {
    kind: 'vpp.l3xconnect',
    engine: 'kernel',
    dependencies: (_key, { interface: name }) => [
      { label: `VRF of interface ${name}`, anyOf: { prefixes: [interfaceVrfPrefix(name)] }, watches: 'change' },
    ],
    create: make,
    update: (context, key, _from, to) => make(context, key, to),
    refresh: (context, key, value) => make(context, key, value),
    async remove(_context, key, _value, at) {
      await marking.remove(key, at);
      await removeRule(rtnl, ruleOf(at));
      await leave(key, at);
    },
    retrieve: (context) => retrieve(engine, { tables, marking, numbers }, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.interfaces.vrf', 'vpp.interfaces.inherited-vrf'],
  };
}

function familyOf({ protocol }: L3XConnect): Family {
  return protocol === Protocol.IPV6 ? 6 : 4;
}

function pathsOf({ paths }: L3XConnect): readonly ForwardingPath[] {
  return paths.map(({ nextHopAddr, outgoingInterface, weight, preference }) => ({
    nextHop: nextHopAddr,
    interface: outgoingInterface,
    weight,
    preference,
  }));
}

function placeOf(graph: GraphView, key: Key, value: L3XConnect): Place {
  const { interface: name } = value;
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`, { key });
  const problem = sharingProblem(name, device);
  if (problem !== undefined) throw new SchedulerError('unimplemented', problem, { key, retriable: false });
  const table = numberIn(routingTables.l3CrossConnect, device.ifindex);
  return { device: device.name, family: familyOf(value), table, isInVrf: isInVrf(graph, name) };
}

function sharingProblem(name: string, device: KernelInterface): string | undefined {
  if (device.shared !== true) return undefined;
  return `kernel: ${name} shares its device ${device.name} with other tunnels and cannot be cross-connected`;
}

/** A vrf device takes what the interface receives, and is what it is routed as coming in by. */
function isInVrf(graph: GraphView, name: string): boolean {
  for (const [key] of graph.appliedUnder(interfaceVrfPrefix(name))) {
    if (graph.metadata<KernelInterfaceVrf>(key)?.device !== undefined) return true;
  }
  return false;
}

function ruleOf({ device, family, table, number }: KernelL3XConnect): RuleSpec {
  const protocol = routeProtocols.l3CrossConnect;
  return {
    family,
    priority: rulePreferences.l3CrossConnect.first,
    mark: markOf(marks.abf, number),
    mask: marks.abf.mask,
    table,
    protocol,
    ...(number === crossConnectMark ? { inputInterface: device } : {}),
  };
}

/** Whether a rule of ours is one of that device, which may have been another, or in another VRF, before. */
function isFor(rule: Rule, { device, table }: PathTable & { readonly device: string }, number: number | undefined) {
  if (rule.table === table || rule.inputInterface === device) return true;
  return rule.inputInterface === undefined && number !== undefined && steeringNumber(rule) === number;
}

/** Makes the rule and ends the others of that device (`there`). */
async function setRule(rtnl: Rtnl, at: KernelL3XConnect, there: readonly Rule[]): Promise<void> {
  if (!there.some((rule) => isRule(rule, at))) {
    await rtnl.request(addRule(ruleOf(at))).catch((error: unknown) => {
      if (!isKernelError(error, 'EEXIST')) throw error;
    });
  }
  for (const rule of there) if (!isRule(rule, at)) await removeRule(rtnl, rule);
}

async function removeRule(rtnl: Rtnl, rule: RuleSpec): Promise<void> {
  try {
    await rtnl.request(deleteRule(rule));
  } catch (error) {
    if (!isKernelError(error, 'ENOENT')) throw error;
  }
}

function isOurs({ priority, protocol }: Rule): boolean {
  const { first, last } = rulePreferences.l3CrossConnect;
  return protocol === routeProtocols.l3CrossConnect && priority >= first && priority <= last;
}

/** True for the rule as it should be, with nothing that narrows it. */
function isRule(rule: Rule, at: KernelL3XConnect): boolean {
  const { family, priority, table, inputInterface, action, from, to, tos, invert, ipProtocol } = rule;
  const wanted = ruleOf(at);
  const narrowed = from ?? to ?? tos ?? invert ?? ipProtocol ?? rule.outputInterface ?? rule.sourcePorts;
  return (
    narrowed === undefined &&
    action === 'table' &&
    family === wanted.family &&
    priority === wanted.priority &&
    table === wanted.table &&
    inputInterface === wanted.inputInterface &&
    rule.mark === wanted.mark &&
    rule.mask === wanted.mask
  );
}

interface Reading {
  readonly tables: PathTables;
  readonly marking: Marking;
  readonly numbers: SteeringMarks;
}

async function retrieve(
  { driver }: KernelEngine,
  { tables, marking, numbers }: Reading,
  context: RetrieveContext<L3XConnect, KernelL3XConnect>,
): Promise<readonly Item[]> {
  const dump = driver.dump(context.session, driver.vswitch);
  const [rules, routes] = [(await dump.rules()).filter(isOurs), await dump.routes()];
  const marked = await marking.read();
  const items: Item[] = [];
  const known = new Set<Rule>();
  for (const [key, { value, metadata }] of context.expected) {
    const place = attempt(() => placeOf(context, key, value));
    const at = place ? { ...place, number: numberThere(place, marked, rules) } : metadata;
    if (!at) continue;
    const earlier = marking.numberOf(at);
    const mine = rules.filter((rule) => rule.family === at.family && isFor(rule, at, earlier));
    for (const rule of mine) known.add(rule);
    if (mine.length > 0 && place?.isInVrf && at.number > 0) numbers.reserve(at.table, key, at.number);
    if (context.keys && !context.keys.has(key)) continue;
    if (mine.length !== 1 || !isRule(mine[0]!, at) || marked[at.family].get(at.device) !== at.number) continue;
    marking.join(key);
    const isWhole = await tables.holds(context, key, at, pathsOf(value), routes);
    items.push({ key, value: isWhole ? value : { ...value, paths: [] }, metadata: at, origin: 'ours' });
  }
  if (context.keys) return items;
  const strangers = rules.filter((rule) => !known.has(rule));
  const [byName, byIndex] = [await dump.linksByName(), await dump.linksByIndex()];
  const found = new Set(items.map(({ key }) => key));
  for (const rule of strangers) {
    const { family, table } = rule;
    if (table === undefined) continue;
    const link = rule.inputInterface === undefined ? byIndex.get(indexOf(table)) : byName.get(rule.inputInterface);
    const device = rule.inputInterface ?? link?.name ?? `device-${indexOf(table)}`;
    const name = parseMark(link?.alias)?.name ?? device;
    const key = l3xconnectKey(name, family);
    if (found.has(key)) continue;
    found.add(key);
    const protocol = family === 4 ? Protocol.IPV4 : Protocol.IPV6;
    const value = create(L3XConnectSchema, { interface: name, protocol });
    items.push({ key, value, metadata: { device, family, table, number: steeringNumber(rule) }, origin: 'ours' });
  }
  return items;
}

/** In a VRF the number that its rule asks for; any other than that of all cross-connects. */
function numberThere(
  { device, family, table, isInVrf: own }: Place,
  marked: MarkedDevices,
  rules: readonly Rule[],
): number {
  if (!own) return crossConnectMark;
  const rule = rules.find((one) => one.family === family && one.table === table && one.inputInterface === undefined);
  const number = rule ? steeringNumber(rule) : (marked[family].get(device) ?? 0);
  return number === crossConnectMark ? 0 : number;
}

/** Index of the device that a table is for. */
function indexOf(table: number): number {
  return table - routingTables.l3CrossConnect.first;
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
