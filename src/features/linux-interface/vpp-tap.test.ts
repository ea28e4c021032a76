/** TAP_TO_VPP beside VPP. A stand-in makes what VPP makes of a TAP: a device that lives as long as a file descriptor of it is open. */

// First: a namespace of its own, for the stand-in and the agent.
import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { test } from 'node:test';
import type { Host } from '../../../test/lab/host.ts';
import { createLab } from '../../../test/lab/lab.ts';
import { requires } from '../../../test/requires.ts';
import { gone, linuxInterface, named, vppInterface } from '../../../test/stage/stage.ts';
import { createKernelDriver } from '../../kernel/create.ts';
import { listLinks } from '../../kernel/netlink/link.ts';
import { openTap } from '../../kernel/syscall/tuntap.ts';
import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Key } from '../../model/key.ts';
import { createScheduler } from '../../scheduler/index.ts';
import type { Handler } from '../../scheduler/handler.ts';
import type { Change } from '../../scheduler/scheduler.ts';
import type { Feature } from '../feature.ts';
import { features } from '../index.ts';
import { interfaceKey } from '../interface/model.ts';
import { hostNameOfTap } from '../interface/model/tap-name.ts';
import { kernelEngine } from '../kernel/engine.ts';
import { register } from '../register.ts';

const skip = requires({ netns: true }) || (!existsSync('/dev/net/tun') && 'needs /dev/net/tun');

/** VPP's descriptors, by key. What an agent does outlives it, as VPP does. */
class Taps {
  readonly #open = new Map<Key, { readonly fd: number; readonly value: Interface }>();

