/** For tests of layer 2: a switch namespace with hosts on cables, and a scheduler with the handlers under test. */

import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { createKernelDriver } from '../../../kernel/create.ts';
import type { KernelDriver } from '../../../kernel/driver.ts';
import { getLink } from '../../../kernel/netlink/link.ts';
import { prepareVswitch } from '../../../kernel/vswitch/prepare.ts';
import { BridgeDomainSchema } from '../../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Handler } from '../../../scheduler/handler.ts';
import { createScheduler } from '../../../scheduler/index.ts';
import type { Kind, Value } from '../../../scheduler/kind.ts';
import type { Change, Drift, Scheduler, TransactionRecord } from '../../../scheduler/scheduler.ts';
import { ethernet, ip, udp } from '../../../../test/lab/frame.ts';
import type { Host } from '../../../../test/lab/host.ts';
import { createLab, type Lab } from '../../../../test/lab/lab.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import { kernelEngine, type KernelEngine } from '../../kernel/engine.ts';
import { kernelHandlers as bridgeHandlers, watch as watchBridges } from '../kernel.ts';
import { bridgeDomain, bridgeDomainArpEntry, bridgeDomainInterface, bridgeDomainKey } from '../model.ts';

export type DomainInit = MessageInitShape<typeof BridgeDomainSchema>;

/** More kinds to register, with their handlers. */
export interface Extra {
  readonly kinds: readonly Kind<never>[];
  handlers(engine: KernelEngine): readonly Handler[];
  watch?(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void>;
}

/** As VPP's bridge domains mostly are. */
export const switching = { flood: true, unknownUnicastFlood: true, forward: true, learn: true } as const;

export function domain(name: string, init: DomainInit = {}): Change {
  return { key: bridgeDomainKey(name), value: create(BridgeDomainSchema, { ...switching, ...init, name }) };
}

/** `bvi...`: a loopback; `twin...@DEVICE`: one of several interfaces that share a device; else a TAP. */
export function device(name: string): Change {
  const type = name.startsWith('bvi') ? Interface_Type.SOFTWARE_LOOPBACK : Interface_Type.TAP;
  return { key: interfaceKey(name), value: { name, type } };
}

export function port(name: string, splitHorizonGroup = 0) {
  return { name, splitHorizonGroup };
}

/** The devices of three hosts, and ports for them. */
export const taps = [device('tap1'), device('tap2'), device('tap3')];
export const three = [port('tap1'), port('tap2'), port('tap3')];

export function gone({ key }: Change): Change {
  return { key, value: null };
}

/** What was done in the data plane, sorted. */
function done({ executed }: TransactionRecord): readonly string[] {
  return executed
    .filter(({ noop }) => !noop)
    .map(({ operation, key }) => `${operation} ${key}`)
    .sort();
}

/** One agent's worth of scheduler and driver. */
export class Agent {
  readonly driver: KernelDriver;
  readonly scheduler: Scheduler;
  readonly #stopped = new AbortController();

  private constructor(driver: KernelDriver, scheduler: Scheduler) {
    this.driver = driver;
    this.scheduler = scheduler;
  }

