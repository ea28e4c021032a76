import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { VRRPEntrySchema } from '../../model/gen/ligato/vpp/l3/vrrp_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, loopback } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import { vrrpKey } from './model.ts';

const vppTest = vppTests(import.meta.url);

const devices = [loopback('lan', ['10.1.0.1/24'])];

function router(init: MessageInitShape<typeof VRRPEntrySchema> = {}): Change {
  const value = create(VRRPEntrySchema, {
    interface: 'lan',
    vrId: 7,
    priority: 100,
    interval: 1000,
    preempt: true,
    ipAddresses: ['10.1.0.254'],
    enabled: true,
    ...init,
  });
  return { key: vrrpKey('lan', 7), value };
}

vppTest('a virtual router starts, stops, is made anew and goes', async (stage) => {
  const agent = await stage.agent();
  const first = router();
  await agent.commit(...devices, first);
  assert.deepEqual(await agent.drift(), []);
  const stopped = router({ enabled: false });
  assert.deepEqual(await agent.commit(stopped), [`UPDATE ${first.key}`]);
  assert.deepEqual(await agent.drift(), []);
  const other = router({ priority: 50, accept: true, ipAddresses: ['10.1.0.253', '10.1.0.254'] });
  assert.deepEqual(await agent.commit(other), [`CREATE ${first.key}`, `DELETE ${first.key}`]);
  assert.deepEqual(await agent.drift(), []);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...devices, other), []);
  await next.commit(gone(other), ...devices.map(gone));
  assert.deepEqual(await next.client.list('vrrp_vr_dump', { sw_if_index: 0xffff_ffff }), []);
});

vppTest('what VPP refuses is told with its words, and leaves nothing', async (stage) => {
  const agent = await stage.agent();
  // Without peers, which no field names.
  const alone = router({ unicast: true });
  const failures = await agent.failing(...devices, alone);
  assert.match(failures[alone.key] ?? '', /vrrp_vr_start_stop: VPP answered/);
  assert.deepEqual(await agent.client.list('vrrp_vr_dump', { sw_if_index: 0xffff_ffff }), []);
  await agent.commit(gone(alone), ...devices.map(gone));
});

vppTest('the owner of the virtual addresses waits for them on its interface', async (stage) => {
  const agent = await stage.agent();
  const owner = router({ priority: 255, ipAddresses: ['10.1.0.200'] });
  await agent.commit(...devices, owner);
  assert.equal(agent.state(owner.key), 'PENDING');
  assert.deepEqual(agent.scheduler.status(owner.key)?.details, [
    'address 10.1.0.200 on lan (priority 255 is for who has it)',
  ]);
  await agent.commit(loopback('lan', ['10.1.0.1/24', '10.1.0.200/24']));
  assert.equal(agent.state(owner.key), 'CONFIGURED');
  assert.deepEqual(await agent.drift(), []);
  // All in one commit, in whatever order.
  await agent.commit(gone(owner), ...devices.map(gone));
  await agent.commit(owner, loopback('lan', ['10.1.0.1/24', '10.1.0.200/24']));
  assert.equal(agent.state(owner.key), 'CONFIGURED');
  await agent.commit(gone(owner), ...devices.map(gone));
});

vppTest('a router waits for an address of its family to send from', async (stage) => {
  const agent = await stage.agent();
  const first = router();
  await agent.commit(loopback('lan', ['fd01::1/64']), first);
  assert.equal(agent.state(first.key), 'PENDING');
  await agent.commit(loopback('lan', ['fd01::1/64', '10.1.0.1/24']));
  assert.equal(agent.state(first.key), 'CONFIGURED');
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(gone(first), ...devices.map(gone));
});
