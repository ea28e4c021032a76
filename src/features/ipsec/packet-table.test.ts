import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLab } from '../../../test/lab/lab.ts';
import { requires } from '../../../test/requires.ts';
import { createKernelDriver } from '../../kernel/create.ts';
import { parseIp } from '../../model/address.ts';
import { asKey } from '../../model/key.ts';
import { PacketTable } from './kernel/packet-table.ts';

const skip = requires({ netns: true, commands: ['nft'] });

test('the table says what it was told, as long as it is whole, and goes with its last user', { skip }, async () => {
  await using lab = await createLab();
  const router = await lab.host('router');
  const driver = await createKernelDriver({ namespace: lab.publish(router), namespaceDirectory: '/run/netns' });
  try {
    const table = new PacketTable(driver.nft(driver.vswitch));
    const [first, second, third] = ['p', 'q', 'tunnel'].map(asKey) as [ReturnType<typeof asKey>, never, never];
    const content = async () => {
      const { numbers, arrivals } = await table.read({});
      return { numbers: Object.fromEntries(numbers), arrivals: [...arrivals].sort() };
    };
    const nothing = { numbers: {}, arrivals: [] };
    const four = { source: parseIp('192.0.2.2')!, destination: parseIp('192.0.2.1')!, protocol: 4 };
    const six = { source: parseIp('2001:db8::2')!, destination: parseIp('2001:db8::1')!, protocol: 41 };
    await table.bind(first, 'p', 1);
    await table.bind(second, 'q', 7);
    await table.protect(third, [four, six]);
    const whole = { numbers: { p: 1, q: 7 }, arrivals: ['192.0.2.2 192.0.2.1 4', '2001:db8::2 2001:db8::1 41'] };
    assert.deepEqual(await content(), whole);
    assert.match(await router.run('nft', 'list', 'ruleset'), /iifname vmap @interfaces/);

    // Another number that somebody has given is taken back.
    await router.run('nft', 'delete element inet ligature-ipsec interfaces { "p" }');
    await router.run('nft', 'add element inet ligature-ipsec interfaces { "p" : goto database-7 }');
    assert.deepEqual((await content()).numbers, { p: 7, q: 7 });
    await table.bind(first, 'p', 1);
    assert.deepEqual(await content(), whole);

    // A rule less, and nothing of it can be relied on.
    await router.run('nft', 'flush chain inet ligature-ipsec database-7');
    assert.deepEqual((await content()).numbers, { p: 1 });
    await router.run('nft', 'flush chain inet ligature-ipsec tunnels');
    assert.deepEqual(await content(), nothing);
    await table.bind(second, 'q', 7);
    assert.deepEqual(await content(), whole);

    await table.unprotect([four]);
    await table.unprotect([four]);
    await table.unbind(second, 'q', 7);
    assert.deepEqual(await content(), { numbers: { p: 1 }, arrivals: ['2001:db8::2 2001:db8::1 41'] });
    await table.release(third, [six]);
    await table.unbind(first, 'p', 1);
    assert.equal(await router.run('nft', 'list', 'ruleset'), '');
    assert.deepEqual(await content(), nothing);
  } finally {
    await driver.close();
  }
});
