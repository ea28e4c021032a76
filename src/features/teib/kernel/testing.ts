/** The handler on devices that are there already, as the interface feature would tell of them. */

import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import type { Host } from '../../../../test/lab/host.ts';
import { createLab } from '../../../../test/lab/lab.ts';
import { createKernelDriver } from '../../../kernel/create.ts';
import type { KernelDriver } from '../../../kernel/driver.ts';
import { getLink } from '../../../kernel/netlink/link.ts';
import { InterfaceSchema } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { TeibEntrySchema } from '../../../model/gen/ligato/vpp/l3/teib_pb.js';
import type { Handler } from '../../../scheduler/handler.ts';
import { createScheduler } from '../../../scheduler/index.ts';
import type { Change, Scheduler } from '../../../scheduler/scheduler.ts';
import { interfaceKey } from '../../interface/model.ts';
import { eventually } from '../../../../test/router/agent.ts';
import { kernelEngine } from '../../kernel/engine.ts';
import { kernelHandlers, watch } from '../kernel.ts';
import { teibEntry, teibKey } from '../model.ts';

/** A device that is there already, as the interface feature would tell of it. */
function existing(driver: KernelDriver): Handler {
  return {
    kind: 'vpp.interfaces',
    engine: 'kernel',
    async create(_context, _key, value) {
      const { name } = value as { name: string };
      const link = await driver.rtnl(driver.vswitch).get(getLink({ name }));
      return { ifindex: link!.index, name };
    },
    remove: () => Promise.resolve(),
  };
}

export const tunnel = (name: string, srcAddr: string): Change => ({
  key: interfaceKey(name),
  value: create(InterfaceSchema, { name, link: { case: 'ipip', value: { srcAddr } } }),
});
export const peer = (name: string, peerAddr: string, nextHopAddr: string): Change => ({
  key: teibKey(name, peerAddr),
  value: create(TeibEntrySchema, { interface: name, peerAddr, nextHopAddr }),
});

export interface Scene {
  readonly router: Host;
  /** The other side: 192.0.2.2, 192.0.2.3, fd00::2; the router is 192.0.2.1 and fd00::1. */
  readonly far: Host;
  readonly scheduler: Scheduler;
  commit(...changes: Change[]): Promise<void>;
  answers(to: string): Promise<boolean>;
}

/** `prepare` makes the tunnels on both sides. */
export async function withScene(
  prepare: (router: Host, far: Host) => Promise<void>,
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  const lab = await createLab();
  const [router, far] = await lab.hosts('router', 'far');
  await lab.link(router, 'eth0', far, 'eth0');
  await router.address('eth0', '192.0.2.1/24', 'fd00::1/64');
  await far.address('eth0', '192.0.2.2/24', '192.0.2.3/24', 'fd00::2/64');
  await prepare(router, far);
  const driver = await createKernelDriver({ namespace: lab.publish(router), namespaceDirectory: '/run/netns' });
  const engine = { driver, owner: 'test', adopt: new Set<string>() };
  const scheduler = createScheduler({ engines: [kernelEngine] });
  scheduler.register({ name: 'vpp.interfaces', prefix: 'config/vpp/v2/interfaces/' }, existing(driver));
  scheduler.register(teibEntry, kernelHandlers(engine)[0]);
  const stop = new AbortController();
  try {
    await watch(engine, scheduler, stop.signal);
    await work({
      router,
      far,
      scheduler,
      async commit(...changes) {
        const { failures } = await scheduler.commit(changes, { retry: false });
        assert.deepEqual(
          failures.map(({ error }) => error.message),
          [],
        );
      },
      answers: async (to) => (await router.ping(to, { count: 1, timeout: 2000 })).received === 1,
    });
  } finally {
    stop.abort();
    await scheduler.close();
    await driver.close();
    await lab.close();
  }
}

/** Runs `ip` there. */
export function ip(host: Host, text: string): Promise<string> {
  return host.run('ip', ...text.split(' '));
}

/** A peer by IPv4 (10.10.0.2 on `four`) and one by IPv6 (fd10::2 on `six`): made, changed, healed, gone. */
export async function liveThroughIt(
  { router, scheduler, commit, answers }: Scene,
  four: string,
  six: string,
): Promise<void> {
  await commit(tunnel(four, '192.0.2.1'));
  if (six !== four) await commit(tunnel(six, 'fd00::1'));
  await commit(peer(four, '10.10.0.2', '192.0.2.2'), peer(six, 'fd10::2', 'fd00::2'));
  await eventually(() => answers('10.10.0.2'));
  await eventually(() => answers('fd10::2'));
  assert.match(await ip(router, 'route show proto 87'), /encap ip .*src 192\.0\.2\.1 dst 192\.0\.2\.2/);
  assert.deepEqual(await scheduler.check(), []);

  await commit(peer(four, '10.10.0.2', '192.0.2.77'));
  assert.ok(!(await answers('10.10.0.2')), 'nobody is at that address');
  await commit(peer(four, '10.10.0.2', '192.0.2.2'));
  await eventually(() => answers('10.10.0.2'));
  await ip(router, 'route del 10.10.0.2/32');
  await eventually(() => answers('10.10.0.2'));
  await ip(router, `route replace 10.10.0.2/32 encap ip dst 192.0.2.77 dev ${four} metric 1 proto 87`);
  await eventually(() => answers('10.10.0.2'));
  await scheduler.idle();
  assert.deepEqual(await scheduler.check(), []);

  await commit({ key: teibKey(four, '10.10.0.2'), value: null }, { key: teibKey(six, 'fd10::2'), value: null });
  assert.equal(await ip(router, 'route show proto 87'), '');
  assert.equal(await ip(router, '-6 route show proto 87'), '');
}
