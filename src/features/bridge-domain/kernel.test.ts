import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { Bench, device, domain, gone } from './kernel/testing.ts';

const skip = requires({ netns: true });

test('a domain with three hosts and a router: made, changed, removed', { skip }, async () => {
  await using bench = await Bench.open();
  const [one, two] = await bench.hosts(3);
  await bench.loopback('bvi1', '10.0.0.254/24');
  const agent = await bench.agent();
  const ports = [{ name: 'tap1' }, { name: 'tap2' }, { name: 'bvi1', bridgedVirtualInterface: true }];
  await agent.commit(device('tap1'), device('tap2'), device('tap3'), device('bvi1'), domain('bd1', { interfaces: ports }));
  assert.equal((await one!.ping('10.0.0.2')).received, 1);
  assert.equal((await two!.ping('10.0.0.254')).received, 1);
  assert.equal((await bench.vswitch.ping('10.0.0.1')).received, 1);
  assert.deepEqual(await agent.drift(), []);

  const before = await bench.vswitch.link('bd1.bd');
  assert.deepEqual(await agent.commit(domain('bd1', { interfaces: [...ports, { name: 'tap3' }] })), [
    'CREATE vpp/bd/bd1/interface/tap3',
    'UPDATE config/vpp/l2/v2/bridge-domain/bd1',
  ]);
  assert.equal((await one!.ping('10.0.0.3')).received, 1);
  assert.equal((await bench.vswitch.link('bd1.bd'))?.index, before?.index);

  const again = await bench.agent();
  const wanted = [device('tap1'), device('tap2'), device('tap3'), device('bvi1'), domain('bd1', { interfaces: [...ports, { name: 'tap3' }] })];
  assert.deepEqual(await again.resync(...wanted), []);

  await again.commit(gone(domain('bd1')));
  assert.equal(await bench.vswitch.link('bd1.bd'), undefined);
  assert.equal((await one!.ping('10.0.0.2', { timeout: 100 })).received, 0);
  assert.deepEqual(await again.driver.nft(again.driver.vswitch).tables(), []);
});
