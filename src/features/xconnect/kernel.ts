/**
 * `vpp.l2.xconnect` in the Linux kernel: what a device receives leaves by another, from a chain on its ingress that runs after
 * the input ACL and before the bridge and IP see the frame. A map says where to.
 */

import { create } from '@bufbuild/protobuf';
import { XConnectPairSchema } from '../../model/gen/ligato/vpp/l2/xconnect_pb.js';
import type { XConnectPair } from '../../model/gen/ligato/vpp/l2/xconnect_pb.js';
import type { Key } from '../../model/key.ts';
import { isKernelError } from '../../kernel/errors.ts';
import {
  addChain,
  addElements,
  addRule,
  addSet,
  addTable,
  deleteChain,
  deleteElements,
  ensureNoTable,
  flushChain,
  forwardTo,
  meta,
  types,
} from '../../kernel/nftables/index.ts';
import { changeLink } from '../../kernel/netlink/link.ts';
import type { NftSet, Operation } from '../../kernel/nftables/index.ts';
import { fingerprint } from '../../kernel/nftables/normal-form.ts';
import { deviceName } from '../../kernel/ownership/device-name.ts';
import { parseMark } from '../../kernel/ownership/mark.ts';
import { Users } from '../../kernel/ownership/users.ts';
import { stages, tables } from '../../kernel/pipeline/index.ts';
import { SchedulerError } from '../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelDevice, KernelInterface } from '../interface/kernel-metadata.ts';
import { INTERFACE_PREFIX, interfaceKey } from '../interface/model.ts';
import type { Interface } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { KernelEngine } from '../kernel/engine.ts';
import { xconnectKey } from './model.ts';

/** The devices of a cross-connect. */
export interface KernelXConnect {
  /** Name and index of the receiving device. */
  readonly from: string;
  readonly fromIndex: number;
  /** Index of the transmitting one. */
  readonly to: number;
}

const table = { family: 'netdev', name: tables.crossConnect } as const;
const targets: NftSet = { name: 'targets', key: [types.ifname], data: [types.iface_index] };
const send = { key: 'cross-connect', statements: [forwardTo(meta.iifname.lookup(targets))] };

/** Name of a chain; never one that nft would have to quote. */
function nameOf(device: string): string {
  return `from-${device}`;
}

function chainOf(device: string) {
  const { priority } = stages.crossConnect;
  return { name: nameOf(device), base: { type: 'filter', hook: 'ingress', priority, devices: [device] } } as const;
}

/** Makes the connection whether it was there, elsewhere or not. */
function connect({ from, to }: Pick<KernelXConnect, 'from' | 'to'>): Operation[] {
  return [
    addTable(table),
    addSet(table, targets),
    addElements(table, targets, [{ key: [from], data: [to] }]),
    addChain(table, chainOf(from)),
    flushChain(table, nameOf(from)),
    addRule(table, nameOf(from), send),
  ];
}

function forget(from: string): Operation {
  return deleteElements(table, targets, [{ key: [from] }]);
}

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [xconnectHandler(engine)] as readonly Handler[];
}

/** The chain may go with its device, or by somebody's hand. */
export function watch({ driver }: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  const stop = driver.nft(driver.vswitch).watch(
    ({ name }) => name === table.name,
    () => {
      const keys = Array.from(scheduler.snapshot().statuses({ kind: 'vpp.l2.xconnect' }), ({ key }) => key);
      if (keys.length > 0) scheduler.recheck(keys, 'the rules of cross-connects were changed');
    },
  );
  signal.addEventListener('abort', stop, { once: true });
  return Promise.resolve();
}

function xconnectHandler(engine: KernelEngine): Handler<XConnectPair, KernelXConnect> {
  const nft = engine.driver.nft(engine.driver.vswitch);
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  const users = new Users<'table', Key>();

  async function make(graph: GraphView, key: Key, value: XConnectPair): Promise<KernelXConnect> {
    const receiver = deviceOf(graph, key, value.receiveInterface);
    const transmitter = deviceOf(graph, key, value.transmitInterface);
    for (const name of [value.receiveInterface, value.transmitInterface]) {
      const problem = sharingProblem(graph, name);
      if (problem !== undefined) throw new SchedulerError('unimplemented', problem, { key, retriable: false });
    }
    const pair = { from: receiver.name, fromIndex: receiver.ifindex, to: transmitter.ifindex };
    users.join('table', key);
    await Promise.all([program(pair), rtnl.request(changeLink({ index: pair.fromIndex }, { promiscuous: true }))]);
    return pair;
  }

  async function program(pair: KernelXConnect): Promise<void> {
    try {
      await nft.apply(connect(pair));
    } catch (error) {
      // It leads somewhere else.
      if (!isKernelError(error, 'EEXIST')) throw error;
      await nft.apply([forget(pair.from), ...connect(pair)]);
    }
  }

  async function calm(index: number): Promise<void> {
    if (index === NO_DEVICE) return;
    await rtnl.request(changeLink({ index }, { promiscuous: false })).catch(unless('ENODEV'));
  }

  async function unprogram(key: Key, from: string): Promise<void> {
    if (users.leave('table', key)) return nft.apply(ensureNoTable(table));
    // The kernel may have removed the chain with its device (before Linux 6.16).
    for (const operations of [[forget(from)], [flushChain(table, nameOf(from)), deleteChain(table, nameOf(from))]]) {
      await nft.apply(operations).catch(unless('ENOENT'));
    }
  }

  return {
    kind: 'vpp.l2.xconnect',
    engine: 'kernel',
    create: make,
    update: (context, key, _from, to) => make(context, key, to),
    async remove(_context, key, _value, { from, fromIndex }) {
      await Promise.all([unprogram(key, from), calm(fromIndex)]);
    },
    async retrieve(context) {
      const retrieved = await retrieve(engine, context);
      for (const { key } of retrieved) users.join('table', key);
      return context.keys ? retrieved.filter(({ key }) => context.keys!.has(key)) : retrieved;
    },
    retrieveAfter: ['vpp.interfaces'],
  };
}

