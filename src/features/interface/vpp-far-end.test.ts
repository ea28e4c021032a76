import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { Interface_Type as Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { IPAllocationSchema } from '../../model/gen/ligato/netalloc/netalloc_pb.js';
import { gone, vppInterface } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import { allocationKey } from '../netalloc/model.ts';
import { interfaceAddressKey } from './model/keys.ts';

const vppTest = vppTests(import.meta.url, 'vrf', 'netalloc');

const ends = { srcAddr: '192.0.2.1', dstAddr: '10.8.0.2' };
const ipip = (address: string) =>
  vppInterface('tun', { type: Type.IPIP_TUNNEL, ipAddresses: [address], link: { case: 'ipip', value: ends } });
const gtpu = (address: string, encapVrfId = 0) =>
  vppInterface('tun', {
    type: Type.GTPU_TUNNEL,
    ipAddresses: [address],
    link: { case: 'gtpu', value: { ...ends, teid: 7, encapVrfId } },
  });

vppTest('addresses by which a tunnel leads to its own far end go, and VPP stays', async (stage) => {
  const agent = await stage.agent();
  // Each change takes such an address away; the last one leads elsewhere.
  for (const address of ['10.8.0.1/24', '10.8.0.3/28', '10.8.0.3/24', '10.9.0.1/24']) {
    await agent.commit(ipip(address));
    assert.deepEqual(await agent.drift(), []);
    const [found] = (await agent.client.list('sw_interface_dump')).filter(({ tag }) => tag === 'tun');
    assert.equal(found?.flags, 3);
  }
  await agent.commit(ipip('10.8.0.1/24'));
  await agent.commit(gone(ipip('')));
  assert.equal((await agent.client.list('sw_interface_dump')).length, 1);
});

vppTest('an address with which VPP would not survive the tunnel is refused', async (stage) => {
  const agent = await stage.agent();
  for (const [tunnel, what] of [
    [ipip('10.8.0.2/24'), 'ip_addresses: 10.8.0.2/24 is ipip.dst_addr, too'],
    [gtpu('10.8.0.1/24'), 'ip_addresses: 10.8.0.1/24 has gtpu.dst_addr 10.8.0.2 in its subnet'],
  ] as const) {
    await agent.commit(tunnel);
    assert.equal(agent.state(tunnel.key), 'UNIMPLEMENTED');
    assert.ok(agent.scheduler.status(tunnel.key)?.error?.includes(what), what);
    await agent.commit(gone(tunnel));
  }
  // The same address, when it comes from an allocation.
  const allocation = {
    key: allocationKey('net', 'tun'),
    value: create(IPAllocationSchema, { networkName: 'net', interfaceName: 'tun', address: '10.8.0.2/24' }),
  };
  assert.deepEqual(await agent.failing(allocation, ipip('alloc:net')), {
    [interfaceAddressKey('tun', 'alloc_ref', 'alloc:net')]:
      'vpp: ip_addresses: 10.8.0.2/24 is ipip.dst_addr, too: VPP ends with a packet that goes there; an address other than that of the far end is accepted',
  });
  await agent.commit(gone(ipip('')), gone(allocation));
});
