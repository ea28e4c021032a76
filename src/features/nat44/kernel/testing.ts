/**
 * A network for tests of NAT44: a router (the vswitch) between `out`, `client` and three servers, each on a cable of its own.
 * Interfaces and their addresses are there already, as the interface feature would tell of them.
 */

import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { createKernelDriver } from '../../../kernel/create.ts';
import type { KernelDriver } from '../../../kernel/driver.ts';
import { getLink } from '../../../kernel/netlink/link.ts';
import { prepareVswitch } from '../../../kernel/vswitch/prepare.ts';
import {
  Interface_Type as InterfaceType,
  InterfaceSchema,
} from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import {
  DNat44_Protocol as Protocol,
  DNat44Schema,
  Nat44AddressPoolSchema,
  Nat44GlobalSchema,
  Nat44InterfaceSchema,
} from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Handler } from '../../../scheduler/handler.ts';
import { createScheduler } from '../../../scheduler/index.ts';
import type { Change, CommitOptions, Scheduler } from '../../../scheduler/scheduler.ts';
import { createLab, type Lab } from '../../../../test/lab/lab.ts';
import type { EchoHandle, FlowHandle, Host } from '../../../../test/lab/host.ts';
import { interfaceKey, interfaceKinds } from '../../interface/model.ts';
import { kernelEngine, type KernelEngine } from '../../kernel/engine.ts';
import { virtualHandler } from '../../virtual.ts';
import { kernelHandlers, watch } from '../kernel.ts';
import { dnat44Key, NAT44_GLOBAL_KEY, nat44InterfaceKey, nat44Kinds, nat44PoolKey } from '../model.ts';

export { Protocol };

type DnatInit = MessageInitShape<typeof DNat44Schema>;
export type MappingInit = NonNullable<DnatInit['stMappings']>[number];

export function global(init: MessageInitShape<typeof Nat44GlobalSchema> = { forwarding: true }): Change {
  return { key: NAT44_GLOBAL_KEY, value: create(Nat44GlobalSchema, init) };
}

export function side(
  name: string,
  init: { natInside?: boolean; natOutside?: boolean; outputFeature?: boolean },
): Change {
  return { key: nat44InterfaceKey(name), value: create(Nat44InterfaceSchema, { name, ...init }) };
}

export function pool(name: string, firstIp: string, lastIp = '', twiceNat = false): Change {
  const value = create(Nat44AddressPoolSchema, { name, firstIp, lastIp, twiceNat, vrfId: 0xffff_ffff });
  return { key: nat44PoolKey(value), value };
}

export function dnat(
  label: string,
  stMappings: MappingInit[],
  idMappings: NonNullable<DnatInit['idMappings']> = [],
): Change {
  return { key: dnat44Key(label), value: create(DNat44Schema, { label, stMappings, idMappings }) };
}

/** A TCP service at 203.0.113.10:80 with these servers (numbers from 1) and weights. */
export function service(weights: readonly number[], more: MappingInit = {}): MappingInit {
  return {
    externalIp: VIP,
    externalPort: 80,
    protocol: Protocol.TCP,
    localIps: weights.flatMap((probability, index) =>
      probability === 0 ? [] : [{ localIp: `10.30.1.1${index + 1}`, localPort: 8080, probability }],
    ),
    ...more,
  };
}

export const VIP = '203.0.113.10';

export function device(name: string, ipAddresses: readonly string[] = []): Change {
  const value = create(InterfaceSchema, { name, type: InterfaceType.TAP, ipAddresses: [...ipAddresses] });
  return { key: interfaceKey(name), value };
}

export function gone({ key }: Change): Change {
  return { key, value: null };
}

function existingInterfaces(driver: KernelDriver): Handler {
  const read = async (name: string) => {
    const link = await driver.rtnl(driver.vswitch).get(getLink({ name }));
    return link && { ifindex: link.index, name, port: { ifindex: link.index, name } };
  };
  return {
    kind: 'vpp.interfaces',
    engine: 'kernel',
    create: async (_context, _key, value) => {
      const found = await read((value as { name: string }).name);
      assert.ok(found, 'no device');
      return found;
    },
    update: (_context, _key, _from, _to, metadata) => Promise.resolve(metadata),
    remove: () => Promise.resolve(),
    async retrieve({ expected }) {
      const found = [];
      for (const [key, { value }] of expected) {
        const metadata = await read((value as { name: string }).name);
        if (metadata) found.push({ key, value, metadata, origin: 'ours' as const });
      }
      return found;
    },
  };
}

/** Addresses that a server was called from. */
export async function peers(server: EchoHandle): Promise<string[]> {
  return Object.keys((await server.report()).peers).sort();
}

