import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { requires } from '../requires.ts';
import { arp, ethernet, ip, udp } from './frame.ts';
import type { Host } from './host.ts';
import { createLab, type Lab } from './lab.ts';
import { hostState, leaks, leaksAfter } from './leaks.ts';

const skip = requires({ netns: true });

/** Two hosts on one cable, IPv4 and IPv6. */
async function pair(lab: Lab): Promise<[Host, Host]> {
  const [a, b] = await lab.hosts('a', 'b');
  await lab.link(a, 'eth0', b, 'eth0', { near: { mac: '02:00:00:00:00:0a' }, far: { mac: '02:00:00:00:00:0b' } });
  await a.address('eth0', '10.0.0.1/24', 'fd00::1/64');
  await b.address('eth0', '10.0.0.2/24', 'fd00::2/64');
  return [a, b];
}

test('ping over IPv4 and IPv6, nobody there, no route', { skip }, async () => {
  await using lab = await createLab();
  const [a, b] = await pair(lab);
  const four = await a.ping('10.0.0.2', { count: 3, interval: 1 });
  assert.deepEqual([four.received, four.responders, four.errors], [3, ['10.0.0.2'], []]);
  const six = await b.ping('fd00::1', { count: 2, interval: 1, size: 1400 });
  assert.deepEqual([six.received, six.responders], [2, ['fd00::1']]);
  assert.equal((await a.ping('10.0.0.77', { timeout: 50 })).received, 0);
  assert.deepEqual((await a.ping('192.0.2.1', { timeout: 50 })).errors, ['ENETUNREACH']);
});

test('an ICMP error names its sender', { skip }, async () => {
  await using lab = await createLab();
  const [a, b] = await pair(lab);
  await a.route('default', { via: '10.0.0.2' });
  await b.sysctl('net.ipv4.ip_forward', 1);
  const { errors } = await a.ping('192.0.2.1', { timeout: 1000 });
  assert.deepEqual(errors, ['type 3 code 0 from 10.0.0.2']);
});

test('who has an address: one owner, none, two', { skip }, async () => {
  await using lab = await createLab();
  const [a, b, c] = await lab.hosts('a', 'b', 'c');
  const bridge = await lab.host('bridge');
  await bridge.addLink('br0', 'bridge');
  for (const host of [a, b, c]) {
    await lab.link(host, 'eth0', bridge, host.name);
    await bridge.setLink(host.name, { master: 'br0' });
  }
  await b.address('eth0', '10.0.0.2/24', 'fd00::2/64');
  const mac = (await b.link('eth0'))?.mac;
  assert.deepEqual(await a.whoHas('eth0', '10.0.0.2'), [mac]);
  assert.deepEqual(await a.whoHas('eth0', 'fd00::2', { timeout: 3000 }), [mac]);
  assert.deepEqual(await a.whoHas('eth0', '10.0.0.3', { timeout: 50 }), []);
  await c.address('eth0', '10.0.0.2/24');
  assert.equal((await a.whoHas('eth0', '10.0.0.2', { timeout: 300, all: true })).length, 2);
});

test('echo servers tell who asked; clients tell who answered and what went wrong', { skip }, async () => {
  await using lab = await createLab();
  const [a, b] = await pair(lab);
  const named = await b.echo({ protocol: 'udp', reply: 'backend-b' });
  const asked = await a.udp({ to: '10.0.0.2', port: named.port, count: 5, newPorts: true });
  assert.deepEqual(asked.answers, { 'backend-b': 5 });
  const report = await named.report();
  assert.deepEqual(report.peers, { '10.0.0.1': 5 });
  assert.equal(Object.keys(report.ports).length, 5);

  const tcp = await b.echo({ protocol: 'tcp' });
  const answer = await a.tcp({ to: 'fd00::2', port: tcp.port, payload: 'over six' });
  assert.deepEqual([answer.connected, answer.answer], [true, 'over six']);
  assert.equal((await tcp.report()).peers['fd00::1'], 1);
  await tcp.close();
  assert.equal((await a.tcp({ to: '10.0.0.2', port: tcp.port })).error, 'ECONNREFUSED');
  assert.deepEqual((await a.udp({ to: '10.0.0.2', port: 9 })).errors, ['ECONNREFUSED']);
});

