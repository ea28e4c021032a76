import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, suite, test } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import { requires } from '../requires.ts';
import { AgentProcess } from './agent-process.ts';

const root = join(import.meta.dirname, '../..');
const loop = (name: string, more = '') => `{"name":"${name}","type":"SOFTWARE_LOOPBACK","enabled":true${more}}`;

suite('the configuration store by command line', { skip: requires({ netns: true }) }, () => {
  let agent: AgentProcess;
  before(async () => void (agent = await AgentProcess.open()));
  after(() => agent[Symbol.asyncDispose]());

  const states = (): string => agent.ligature('values', 'vpp.interfaces').stdout;
  const settled = (what: string, holds: () => boolean) => agent.until(what, () => Promise.resolve(holds()));

  test('what is put is followed, what is deleted goes', async () => {
    const put = agent.ligature('kvdb', 'put', 'config/vpp/v2/interfaces/loop1', loop('loop1'));
    assert.equal(put.status, 0, put.stderr);
    await settled('loop1 is configured', () => /loop1 +CONFIGURED.*datasync/.test(states()));
    assert.match(
      agent.ligature('kvdb', 'get', `/vnf-agent/${agent.namespace}/config/vpp/v2/interfaces/loop1`).stdout,
      /"loop1"/,
    );
    assert.match(
      agent.ligature('kvdb', 'list', '--keys-only').stdout,
      new RegExp(`^/vnf-agent/${agent.namespace}/config.*loop1\\n$`),
    );
    assert.equal(agent.ligature('kvdb', 'del', 'config/vpp/v2/interfaces/loop1').status, 0);
    await settled('loop1 is gone', () => !states().includes('loop1'));
    const again = agent.ligature('kvdb', 'del', 'config/vpp/v2/interfaces/loop1');
    assert.deepEqual([again.status, /there is nothing under/.test(again.stderr)], [1, true]);
  });

  test('a wrong value is refused with its field, and nothing is written', () => {
    const cases = [
      ['config/vpp/v2/interfaces/loop2', loop('loop2', ',"mtu":70000'), /mtu.*70000/],
      ['config/vpp/v2/interfaces/loop2', loop('loop2', ',"colour":1'), /colour/],
      ['config/vpp/v2/interfaces/other', loop('loop2'), /belongs under config\/vpp\/v2\/interfaces\/loop2/],
    ] as const;
    for (const [key, value, message] of cases) {
      const { status, stderr } = agent.ligature('kvdb', 'put', key, value);
      assert.equal(status, 1);
      assert.match(stderr, message);
    }
    assert.equal(agent.ligature('kvdb', 'put', 'config/vpp/v2/interfaces/loop2', '{').status, 2);
    assert.equal(agent.ligature('kvdb', 'list').stdout, '');
  });

  test('an export is an import', async () => {
    const lines = `# two\nconfig/vpp/v2/interfaces/a ${loop('a')}\n\nconfig/vpp/v2/interfaces/b ${loop('b')}\n`;
    const { status, stdout, stderr } = agent.ligature('import', agent.file('two.txt', lines), '--txops', '1');
    assert.deepEqual([status, stdout], [0, '2 keys imported\n'], stderr);
    await settled('both are there', () => /a +CONFIGURED/.test(states()) && /b +CONFIGURED/.test(states()));
    const exported = agent.ligature('export').stdout;
    assert.equal(exported.split('\n').length, 3);
    assert.equal(agent.ligature('import', agent.file('again.txt', exported)).status, 0);
    const wrong = agent.ligature('import', agent.file('wrong.txt', 'config/x {\nkey\n'));
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /wrong\.txt:1: the value is not JSON/);
    assert.match(wrong.stderr, /wrong\.txt:2: expected a key/);
  });

  test('what is stored survives the agent', async () => {
    await agent.stop('SIGKILL');
    await agent.start();
    await settled('a is back', () => /a +CONFIGURED.*datasync/.test(states()));
  });

  test('changes are watched', async () => {
    const watch = spawn(
      process.execPath,
      [join(root, 'src/cli/main.ts'), '--state-dir', agent.stateDirectory, 'kvdb', 'watch'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      const lines = createInterface({ input: watch.stdout })[Symbol.asyncIterator]();
      const first = lines.next();
      let seen = false;
      void first.then(() => (seen = true));
      // The watch has no sign that it began: write until it tells something.
      await agent.until('the watch tells', () => {
        agent.ligature('kvdb', 'put', 'notes/one', '"text"');
        return Promise.resolve(seen);
      });
      assert.match(
        String((await first).value),
        new RegExp(`^\\d+ put /vnf-agent/${agent.namespace}/notes/one "text"$`),
      );
      const ended = once(watch, 'exit');
      watch.kill('SIGINT');
      assert.deepEqual(await ended, [0, null]);
    } finally {
      watch.kill('SIGKILL');
    }
  });

  test('a report has everything, and the archive is for its owner only', () => {
    const { status, stdout, stderr } = agent.ligature('report', '-o', agent.folder);
    assert.equal(status, 0, stderr);
    const path = stdout.trim();
    assert.ok(readdirSync(agent.folder).some((name) => path.endsWith(name)));
    const files = unzipSync(readFileSync(path));
    assert.match(strFromU8(files['agent-NB-config.yaml'] ?? new Uint8Array()), /name: a/);
    assert.match(strFromU8(files['agent-transaction-history.txt'] ?? new Uint8Array()), /Transaction #/);
    assert.equal(files['_failed-reports.txt'], undefined);
  });

  test('a report of an agent that is not there is one line, and exit code 4', async () => {
    await agent.stop();
    const { status, stderr } = agent.ligature('report', '-o', agent.folder);
    assert.equal(status, 4);
    assert.match(stderr, /^error: no agent answers at [^\n]*\n$/);
  });
});
