import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { TeibEntrySchema } from '../../model/gen/ligato/vpp/l3/teib_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, vppInterface } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import { teibKey } from './model.ts';

const vppTest = vppTests(import.meta.url);

const tunnel = vppInterface('tunnel', {
  type: Type.IPIP_TUNNEL,
  ipAddresses: ['10.1.0.1/24'],
  link: { case: 'ipip', value: { srcAddr: '192.0.2.1', tunnelMode: 1 } },
});

function peer(init: MessageInitShape<typeof TeibEntrySchema>): Change {
  const value = create(TeibEntrySchema, { interface: 'tunnel', ...init });
  return { key: teibKey('tunnel', value.peerAddr), value };
}

vppTest('peers of a tunnel come, move, are healed and go', async (stage) => {
  const agent = await stage.agent();
  const first = peer({ peerAddr: '10.1.0.2', nextHopAddr: '192.0.2.2' });
  const second = peer({ peerAddr: '10.1.0.3', nextHopAddr: '192.0.2.3' });
  await agent.commit(tunnel, first, second);
  assert.deepEqual(await agent.drift(), []);
  const moved = peer({ peerAddr: '10.1.0.2', nextHopAddr: '192.0.2.9' });
  assert.deepEqual(await agent.commit(moved), [`CREATE ${moved.key}`, `DELETE ${moved.key}`]);
  const told = async () =>
    (await agent.client.list('teib_dump')).map(({ entry }) => `${entry.peer} ${entry.nh}`).sort();
  assert.deepEqual(await told(), ['10.1.0.2 192.0.2.9', '10.1.0.3 192.0.2.3']);

  const [lost] = (await agent.client.list('teib_dump')).filter(({ entry }) => entry.peer === '10.1.0.3');
  assert.ok(lost);
  await agent.client.request('teib_entry_add_del', { is_add: 0, entry: lost.entry });
  assert.deepEqual(await agent.drift(), [`missing ${second.key}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${second.key}`]);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(tunnel, moved, second), []);
  await next.commit(gone(moved), gone(second), gone(tunnel));
  assert.deepEqual(await next.client.list('teib_dump'), []);
});