test('a flow counts what is lost while the cable is out, and TCP gets over it', { skip }, async () => {
  await using lab = await createLab();
  const [a, b] = await pair(lab);
  const udpServer = await b.echo({ protocol: 'udp', reply: 'b' });
  const tcpServer = await b.echo({ protocol: 'tcp', reply: 'b' });
  const datagrams = await a.flow({ protocol: 'udp', to: '10.0.0.2', port: udpServer.port, interval: 2 });
  const stream = await a.flow({ protocol: 'tcp', to: '10.0.0.2', port: tcpServer.port, interval: 2 });
  const healthy = await datagrams.report();
  assert.equal(healthy.responder, 'b');

  await b.setLink('eth0', { up: false });
  const sentBefore = (await datagrams.report()).sent;
  while ((await datagrams.report()).sent < sentBefore + 10);
  await b.setLink('eth0', { up: true });
  const back = (await datagrams.report()).received;
  while ((await datagrams.report()).received < back + 10);

  const after = await datagrams.stop();
  assert.ok(after.lost >= 5, `lost ${after.lost}`);
  assert.deepEqual([after.duplicates, after.reordered], [0, 0]);
  const streamed = await stream.stop(5000);
  assert.deepEqual([streamed.lost, streamed.error, streamed.responder], [0, undefined, 'b']);
});

test('a flow to nobody is refused at once', { skip }, async () => {
  await using lab = await createLab();
  const [a] = await pair(lab);
  await assert.rejects(a.flow({ protocol: 'tcp', to: '10.0.0.2', port: 9 }), /ECONNREFUSED/);
});

test('frames are sent as they are and seen as they are', { skip }, async () => {
  await using lab = await createLab();
  const [a, b] = await pair(lab);
  const seen = await b.capture('eth0', { direction: 'in' });
  const source = '02:00:00:00:00:0a';
  const packet = ip(
    { source: '10.9.9.9', destination: '10.0.0.2', protocol: 17, ttl: 3 },
    udp(5, 53, Buffer.from('query')),
  );
  const request = arp({ operation: 'request', senderMac: source, senderIp: '10.0.0.9', targetIp: '10.0.0.2' });
  await a.send(
    'eth0',
    ethernet({ destination: '02:00:00:00:00:0b', source, etherType: 0x0800 }, packet),
    ethernet({ destination: 'ff:ff:ff:ff:ff:ff', source, etherType: 0x0806 }, request),
  );
  const [found] = await seen.wait({ ip: { source: '10.9.9.9', ttl: 3 }, udp: { destination: 53 }, contains: 'query' });
  assert.equal(found?.payload?.toString(), 'query');
  await seen.wait({ arp: { operation: 1, targetIp: '10.0.0.2', senderIp: '10.0.0.9' } });
  // The kernel takes the tag of what comes in away.
  const tagged = ethernet({ destination: '02:00:00:00:00:0b', source, etherType: 0x88b5, vlan: 7 });
  await a.send('eth0', tagged);
  const [whole] = await seen.wait({ etherType: 0x88b5 });
  assert.deepEqual(whole?.bytes, tagged);
  assert.equal((await seen.frames({ udp: { destination: 54 } })).length, 0);
  await assert.rejects(
    seen.wait({ udp: { destination: 54 } }, { timeout: 20 }),
    /not 1 frames.*saw:.*"destination":53/s,
  );
});

