/** `vpp.ipsec.spd`, its interfaces and `vpp.ipsec.sp` in the Linux kernel. */

import { SecurityPolicy_Action as Action } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { SecurityAssociation, SecurityPolicy } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Key } from '../../../model/key.ts';
import { listPolicies, policyText } from '../../../kernel/netlink/xfrm-policy.ts';
import type { PolicySpec, Template } from '../../../kernel/netlink/xfrm-policy.ts';
import { listStates } from '../../../kernel/netlink/xfrm-state.ts';
import type { State } from '../../../kernel/netlink/xfrm-state.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, OperationContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { AssociationUse, KernelSpdInterface } from '../kernel-metadata.ts';
import { saKey } from '../model.ts';
import type { SpdInterface } from '../model.ts';
import { byRequestId, findState, protocolOf, requestIdOf, tunnelOf } from './associations.ts';
import type { Associations } from './associations.ts';
import type { Databases } from './databases.ts';
import type { PacketTable } from './packet-table.ts';
import { byText, isThere } from './policies.ts';
import type { Policies } from './policies.ts';
import { MOST_DATABASES } from './packet-table.ts';
import { lastResort, pairOf, policiesOf, ruleProblem } from './rules.ts';

export interface DatabaseParts {
  readonly databases: Databases;
  readonly policies: Policies;
  readonly packets: PacketTable;
  readonly associations: Associations;
  readonly lacking: () => string | undefined;
}

/** A database is a number; what it does, its interfaces and rules do. */
export function databaseHandler({ lacking }: DatabaseParts): Handler<object, object> {
  return {
    kind: 'vpp.ipsec.spd',
    engine: 'kernel',
    support: { grade: 'proven', needs: ['esp'] },
    unsupported() {
      const lack = lacking();
      return lack === undefined ? undefined : `kernel: ${lack}`;
    },
    create: () => Promise.resolve({}),
    update: () => Promise.resolve({}),
    remove: () => Promise.resolve(),
    // Of a number the kernel knows nothing: it is always there.
    retrieve: ({ expected, keys }) =>
      Promise.resolve(
        [...expected]
          .filter(([key]) => !keys || keys.has(key))
          .map(([key, { value }]) => ({ key, value, metadata: {}, origin: 'ours' as const })),
      ),
  };
}

export function spdInterfaceHandler(
  { driver }: KernelEngine,
  { databases, policies, packets }: DatabaseParts,
): Handler<SpdInterface, KernelSpdInterface> {
  async function reprogram(index: number): Promise<void> {
    const place = databases.place(index);
    await Promise.all(
      Array.from(databases.rules(index), ([key, rule]) =>
        policies.set(key, policiesOf(rule.value, place, rule.template)),
      ),
    );
  }

  async function undo(index: number, key: Key): Promise<void> {
    databases.leave(index, key);
    await reprogram(index);
    await policies.clear(key);
  }

  return {
    kind: 'vpp.ipsec.spd.interface',
    engine: 'kernel',
    async create(context, key, { spd, interface: name }) {
      const { ifindex: link, name: device } = deviceOf(context, key, name);
      const number = databases.join(spd, key, link);
      if (number === undefined) {
        const message = `kernel: ${MOST_DATABASES} databases have interfaces already, and that is as many as the packet mark can tell apart`;
        throw new SchedulerError('unimplemented', message, { key, retriable: false });
      }
      try {
        await policies.set(key, lastResort(link));
        await reprogram(spd);
        await packets.bind(key, device, number);
      } catch (error) {
        await undo(spd, key).catch(() => {});
        throw error;
      }
      return { link, device, number };
    },
    async remove(_context, key, { spd }, { device, number }) {
      await packets.unbind(key, device, number);
      await undo(spd, key);
    },
    async retrieve(context) {
      if (context.expected.size === 0) return [];
      const there = byText(await driver.xfrm(driver.vswitch).dump(listPolicies()));
      const { numbers } = await packets.read(context.session);
      const items: Retrieved<SpdInterface, KernelSpdInterface>[] = [];
      for (const [key, { value }] of context.expected) {
        const { ifindex: link, name: device } = context.metadata<KernelInterface>(interfaceKey(value.interface)) ?? {};
        const number = device === undefined ? undefined : numbers.get(device);
        if (link === undefined || device === undefined || number === undefined) continue;
        const specs = lastResort(link);
        if (!specs.every((spec) => isThere(there.get(policyText(spec)), spec))) continue;
        if (!databases.found(value.spd, key, link, number)) continue;
        policies.found(key, specs);
        packets.found(key);
        if (!context.keys || context.keys.has(key))
          items.push({ key, value, metadata: { link, device, number }, origin: 'ours' });
      }
      return items;
    },
    retrieveAfter: ['vpp.interfaces'],
  };
}

