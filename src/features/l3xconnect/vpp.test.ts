import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { L3XConnect_Protocol as Protocol, L3XConnectSchema } from '../../model/gen/ligato/vpp/l3/l3xc_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, loopback } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import { l3xconnectKey } from './model.ts';

const vppTest = vppTests(import.meta.url);

const devices = [loopback('in', ['10.1.0.1/24', 'fd01::1/64']), loopback('out', ['10.2.0.1/24', 'fd02::1/64'])];

function cross(init: MessageInitShape<typeof L3XConnectSchema>): Change {
  const value = create(L3XConnectSchema, { interface: 'in', ...init });
  return { key: l3xconnectKey('in', value.protocol === Protocol.IPV6 ? 6 : 4), value };
}

vppTest('IP packets are cross-connected, paths are replaced in place', async (stage) => {
  const agent = await stage.agent();
  const four = cross({ paths: [{ outgoingInterface: 'out', nextHopAddr: '10.2.0.2' }] });
  const six = cross({
    protocol: Protocol.IPV6,
    paths: [{ outgoingInterface: 'out', nextHopAddr: 'fd02::2', weight: 3 }],
  });
  await agent.commit(...devices, four, six);
  assert.deepEqual(await agent.drift(), []);
  const more = cross({
    paths: [
      { outgoingInterface: 'out', nextHopAddr: '10.2.0.2', weight: 2 },
      { outgoingInterface: 'out', nextHopAddr: '10.2.0.3' },
      { nextHopAddr: '10.2.0.4', preference: 1 },
    ],
  });
  assert.deepEqual(await agent.commit(more), [`UPDATE ${more.key}`]);
  assert.deepEqual(await agent.drift(), []);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...devices, more), [`DELETE ${six.key}`]);
  await next.commit(gone(more), ...devices.map(gone));
  assert.deepEqual(await next.client.list('l3xc_dump', { sw_if_index: 0xffff_ffff }), []);
});
