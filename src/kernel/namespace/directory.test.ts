import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isKernelError } from '../errors.ts';
import { namespacesIn } from './directory.ts';
import { THREAD_NAMESPACE, ownNamespace, within } from './switch.ts';

const PREFIX = `lg-${process.pid}n`;
const namespaces = namespacesIn('/var/run/netns', () => ownNamespace);
const here = (): string => readlinkSync(THREAD_NAMESPACE);
const home = here();

after(() => {
  for (const name of namespaces.names()) if (name.startsWith(PREFIX)) namespaces.delete(name);
});

test('a named namespace is what ip netns makes: seen, entered, removed by it', () => {
  const made = namespaces.create(`${PREFIX}-1`);
  assert.ok(namespaces.names().includes(`${PREFIX}-1`));
  assert.match(execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }), new RegExp(`${PREFIX}-1`));
  const inside = execFileSync('ip', ['netns', 'exec', `${PREFIX}-1`, 'readlink', '/proc/self/ns/net'], {
    encoding: 'utf8',
  }).trim();
  assert.equal(within(made, here), inside);
  assert.equal(here(), home);
  execFileSync('ip', ['netns', 'delete', `${PREFIX}-1`]);
  assert.equal(namespaces.find({ type: 'name', name: `${PREFIX}-1` }), undefined);
  assert.ok(!namespaces.alive(made));

  execFileSync('ip', ['netns', 'add', `${PREFIX}-2`]);
  assert.ok(namespaces.find({ type: 'name', name: `${PREFIX}-2` }));
  assert.throws(
    () => namespaces.create(`${PREFIX}-2`),
    (error) => isKernelError(error, 'EEXIST'),
  );
  namespaces.delete(`${PREFIX}-2`);
  assert.throws(
    () => namespaces.delete(`${PREFIX}-2`),
    (error) => isKernelError(error, 'ENOENT'),
  );
});

test('the same namespace has the same identity whatever leads to it; another of its name has not', () => {
  const named = namespaces.create(`${PREFIX}-3`);
  const byPath = namespaces.resolve({ type: 'path', path: `/var/run/netns/${PREFIX}-3` });
  assert.equal(byPath.id, named.id);
  assert.equal(namespaces.resolve({ type: 'pid', pid: process.pid }).id, ownNamespace.id);
  assert.notEqual(named.id, ownNamespace.id);
  namespaces.delete(`${PREFIX}-3`);
  const keeper = namespaces.create(`${PREFIX}-4`);
  const again = namespaces.create(`${PREFIX}-3`);
  if (again.id !== named.id)
    assert.throws(
      () => within(named, () => assert.fail('entered')),
      (error) => isKernelError(error, 'ENOENT'),
    );
  assert.notEqual(keeper.id, again.id);
});

test('what is not there, and what is no namespace', () => {
  const absent = [
    { type: 'name', name: `${PREFIX}-none` },
    { type: 'pid', pid: 4_194_303 },
    { type: 'path', path: '/proc/nothing/ns/net' },
  ] as const;
  for (const reference of absent) {
    assert.equal(namespaces.find(reference), undefined);
    assert.throws(
      () => namespaces.resolve(reference),
      (error) => isKernelError(error, 'ENOENT') && error.retriable,
    );
  }
  assert.throws(() => namespaces.resolve({ type: 'path', path: '/etc/hostname' }), /not a network namespace/);
  assert.throws(
    () => namespaces.resolve({ type: 'pid', pid: 0 }),
    (error) => isKernelError(error, 'EINVAL'),
  );
  for (const name of ['', '.', '..', 'a/b', '../../etc/passwd', 'a\0b']) {
    assert.throws(
      () => namespaces.resolve({ type: 'name', name }),
      (error) => isKernelError(error, 'EINVAL'),
      name,
    );
    assert.throws(
      () => namespaces.create(name),
      (error) => isKernelError(error, 'EINVAL'),
      name,
    );
    assert.throws(
      () => namespaces.delete(name),
      (error) => isKernelError(error, 'EINVAL'),
      name,
    );
  }
});

test('a file left behind by a crash does not stand in the way', () => {
  writeFileSync(`/var/run/netns/${PREFIX}-5`, '');
  assert.equal(namespaces.find({ type: 'name', name: `${PREFIX}-5` }), undefined);
  assert.ok(!namespaces.names().includes(`${PREFIX}-5`));
  namespaces.create(`${PREFIX}-5`);
  assert.ok(namespaces.find({ type: 'name', name: `${PREFIX}-5` }));
});

test('the thread comes back when the work fails, also from two levels', () => {
  const [one, two] = [namespaces.create(`${PREFIX}-6`), namespaces.create(`${PREFIX}-7`)];
  assert.throws(
    () =>
      within(one, () => {
        throw new Error('inside');
      }),
    /inside/,
  );
  assert.equal(here(), home);
  within(one, () => {
    const first = here();
    within(two, () => assert.notEqual(here(), first));
    assert.equal(here(), first);
    within(ownNamespace, () => assert.equal(here(), home));
    assert.equal(here(), first);
  });
  assert.equal(here(), home);
  assert.equal(
    readdirSync('/proc/self/fd')
      .map((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`);
        } catch {
          return '';
        }
      })
      .filter((to) => to.startsWith('net:[')).length,
    1,
  );
});

test('coming and going is told, once the namespace is mounted', async () => {
  const expectName = (present: boolean): Promise<void> =>
    new Promise((resolve) => {
      const end = namespaces.watch((name) => {
        if (name !== `${PREFIX}-8` || (namespaces.find({ type: 'name', name }) !== undefined) !== present) return;
        end();
        resolve();
      });
    });
  const come = expectName(true);
  const child = spawn('ip', ['netns', 'add', `${PREFIX}-8`]);
  await come;
  if (child.exitCode === null) await new Promise((resolve) => child.on('exit', resolve));
  const gone = expectName(false);
  spawn('ip', ['netns', 'delete', `${PREFIX}-8`]);
  await gone;
});

test('a directory of its own, in a user namespace of an ordinary user', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lg-netns-'));
  const program = `
    import { namespacesIn } from '${import.meta.dirname}/directory.ts';
    import { ownNamespace } from '${import.meta.dirname}/switch.ts';
    const all = namespacesIn('${directory}/deep', () => ownNamespace);
    const made = all.create('one');
    if (all.names().join() !== 'one' || !all.alive(made)) throw new Error('not there');
    all.delete('one');
    if (all.names().length !== 0) throw new Error('still there');`;
  execFileSync('unshare', ['-Urnm', process.execPath, '--input-type=module', '-e', program]);
  const refused = spawnSync('unshare', ['-Urn', process.execPath, '--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  assert.match(refused.stderr, /EPERM \(mounting is not permitted: without root/);
  rmSync(directory, { recursive: true });
});
