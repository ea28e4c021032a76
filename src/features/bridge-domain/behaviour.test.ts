import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import { ethernet } from '../../../test/lab/frame.ts';

const hosts = ['a', 'b', 'c'];
const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const STRANGER = '02:00:00:00:00:77';
const macs: Readonly<Record<string, string>> = {
  a: '02:00:00:00:00:0a',
  b: '02:00:00:00:00:0b',
  c: '02:00:00:00:00:0c',
};
/** For local experiments (IEEE 802): probes, and what is sent after them. */
const [PROBE, MARK] = [0x88b5, 0x88b6];

const all = 'flood: true, unknownUnicastFlood: true, forward: true, learn: true';
const ports = '{ name: a }, { name: b }, { name: c }';
const domain = (options: string, interfaces = ports, name = 'lan'): string =>
  `\n  bridgeDomains: [{ name: ${name}, ${options}, interfaces: [${interfaces}] }]`;

/** Hosts of one subnet at ports of the router. */
function network(bench: Bench, more: string, interfaces = ''): string {
  return `
vppConfig:
  interfaces:${hosts.map((name) => `\n    - ${bench.tap(name, '')}`).join('')}${interfaces}
${more}
linuxConfig:
  interfaces:${hosts.map((name, index) => `\n    - ${bench.end(name, `10.5.0.${index + 1}/24`)}`).join('')}
`;
}

/** Who gets a frame for this address from a host: seen when a broadcast that is sent after it has come to those that have to get it. */
async function hearers(bench: Bench, from: string, destination: string, markTo: readonly string[]): Promise<string> {
  const others = hosts.filter((name) => name !== from);
  const captures = await Promise.all(others.map((name) => bench.host(name).capture('eth0', { direction: 'in' })));
  const source = macs[from]!;
  await bench.host(from).send('eth0', ethernet({ destination, source, etherType: PROBE }));
  const mark = ethernet({ destination: BROADCAST, source, etherType: MARK });
  await eventually(async () => {
    await bench.host(from).send('eth0', mark);
    const marked = await Promise.all(captures.map((capture) => capture.frames({ etherType: MARK })));
    return others.every((name, index) => !markTo.includes(name) || marked[index]!.length > 0);
  });
  const heard = await Promise.all(captures.map((capture) => capture.frames({ etherType: PROBE })));
  for (const capture of captures) await capture.close();
  return others.filter((_name, index) => heard[index]!.length > 0).join();
}

onEachEngine(
  'frames are learned from and flooded; changed in place; removed without a trace',
  { hosts },
  async (bench) => {
    const agent = await bench.agent();
    const config = network(bench, domain(all));
    await agent.commit(config);
    assert.equal(await hearers(bench, 'a', STRANGER, ['b', 'c']), 'b,c');
    await hearers(bench, 'b', BROADCAST, ['a', 'c']);
    assert.equal(await hearers(bench, 'a', macs['b']!, ['b', 'c']), 'b');
    assert.deepEqual(await agent.drift(), []);

    const known = domain('flood: true, forward: true, learn: true');
    const done = await agent.commit(`vppConfig:${known}`);
    assert.ok(
      done.every((line) => line.startsWith('UPDATE ')),
      done.join(),
    );
    assert.equal(await hearers(bench, 'a', STRANGER, ['b', 'c']), '');
    assert.equal(await hearers(bench, 'a', BROADCAST, ['b', 'c']), 'b,c');
    assert.deepEqual(await agent.drift(), []);
    await agent.stop();
    const again = await bench.agent();
    assert.deepEqual(await again.resync(network(bench, known)), []);
    assert.deepEqual(await bench.leftOf(again, network(bench, known)), []);
  },
);

onEachEngine('ports of one split-horizon group do not hear each other', { hosts }, async (bench) => {
  const agent = await bench.agent();
  await agent.commit(
    network(bench, domain(all, '{ name: a, splitHorizonGroup: 1 }, { name: b, splitHorizonGroup: 1 }, { name: c }')),
  );
  assert.equal(await hearers(bench, 'a', BROADCAST, ['c']), 'c');
  assert.equal(await hearers(bench, 'c', BROADCAST, ['a', 'b']), 'a,b');
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(`vppConfig:${domain(all)}`);
  assert.equal(await hearers(bench, 'a', BROADCAST, ['b', 'c']), 'b,c');
});

onEachEngine('a BVI is reached, and ARP is answered from the table', { hosts }, async (bench) => {
  const agent = await bench.agent();
  const bvi = `
    - { name: bvi, enabled: true, type: SOFTWARE_LOOPBACK, physAddress: "02:00:00:00:00:fe", ipAddresses: [10.5.0.254/24] }`;
  const table = `${all}, arpTermination: true, arpTerminationTable: [{ ipAddress: 10.5.0.77, physAddress: "${STRANGER}" }]`;
  const config = network(bench, domain(table, `${ports}, { name: bvi, bridgedVirtualInterface: true }`), bvi);
  await agent.commit(config);
  for (const name of hosts)
    await eventually(async () => (await bench.host(name).ping('10.5.0.254', { timeout: 500 })).received === 1);
  await eventually(async () => (await bench.host('a').whoHas('eth0', '10.5.0.77', { timeout: 500 }))[0] === STRANGER);
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(config), []);
});

onEachEngine('static entries lead to a port, or nowhere', { hosts }, async (bench) => {
  const agent = await bench.agent();
  const entry = (action: string): string =>
    `\n  fibs: [{ physAddress: "${STRANGER}", bridgeDomain: lan, action: ${action}, staticConfig: true, outgoingInterface: c }]`;
  await agent.commit(network(bench, domain(all) + entry('FORWARD')));
  assert.equal(await hearers(bench, 'a', STRANGER, ['b', 'c']), 'c');
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(`vppConfig:${entry('DROP')}`);
  assert.equal(await hearers(bench, 'a', STRANGER, ['b', 'c']), '');
  assert.deepEqual(await agent.drift(), []);
  await agent.remove(`vppConfig:${entry('DROP')}`);
  assert.equal(await hearers(bench, 'a', STRANGER, ['b', 'c']), 'b,c');
});

onEachEngine('a cross-connect carries every frame to the other interface alone', { hosts }, async (bench) => {
  const agent = await bench.agent();
  const crossed = (to: string): string =>
    `\n  xconnectPairs: [{ receiveInterface: a, transmitInterface: ${to} }, { receiveInterface: ${to}, transmitInterface: a }]`;
  const config = network(bench, crossed('b'));
  await agent.commit(config);
  for (const destination of [STRANGER, BROADCAST]) assert.equal(await hearers(bench, 'a', destination, ['b']), 'b');
  await eventually(async () => (await bench.host('a').ping('10.5.0.2', { timeout: 500 })).received === 1);
  assert.deepEqual(await agent.drift(), []);
  await agent.stop();
  const again = await bench.agent();
  assert.deepEqual(await again.resync(config), []);
  assert.deepEqual(await bench.leftOf(again, config), []);
});
