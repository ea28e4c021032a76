// needs-kernel: ipip

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { createLab } from '../../../test/lab/lab.ts';
import { requires } from '../../../test/requires.ts';
import { createKernelDriver } from '../../kernel/create.ts';
import type { KernelDriver } from '../../kernel/driver.ts';
import { getLink } from '../../kernel/netlink/link.ts';
import { InterfaceSchema } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { TeibEntrySchema } from '../../model/gen/ligato/vpp/l3/teib_pb.js';
import type { Handler } from '../../scheduler/handler.ts';
import { createScheduler } from '../../scheduler/index.ts';
import type { Change } from '../../scheduler/scheduler.ts';
import { interfaceKey } from '../interface/model.ts';
import { kernelEngine } from '../kernel-engine.ts';
import { eventually } from '../route/kernel/testing.ts';
import { kernelHandlers, watch } from './kernel.ts';
import { teibEntry, teibKey } from './model.ts';

const skip = requires({ netns: true, kernel: ['ipip'], commands: ['ip'] });

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

const tunnel = (name: string, srcAddr: string): Change => ({
  key: interfaceKey(name),
  value: create(InterfaceSchema, { name, link: { case: 'ipip', value: { srcAddr } } }),
});
const peer = (name: string, peerAddr: string, nextHopAddr: string): Change => ({
  key: teibKey(name, peerAddr),
  value: create(TeibEntrySchema, { interface: name, peerAddr, nextHopAddr }),
});

test('peers of a tunnel to several are reached where the entry says; changed, healed, gone', {
  skip,
  timeout: 300_000,
}, async () => {
  const lab = await createLab();
  const [router, b] = [await lab.host('router'), await lab.host('b')];
  await lab.link(router, 'eth0', b, 'eth0');
  await router.address('eth0', '192.0.2.1/24', 'fd00::1/64');
  await b.address('eth0', '192.0.2.2/24', '192.0.2.3/24', 'fd00::2/64');
  const ip = (host: typeof router, text: string) => host.run('ip', ...text.split(' '));
  await ip(router, 'link add tun4 up type ipip external');
  await ip(router, 'addr add 10.10.0.1/32 dev tun4');
  await ip(router, 'link add tun6 up type ip6tnl mode any external');
  await ip(router, 'addr add fd10::1/128 dev tun6');
  await ip(b, 'link add t2 up type ipip local 192.0.2.2 remote 192.0.2.1');
  await ip(b, 'addr add 10.10.0.2/32 peer 10.10.0.1 dev t2');
  await ip(b, 'link add t6 up type ip6tnl mode any local fd00::2 remote fd00::1');
  await ip(b, 'addr add fd10::2/128 dev t6');
  await ip(b, 'route add fd10::1/128 dev t6');
  const driver = await createKernelDriver({ namespace: lab.publish(router), namespaceDirectory: '/run/netns' });
  const engine = { driver, owner: 'test', adopt: new Set<string>() };
  const scheduler = createScheduler({ engines: [kernelEngine] });
  scheduler.register({ name: 'vpp.interfaces', prefix: 'config/vpp/v2/interfaces/' }, existing(driver));
  scheduler.register(teibEntry, kernelHandlers(engine)[0]);
  const stop = new AbortController();
  try {
    await watch(engine, scheduler, stop.signal);
    const commit = async (...changes: Change[]) => {
      const { failures } = await scheduler.commit(changes, { retry: false });
      assert.deepEqual(
        failures.map(({ error }) => error.message),
        [],
      );
    };
    const answers = async (to: string) => (await router.ping(to, { count: 1, timeout: 2000 })).received === 1;
    await commit(tunnel('tun4', '192.0.2.1'), tunnel('tun6', 'fd00::1'));
    await commit(peer('tun4', '10.10.0.2', '192.0.2.2'), peer('tun6', 'fd10::2', 'fd00::2'));
    await eventually(() => answers('10.10.0.2'));
    await eventually(() => answers('fd10::2'));
    assert.match(await ip(router, 'route show proto 87'), /encap ip .*src 192\.0\.2\.1 dst 192\.0\.2\.2/);
    assert.deepEqual(await scheduler.check(), []);

    await commit(peer('tun4', '10.10.0.2', '192.0.2.3'));
    assert.ok(!(await answers('10.10.0.2')), 'the far end has no tunnel on that address');
    await commit(peer('tun4', '10.10.0.2', '192.0.2.2'));
    await eventually(() => answers('10.10.0.2'));
    await ip(router, 'route del 10.10.0.2/32');
    await eventually(() => answers('10.10.0.2'));
    await ip(router, 'route replace 10.10.0.2/32 encap ip dst 192.0.2.3 dev tun4 metric 1 proto 87');
    await eventually(() => answers('10.10.0.2'));
    await scheduler.idle();
    assert.deepEqual(await scheduler.check(), []);

    await commit({ key: teibKey('tun4', '10.10.0.2'), value: null }, { key: teibKey('tun6', 'fd10::2'), value: null });
    assert.equal(await ip(router, 'route show proto 87'), '');
    assert.equal(await ip(router, '-6 route show proto 87'), '');
  } finally {
    stop.abort();
    await scheduler.close();
    await driver.close();
    await lab.close();
  }
});