test('checksums of built packets are right: the kernel answers them', { skip }, async () => {
  await using lab = await createLab();
  const [a, b] = await pair(lab);
  const server = await b.echo({ protocol: 'udp' });
  const macs = { destination: '02:00:00:00:00:0b', source: '02:00:00:00:00:0a' };
  const six = ip(
    { source: 'fd00::1', destination: 'fd00::2', protocol: 17 },
    udp(4000, server.port, Buffer.from('odd')),
  );
  const four = ip(
    { source: '10.0.0.1', destination: '10.0.0.2', protocol: 17 },
    udp(4000, server.port, Buffer.from('even')),
  );
  const replies = await a.capture('eth0', { direction: 'in', udp: { source: server.port, destination: 4000 } });
  await a.send('eth0', ethernet({ ...macs, etherType: 0x86dd }, six), ethernet({ ...macs, etherType: 0x0800 }, four));
  await replies.wait({ ip: { source: 'fd00::2' }, contains: 'odd' });
  await replies.wait({ ip: { source: '10.0.0.2' }, contains: 'even' });
});

test('programs run in the namespace, and end with it', { skip }, async () => {
  const before = hostState();
  {
    await using lab = await createLab();
    const [a] = await pair(lab);
    const inode = await a.run('readlink', '/proc/self/ns/net');
    assert.equal(inode.trim(), a.inode);
    assert.equal((await a.exec(['sh', '-c', 'cat; exit 3'], { input: 'text' })).status, 3);
    await assert.rejects(a.run('sh', '-c', 'echo broken >&2; false'), /ended with 1: broken/);
    await assert.rejects(a.exec(['no-such-program-anywhere']).then((result) => assert.equal(result.status, 0)));
    const program = await a.start(['sh', '-c', 'echo ready; sleep 1000']);
    await program.waitFor('ready');
    assert.equal((await program.report()).running, true);
    const name = lab.publish(a);
    assert.ok(existsSync(`/run/netns/${name}`));
    const found = leaks(before, hostState());
    for (const kind of ['names', 'programs', 'namespaces']) {
      assert.ok(
        found.some((line) => line.startsWith(kind)),
        `the leak check does not see ${kind}: ${found.join(', ')}`,
      );
    }
  }
  assert.deepEqual(await leaksAfter(before), []);
});

/** A process of its own that makes a lab with a program in it and then waits to be ended from outside. */
const victim = `
  import { createLab } from ${JSON.stringify(join(import.meta.dirname, 'lab.ts'))};
  const lab = await createLab();
  const host = await lab.host('doomed');
  const program = await host.start(['sleep', '1000']);
  console.log(JSON.stringify({ pid: program.pid, path: '/run/netns/' + lab.publish(host) }));
  setInterval(() => {}, 1000);
`;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
  test(`nothing is left after ${signal}`, { skip }, async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', victim], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
      child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
    });
    const { pid, path } = JSON.parse(line) as { readonly pid: number; readonly path: string };
    const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, by) => resolve(by)));
    child.kill(signal);
    assert.equal(await ended, signal);
    const deadline = performance.now() + 5000;
    while (isRunning(pid) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(!isRunning(pid), 'the program is still there');
    // After SIGKILL only the next lab on the machine can take the name away.
    await using _ = await createLab();
    assert.ok(!existsSync(path), 'the name is still there');
  });
}

/** False also for a dead program that nobody has waited for. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test('works without root, in a user namespace', { skip: skip || withoutUserNamespaces() }, () => {
  const script = `
    import { createLab } from ${JSON.stringify(join(import.meta.dirname, 'lab.ts'))};
    await using lab = await createLab();
    const [a, b] = await lab.hosts('a', 'b');
    await lab.link(a, 'eth0', b, 'eth0');
    await a.address('eth0', '10.0.0.1/24');
    await b.address('eth0', '10.0.0.2/24');
    lab.publish(a);
    console.log((await a.ping('10.0.0.2')).received);
  `;
  const argv = ['-Urnm', process.execPath, '--input-type=module', '-e', script];
  const { stdout, stderr } = spawnSync('unshare', argv, { encoding: 'utf8' });
  assert.equal(stdout, '1\n', stderr);
});

function withoutUserNamespaces(): false | string {
  const able = spawnSync('unshare', ['-Urnm', 'true'], { stdio: 'ignore' }).status === 0;
  return able ? false : 'needs unprivileged user namespaces';
}
