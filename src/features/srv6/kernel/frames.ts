/**
 * Frames of an interface that go along segments. Its ingress makes IP take unicast frames for its own, whatever their MAC address; a
 * rule sends what came in there to a table of its own, where everything is packed together with its Ethernet header.
 */

import { create } from '@bufbuild/protobuf';
import { parsePrefix } from '../../../model/address.ts';
import type { Family } from '../../../model/address.ts';
import { SteeringSchema } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Steering } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Key } from '../../../model/key.ts';
import { unless } from '../../../kernel/errors.ts';
import { changeLink } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Route } from '../../../kernel/netlink/route.ts';
import { addRule, deleteRule } from '../../../kernel/netlink/rule.ts';
import type { Rule, RuleSpec } from '../../../kernel/netlink/rule.ts';
import {
  addChain,
  addRule as addNftRule,
  addTable,
  deleteChain,
  ensureNoTable,
  flushChain,
  meta,
  setPacketType,
} from '../../../kernel/nftables/index.ts';
import { fingerprint } from '../../../kernel/nftables/normal-form.ts';
import { Users } from '../../../kernel/ownership/users.ts';
import {
  numberIn,
  routeProtocols,
  routingTables,
  rulePreferences,
  stages,
  tables,
} from '../../../kernel/pipeline/index.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { routePlace } from '../../kernel/upkeep.ts';
import { steeringKey } from '../model.ts';
import type { SegmentPath, SegmentPlace } from '../kernel-metadata.ts';
import { hasLeaks, readLeaks } from './leaks.ts';
import type { SegmentLeaks } from './leaks.ts';
import { legsOf, metricOf } from './routes.ts';
import type { Leg, SegmentRoutes } from './routes.ts';
import { putLocalTableLast } from '../../kernel/local-table.ts';

/** An interface whose frames are steered. */
export interface SteeredFrames {
  readonly device: string;
  /** Index of the device, which its table is numbered by. */
  readonly link: number;
}

const FAMILIES = [4, 6] as const satisfies readonly Family[];
const EVERYTHING = { 4: parsePrefix('0.0.0.0/0')!, 6: parsePrefix('::/0')! } as const;
export const framesTable = { family: 'netdev', name: tables.srv6 } as const;
const accept = { key: 'frames', statements: [meta.pkttype.eq('other'), setPacketType('host')] };

function chainOf(device: string) {
  const { priority } = stages.srv6Steering;
  return { name: nameOf(device), base: { type: 'filter', hook: 'ingress', priority, devices: [device] } } as const;
}

function nameOf(device: string): string {
  return `from-${device}`;
}

function tableOf(link: number): number {
  return numberIn(routingTables.srv6Steering, link);
}

function placeOf(family: Family, link: number): SegmentPlace {
  return { destination: EVERYTHING[family], table: tableOf(link), metric: metricOf(family) };
}

function ruleOf(family: Family, { device, link }: SteeredFrames): RuleSpec {
  const priority = rulePreferences.srv6Steering.first;
  return { family, priority, inputInterface: device, table: tableOf(link), protocol: routeProtocols.srv6 };
}

type Context = RetrieveContext<Steering, unknown>;
type Item = Retrieved<Steering, { readonly frames: SteeredFrames }>;

export class FrameSteering {
  readonly #engine: KernelEngine;
  /** One for each family: an upkeep knows one route of a key. */
  readonly #routes: Readonly<Record<Family, SegmentRoutes>>;
  readonly #leaks: SegmentLeaks;
  readonly #users = new Users<'table', Key>();

  constructor(engine: KernelEngine, routes: Readonly<Record<Family, SegmentRoutes>>, leaks: SegmentLeaks) {
    this.#engine = engine;
    this.#routes = routes;
    this.#leaks = leaks;
  }

