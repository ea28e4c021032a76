import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { Span_Direction as Direction, SpanSchema } from '../../model/gen/ligato/vpp/interfaces/span_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, loopback } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import { spanKey } from './model.ts';

const vppTest = vppTests(import.meta.url);

const devices = ['seen', 'first', 'second'].map((name) => loopback(name));

function mirror(interfaceTo: string, direction: Direction, isL2 = false): Change {
  const value = create(SpanSchema, { interfaceFrom: 'seen', interfaceTo, direction, isL2 });
  return { key: spanKey('seen', interfaceTo), value };
}

vppTest('mirrors come, change direction and go', async (stage) => {
  const agent = await stage.agent();
  const wanted = [mirror('first', Direction.RX), mirror('second', Direction.BOTH, true)];
  await agent.commit(...devices, ...wanted);
  assert.deepEqual(await agent.drift(), []);
  const both = mirror('first', Direction.BOTH);
  assert.deepEqual(await agent.commit(both), [`UPDATE ${both.key}`]);
  const moved = mirror('second', Direction.TX);
  assert.deepEqual(await agent.commit(moved), [`CREATE ${moved.key}`, `DELETE ${moved.key}`]);
  assert.deepEqual(await agent.drift(), []);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...devices, both), [`DELETE ${moved.key}`]);
  await next.commit(gone(both), ...devices.map(gone));
  assert.deepEqual(await next.client.list('sw_interface_span_dump', { is_l2: false }), []);
});