function deviceOf(graph: GraphView, key: Key, name: string): KernelInterface {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`, { key });
  return device;
}

export function ruleHandler(
  { driver }: KernelEngine,
  { databases, policies, associations }: DatabaseParts,
): Handler<SecurityPolicy, object> {
  async function make(context: OperationContext, key: Key, value: SecurityPolicy): Promise<object> {
    const use = useOf(context, key, value);
    if (use) await associations.use(key, value.saIndex, use);
    const rule = { value, template: use && templateOf(context, value, use) };
    databases.setRule(value.spdIndex, key, rule);
    await policies.set(key, policiesOf(value, databases.place(value.spdIndex), rule.template));
    return {};
  }

  async function remove(key: Key, value: SecurityPolicy): Promise<void> {
    databases.setRule(value.spdIndex, key, undefined);
    await policies.clear(key);
    if (value.action === Action.PROTECT) await associations.leave(key, value.saIndex);
  }

  return {
    kind: 'vpp.ipsec.sp',
    engine: 'kernel',
    support: { grade: 'proven', needs: ['esp'] },
    unsupported: (_key, value) => ruleProblem(value),
    create: make,
    async update(context, key, from, to) {
      const isAnother = from.action === Action.PROTECT && (to.action !== Action.PROTECT || from.saIndex !== to.saIndex);
      if (from.spdIndex !== to.spdIndex) databases.setRule(from.spdIndex, key, undefined);
      const made = await make(context, key, to);
      if (isAnother) await associations.leave(key, from.saIndex);
      return made;
    },
    remove: (_context, key, value) => remove(key, value),
    async retrieve(context) {
      if (context.expected.size === 0) return [];
      const xfrm = driver.xfrm(driver.vswitch);
      const [kernelPolicies, states] = await Promise.all([xfrm.dump(listPolicies()), xfrm.dump(listStates())]);
      const there = byText(kernelPolicies);
      const byId = byRequestId(states);
      const items: Retrieved<SecurityPolicy, object>[] = [];
      for (const [key, { value }] of context.expected) {
        if (context.keys && !context.keys.has(key)) continue;
        const use = attempt(() => useOf(context, key, value));
        const template = use && templateOf(context, value, use);
        const specs = policiesOf(value, databases.place(value.spdIndex), template);
        const found = specs.filter((spec) => there.has(policyText(spec)));
        if (found.length === 0 && specs.length > 0) continue;
        const lost = use !== undefined && !isMade(byId, context, value, use);
        policies.found(key, specs);
        databases.setRule(value.spdIndex, key, { value, template });
        if (use) associations.adopt(key, value.saIndex, !lost);
        items.push({ key, value: lost ? broken(value) : read(value, specs, there), metadata: {}, origin: 'ours' });
      }
      return items;
    },
    retrieveAfter: ['vpp.ipsec.sa', 'vpp.ipsec.spd.interface'],
    retriable: (error) => !(error instanceof SchedulerError) || error.retriable,
  };
}

/** What a rule makes of its association; undefined when it does not protect. Throws SchedulerError when that cannot be. */
function useOf(graph: GraphView, key: Key, value: SecurityPolicy): AssociationUse | undefined {
  if (value.action !== Action.PROTECT) return undefined;
  const association = graph.applied(saKey(value.saIndex)) as SecurityAssociation | undefined;
  if (!association) throw new SchedulerError('failed', `security association ${value.saIndex} is not there`, { key });
  const tunnel = tunnelOf(association);
  if (tunnel) return tunnel;
  const pair = pairOf(value);
  if (pair) return { mode: 'transport', ...pair };
  const message = `kernel: association ${value.saIndex} is no tunnel: the rule has to name one local and one remote address`;
  throw new SchedulerError('unimplemented', message, { key, retriable: false });
}

function templateOf(graph: GraphView, { saIndex }: SecurityPolicy, use: AssociationUse): Template {
  const association = graph.applied(saKey(saIndex)) as SecurityAssociation;
  const { mode, source, destination } = use;
  const ends = mode === 'tunnel' ? { source, destination } : {};
  const protocol = protocolOf(association);
  return { protocol, mode, family: destination.family, requestId: requestIdOf(saIndex), ...ends };
}

function isMade(
  states: ReadonlyMap<number, readonly State[]>,
  graph: GraphView,
  { saIndex }: SecurityPolicy,
  use: AssociationUse,
): boolean {
  const association = graph.applied(saKey(saIndex)) as SecurityAssociation | undefined;
  return association !== undefined && findState(states, association, use) !== undefined;
}

/** The rule with what the kernel has in place of it. */
function read(
  value: SecurityPolicy,
  specs: readonly PolicySpec[],
  there: ReadonlyMap<string, PolicySpec>,
): SecurityPolicy {
  const wrong = specs.find((spec) => !isThere(there.get(policyText(spec)), spec));
  if (!wrong) return value;
  const found = there.get(policyText(wrong));
  if (found && found.priority !== wrong.priority) return { ...value, priority: 0x7fff_ffff - found.priority };
  return broken(value);
}

function broken(value: SecurityPolicy): SecurityPolicy {
  return { ...value, action: Action.RESOLVE };
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
