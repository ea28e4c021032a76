import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import { hosts, key, lease, network, only, proxy, server, solicit, V4, V6 } from './testing.ts';

const terms = { hosts, commands: ['dnsmasq', 'busybox'] };

onEachEngine('IPv4: clients get addresses of a server elsewhere; read back, taken over, gone', terms, async (bench) => {
  let agent = await bench.agent();
  try {
    await agent.commit(network(bench, V4));
    await server(bench);
    await eventually(async () => /^10\.1\.0\.1[01]\d$/.test(await lease(bench)));
    assert.deepEqual(await agent.drift(), []);
    assert.deepEqual(await agent.commit(only(proxy('10.1.0.1', '10.2.0.3', '10.2.0.2'))), [`UPDATE ${key(4)}`]);
    await eventually(async () => /^10\.1\.0\.1[01]\d$/.test(await lease(bench)));
    await agent.stop();
    agent = await bench.agent();
    assert.deepEqual(await agent.resync(network(bench, proxy('10.1.0.1', '10.2.0.2', '10.2.0.3'))), []);
    await agent.remove(only(V4));
    assert.equal(await lease(bench), '');
    assert.deepEqual(await bench.leftOf(agent, network(bench, '')), []);
  } finally {
    await agent.tryRemove(only(V4));
  }
});

onEachEngine('IPv6: a request reaches the server as a relayed one', terms, async (bench) => {
  const agent = await bench.agent();
  try {
    await agent.commit(network(bench, `${V4}, ${V6}`));
    assert.deepEqual(await agent.drift(), []);
    const capture = await bench.host('b').capture('eth0', { direction: 'in' });
    const relayed = { udp: { destination: 547 }, ip: { destination: 'fd02::2' } } as const;
    await eventually(async () => {
      await solicit(bench);
      return (await capture.frames(relayed)).length > 0;
    });
    const [frame] = await capture.frames(relayed);
    // Ethernet, IPv6, UDP: 14 + 40 + 8 bytes; then RELAY-FORW (12, RFC 8415), hop count, and the link's address.
    const message = frame!.bytes.subarray(62);
    assert.equal(message[0], 12);
    assert.deepEqual([...message.subarray(2, 18)], [0xfd, 0x01, ...Array.from({ length: 13 }, () => 0), 1]);
    assert.deepEqual(await agent.drift(), []);
  } finally {
    await agent.tryRemove(only(V4, V6));
  }
});
