import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { RuleSchema } from '../../model/gen/ligato/vpp/stn/stn_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, loopback } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import { interfaceKey } from '../interface/model.ts';
import { stnRuleKey } from './model.ts';

const vppTest = vppTests(import.meta.url);

function rule(name: string, ipAddress: string): Change {
  return { key: stnRuleKey(name, ipAddress), value: create(RuleSchema, { interface: name, ipAddress }) };
}

const devices = [loopback('host'), loopback('other')];

vppTest('addresses of the host come, move, are healed and go', async (stage) => {
  const agent = await stage.agent();
  const four = rule('host', '192.0.2.1');
  const six = rule('host', '2001:DB8:0::1');
  await agent.commit(...devices, four, six);
  assert.deepEqual(await agent.drift(), []);
  const read = async () => (await agent.client.list('stn_rules_dump')).map(({ ip_address }) => ip_address).sort();
  assert.deepEqual(await read(), ['192.0.2.1', '2001:db8::1']);

  const moved = rule('other', '192.0.2.1');
  assert.deepEqual(await agent.commit(gone(four), moved), [`CREATE ${moved.key}`, `DELETE ${four.key}`]);
  assert.deepEqual(await agent.drift(), []);

  const { swIfIndex } = agent.metadata<{ swIfIndex: number }>(interfaceKey('other'));
  const fields = { ip_address: '192.0.2.1', sw_if_index: swIfIndex, is_add: false };
  await agent.client.request('stn_add_del_rule', fields);
  assert.deepEqual(await agent.drift(), [`missing ${moved.key}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${moved.key}`]);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...devices, moved, six), []);
  // Gone already is no failure.
  await next.client.request('stn_add_del_rule', fields);
  assert.deepEqual(await next.resync(...devices, moved), [`CREATE ${moved.key}`, `DELETE ${six.key}`]);
  await next.client.request('stn_add_del_rule', fields);
  await next.commit(gone(moved));
  assert.deepEqual(await next.client.list('stn_rules_dump'), []);
  await next.commit(...devices.map(gone));
});
