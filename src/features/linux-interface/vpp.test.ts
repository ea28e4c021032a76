/** Linux models beside VPP, with packets: pods by VETH, whose other end VPP takes by AF_PACKET. */

// First: a namespace of its own, for VPP and the agent.
import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import type { Host } from '../../../test/lab/host.ts';
import { createLab } from '../../../test/lab/lab.ts';
import { linuxInterface, named, reaches, vppInterface } from '../../../test/stage/stage.ts';
import { lan, pod } from '../../../test/vpp/pods.ts';
import { liveVppTest } from '../../../test/vpp/stage.ts';
import type { VppAgent } from '../../../test/vpp/stage.ts';
import { changeLink, createLink, deleteLink } from '../../kernel/netlink/link.ts';
import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { interfaceKey } from '../interface/model.ts';
import { linuxInterfaceKey } from './model.ts';

/** Two pods on one bridge domain of VPP. */
async function twoPods(): Promise<{
  readonly a: Host;
  readonly b: Host;
  readonly wanted: readonly Change[];
  close(): Promise<void>;
}> {
  const lab = await createLab();
  const [a, b] = [await lab.host('a'), await lab.host('b')];
  const wanted = [
    ...pod('a', named(lab.publish(a)), '10.9.0.1/24'),
    ...pod('b', named(lab.publish(b)), '10.9.0.2/24'),
    lan('a', 'b'),
  ];
  return { a, b, wanted, close: () => lab.close() };
}

function ready(agent: VppAgent): boolean {
  return ['a', 'b'].every((name) => agent.state(interfaceKey(name)) === 'CONFIGURED');
}

liveVppTest(
  'one agent wires two pods up: the kernel makes the VETHs, VPP the switch; what differs is healed',
  async (stage) => {
    const { a, b, wanted, close } = await twoPods();
    try {
      const agent = await stage.agent({ host: true });
      await agent.commit(...wanted);
      assert.ok(ready(agent));
      assert.ok(await reaches(a, '10.9.0.2'));
      assert.deepEqual(await agent.drift(), []);
      // More than a segment: the hosts leave checksums and segments to their cards.
      const server = await b.echo({ protocol: 'tcp', port: 80 });
      const { connected, error } = await a.tcp({ to: '10.9.0.2', port: 80, payload: 'x'.repeat(100_000) });
      assert.ok(connected, error);
      await server.close();

      const next = await stage.restart(agent);
      assert.deepEqual(await next.resync(...wanted), [], 'a restart of the agent changes nothing');
      assert.ok(await reaches(a, '10.9.0.2'));

      // The pair goes and comes back by the agent: VPP's old socket is on a device that there is no more.
      const { driver } = next.host!;
      await driver.rtnl(driver.own).request(deleteLink({ name: 'v-a' }));
      await next.heal();
      await next.until('VPP is on the new device', async () => ready(next) && (await next.drift()).length === 0);
      assert.ok(await reaches(a, '10.9.0.2'), 'after the VETH was made again');

      await next.resync();
      assert.deepEqual(await next.resync(), [], 'nothing is left');
      assert.deepEqual(await next.client.list('af_packet_dump', {}), []);
    } finally {
      await close();
    }
  },
);

liveVppTest('a VPP that was killed comes back with the pods of the kernel, which stayed', async (stage) => {
  if (!stage.vpp) return;
  const { a, wanted, close } = await twoPods();
  try {
    const agent = await stage.agent({ host: true });
    await agent.commit(...wanted);
    assert.ok(await reaches(a, '10.9.0.2'));
    await stage.vpp.restart();
    await agent.until('the client is back', () => agent.client.isConnected);
    const done = await agent.heal();
    assert.ok(
      done.every((operation) => !operation.includes('linux')),
      done.join(),
    );
    assert.ok(ready(agent));
    assert.ok(await reaches(a, '10.9.0.2'));
  } finally {
    await close();
  }
});

liveVppTest(
  'an interface on a device that is named waits for the device, and follows one that takes its place',
  async (stage) => {
    const agent = await stage.agent({ host: true });
    const { driver } = agent.host!;
    const home = driver.rtnl(driver.own);
    const make = async (): Promise<void> => {
      await home.request(createLink({ name: 'late', kind: { type: 'veth', peer: { name: 'late-peer' } } }));
      await home.request(changeLink({ name: 'late' }, { up: true }));
    };
    const key = interfaceKey('late');
    await agent.commit(
      vppInterface('late', { type: Type.AF_PACKET, link: { case: 'afpacket', value: { hostIfName: 'late' } } }),
    );
    assert.equal(agent.state(key), 'PENDING');
    await make();
    await agent.until('it is there', () => agent.state(key) === 'CONFIGURED');
    await home.request(deleteLink({ name: 'late' }));
    await agent.until('it is gone', () => agent.state(key) === 'PENDING');
    await make();
    await agent.until('it is there again', () => agent.state(key) === 'CONFIGURED');
    assert.deepEqual(await agent.drift(), []);
    await home.request(deleteLink({ name: 'late' }));
    await make();
    await agent.until(
      'it is on the new device',
      async () => agent.state(key) === 'CONFIGURED' && (await agent.drift()).length === 0,
    );
    await agent.resync();
  },
);

liveVppTest('a device in another namespace than that of VPP is refused with the reason', async (stage) => {
  const lab = await createLab();
  try {
    const far = await lab.host('far');
    const agent = await stage.agent({ host: true });
    const namespace = named(lab.publish(far));
    const failures = await agent.failing(
      linuxInterface('d', { type: LinuxType.DUMMY, namespace }),
      linuxInterface('t', {
        type: LinuxType.TAP_TO_VPP,
        namespace,
        link: { case: 'tap', value: { vppTapIfName: 'p' } },
      }),
      vppInterface('p', { type: Type.AF_PACKET, link: { case: 'afpacket', value: { linuxInterface: 'd' } } }),
    );
    // A kernel without dummy devices makes none.
    if (agent.state(linuxInterfaceKey('d')) !== 'UNIMPLEMENTED')
      assert.match(
        failures[interfaceKey('p')] ?? '',
        /Linux interface d is in .*; VPP reads packets of devices in its own namespace/,
      );
    assert.equal(agent.state(linuxInterfaceKey('t')), 'PENDING');
    await agent.resync();
  } finally {
    await lab.close();
  }
});
