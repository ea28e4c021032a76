import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { FlowProbeFeatureSchema, FlowProbeParamsSchema } from '../../model/gen/ligato/vpp/ipfix/flowprobe_pb.js';
import { IPFIXSchema } from '../../model/gen/ligato/vpp/ipfix/ipfix_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, loopback } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import { interfaceKey } from '../interface/model.ts';
import { flowProbeFeatureKey, FLOWPROBE_PARAMS_KEY, IPFIX_KEY } from './model.ts';

const vppTest = vppTests(import.meta.url);

interface Settings {
  readonly address?: string;
  readonly port?: number;
  readonly pathMtu?: number;
  readonly templateInterval?: number;
}

function exporter({ address = '192.0.2.9', port = 0, pathMtu = 0, templateInterval = 0 }: Settings): Change {
  const collector = { address, port };
  const value = create(IPFIXSchema, { collector, sourceAddress: '192.0.2.1', pathMtu, templateInterval });
  return { key: IPFIX_KEY, value };
}

function params(init: MessageInitShape<typeof FlowProbeParamsSchema>): Change {
  return { key: FLOWPROBE_PARAMS_KEY, value: create(FlowProbeParamsSchema, { recordL3: true, ...init }) };
}

function recorded(name: string, init: MessageInitShape<typeof FlowProbeFeatureSchema>): Change {
  return { key: flowProbeFeatureKey(name), value: create(FlowProbeFeatureSchema, { ...init, interface: name }) };
}

const devices = [loopback('one'), loopback('two')];
const ALL = 0xffff_ffff;

vppTest('the exporter is set, changed, healed and switched off', async (stage) => {
  const agent = await stage.agent();
  await agent.commit(exporter({}));
  assert.deepEqual(await agent.drift(), []);
  const changed = exporter({ address: '192.0.2.8', port: 2055, pathMtu: 1400, templateInterval: 60 });
  assert.deepEqual(await agent.commit(changed), [`UPDATE ${IPFIX_KEY}`]);
  assert.deepEqual(await agent.drift(), []);
  const [found] = await agent.client.list('ipfix_exporter_dump');
  assert.deepEqual(
    [found?.collector_address, found?.collector_port, found?.path_mtu, found?.template_interval],
    ['192.0.2.8', 2055, 1400, 60],
  );

  await agent.client.request('set_ipfix_exporter', { ...found, path_mtu: 600, udp_checksum: false });
  assert.deepEqual(await agent.drift(), [`different ${IPFIX_KEY} path_mtu`]);
  assert.deepEqual(await agent.heal(), [`UPDATE ${IPFIX_KEY}`]);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(changed), []);
  await next.commit(gone(changed));
  const [off] = await next.client.list('ipfix_exporter_dump');
  assert.deepEqual([off?.collector_address, off?.src_address, off?.vrf_id], ['0.0.0.0', '0.0.0.0', ALL]);
});

vppTest('flows of interfaces are recorded, with other parameters, healed, no more', async (stage) => {
  const agent = await stage.agent();
  const first = params({ activeTimer: 10, passiveTimer: 60 });
  const [one, two] = [recorded('one', { ip4: true }), recorded('two', { l2: true })];
  await agent.commit(...devices, exporter({}), first, one, two);
  assert.deepEqual(await agent.drift(), []);

  // VPP changes parameters only while nothing is recorded.
  const second = params({ recordL4: true, activeTimer: 15, passiveTimer: 60 });
  const operations = await agent.commit(second);
  for (const { key } of [second, one, two])
    assert.ok(
      operations.some((each) => each.endsWith(key)),
      operations.join('\n'),
    );
  assert.deepEqual(await agent.drift(), []);
  const { record_flags, active_timer } = await agent.client.request('flowprobe_get_params', {});
  assert.deepEqual([record_flags, active_timer], [6, 15]);

  const six = recorded('one', { ip6: true });
  await agent.commit(six);
  assert.deepEqual(await agent.drift(), []);

  const { swIfIndex } = agent.metadata<{ swIfIndex: number }>(interfaceKey('two'));
  const damage = { which: 'FLOWPROBE_WHICH_L2', direction: 'FLOWPROBE_DIRECTION_TX', sw_if_index: swIfIndex } as const;
  await agent.client.request('flowprobe_interface_add_del', { ...damage, is_add: false });
  assert.deepEqual(await agent.drift(), [`missing ${two.key}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${two.key}`]);

  const next = await stage.restart(agent);
  const wanted = [...devices, exporter({}), second, six, two];
  assert.deepEqual(await next.resync(...wanted), []);
  await next.commit(gone(second), gone(six), gone(two));
  assert.deepEqual(await next.client.list('flowprobe_interface_dump', { sw_if_index: ALL }), []);
  assert.equal((await next.client.request('flowprobe_get_params', {})).record_flags, 0);
  await next.commit(gone(exporter({})), ...devices.map(gone));
});

vppTest('what VPP does not record is told', async (stage) => {
  const agent = await stage.agent();
  const early = params({ activeTimer: 60, passiveTimer: 10 });
  const both = recorded('one', { ip4: true, ip6: true });
  const failures = await agent.failing(early, both);
  assert.match(failures[FLOWPROBE_PARAMS_KEY] ?? '', /INVALID_VALUE/);
  await agent.commit(gone(early), ...devices, params({}));
  assert.equal(agent.state(both.key), 'UNIMPLEMENTED');
  await agent.commit(gone(both), gone(early), ...devices.map(gone));
});
