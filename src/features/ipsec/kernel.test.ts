import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { KernelBench } from '../../../test/router/kernel.ts';

const skip = requires({ netns: true }) || (requires({ kernel: ['esp'] }) === false && 'needs a kernel without ESP');

test('without ESP associations and databases are UNIMPLEMENTED, with the reason, and what needs them waits', {
  skip,
}, async () => {
  await using bench = await KernelBench.open();
  const agent = await bench.agent();
  await agent.tryCommit(`
vppConfig:
  ipsecSas:
    - { index: 10, spi: 1001, protocol: ESP, cryptoAlg: AES_GCM_128, cryptoKey: "00112233445566778899aabbccddeeff" }
  ipsecSpds: [{ index: 1 }]
  ipsecSps: [{ spdIndex: 1, saIndex: 10, action: PROTECT, isOutbound: true }]
`);
  assert.match(agent.state('config/vpp/ipsec/v2/sa/10')!, /^UNIMPLEMENTED kernel: this kernel has no IPsec ESP/);
  assert.match(agent.state('config/vpp/ipsec/v2/spd/1')!, /^UNIMPLEMENTED kernel: this kernel has no IPsec ESP/);
  assert.deepEqual(await agent.drift(), [], 'what was never made is no drift');
  const [policy] = [...agent.scheduler.snapshot().statuses({ kind: 'vpp.ipsec.sp' })];
  assert.equal(policy!.state, 'PENDING');
  assert.match(policy!.details.join(), /security policy database 1/);
});

const hasXfrmi =
  requires({ netns: true }) || (requires({ kernel: ['xfrmi'] }) === false && 'needs a kernel without xfrm interfaces');

test('without xfrm interfaces an IPSEC_TUNNEL says so', { skip: hasXfrmi }, async () => {
  await using bench = await KernelBench.open();
  const agent = await bench.agent();
  await agent.tryCommit('vppConfig: { interfaces: [{ name: tun, type: IPSEC_TUNNEL, enabled: true }] }');
  assert.match(agent.state('config/vpp/v2/interfaces/tun')!, /kernel: this kernel has no xfrm interfaces/);
});