  static async start(namespace: string, extras: readonly Extra[], watching: boolean): Promise<Agent> {
    const driver = await createKernelDriver({ namespace, namespaceDirectory: '/run/netns' });
    await prepareVswitch(driver, { debug() {}, info() {}, warn() {} });
    const engine: KernelEngine = { driver, owner: 'test', adopt: new Set() };
    const scheduler = createScheduler({ engines: [kernelEngine] });
    scheduler.register({ name: 'vpp.interfaces', prefix: 'config/vpp/v2/interfaces/' }, devices(driver));
    const handlers = new Map<string, Handler>();
    for (const handler of [bridgeHandlers, ...extras.map((extra) => extra.handlers)].flatMap((make) => make(engine))) {
      handlers.set(handler.kind, handler);
    }
    const kinds = [
      bridgeDomain,
      bridgeDomainInterface,
      bridgeDomainArpEntry,
      ...extras.flatMap((extra) => extra.kinds),
    ];
    for (const kind of kinds as readonly Kind<Value>[]) scheduler.register(kind, handlers.get(kind.name));
    const agent = new Agent(driver, scheduler);
    if (!watching) return agent;
    await watchBridges(engine, scheduler, agent.#stopped.signal);
    for (const extra of extras) await extra.watch?.(engine, scheduler, agent.#stopped.signal);
    return agent;
  }

  /** Returns what was done, as `OPERATION key`. */
  async commit(...changes: readonly Change[]): Promise<readonly string[]> {
    const { failures, record } = await this.scheduler.commit(changes, { retry: false });
    const errors = failures.map(({ key, error }) => `${key}: ${error.message}`);
    assert.deepEqual(errors, []);
    return done(record);
  }

  /** Compares with the data plane: `problem key fields`. */
  async drift(): Promise<readonly string[]> {
    return (await this.scheduler.check()).map(({ problem, key, fields }: Drift) => [problem, key, ...fields].join(' '));
  }

  /** Makes the data plane as wanted again; returns what was done. */
  async heal(): Promise<readonly string[]> {
    const { failures, record } = await this.scheduler.commit([], { resync: 'DownstreamResync', retry: false });
    assert.deepEqual(failures, []);
    return done(record);
  }

  /** A new agent on this data plane is told that all this is wanted; returns what it does. */
  async resync(...changes: readonly Change[]): Promise<readonly string[]> {
    const { failures, record } = await this.scheduler.commit(changes, { resync: 'FullResync', retry: false });
    assert.deepEqual(failures, []);
    return done(record);
  }

  /** Until the data plane is as wanted without being asked; rejects when that takes 5 s. */
  async healed(): Promise<void> {
    const deadline = performance.now() + 5_000;
    for (;;) {
      await this.scheduler.idle();
      const drift = await this.drift();
      if (drift.length === 0) return;
      assert.ok(performance.now() < deadline, drift.join('; '));
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.scheduler.close();
    await this.driver.close();
  }
}

export class Bench implements AsyncDisposable {
  readonly lab: Lab;
  readonly vswitch: Host;
  readonly namespace: string;
  readonly #extras: readonly Extra[];
  readonly #agents: Agent[] = [];

  private constructor(lab: Lab, vswitch: Host, extras: readonly Extra[]) {
    this.lab = lab;
    this.vswitch = vswitch;
    this.namespace = lab.publish(vswitch);
    this.#extras = extras;
  }

  static async open(...extras: readonly Extra[]): Promise<Bench> {
    const lab = await createLab();
    return new Bench(lab, await lab.host('vswitch'), extras);
  }

  /** Another one than before: that one is stopped, its data plane stays. */
  async agent({ watching = false } = {}): Promise<Agent> {
    for (const agent of this.#agents.splice(0)) await agent.stop();
    const agent = await Agent.start(this.namespace, this.#extras, watching);
    this.#agents.push(agent);
    return agent;
  }

  /**
   * Hosts h1, h2, ... on devices tap1, tap2, ... of the switch, with 10.0.0.N, fd00::N and MAC 02:00:00:00:00:0N. They are
   * silent by themselves.
   */
  async hosts(count: number): Promise<readonly Host[]> {
    await this.vswitch.sysctl('net.ipv6.conf.default.addr_gen_mode', 1);
    const hosts = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const number = index + 1;
        const host = await this.lab.host(`h${number}`);
        await host.sysctl('net.ipv6.conf.default.addr_gen_mode', 1);
        await this.lab.link(host, 'eth0', this.vswitch, `tap${number}`, { near: { mac: macOf(number) } });
        await host.address('eth0', `10.0.0.${number}/24`);
        return host;
      }),
    );
    await this.operational(...hosts.map((_, index) => `tap${index + 1}`));
    return hosts;
  }

  /** The kernel learns of a carrier a while after it is there: ports do not forward, and a bridge does not send, before. */
  async operational(...names: readonly string[]): Promise<void> {
    for (const name of names) while (!(await this.vswitch.run('ip', 'link', 'show', name)).includes('state UP'));
  }

  /** A loopback in the switch with an address; its other end is NAME.p. */
  async loopback(name: string, address: string): Promise<void> {
    await this.lab.link(this.vswitch, name, this.vswitch, `${name}.p`, { near: { mac: '02:00:00:00:0b:01' } });
    await this.vswitch.address(name, address);
    await this.operational(name, `${name}.p`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const agent of this.#agents) await agent.stop().catch(() => {});
    await this.lab.close();
  }
}

export function macOf(number: number): string {
  return `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`;
}

/** Devices that are there already, as the interface feature would tell of them. */
function devices(driver: KernelDriver): Handler {
  const rtnl = driver.rtnl(driver.vswitch);
  async function find(value: object): Promise<KernelInterface | undefined> {
    const { name } = value as { name: string };
    const shared = name.includes('@');
    const [link, port] = await Promise.all([
      rtnl.get(getLink({ name: shared ? name.slice(name.indexOf('@') + 1) : name })),
      shared ? undefined : rtnl.get(getLink({ name: `${name}.p` })),
    ]);
    if (!link) return undefined;
    const own = { ifindex: link.index, name: link.name };
    return { ...own, port: port ? { ifindex: port.index, name: port.name } : own, ...(shared ? { shared } : {}) };
  }
  return {
    kind: 'vpp.interfaces',
    engine: 'kernel',
    async create(_context, _key, value) {
      const found = await find(value);
      assert.ok(found, 'no such device');
      return found;
    },
    async update(_context, _key, _from, to) {
      return (await find(to))!;
    },
    remove: () => Promise.resolve(),
    async retrieve({ expected }) {
      const found = [];
      for (const [key, { value }] of expected) {
        const metadata = await find(value);
        if (metadata) found.push({ key, value, metadata, origin: 'ours' as const });
      }
      return found;
    },
  };
}

export const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const QUESTION = 'who gets this?';
const MARKER = 'the end';

/** A UDP datagram in a frame from host `from` to a MAC address. */
export function question(from: number, destination: string, source = macOf(from)): Buffer {
  const packet = ip(
    { source: `10.0.0.${from}`, destination: '10.0.0.99', protocol: 17 },
    udp(7, 7, Buffer.from(QUESTION)),
  );
  return ethernet({ destination, source, etherType: 0x0800 }, packet);
}

/** A host broadcasts a `question`; resolves when another one has it, so that bridges have learned where it came from. */
export async function speak(from: Host, witness: Host, frame: Buffer): Promise<void> {
  const capture = await witness.capture('eth0', { direction: 'in' });
  await from.send('eth0', frame);
  await capture.wait({ contains: QUESTION });
  await capture.close();
}

/**
 * Sends a `question` from a host (or the switch itself) and tells which of these hosts got it, once for each copy. That a host did
 * not is certain: a later frame, which goes straight from the switch to it, did arrive.
 */
export async function whoHears(
  bench: Bench,
  from: { readonly host: Host; readonly device: string },
  listeners: readonly Host[],
  frame: Buffer,
): Promise<readonly string[]> {
  const captures = await Promise.all(listeners.map((host) => host.capture('eth0', { direction: 'in' })));
  const entrance = await bench.vswitch.capture(entranceOf(bench, from), { direction: 'in' });
  await from.host.send(from.device, frame);
  await entrance.wait({ contains: QUESTION });
  await entrance.close();
  const marker = ip({ source: '10.9.9.9', destination: '10.9.9.8', protocol: 17 }, udp(9, 9, Buffer.from(MARKER)));
  const heard = captures.map(async (capture, index) => {
    const host = listeners[index]!;
    const number = Number(host.name.slice(1));
    const direct = ethernet({ destination: macOf(number), source: '02:00:00:00:ff:ff', etherType: 0x0800 }, marker);
    await bench.vswitch.send(`tap${number}`, direct);
    await capture.wait({ contains: MARKER });
    const copies = await capture.frames({ contains: QUESTION });
    await capture.close();
    return copies.map(() => host.name);
  });
  return (await Promise.all(heard)).flat();
}

/** Device of the switch that receives what is sent there. */
function entranceOf(
  { vswitch }: Bench,
  { host, device: name }: { readonly host: Host; readonly device: string },
): string {
  return host === vswitch ? `${name}.p` : `tap${host.name.slice(1)}`;
}
