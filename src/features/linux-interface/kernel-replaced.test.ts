import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { Interface_Type as Type } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as SwitchType } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { NetNamespace_ReferenceType } from '../../model/gen/ligato/linux/namespace/namespace_pb.js';
import { gone, linuxInterface, named, reaches, Stage, vppInterface } from '../../../test/stage/stage.ts';
import type { Change } from '../../scheduler/scheduler.ts';
import type { StageAgent } from '../../../test/stage/stage.ts';
import { microservice, microserviceKey } from '../namespace/model.ts';
import type { KernelLinuxInterface } from './kernel-metadata.ts';

const skip = process.getuid?.() === 0 ? false : 'needs root';

/** A program in the namespace of that name, which holds it until the test ends. */
async function occupy(t: TestContext, name: string): Promise<number> {
  const program = spawn('ip', ['netns', 'exec', name, 'sh', '-c', 'echo inside; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => program.kill());
  await once(program.stdout, 'data');
  return program.pid!;
}

/** Another namespace of that name, by an outsider. */
function replace({ driver }: StageAgent, name: string): void {
  driver.namespaces.delete(name);
  driver.namespaces.create(name);
}

async function wholeAgain(agent: StageAgent, changes: readonly Change[], before: string) {
  await agent.until(
    'made anew',
    () => {
      const [moved] = changes.map(({ key }) => agent.metadata<KernelLinuxInterface | undefined>(key));
      return (
        moved !== undefined &&
        moved.namespace.id !== before &&
        changes.every(({ key }) => agent.state(key) === 'CONFIGURED')
      );
    },
    20_000,
  );
  await agent.scheduler.idle();
  assert.deepEqual(await agent.drift(), []);
}

const tap = vppInterface('tap1', {
  type: SwitchType.TAP,
  ipAddresses: ['10.7.0.1/24'],
  link: { case: 'tap', value: {} },
});

test('a TAP is made anew when the namespace of its pod was replaced while a process holds the old one', {
  skip,
}, async (t) => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const name = `${stage.namespace}-held`;
  agent.driver.namespaces.create(name);
  const inside = linuxInterface('inside', {
    type: Type.TAP_TO_VPP,
    namespace: named(name),
    hostIfName: 'eth0',
    ipAddresses: ['10.7.0.2/24'],
    link: { case: 'tap', value: { vppTapIfName: 'tap1' } },
  });
  try {
    await agent.commit(tap, inside);
    await occupy(t, name);
    const before = agent.metadata<KernelLinuxInterface>(inside.key).namespace.id;
    replace(agent, name);
    await wholeAgain(agent, [inside, tap], before);
    assert.ok(await reaches(stage.vswitch, '10.7.0.2'));

    // While there is no agent, too.
    const next = await stage.restart(agent, async () => {
      await occupy(t, name);
      replace(agent, name);
    });
    await next.resync(tap, inside);
    assert.deepEqual(await next.drift(), []);
    assert.ok(await reaches(stage.vswitch, '10.7.0.2'));
    await next.commit(gone(tap), gone(inside));
  } finally {
    if (agent.driver.namespaces.names().includes(name)) agent.driver.namespaces.delete(name);
  }
});

test('a VETH pair is made anew when the namespace of one end was replaced while a process holds the old one', {
  skip,
}, async (t) => {
  await using stage = await Stage.open();
  const other = await stage.pod('other');
  const agent = await stage.agent();
  const name = `${stage.namespace}-held`;
  agent.driver.namespaces.create(name);
  const end = (one: string, peerIfName: string, namespace: ReturnType<typeof named>, address: string) =>
    linuxInterface(one, {
      type: Type.VETH,
      namespace,
      hostIfName: 'eth0',
      ipAddresses: [address],
      link: { case: 'veth', value: { peerIfName } },
    });
  const ends = [
    end('a-held', 'free', named(name), '10.8.0.1/24'),
    end('free', 'a-held', other.namespace, '10.8.0.2/24'),
  ] as const;
  try {
    await agent.commit(...ends);
    await occupy(t, name);
    const before = agent.metadata<KernelLinuxInterface>(ends[0].key).namespace.id;
    replace(agent, name);
    await wholeAgain(agent, ends, before);
    assert.ok(await reaches(other.host, '10.8.0.1'));
    await agent.commit(...ends.map(gone));
  } finally {
    agent.driver.namespaces.delete(name);
  }
});

test('a container that comes back elsewhere while something holds its old namespace gets a new TAP', {
  skip,
}, async (t) => {
  await using stage = await Stage.open();
  const first = await stage.lab.host('first');
  const second = await stage.lab.host('second');
  const agent = await stage.agent();
  const inside = linuxInterface('inside', {
    type: Type.TAP_TO_VPP,
    namespace: { type: NetNamespace_ReferenceType.MICROSERVICE, reference: 'web' },
    hostIfName: 'eth0',
    ipAddresses: ['10.7.0.2/24'],
    link: { case: 'tap', value: { vppTapIfName: 'tap1' } },
  });
  const name = stage.lab.publish(first);
  const pid = await occupy(t, name);
  const key = microserviceKey('web');
  const runs = (value: object | null) => agent.scheduler.notify([{ key, kind: microservice.name, value }]);
  runs({ label: 'web', pid });
  await agent.commit(tap, inside);
  assert.ok(await reaches(stage.vswitch, '10.7.0.2'));
  process.kill(pid);
  await agent.until('ended', () => agent.driver.namespaces.find({ type: 'pid', pid }) === undefined);
  runs(null);
  await agent.scheduler.idle();
  assert.equal(agent.state(inside.key), 'PENDING');
  runs({ label: 'web', pid: second.tid });
  await agent.until('in the new container', () => agent.state(inside.key) === 'CONFIGURED', 20_000);
  await agent.scheduler.idle();
  assert.ok(await reaches(stage.vswitch, '10.7.0.2'));
  assert.deepEqual(await agent.drift(), []);
});