/** Tunnels of one VXLAN device cannot be told apart by it. */
function sharingProblem(graph: GraphView, name: string): string | undefined {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (device?.shared !== true) return undefined;
  for (const [key, value] of graph.appliedUnder(INTERFACE_PREFIX)) {
    if (key === interfaceKey(name) || graph.metadata<KernelInterface>(key)?.ifindex !== device.ifindex) continue;
    return `kernel: ${name} shares its device ${device.name} with ${(value as Interface).name} and cannot be cross-connected`;
  }
  return undefined;
}

function unless(code: string): (error: unknown) => void {
  return (error) => {
    if (!isKernelError(error, code)) throw error;
  };
}

function deviceOf(graph: GraphView, key: Key, name: string): KernelDevice {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`, { key });
  return device.frames ?? device;
}

async function retrieve(
  engine: KernelEngine,
  context: RetrieveContext<XConnectPair, KernelXConnect>,
): Promise<readonly Retrieved<XConnectPair, KernelXConnect>[]> {
  const connections = await readConnections(engine);
  if (connections.size === 0) return [];
  const dump = engine.driver.dump(context.session, engine.driver.vswitch);
  const [byName, byIndex] = [await dump.linksByName(), await dump.linksByIndex()];
  const names = new Map<number, string>();
  for (const { value } of context.expected.values()) {
    for (const name of [value.receiveInterface, value.transmitInterface]) {
      const device = context.metadata<KernelInterface>(interfaceKey(name));
      if (device) names.set((device.frames ?? device).ifindex, name);
    }
  }
  const wanted = new Set(Array.from(context.expected.values(), ({ value }) => deviceName(value.receiveInterface)));
  for (const index of names.keys()) wanted.add(byIndex.get(index)?.name ?? '');
  const interfaceOf = (index: number): string => {
    const link = byIndex.get(index);
    return names.get(index) ?? parseMark(link?.alias)?.name ?? link?.name ?? `#${index}`;
  };
  return [...connections].flatMap(([from, to]) => {
    const receiver = byName.get(from);
    // With a device that sees only what is addressed to itself, it connects nothing.
    const connects = receiver !== undefined && (receiver.flags & IFF_PROMISC) !== 0;
    if (!connects && wanted.has(from)) return [];
    const receiveInterface = receiver ? interfaceOf(receiver.index) : from;
    const value = create(XConnectPairSchema, { receiveInterface, transmitInterface: interfaceOf(to) });
    const metadata = { from, fromIndex: receiver?.index ?? NO_DEVICE, to };
    return [{ key: xconnectKey(receiveInterface), value, metadata, origin: 'ours' as const }];
  });
}

const IFF_PROMISC = 0x100;
/** No device has this index: it went when no agent was there. */
const NO_DEVICE = 0;

/** Index of the target by receiving device, of those whose chain is in place; a connection that lacks one of the two is no connection. */
async function readConnections(engine: KernelEngine): Promise<ReadonlyMap<string, number>> {
  const nft = engine.driver.nft(engine.driver.vswitch);
  const content = await nft.list(table);
  if (!content?.sets.some(({ name }) => name === targets.name)) return new Map();
  const right = fingerprint(table.family, send);
  const rules = new Map(content.rules.map((rule) => [rule.chain, rule.fingerprint]));
  const whole = new Set<string>();
  for (const { name, base } of content.chains) {
    const [device] = base?.devices ?? [];
    if (device === undefined || name !== nameOf(device) || base?.priority !== stages.crossConnect.priority) continue;
    if (rules.get(name) === right) whole.add(device);
  }
  const elements = await nft.elements(table, targets);
  const found = elements.map(({ key, data }) => [String(key[0]), Number(Array.isArray(data) ? data[0] : 0)] as const);
  return new Map(found.filter(([from]) => whole.has(from)));
}
