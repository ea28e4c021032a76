// needs-kernel: vhost-net
/** TAPs of VPP, which need the host kernel's /dev/vhost-net. */

// First: a namespace of its own, for VPP and the agent.
import '../stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { features } from '../../src/features/index.ts';
import { Interface_Type as LinuxType } from '../../src/model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as Type } from '../../src/model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Change } from '../../src/scheduler/scheduler.ts';
import type { Host } from '../lab/host.ts';
import { createLab } from '../lab/lab.ts';
import { gone, type InterfaceInit, linuxInterface, named, reaches, vppInterface } from '../stage/stage.ts';
import { requires } from '../requires.ts';
import { lan } from './pods.ts';
import { startVpp, vppBinary } from './process.ts';
import { VppAgent } from './stage.ts';

const skip =
  vppBinary() === undefined ? 'needs VPP (LIGATURE_VPP_BIN)' : requires({ netns: true, kernel: ['vhost-net'] });
/** ms: processors are emulated. */
const patience = 60_000;

function tap(init: InterfaceInit, rings = 0): Change {
  const value = { version: 2, hostIfName: 'tap-test', rxRingSize: rings, txRingSize: rings };
  return vppInterface('tap1', { type: Type.TAP, link: { case: 'tap', value }, ...init });
}

function ip(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
  assert.equal(status, 0, `ip ${words.join(' ')}: ${stderr}`);
  return stdout;
}

/** Gives the host's end its addresses. */
function connect(): void {
  ip('link', 'set', 'tap-test', 'up');
  ip('address', 'replace', '10.9.0.2/24', 'dev', 'tap-test');
  ip('address', 'replace', 'fd09::2/64', 'dev', 'tap-test', 'nodad');
}

function answers(address: string): boolean {
  return spawnSync('ping', ['-c', '1', '-W', '2', address], { stdio: 'ignore' }).status === 0;
}

test('a TAP carries packets of the host, is changed, read back, healed, comes back with VPP, and goes', {
  skip,
}, async () => {
  await using vpp = await startVpp();
  const agent = await VppAgent.start(vpp.apiSocket, features, {});
  try {
    const first = tap({ physAddress: '02:00:00:00:00:99', ipAddresses: ['10.9.0.1/24', 'fd09::1/64'] });
    await agent.commit(first);
    connect();
    for (const address of ['10.9.0.1', 'fd09::1']) await agent.until(address, () => answers(address), patience);
    assert.match(ip('neighbour', 'show', '10.9.0.1'), /02:00:00:00:00:99/);
    assert.deepEqual(await agent.drift(), []);

    const moved = tap({ physAddress: '02:00:00:00:00:9a', mtu: 1400, ipAddresses: ['10.9.0.3/24', 'fd09::1/64'] });
    assert.ok(!(await agent.commit(moved)).includes(`CREATE ${first.key}`), 'changed in place');
    await agent.until('the new address', () => answers('10.9.0.3'), patience);
    assert.ok(!answers('10.9.0.1'));
    const larger = tap({ ipAddresses: ['10.9.0.1/24', 'fd09::1/64'] }, 512);
    assert.ok((await agent.commit(larger)).includes(`CREATE ${first.key}`), 'rings are made with the device');
    connect();
    await agent.until('with larger rings', () => answers('10.9.0.1'), patience);
    assert.deepEqual(await agent.drift(), []);

    // Another run of the agent finds it as it is wanted.
    const other = await VppAgent.start(vpp.apiSocket, features, {});
    assert.deepEqual(await other.resync(larger), []);
    await other.stop();

    await vpp.restart();
    await agent.until('the client is back', () => agent.client.isConnected, patience);
    await agent.heal();
    connect();
    await agent.until('after a restart of VPP', () => answers('10.9.0.1'), patience);
    await agent.commit(gone(larger));
    assert.doesNotMatch(ip('link', 'show'), /tap-test/);
  } finally {
    await agent.stop();
  }
});

test('pods on TAPs talk through a bridge domain of VPP, find it again after a restart of the agent and of VPP, and let go', {
  skip,
}, async () => {
  await using vpp = await startVpp();
  const lab = await createLab();
  const [a, b] = [await lab.host('a'), await lab.host('b')];
  const pod = (name: string, host: Host, address: string): readonly Change[] => [
    vppInterface(name, { type: Type.TAP, link: { case: 'tap', value: { version: 2 } } }),
    linuxInterface(`${name}-in`, {
      type: LinuxType.TAP_TO_VPP,
      namespace: named(lab.publish(host)),
      hostIfName: 'eth0',
      ipAddresses: [address],
      link: { case: 'tap', value: { vppTapIfName: name } },
    }),
  ];
  const wanted = [...pod('a', a, '10.9.0.1/24'), ...pod('b', b, '10.9.0.2/24'), lan('a', 'b')];
  let agent = await VppAgent.start(vpp.apiSocket, features, { withHost: true });
  try {
    await agent.commit(...wanted);
    await agent.until('pods talk', () => reaches(a, '10.9.0.2'), patience);
    assert.deepEqual(await agent.drift(), []);
    await agent.stop();
    agent = await VppAgent.start(vpp.apiSocket, features, { withHost: true });
    assert.deepEqual(await agent.resync(...wanted), []);

    await vpp.restart();
    await agent.until('the client is back', () => agent.client.isConnected, patience);
    await agent.heal();
    await agent.until('after a restart of VPP', () => reaches(a, '10.9.0.2'), patience);
    assert.deepEqual(await agent.drift(), []);

    await agent.commit(gone(wanted[1]!));
    assert.equal(await a.link('eth0'), undefined);
    assert.match(ip('link', 'show'), /tap-\d+/);
    await agent.resync();
    assert.doesNotMatch(ip('link', 'show'), /tap-\d+/);
    assert.equal(await b.link('eth0'), undefined);
  } finally {
    await agent.stop();
    await lab.close();
  }
});
