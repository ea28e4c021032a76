import assert from 'node:assert/strict';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { DHCPProxySchema } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, loopback } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import { dhcpProxyKey } from './model.ts';

const vppTest = vppTests(import.meta.url);

const devices = [loopback('clients', ['10.1.0.1/24', 'fd01::1/64'])];

function proxy(family: 4 | 6, init: MessageInitShape<typeof DHCPProxySchema>): Change {
  return { key: dhcpProxyKey(family, 0), value: create(DHCPProxySchema, init) };
}

vppTest('servers of a DHCP proxy come, change and go', async (stage) => {
  const agent = await stage.agent();
  const four = proxy(4, {
    sourceIpAddress: '10.1.0.1',
    servers: [{ ipAddress: '10.9.0.1' }, { ipAddress: '10.9.0.2' }],
  });
  const six = proxy(6, { sourceIpAddress: 'fd01::1', servers: [{ ipAddress: 'fd09::1' }] });
  await agent.commit(...devices, four, six);
  assert.deepEqual(await agent.drift(), []);
  const other = proxy(4, {
    sourceIpAddress: '10.1.0.1',
    servers: [{ ipAddress: '10.9.0.2' }, { ipAddress: '10.9.0.3' }],
  });
  assert.deepEqual(await agent.commit(other), [`UPDATE ${other.key}`]);
  assert.deepEqual(await agent.drift(), []);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...devices, other, six), []);
  await next.commit(gone(other), gone(six), ...devices.map(gone));
  assert.deepEqual(await next.client.list('dhcp_proxy_dump', { is_ip6: false }), []);
});
