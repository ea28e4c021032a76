import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ProxyARPSchema } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, loopback } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import { PROXY_ARP_KEY, proxyArpInterfaceKey } from './model.ts';

const vppTest = vppTests(import.meta.url);

const devices = [loopback('one', ['10.1.0.1/24']), loopback('two', ['10.2.0.1/24'])];

function proxy(init: MessageInitShape<typeof ProxyARPSchema>): Change {
  return { key: PROXY_ARP_KEY, value: create(ProxyARPSchema, init) };
}

vppTest('ranges and interfaces of proxy ARP come, change and go', async (stage) => {
  const agent = await stage.agent();
  const first = proxy({
    interfaces: [{ name: 'one' }],
    ranges: [{ firstIpAddr: '10.9.0.1', lastIpAddr: '10.9.0.9' }],
  });
  await agent.commit(...devices, first);
  assert.deepEqual(await agent.drift(), []);
  const second = proxy({
    interfaces: [{ name: 'two' }],
    ranges: [
      { firstIpAddr: '10.9.0.1', lastIpAddr: '10.9.0.9' },
      { firstIpAddr: '10.9.1.0', lastIpAddr: '10.9.1.255' },
    ],
  });
  assert.deepEqual(
    await agent.commit(second),
    [
      `CREATE ${proxyArpInterfaceKey('two')}`,
      `DELETE ${proxyArpInterfaceKey('one')}`,
      `UPDATE ${PROXY_ARP_KEY}`,
    ].sort(),
  );
  const ranges = await agent.client.list('proxy_arp_dump');
  assert.deepEqual(ranges.map(({ proxy: { low, hi } }) => `${low}-${hi}`).sort(), [
    '10.9.0.1-10.9.0.9',
    '10.9.1.0-10.9.1.255',
  ]);

  await agent.client.request('proxy_arp_add_del', {
    is_add: false,
    proxy: { table_id: 0, low: '10.9.1.0', hi: '10.9.1.255' },
  });
  assert.deepEqual(await agent.drift(), [`different ${PROXY_ARP_KEY} ranges`]);
  assert.deepEqual(await agent.heal(), [`UPDATE ${PROXY_ARP_KEY}`]);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...devices, second), []);
  await next.commit(gone(second));
  assert.deepEqual(await next.client.list('proxy_arp_dump'), []);
  assert.deepEqual(await next.client.list('proxy_arp_intfc_dump'), []);
  await next.commit(...devices.map(gone));
});
