import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { requires } from '../requires.ts';
import { root, succeed } from './pack.ts';

/** A Node of the system that the agent cannot run on. */
const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path) && isTooOld(path));

function isTooOld(path: string): boolean {
  const { stdout } = spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  const [major = 0, minor = 0] = stdout.split('.').map(Number);
  return major >= 20 && (major < 22 || (major === 22 && minor < 18));
}

const pinned = `node-linux-${process.arch}`;
const skip =
  (oldNode === undefined && 'the system has no Node from 20 to 22.17') ||
  (!existsSync(join(root, 'node_modules', pinned)) && `${pinned} is not installed`) ||
  requires({ netns: true });

describe('the built command on a Node that is too old for the agent', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lg-old-node-'));
  const launcher = join(folder, 'bin/ligature.js');
  const node = oldNode!;

  before(() => {
    for (const path of ['bin', 'package.json']) cpSync(join(root, path), join(folder, path), { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(root, 'node_modules/koffi'), join(folder, 'node_modules/koffi'));
    succeed(root, process.execPath, join(root, 'scripts/build.ts'), '--out', join(folder, 'dist'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const usePinned = (): void => symlinkSync(join(root, 'node_modules', pinned), join(folder, 'node_modules', pinned));

  test('without the pinned one: says what is needed', () => {
    const { status, stderr } = spawnSync(node, [launcher, 'agent', '--version'], { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /need Node 22\.18 or newer, and this is Node 2\d\.[\d.]+: install Node 24/);
    assert.equal(stderr.trim().split('\n').length, 1);
    const library = join(folder, 'dist/agent.cjs');
    const imported = spawnSync(node, ['--input-type=module', '-e', `await import('${library}')`], { encoding: 'utf8' });
    assert.match(imported.stderr, /Error: ligature needs Node 22\.18 or newer, and this is Node 2/);
  });

  test('the command line runs on it, and the agent by the pinned one', async () => {
    assert.match(succeed(folder, node, launcher, '--help'), /config/);
    usePinned();
    const state = join(folder, 'state');
    const args = [
      'agent',
      '--state-dir',
      state,
      '--kernel-namespace',
      `lg-${process.pid}-old`,
      '--remove',
      '--http-port',
      '0',
    ];
    const agent = spawn(node, [launcher, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    agent.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const ended = once(agent, 'exit');
    try {
      const end = performance.now() + 30_000;
      for (;;) {
        const { status } = spawnSync(node, [launcher, '--state-dir', state, 'status'], { encoding: 'utf8' });
        if (status === 0) break;
        assert.ok(agent.exitCode === null && performance.now() < end, log);
      }
    } finally {
      agent.kill('SIGTERM');
      await ended;
    }
    assert.equal(agent.exitCode, 0, log);
  });
});
