import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLab } from '../../../test/lab/lab.ts';
import { requires } from '../../../test/requires.ts';
import { createKernelDriver } from '../create.ts';
import { addChain, addRule, addTable, drop, ip } from '../nftables/index.ts';
import { getLink, listLinks } from '../netlink/link.ts';
import { tracePacket } from './session.ts';

const skip = requires({ netns: true });

/** UDP 10.0.0.1 -> 10.0.0.2, identification 0x1234, to 02:00:00:00:00:02. */
const frame = Uint8Array.from(
  Buffer.from(
    '020000000002 020000000001 0800 4500001c123400004011549b 0a000001 0a000002 0bb8003500080000'.replaceAll(' ', ''),
    'hex',
  ),
);

for (const by of ['tap', 'veth'] as const) {
  test(`a frame comes in by a device, from a ${by}, and its rules are told`, { skip }, async () => {
    await using lab = await createLab();
    const [router, host] = await lab.hosts('router', 'host');
    await lab.link(router, 'eth0', host, 'eth0', { near: { mac: '02:00:00:00:00:02' } });
    await router.address('eth0', '10.0.0.2/24');
    const driver = await createKernelDriver({ namespace: lab.publish(router), namespaceDirectory: '/run/netns' });
    try {
      const nft = driver.nft(driver.vswitch);
      const link = await driver.rtnl(driver.vswitch).get(getLink({ name: 'eth0' }));
      assert.ok(link);
      const before = await driver.rtnl(driver.vswitch).dump(listLinks());
      const send = () =>
        tracePacket(
          driver,
          { frame, input: link, by },
          {
            recognition: { family: 4, number: 0x1234 },
            devices: ['eth0'],
            isOver: (events) => events.some(({ chain, verdict }) => chain === 'input' || verdict?.verdict === 'drop'),
            patience: 30_000,
            signal: AbortSignal.timeout(60_000),
          },
        );
      const free = await send();
      const chains = [...new Set(free.events.map(({ chain }) => chain))];
      assert.deepEqual(chains, ['ingress', 'prerouting', 'translated', 'input']);
      assert.ok(free.events.every(({ table }) => table.name === 'ligature-trace'));
      assert.equal(free.events[0]?.input, link.index);
      assert.deepEqual(free.events[0]?.network, frame.slice(14, 34));

      const table = { family: 'ip', name: 'mine' } as const;
      const rule = { key: 'no', statements: [ip.saddr.eq('10.0.0.1'), drop] };
      const base = { type: 'filter', hook: 'prerouting', priority: 5 } as const;
      await nft.apply([addTable(table), addChain(table, { name: 'filter', base }), addRule(table, 'filter', rule)]);
      const [listed] = await nft.rules(table);
      const dropped = await send();
      const last = dropped.events.at(-1);
      assert.deepEqual(
        [last?.table.name, last?.type, last?.verdict, last?.rule],
        ['mine', 'rule', { verdict: 'drop' }, listed?.handle],
      );

      assert.deepEqual(
        (await nft.tables()).map(({ name }) => name),
        ['mine'],
      );
      const after = await driver.rtnl(driver.vswitch).dump(listLinks());
      assert.deepEqual(
        after.map(({ name }) => name),
        before.map(({ name }) => name),
      );
    } finally {
      await driver.close();
    }
  });
}