/** Resolves when the flow has had more answers; false when it has none within two seconds. */
export async function advances(flow: FlowHandle): Promise<boolean> {
  const before = (await flow.report()).received;
  const deadline = performance.now() + 2000;
  while (performance.now() < deadline) {
    if ((await flow.report()).received > before + 3) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

/** An agent with the NAT44 feature only. */
export class Agent {
  readonly driver: KernelDriver;
  readonly scheduler: Scheduler;
  readonly #stop = new AbortController();

  constructor(driver: KernelDriver) {
    this.driver = driver;
    this.scheduler = createScheduler({ engines: [kernelEngine] });
  }

  static async open(driver: KernelDriver, options: { readonly watches: boolean }): Promise<Agent> {
    const agent = new Agent(driver);
    const engine: KernelEngine = { driver, owner: 'test', adopt: new Set() };
    for (const kind of interfaceKinds) {
      const handler = kind.name === 'vpp.interfaces' ? existingInterfaces(driver) : virtualHandler(kind.name, 'kernel');
      agent.scheduler.register(kind, handler);
    }
    const handlers = new Map(kernelHandlers(engine).map((handler) => [handler.kind, handler]));
    for (const kind of nat44Kinds) agent.scheduler.register(kind, handlers.get(kind.name));
    if (options.watches) await watch(engine, agent.scheduler, agent.#stop.signal);
    return agent;
  }

  /** What was done, e.g. `CREATE config/...`. */
  async commit(...changes: Change[]): Promise<string[]> {
    return await this.#commit(changes, {});
  }

  async resync(...changes: Change[]): Promise<string[]> {
    return await this.#commit(changes, { resync: 'FullResync' });
  }

  async heal(): Promise<string[]> {
    return await this.#commit([], { resync: 'DownstreamResync' });
  }

  async drift(): Promise<string[]> {
    const drift = await this.scheduler.check();
    return drift.map(({ key, problem, fields }) => [problem, key, ...fields].join(' '));
  }

  state(change: Change): string {
    const status = this.scheduler.status(change.key);
    return [status?.state, status?.error].filter(Boolean).join(' ');
  }

  async #commit(changes: readonly Change[], options: CommitOptions): Promise<string[]> {
    const { failures, record } = await this.scheduler.commit(changes, { retry: false, ...options });
    assert.deepEqual(
      failures.map(({ key, error }) => `${key}: ${error.message}`),
      [],
    );
    return record.executed.filter(({ noop }) => !noop).map(({ operation, key }) => `${operation} ${key}`);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.scheduler.close();
    await this.driver.close();
  }
}

const servers = ['web1', 'web2', 'web3'] as const;

export const devices = [
  device('inet', ['198.51.100.1/24']),
  device('lan', ['10.10.0.1/24']),
  ...servers.map((name) => device(name)),
];

/** Sides as a Kubernetes network has them: pods reach services from inside. */
export const sides = [
  side('inet', { natOutside: true }),
  side('lan', { natInside: true }),
  ...servers.map((name) => side(name, { natInside: true, natOutside: true })),
];

export class Bench implements AsyncDisposable {
  readonly lab: Lab;
  readonly router: Host;
  readonly out: Host;
  readonly client: Host;
  readonly web: readonly Host[];
  readonly #namespace: string;
  readonly #agents: Agent[] = [];

  private constructor(lab: Lab, router: Host, out: Host, client: Host, web: readonly Host[]) {
    this.lab = lab;
    this.router = router;
    this.out = out;
    this.client = client;
    this.web = web;
    this.#namespace = lab.publish(router);
  }

  static async open(): Promise<Bench> {
    const lab = await createLab();
    const [router, out, client, ...web] = await lab.hosts('router', 'out', 'client', ...servers);
    const bench = new Bench(lab, router, out, client, web);
    // Before the cables: devices inherit what is set for new ones.
    const driver = await createKernelDriver({ namespace: bench.#namespace });
    await prepareVswitch(driver, { debug() {}, info() {}, warn() {} });
    await driver.close();
    await lab.link(out, 'eth0', router, 'inet');
    await lab.link(client, 'eth0', router, 'lan');
    await router.address('inet', '198.51.100.1/24');
    await router.address('lan', '10.10.0.1/24');
    await out.address('eth0', '198.51.100.2/24', '198.51.100.3/24', '198.51.100.4/24');
    await out.route('203.0.113.0/24', { via: '198.51.100.1' });
    await out.route('10.0.0.0/8', { via: '198.51.100.1' });
    await client.address('eth0', '10.10.0.2/24');
    await client.route('default', { via: '10.10.0.1' });
    for (const [index, host] of web.entries()) {
      const name = servers[index]!;
      await lab.link(host, 'eth0', router, name);
      await host.address('eth0', `10.30.1.1${index + 1}/24`);
      await router.address(name, '10.30.1.1/32');
      await router.route(`10.30.1.1${index + 1}/32`, { device: name });
      await host.route('default', { via: '10.30.1.1' });
      // The others are behind the router, too.
      for (const other of [1, 2, 3]) {
        if (other !== index + 1) await host.route(`10.30.1.1${other}/32`, { via: '10.30.1.1' });
      }
    }
    return bench;
  }

  async agent(options: { readonly watches: boolean } = { watches: false }): Promise<Agent> {
    const agent = await Agent.open(await createKernelDriver({ namespace: this.#namespace }), options);
    this.#agents.push(agent);
    return agent;
  }

  /** A TCP and a UDP server in each pod that answer with the pod's name. */
  async serve(port = 8080): Promise<void> {
    for (const [index, host] of this.web.entries()) {
      const reply = servers[index]!;
      await host.echo({ protocol: 'tcp', port, reply });
      await host.echo({ protocol: 'udp', port, reply });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const agent of this.#agents) await agent.close();
    await this.lab.close();
  }
}