  /** Makes everything whether some of it was there or not. */
  async make(
    graph: GraphView,
    key: Key,
    name: string,
    paths: readonly SegmentPath[],
    legs: readonly Leg[],
  ): Promise<SteeredFrames> {
    const device = graph.metadata<KernelInterface>(interfaceKey(name));
    if (!device) throw new SchedulerError('failed', `interface ${name} has no device`, { key });
    const { driver } = this.#engine;
    const rtnl = driver.rtnl(driver.vswitch);
    const frames = { device: device.name, link: device.ifindex };
    this.#users.join('table', key);
    await putLocalTableLast(this.#engine);
    await this.#leaks.open(key, tableOf(frames.link), paths);
    for (const family of FAMILIES) await this.#routes[family].add(key, placeOf(family, frames.link), legs);
    await Promise.all([
      ...FAMILIES.map((family) => rtnl.request(addRule(ruleOf(family, frames))).catch(unless('EEXIST'))),
      rtnl.request(changeLink({ index: frames.link }, { promiscuous: true })),
      driver
        .nft(driver.vswitch)
        .apply([
          addTable(framesTable),
          addChain(framesTable, chainOf(frames.device)),
          flushChain(framesTable, nameOf(frames.device)),
          addNftRule(framesTable, nameOf(frames.device), accept),
        ]),
    ]);
    await this.#leaks.settle(key, tableOf(frames.link), paths);
    return frames;
  }

  async remove(key: Key, frames: SteeredFrames): Promise<void> {
    const { driver } = this.#engine;
    const rtnl = driver.rtnl(driver.vswitch);
    const name = nameOf(frames.device);
    const last = this.#users.leave('table', key);
    const chain = last ? ensureNoTable(framesTable) : [flushChain(framesTable, name), deleteChain(framesTable, name)];
    await Promise.all([
      // The kernel may have removed the chain with its device (before Linux 6.16).
      driver.nft(driver.vswitch).apply(chain).catch(unless('ENOENT')),
      rtnl.request(changeLink({ index: frames.link }, { promiscuous: false })).catch(unless('ENODEV')),
      ...FAMILIES.map((family) => rtnl.request(deleteRule(ruleOf(family, frames))).catch(unless('ENOENT'))),
    ]);
    for (const family of FAMILIES) await this.#routes[family].remove(key, placeOf(family, frames.link));
    await this.#leaks.close(key);
  }

  /** `pathsOf`: the paths of the steering's policy. `isMade`: whether these ways are those. */
  async retrieve(
    context: Context,
    pathsOf: (value: Steering) => readonly SegmentPath[],
    isMade: (value: Steering, legs: readonly Leg[]) => boolean,
  ): Promise<readonly Item[]> {
    const { driver } = this.#engine;
    const dump = driver.dump(context.session, driver.vswitch);
    const [routes, rules, links] = await Promise.all([dump.routes(), dump.rules(), dump.linksByName()]);
    const device = this.#routes[4].device.see(links);
    const chains = await this.#chains();
    const leaks = readLeaks(routes);
    const found: Item[] = [];
    const wanted = new Map<string, { readonly key: Key; readonly value: Steering }>();
    for (const [key, { value }] of context.expected) {
      if (value.traffic.case !== 'l2Traffic') continue;
      const name = context.metadata<KernelInterface>(interfaceKey(value.traffic.value.interfaceName))?.name;
      if (name !== undefined) wanted.set(name, { key, value });
    }
    for (const [link, name] of traces(routes, rules, chains, links)) {
      const frames = { device: name, link };
      const expected = wanted.get(name);
      const ways = FAMILIES.map((family) => wayOf(routes, family, link, device));
      const whole =
        chains.get(name) === true &&
        ((links.get(name)?.flags ?? 0) & IFF_PROMISC) !== 0 &&
        FAMILIES.every((family) => rules.some((rule) => isSameRule(rule, ruleOf(family, frames)))) &&
        ways.every((legs) => legs.length > 0);
      if (expected && !whole) continue;
      const right =
        expected !== undefined &&
        ways.every((legs) => isMade(expected.value, legs)) &&
        hasLeaks(leaks.get(tableOf(link)), pathsOf(expected.value));
      const key = expected?.key ?? steeringKey(`frames of ${name}`);
      for (const family of FAMILIES) this.#routes[family].found(key, placeOf(family, link), device);
      this.#leaks.join(key, leaks.get(tableOf(link)) ?? []);
      this.#users.join('table', key);
      found.push({
        key,
        value: right ? expected.value : elsewhere(name, expected?.value),
        metadata: { frames },
        origin: 'ours',
      });
    }
    return found;
  }

  /** Devices with a chain, and whether it is right. */
  async #chains(): Promise<ReadonlyMap<string, boolean>> {
    const { driver } = this.#engine;
    const content = await driver.nft(driver.vswitch).list(framesTable);
    if (!content) return new Map();
    const right = fingerprint(framesTable.family, accept);
    const rules = new Map(content.rules.map((rule) => [rule.chain, rule.fingerprint]));
    return new Map(
      content.chains.flatMap(({ name, base }) => {
        const [device] = base?.devices ?? [];
        if (device === undefined) return [];
        return [[device, rules.get(name) === right && base?.priority === stages.srv6Steering.priority]] as const;
      }),
    );
  }
}

/** Whatever is left of steered frames: index and name of the device. */
function traces(
  routes: readonly Route[],
  rules: readonly Rule[],
  chains: ReadonlyMap<string, boolean>,
  links: ReadonlyMap<string, Link>,
): ReadonlyMap<number, string> {
  const { first, last } = routingTables.srv6Steering;
  const names = new Map(Array.from(links.values(), ({ index, name }) => [index, name]));
  const found = new Map<number, string>();
  for (const { protocol, table } of routes) {
    if (protocol !== routeProtocols.srv6 || table < first || table > last) continue;
    found.set(table - first, names.get(table - first) ?? `#${table - first}`);
  }
  for (const { protocol, table = 0, inputInterface } of rules) {
    if (protocol === routeProtocols.srv6 && table >= first && table <= last)
      found.set(table - first, inputInterface ?? `#${table - first}`);
  }
  for (const name of chains.keys()) {
    const index = links.get(name)?.index;
    if (index !== undefined) found.set(index, name);
  }
  return found;
}

function wayOf(routes: readonly Route[], family: Family, link: number, device: number | undefined): readonly Leg[] {
  const place = routePlace(placeOf(family, link));
  const route = routes.find((one) => one.protocol === routeProtocols.srv6 && routePlace(one) === place);
  return route ? legsOf(route, device) : [];
}

function isSameRule(rule: Rule, { family, priority, inputInterface, table }: RuleSpec): boolean {
  return (
    rule.family === family &&
    rule.priority === priority &&
    rule.inputInterface === inputInterface &&
    rule.table === table
  );
}

function elsewhere(device: string, wanted: Steering | undefined): Steering {
  return create(SteeringSchema, {
    name: wanted?.name ?? `frames of ${device}`,
    policyRef: { case: 'policyBsid', value: '::' },
    traffic: wanted?.traffic ?? { case: 'l2Traffic', value: { interfaceName: device } },
  });
}

const IFF_PROMISC = 0x100;
