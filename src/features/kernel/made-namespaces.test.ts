import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { KernelDriver } from '../../kernel/driver.ts';
import { gone, linuxInterface, named, Stage } from '../../../test/stage/stage.ts';
import { removeMadeNamespaces } from './made-namespaces.ts';

function ip(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

/** A cable between two namespaces, which are made when they are not there. */
function cable(name: string, ...namespaces: readonly [string, string]) {
  const ends = [`${name}-a`, `${name}-b`] as const;
  return ends.map((end, index) =>
    linuxInterface(end, {
      type: LinuxType.VETH,
      namespace: named(namespaces[index]!),
      hostIfName: `eth${name}`,
      link: {
        case: 'veth',
        value: { peerIfName: ends[1 - index]! },
      },
    }),
  );
}

const engineOf = (driver: KernelDriver) => ({ driver, owner: 'test', adopt: new Set<string>() });

test('namespaces that were made for interfaces go when nothing is left in them, those of others stay', async (t) => {
  await using stage = await Stage.open();
  const name = (what: string) => `${stage.namespace}-${what}`;
  const made = ['empty', 'linked', 'busy', 'mounted'].map(name);
  const theirs = name('theirs');
  t.after(() => {
    for (const one of [...made, theirs]) spawnSync('ip', ['netns', 'delete', one]);
  });
  ip('netns', 'add', theirs);
  const agent = await stage.agent();
  const cables = [cable('1', made[0]!, made[1]!), cable('2', made[2]!, made[3]!), cable('3', made[0]!, theirs)].flat();
  await agent.commit(...cables);
  const { namespaces } = agent.driver;
  /** Agents of other tests have the same label. */
  const ofThisTest = () => [...namespaces.names()].filter((one) => one.startsWith(stage.namespace));
  const present = () => new Set(namespaces.names().filter((one) => [...made, theirs].includes(one)));
  assert.deepEqual(present(), new Set([...made, theirs]));
  // All have devices of the agent's in them: none goes, and each says why.
  const before = await removeMadeNamespaces(engineOf(agent.driver), ofThisTest());
  assert.deepEqual(before.map((kept) => kept.name).sort(), made.toSorted());
  for (const { reason } of before) assert.match(reason, /^it has other interfaces: eth/);
  assert.deepEqual(present(), new Set([...made, theirs]));

  ip('-n', name('linked'), 'link', 'add', 'user0', 'type', 'veth', 'peer', 'name', 'user1');
  const folder = mkdtempSync(join(tmpdir(), 'lg-mounted-'));
  const elsewhere = join(folder, 'another name');
  writeFileSync(elsewhere, '');
  const mounted = spawnSync('mount', ['--bind', `/var/run/netns/${name('mounted')}`, elsewhere], { encoding: 'utf8' });
  assert.equal(mounted.status, 0, mounted.stderr);
  t.after(() => {
    spawnSync('umount', [elsewhere]);
    rmSync(folder, { recursive: true });
  });
  const program = spawn('ip', ['netns', 'exec', name('busy'), 'sh', '-c', 'echo inside; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(program, 'exit');
  t.after(() => program.kill());
  await once(program.stdout, 'data');
  await agent.commit(...cables.map(gone));
  const staying = new Set([name('busy'), name('linked'), name('mounted'), theirs]);
  await agent.until('the empty one gone', () => !present().has(name('empty')), 30_000);
  assert.deepEqual(present(), staying);

  // Another run of the agent knows them by their mark, another agent does not.
  const next = await stage.restart(agent);
  assert.deepEqual(await removeMadeNamespaces({ ...engineOf(next.driver), owner: 'another' }, ofThisTest()), []);
  const kept = await removeMadeNamespaces(engineOf(next.driver), ofThisTest());
  assert.deepEqual(
    kept.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    [
      { name: name('busy'), reason: `process ${program.pid} is in it` },
      { name: name('linked'), reason: 'it has other interfaces: user0, user1' },
      { name: name('mounted'), reason: `it is mounted on ${elsewhere}, too` },
    ],
  );
  assert.deepEqual(present(), staying);

  program.stdin.end();
  await ended;
  spawnSync('umount', [elsewhere]);
  ip('-n', name('linked'), 'link', 'delete', 'user0');
  assert.deepEqual(await removeMadeNamespaces(engineOf(next.driver), ofThisTest()), []);
  assert.deepEqual(present(), new Set([theirs]));
});
