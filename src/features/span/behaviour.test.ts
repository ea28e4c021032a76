import assert from 'node:assert/strict';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import { key, mirror, network, only, sees } from './testing.ts';

const terms = { hosts: ['a', 'c', 'd'], commands: ['tc'] };

onEachEngine('RX, TX, both, of IPv4, IPv6; changed in place; read back; gone', terms, async (bench) => {
  const agent = await bench.agent();
  await agent.commit(network(bench, mirror('c', 'RX')));
  await sees(bench, 'c', 'request');
  await sees(bench, 'c', 'request', 6);
  assert.deepEqual(await agent.commit(only(mirror('c', 'TX'))), [`UPDATE ${key('c')}`]);
  await sees(bench, 'c', 'reply');
  assert.deepEqual(await agent.commit(only(mirror('c', 'BOTH'))), [`UPDATE ${key('c')}`]);
  await sees(bench, 'c', 'request,reply');
  await sees(bench, 'c', 'request,reply', 6);
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(network(bench, mirror('c', 'BOTH'))), []);
  await again.remove(only(mirror('c', 'BOTH')));
  await sees(bench, 'c', '');
  assert.deepEqual(await bench.leftOf(again, network(bench, '')), []);
});

onEachEngine('one interface may be copied to several', terms, async (bench) => {
  const agent = await bench.agent();
  await agent.commit(network(bench, `${mirror('c', 'BOTH')}, ${mirror('d', 'RX')}`));
  await sees(bench, 'c', 'request,reply');
  await sees(bench, 'd', 'request');
  await agent.remove(only(mirror('c', 'BOTH')));
  await sees(bench, 'c', '');
  await sees(bench, 'd', 'request');
});

onEachEngine('of a port of a bridge domain', { ...terms, hosts: ['a', 'b', 'c', 'd'] }, async (bench, engine) => {
  const agent = await bench.agent();
  // VPP copies at layer 2 to interfaces of layer 2 only.
  const domain = (spans: string) => `
vppConfig:
  interfaces: [${bench.tap('a', '')}, ${bench.tap('b', '')}, ${bench.tap('c', '')}]
  bridgeDomains:
    - { name: bd1, learn: true, flood: true, forward: true, unknownUnicastFlood: true, interfaces: [{ name: a }, { name: b }] }
    - { name: bd2, interfaces: [{ name: c }] }
  spans: [${spans}]
linuxConfig:
  interfaces: [${bench.end('a', '10.1.0.2/24')}, ${bench.end('b', '10.1.0.1/24')}, ${bench.end('c', '')}]
`;
  await agent.commit(domain(mirror('c', 'RX', true)));
  await sees(bench, 'c', 'request');
  const changed = await agent.commit(only(mirror('c', 'BOTH', true)));
  assert.deepEqual(changed, [`UPDATE ${key('c')}`]);
  await sees(bench, 'c', 'request,reply');
  assert.deepEqual(await agent.drift(), []);
  // VPP has a mirror for each layer.
  const other = await agent.commit(only(mirror('c', 'BOTH', false)));
  assert.equal(other.length, engine === 'vpp' ? 2 : 1, other.join());
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(domain(mirror('c', 'BOTH', false))), []);
  await sees(bench, 'c', 'request,reply');
  assert.deepEqual(await bench.leftOf(again, domain(mirror('c', 'BOTH', false))), []);
});
