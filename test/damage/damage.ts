/** Damages one example after the other and sees whether it is noticed, and healed by no more than it takes. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryLedger } from '../../src/kernel/ledger.ts';
import { KernelBench } from '../router/kernel.ts';
import type { Key } from '../../src/model/key.ts';
import type { Change } from '../../src/scheduler/scheduler.ts';
import { differences, pictureOf } from '../chaos/kernel-picture.ts';
import { requires } from '../requires.ts';
import { programmedIn, valuesOf } from './coverage.ts';
import type { Example } from './example.ts';
import { Actor } from './world.ts';

export function harm(example: Example): Promise<void> {
  const { program } = example;
  return program === undefined ? damage(example) : endProgram({ ...example, program });
}

/** A test for each. */
export function harmInVm(examples: readonly Example[]): void {
  describe('the loss of an object is seen, and healed by one operation', () => {
    for (const example of examples) {
      const { kernel = [], commands = [] } = example;
      const skip = requires({ netns: true, kernel, commands: ['ip', 'nft', 'bridge', ...commands] });
      test(example.title, { skip }, () => harm(example));
    }
  });
}

async function damage(example: Example): Promise<void> {
  await using bench = await KernelBench.open(...(example.hosts ?? []));
  const around = valuesOf(example.around?.(bench) ?? 'vppConfig: {}');
  const object = valuesOf(example.object(bench));
  const ledger = memoryLedger();
  const agent = await Actor.enter(bench.namespace, ledger);
  const everything = [...around, ...object];
  try {
    await agent.commit(around);
    await agent.commit(object);
    const keys = programmedIn(object).map(({ key }) => key);
    assert.ok(keys.length > 0, 'nothing is programmed');
    for (const key of keys) assert.equal(agent.scheduler.snapshot().node(key)?.state, 'CONFIGURED', key);
    assert.deepEqual(await agent.drift(), [], 'nothing is wrong at first');
    const places = keys.some((key) => key.startsWith('config/linux/')) ? bench.places : [bench.namespace];
    const whole = await settled(places, example.until ?? '');
    for (const key of keys.filter((one) => example.nothing?.includes(one) !== true)) {
      await takeAway(bench, everything, key);
      if (example.unseen?.includes(key) !== true)
        assert.notDeepEqual(differences(picture(places), whole), [], `${key}: nothing was damaged`);
      const drift = await agent.drift();
      const shown = example.shownBy?.[key] ?? key;
      assert.ok(drift.includes(shown as Key), `the loss of ${key} shows as ${drift.join(', ') || 'nothing'}`);
      assertLeast(agent, drift, await agent.heal());
      assert.deepEqual(await agent.drift(), [], `${key}: healed`);
      await becomes(places, whole, `${key}: as before`);
    }
  } finally {
    await agent.commit(everything.map(({ key }) => ({ key, value: null })));
    await agent.leave();
  }

  async function takeAway({ namespace }: KernelBench, changes: readonly Change[], key: Key): Promise<void> {
    const other = await Actor.enter(namespace, ledger);
    try {
      assert.deepEqual(await other.resync(changes), [], `another run finds everything, to damage ${key}`);
      await other.takeAway(key);
    } finally {
      await other.leave();
    }
  }
}

/** One operation for each loss. What stands on something that was made again may be made again, too. */
function assertLeast({ scheduler }: Actor, drift: readonly Key[], healed: readonly string[]): void {
  const touched = healed.map((operation) => operation.split(' ')[1] as Key);
  const above = new Set(drift.flatMap((key) => [...scheduler.dependants(key)]));
  assert.deepEqual(touched.filter((key) => !above.has(key) || drift.includes(key)).sort(), drift, 'one operation each');
}

/** The picture with this text in it, when it stays as it is. */
async function settled(places: readonly string[], text: string): Promise<readonly string[]> {
  const end = performance.now() + 60_000;
  for (let before = picture(places); ; ) {
    if (text === '') return before;
    await delay(500);
    const now = picture(places);
    if (differences(now, before).length === 0 && now.some((line) => line.includes(text))) return now;
    assert.ok(performance.now() < end, `there is no ${text}`);
    before = now;
  }
}

/** Programs that do a part of the work take their time. */
async function becomes(places: readonly string[], whole: readonly string[], what: string): Promise<void> {
  const end = performance.now() + 60_000;
  for (;;) {
    const left = differences(picture(places), whole);
    if (left.length === 0) return;
    assert.ok(performance.now() < end, `${what}: ${left.join('; ')}`);
    await delay(50);
  }
}

/** Ends the program that works for the example, and waits for the next one. */
async function endProgram(example: Example & { readonly program: string }): Promise<void> {
  await using bench = await KernelBench.open(...(example.hosts ?? []));
  const agent = await Actor.enter(bench.namespace);
  try {
    const object = valuesOf(example.object(bench));
    await agent.commit(object);
    const [first] = await running(bench, example.program, () => true);
    process.kill(first!, 'SIGKILL');
    const [next] = await running(bench, example.program, (pid) => pid !== first);
    assert.notEqual(next, first);
    await agent.commit(object.map(({ key }) => ({ key, value: null })));
    assert.deepEqual(programs(bench.namespace, example.program), []);
  } finally {
    await agent.leave();
  }
}

async function running(
  { namespace }: KernelBench,
  name: string,
  accepts: (pid: number) => boolean,
): Promise<readonly number[]> {
  const end = performance.now() + 60_000;
  for (;;) {
    const pids = programs(namespace, name).filter(accepts);
    if (pids.length > 0 || performance.now() > end) return pids;
    await delay(20);
  }
}

function programs(namespace: string, name: string): readonly number[] {
  const { stdout } = spawnSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' });
  const pids = stdout.split('\n').filter((line) => line !== '');
  return pids.map(Number).filter((pid) => commandLine(pid).includes(name));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Devices that the kernel makes in each namespace when a module for tunnels is loaded. */
const kernelOwn = /"ifname":"(?:tunl0|gre0|gretap0|erspan0|sit0|ip6tnl0|ip6gre0|ip_vti0|ip6_vti0)"/;

/** Links, addresses, routes, rules, neighbours, nftables, static forwarding entries and IPsec of all namespaces. */
function picture(places: readonly string[]): readonly string[] {
  const more = places.flatMap((namespace) => [...forwardingEntries(namespace), ...ipsec(namespace)]);
  return [...pictureOf(places).filter((line) => !kernelOwn.test(line)), ...more];
}

/** Associations and policies, each begins with `src`. */
function ipsec(namespace: string): readonly string[] {
  return ['state', 'policy'].flatMap((what) => {
    const { status, stdout, stderr } = spawnSync('ip', ['-n', namespace, 'xfrm', what], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const entries = stdout.split(/^(?=src )/m).filter((entry) => entry !== '');
    return entries.map((entry) => `${namespace} xfrm ${what} ${entry.replace(/\s+/g, ' ').trim()}`).sort();
  });
}

function forwardingEntries(namespace: string): readonly string[] {
  const { status, stdout, stderr } = spawnSync('bridge', ['-n', namespace, 'fdb', 'show'], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const entries = stdout.split('\n').filter((line) => line.includes(' static'));
  return entries.map((line) => `${namespace} fdb ${line.trim()}`).sort();
}
