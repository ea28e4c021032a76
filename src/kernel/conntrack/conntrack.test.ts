import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLab } from '../../../test/lab/lab.ts';
import { requires } from '../../../test/requires.ts';
import * as n from '../nftables/index.ts';
import { namespaceOf } from '../nftables/testing.ts';
import { conntrack } from './index.ts';
import { matcher } from './filter.ts';
import type { Flow } from './index.ts';

const skip = requires({ netns: true });

/** Two hosts, the first tracks connections: it has a rule that asks for their state. */
async function open() {
  const lab = await createLab();
  const [a, b] = await lab.hosts('a', 'b');
  await lab.link(a, 'eth0', b, 'eth0');
  await a.address('eth0', '10.0.0.1/24', 'fd00::1/64');
  await b.address('eth0', '10.0.0.2/24', 'fd00::2/64');
  const driver = n.createNftablesDriver();
  const nft = driver.nft(namespaceOf(a));
  const table = { family: 'inet', name: 'track' } as const;
  const marking = [n.udp.dport.eq(53), n.setConnectionMark(n.constant(n.types.mark, 0x105))];
  await nft.reconcile({
    table,
    sets: [],
    chains: [
      {
        name: 'out',
        base: { type: 'filter', hook: 'output', priority: 0 },
        rules: [
          { key: 'mark', statements: marking },
          { key: 'state', statements: [n.ct.state.hasAny('new')] },
        ],
      },
    ],
  });
  const tracked = conntrack(namespaceOf(a));
  return { lab, a, b, tracked, [Symbol.asyncDispose]: () => lab.close().finally(() => driver.close()) };
}

test('connections are listed by tuple, mark, family and status', { skip }, async () => {
  await using opened = await open();
  const { a, b, tracked } = opened;
  await b.echo({ protocol: 'udp', port: 53 });
  await b.echo({ protocol: 'udp', port: 80 });
  await b.echo({ protocol: 'tcp', port: 80 });
  await a.udp({ to: '10.0.0.2', port: 53, count: 3, newPorts: true });
  await a.udp({ to: '10.0.0.2', port: 80 });
  await a.udp({ to: 'fd00::2', port: 53 });
  await a.tcp({ to: '10.0.0.2', port: 80 });
  await a.ping('10.0.0.2', { count: 1 });
  const count = async (...args: Parameters<typeof tracked.list>): Promise<number> =>
    (await tracked.list(...args)).length;
  assert.equal(await count({ original: { destination: '10.0.0.2', protocol: 17, destinationPort: 53 } }), 3);
  assert.equal(await count({ original: { destination: 'fd00:0::2', protocol: 17 } }), 1);
  assert.equal(await count({ mark: { value: 0xf01, mask: 0x103 } }), 4);
  assert.equal(await count({ mark: { value: 0x100, mask: 0x300 }, family: 4 }), 3);
  assert.equal(await count({ reply: { source: '10.0.0.2', protocol: 6, sourcePort: 80 } }), 1);
  assert.equal(await count({ reply: { sourcePort: 53 } }), 4, 'ports without a protocol');
  assert.equal(await count({ zone: 9 }), 0);
  const [ping] = await tracked.list({ family: 4, original: { protocol: 1 } });
  assert.equal(ping?.original.icmp?.type, 8);
  assert.equal(ping.reply.icmp?.type, 0);
  assert.equal(ping.original.sourcePort, undefined);
  const [tcp] = await tracked.list({ original: { protocol: 6, destination: '10.0.0.2' } });
  assert.deepEqual([tcp?.original.source, tcp?.reply.destination, tcp?.zone], ['10.0.0.1', '10.0.0.1', 0]);
});

test('what is ended is gone, and nothing else', { skip }, async () => {
  await using opened = await open();
  const { a, b, tracked } = opened;
  await b.echo({ protocol: 'udp', port: 53 });
  await b.echo({ protocol: 'udp', port: 80 });
  await a.udp({ to: '10.0.0.2', port: 53, count: 200, newPorts: true });
  await a.udp({ to: '10.0.0.2', port: 80, count: 5, newPorts: true });
  await a.udp({ to: 'fd00::2', port: 80 });
  await a.ping('10.0.0.2', { count: 1 });
  await a.ping('fd00::2', { count: 1 });
  assert.equal(await tracked.end({ reply: { source: '10.0.0.2', protocol: 17, sourcePort: 53 } }), 200);
  assert.equal((await tracked.list({ original: { destinationPort: 53, protocol: 17 } })).length, 0);
  assert.equal((await tracked.list({ original: { destinationPort: 80, protocol: 17 } })).length, 6);
  assert.equal(await tracked.end({ original: { protocol: 1 } }), 1);
  assert.equal(await tracked.end({ original: { protocol: 58, destination: 'fd00::2' } }), 1);
  assert.equal(await tracked.end({ original: { protocol: 1 } }), 0);
  const rest = await tracked.list({ original: { protocol: 17 } });
  await tracked.endFlows(rest);
  await tracked.endFlows(rest);
  assert.equal((await tracked.list({ original: { protocol: 17 } })).length, 0);
});

test('all connections of a mark are ended at once', { skip }, async () => {
  await using opened = await open();
  const { a, b, tracked } = opened;
  await b.echo({ protocol: 'udp', port: 53 });
  await b.echo({ protocol: 'udp', port: 80 });
  await a.udp({ to: '10.0.0.2', port: 53, count: 20, newPorts: true });
  await a.udp({ to: 'fd00::2', port: 53 });
  await a.udp({ to: '10.0.0.2', port: 80, count: 5, newPorts: true });
  await tracked.endMarked({ value: 0x104, mask: 0xfff });
  assert.equal((await tracked.list({ original: { protocol: 17 } })).length, 26, 'none has this mark');
  await tracked.endMarked({ value: 0xf05, mask: 0xff });
  const left = await tracked.list({ original: { protocol: 17 } });
  assert.deepEqual(new Set(left.map(({ original }) => original.destinationPort)), new Set([80]));
  assert.equal(left.length, 5);
});

const flow: Flow = {
  family: 4,
  original: { source: '10.0.0.1', destination: '10.0.0.2', protocol: 17, sourcePort: 1, destinationPort: 2 },
  reply: { source: '10.0.0.2', destination: '10.0.0.1', protocol: 17, sourcePort: 2, destinationPort: 1 },
  mark: 0x8000_0001,
  zone: 3,
  status: 0x22,
  timeout: 1,
  id: 1,
};

test('every part of a filter counts', () => {
  const matches = (filter: Parameters<typeof matcher>[0]): boolean => matcher(filter)(flow);
  assert.ok(matches({}));
  assert.ok(
    matches({
      family: 4,
      zone: 3,
      status: 0x20,
      mark: { value: 0x8000_0000, mask: 0x8000_0000 },
      original: { sourcePort: 1 },
      reply: { source: '10.0.0.2' },
    }),
  );
  assert.ok(!matches({ family: 6 }));
  assert.ok(!matches({ zone: 0 }));
  assert.ok(!matches({ status: 0x10 }));
  assert.ok(!matches({ mark: { value: 0, mask: 0x8000_0000 } }));
  assert.ok(!matches({ original: { sourcePort: 2 } }));
  assert.ok(!matches({ reply: { source: '10.0.0.1' } }));
  assert.ok(!matches({ original: { destination: 'fd00::1' } }));
});