  readonly handler: Handler<Interface, object> = {
    kind: 'vpp.interfaces',
    engine: 'kernel',
    create: async (_context, key, value) => {
      if (value.type === Type.TAP) this.#open.set(key, { fd: openTap(hostNameOfTap(value)), value });
      return {};
    },
    remove: async (_context, key) => this.#close(key),
    retrieve: async () =>
      [...this.#open].map(([key, { value }]) => ({ key, value, metadata: {}, origin: 'ours' as const })),
  };

  /** As if VPP had died. */
  crash(): void {
    for (const key of [...this.#open.keys()]) this.#close(key);
  }

  #close(key: Key): void {
    const tap = this.#open.get(key);
    if (tap) closeSync(tap.fd);
    this.#open.delete(key);
  }
}

async function start(taps: Taps) {
  const driver = await createKernelDriver();
  const scheduler = createScheduler({ engines: [kernelEngine] });
  const end = new AbortController();
  const standIn = async () => ({ kernelHandlers: () => [taps.handler] });
  const chosen = features
    .filter(({ name }) => ['interface', 'linux-interface', 'namespace'].includes(name))
    .map((feature): Feature => (feature.name === 'interface' ? { ...feature, engines: { kernel: standIn } } : feature));
  const kernel = { driver, owner: 'test', adopt: new Set<string>(), besideVpp: true } as const;
  await register(scheduler, chosen, { kernel }, end.signal);
  const commit = async (changes: readonly Change[], resync?: 'FullResync' | 'DownstreamResync') => {
    const { failures, record } = await scheduler.commit(changes, { retry: false, ...(resync && { resync }) });
    const done = record.executed.filter(({ noop, isProperty }) => !noop && !isProperty);
    return {
      failures: failures.map(({ key, error }) => `${key}: ${error.message}`),
      done: done.map(({ operation, key }) => `${operation} ${key}`).sort(),
    };
  };
  return {
    scheduler,
    commit,
    own: async () => (await driver.rtnl(driver.own).dump(listLinks())).map(({ name }) => name),
    drift: async () => (await scheduler.check()).map(({ problem, key }) => `${problem} ${key}`),
    async stop() {
      end.abort();
      await scheduler.close();
      await driver.close();
    },
  };
}

const tap = (hostIfName = '') =>
  vppInterface('web', { type: Type.TAP, link: { case: 'tap', value: { version: 2, hostIfName } } });

const pod = (namespace: ReturnType<typeof named>, more: object = {}) =>
  linuxInterface('web-in', {
    type: LinuxType.TAP_TO_VPP,
    namespace,
    hostIfName: 'eth0',
    ipAddresses: ['10.1.0.2/24'],
    physAddress: '02:00:00:00:00:05',
    link: { case: 'tap', value: { vppTapIfName: 'web' } },
    ...more,
  });

async function onStage(
  run: (pods: {
    readonly a: Host;
    readonly b: Host;
    readonly names: readonly ReturnType<typeof named>[];
  }) => Promise<void>,
): Promise<void> {
  const lab = await createLab();
  try {
    const [a, b] = [await lab.host('a'), await lab.host('b')];
    await run({ a, b, names: [a, b].map((host) => named(lab.publish(host))) });
  } finally {
    await lab.close();
  }
}

test('the device of a TAP goes into its pod, is changed there, moves, and comes home', { skip }, () =>
  onStage(async ({ a, b, names: [inA, inB] }) => {
    const taps = new Taps();
    const agent = await start(taps);
    try {
      const wanted = pod(inA!);
      assert.deepEqual((await agent.commit([wanted])).failures, []);
      assert.equal(agent.scheduler.status(wanted.key)?.state, 'PENDING');
      assert.deepEqual((await agent.commit([tap()])).failures, []);
      const link = await a.link('eth0');
      assert.equal(link?.mac, '02:00:00:00:00:05');
      assert.match(await a.run('ip', 'address', 'show', 'eth0'), /10\.1\.0\.2\/24/);
      assert.deepEqual(await agent.own(), ['lo']);
      assert.deepEqual(await agent.drift(), []);

      assert.deepEqual((await agent.commit([pod(inA!, { mtu: 1400 })])).done, [`UPDATE ${wanted.key}`]);
      assert.equal((await a.link('eth0'))?.mtu, 1400);

      // Another agent finds it as it is.
      await agent.stop();
      const next = await start(taps);
      assert.deepEqual((await next.commit([tap(), pod(inA!, { mtu: 1400 })], 'FullResync')).done, []);
      await next.commit([pod(inB!)]);
      assert.equal(await a.link('eth0'), undefined);
      assert.match(await b.run('ip', 'address', 'show', 'eth0'), /10\.1\.0\.2\/24/);
      assert.deepEqual(await next.drift(), []);

      await next.commit([gone(wanted)]);
      assert.equal(await b.link('eth0'), undefined);
      const home = hostNameOfTap(tap().value as Interface);
      assert.deepEqual((await next.own()).sort(), ['lo', home].sort());
      await next.commit([wanted]);
      assert.ok(await a.link('eth0'));
      assert.deepEqual((await next.commit([gone(tap())])).failures, []);
      assert.equal(await a.link('eth0'), undefined);
      assert.equal(next.scheduler.status(wanted.key)?.state, 'PENDING');
      await next.stop();
    } finally {
      await agent.stop();
      taps.crash();
    }
  }),
);

test('a TAP that is made anew, or that died with VPP, is taken again', { skip }, () =>
  onStage(async ({ a, names: [inA] }) => {
    const taps = new Taps();
    const agent = await start(taps);
    try {
      const wanted = pod(inA!);
      await agent.commit([tap(), wanted]);
      const before = (await a.link('eth0'))!.index;
      assert.deepEqual((await agent.commit([tap('other')])).failures, []);
      assert.notEqual((await a.link('eth0'))!.index, before);
      assert.deepEqual(await agent.own(), ['lo']);

      taps.crash();
      assert.equal(await a.link('eth0'), undefined);
      assert.deepEqual((await agent.commit([], 'DownstreamResync')).failures, []);
      assert.match(await a.run('ip', 'address', 'show', 'eth0'), /10\.1\.0\.2\/24/);
      assert.deepEqual(await agent.drift(), []);
    } finally {
      await agent.stop();
      taps.crash();
    }
  }),
);

test('the other end has to be a TAP, and its device in the namespace of the agent; both are said', { skip }, () =>
  onStage(async ({ names: [inA] }) => {
    const taps = new Taps();
    const agent = await start(taps);
    try {
      const wanted = pod(inA!);
      const loopback = vppInterface('web', { type: Type.SOFTWARE_LOOPBACK });
      const wrong = await agent.commit([loopback, wanted]);
      assert.deepEqual(wrong.failures, [`${wanted.key}: interface web is SOFTWARE_LOOPBACK; TAP_TO_VPP needs a TAP`]);
      await agent.commit([gone(loopback), gone(wanted)]);

      await agent.commit([tap('far')]);
      const moved = spawnSync('ip', ['link', 'set', 'far', 'netns', inA!.reference], { encoding: 'utf8' });
      assert.equal(moved.status, 0, moved.stderr);
      const [lost] = (await agent.commit([pod(inA!, { hostIfName: 'eth7' })])).failures;
      assert.match(
        lost ?? '',
        /far, which VPP made of TAP web, is not in .*: the agent has to be in the network namespace of VPP/,
      );
      assert.equal(agent.scheduler.status(interfaceKey('web'))?.state, 'CONFIGURED');
    } finally {
      await agent.stop();
      taps.crash();
    }
  }),
);
