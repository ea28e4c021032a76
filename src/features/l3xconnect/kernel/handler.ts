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
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelInterface, KernelInterfaceVrf } from '../../interface/kernel-metadata.ts';
import { interfaceKey, interfaceVrfPrefix } from '../../interface/model.ts';
import type { KernelEngine } from '../../kernel-engine.ts';
import { PathTables } from '../../kernel-path-table.ts';
import type { ForwardingPath, PathTable } from '../../kernel-path-table.ts';
import type { PathUpkeep } from '../../kernel-path-upkeep.ts';
import { putLocalTableLast } from '../../kernel-local-table.ts';
import { l3xconnectKey } from '../model.ts';
import type { Marking } from './marking.ts';

/** The receiving device, and where its packets are sent. */
export interface KernelL3XConnect extends PathTable {
  readonly device: string;
}

type Item = Retrieved<L3XConnect, KernelL3XConnect>;

export function l3xconnectHandler(
  engine: KernelEngine,
  upkeep: PathUpkeep,
  marking: Marking,
): Handler<L3XConnect, KernelL3XConnect> {
  const tables = new PathTables(engine, routeProtocols.l3CrossConnect, upkeep);

  async function make(graph: GraphView, key: Key, value: L3XConnect): Promise<KernelL3XConnect> {
    const at = placeOf(graph, key, value);
    await tables.write(graph, key, at, pathsOf(value));
    await putLocalTableLast(engine);
    for (const stale of await setRule(engine, at)) await tables.clear(key, stale);
    await marking.add(key, at);
    return at;
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
      await removeRule(engine, ruleOf(at));
      await tables.clear(key, at);
    },
    retrieve: (context) => retrieve(engine, tables, marking, context),
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

function placeOf(graph: GraphView, key: Key, value: L3XConnect): KernelL3XConnect {
  const { interface: name } = value;
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`, { key });
  const problem = sharingProblem(name, device) ?? vrfProblem(graph, name);
  if (problem !== undefined) throw new SchedulerError('unimplemented', problem, { key, retriable: false });
  const table = numberIn(routingTables.l3CrossConnect, device.ifindex);
  return { device: device.name, family: familyOf(value), table };
}

function sharingProblem(name: string, device: KernelInterface): string | undefined {
  if (device.shared !== true) return undefined;
  return `kernel: ${name} shares its device ${device.name} with other tunnels and cannot be cross-connected`;
}

function vrfProblem(graph: GraphView, name: string): string | undefined {
  for (const [key] of graph.appliedUnder(interfaceVrfPrefix(name))) {
    const membership = graph.metadata<KernelInterfaceVrf>(key);
    if (membership?.device === undefined) continue;
    return `kernel: ${name} is in VRF ${membership.vrf}: a vrf device hides which interface a packet came in by`;
  }
  return undefined;
}

function ruleOf({ device, family, table }: KernelL3XConnect): RuleSpec {
  const priority = rulePreferences.l3CrossConnect.first;
  const mark = markOf(marks.abf, crossConnectMark);
  const protocol = routeProtocols.l3CrossConnect;
  return { family, priority, inputInterface: device, mark, mask: marks.abf.mask, table, protocol };
}

/** Makes the rule and ends others of that device, which may have been another before. Returns their tables. */
async function setRule({ driver }: KernelEngine, at: KernelL3XConnect): Promise<readonly PathTable[]> {
  const rtnl = driver.rtnl(driver.vswitch);
  const wanted = ruleOf(at);
  const rules = await rtnl.dump(listRules({ family: at.family }));
  const found = rules.filter((rule) => isOurs(rule) && rule.inputInterface === at.device);
  if (!found.some((rule) => isRule(rule, at))) {
    await rtnl.request(addRule(wanted)).catch((error: unknown) => {
      if (!isKernelError(error, 'EEXIST')) throw error;
    });
  }
  const stale = found.filter((rule) => !isRule(rule, at));
  for (const rule of stale) await rtnl.request(deleteRule(rule));
  return stale.flatMap(({ family, table }) => (table === undefined || table === at.table ? [] : [{ family, table }]));
}

async function removeRule({ driver }: KernelEngine, rule: RuleSpec): Promise<void> {
  try {
    await driver.rtnl(driver.vswitch).request(deleteRule(rule));
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

async function retrieve(
  { driver }: KernelEngine,
  tables: PathTables,
  marking: Marking,
  context: RetrieveContext<L3XConnect, KernelL3XConnect>,
): Promise<readonly Item[]> {
  const dump = driver.dump(context.session, driver.vswitch);
  const [rules, routes] = [(await dump.rules()).filter(isOurs), await dump.routes()];
  const marked = await marking.read();
  const items: Item[] = [];
  const known = new Set<Rule>();
  for (const [key, { value, metadata }] of context.expected) {
    if (context.keys && !context.keys.has(key)) continue;
    const at = attempt(() => placeOf(context, key, value)) ?? metadata;
    const mine = at ? rules.filter((rule) => rule.family === at.family && rule.inputInterface === at.device) : [];
    for (const rule of mine) known.add(rule);
    if (!at || mine.length !== 1 || !isRule(mine[0]!, at) || !marked[at.family].has(at.device)) continue;
    marking.join(key);
    const isWhole = await tables.holds(context, key, at, pathsOf(value), routes);
    items.push({ key, value: isWhole ? value : { ...value, paths: [] }, metadata: at, origin: 'ours' });
  }
  if (context.keys) return items;
  const byName = await dump.linksByName();
  const found = new Set(items.map(({ key }) => key));
  for (const { family, inputInterface: device, table } of rules.filter((rule) => !known.has(rule))) {
    if (device === undefined || table === undefined) continue;
    const name = parseMark(byName.get(device)?.alias)?.name ?? device;
    const key = l3xconnectKey(name, family);
    const protocol = family === 4 ? Protocol.IPV4 : Protocol.IPV6;
    if (found.has(key)) continue;
    const value = create(L3XConnectSchema, { interface: name, protocol });
    items.push({ key, value, metadata: { device, family, table }, origin: 'ours' });
  }
  return items;
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
