import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Answer, runCommand } from '../testing.ts';

const main = join(import.meta.dirname, '../main.ts');

/** What `ligature status` prints about an agent of this health, and its exit code. */
async function status(health: object): Promise<{ readonly code: number | string; readonly stdout: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'lg-look-'));
  const socket = join(folder, 'http.sock');
  const report = {
    app: 'ligature',
    label: 'vpp1',
    version: '1',
    started: new Date(),
    pid: 1,
    engine: 'kernel',
    health,
  };
  const server = createServer(({ url }, answer) => {
    answer.setHeader('content-type', 'application/json');
    answer.end(JSON.stringify(url?.startsWith('/api/v1/status') ? report : []));
  });
  try {
    server.listen(socket);
    await once(server, 'listening');
    return await new Promise((resolve) => {
      execFile(process.execPath, [main, '--socket', socket, 'status'], (error, stdout) =>
        resolve({ code: error?.code ?? 0, stdout }),
      );
    });
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

test('status names the plugins that are not well, and fails while the agent starts', async () => {
  const plugins = [
    { plugin: 'http', state: 'ok' },
    { plugin: 'govpp', state: 'error', reason: 'VPP does not answer' },
    { plugin: 'intent', state: 'init' },
  ];
  const starting = await status({ state: 'init', plugins });
  assert.equal(starting.code, 1);
  assert.match(starting.stdout, /^health init\n {2}govpp: error, VPP does not answer\n {2}intent: init\n/m);
  const { code, stdout } = await status({ state: 'error', plugins: plugins.slice(0, 2) });
  assert.equal(code, 0);
  assert.match(stdout, /^health error\n {2}govpp: error, VPP does not answer\n/m);
});

test('what the agent calls wrong in a question is wrong usage; what it has not, is not', async () => {
  const refuse =
    (status: number, text: string): Answer =>
    (_asked, response) => {
      response.statusCode = status;
      return { Error: text };
    };
  for (const args of [
    ['values', 'nosuch'],
    ['config', 'check', '--model', 'nosuch'],
    ['events', '--model', 'nosuch'],
    ['log', 'set', 'kernel', 'loudly'],
  ]) {
    const { code, stderr } = await runCommand(args, refuse(400, 'there is no such thing'));
    assert.deepEqual([code, stderr], [2, 'error: there is no such thing\n'], args.join(' '));
  }
  assert.equal((await runCommand(['config', 'history', '99'], refuse(404, 'no transaction 99'))).code, 1);
});

test('words in any case are what the agent knows, others are wrong usage and ask nothing', async () => {
  const { asked } = await runCommand(['values', '--state', 'pending']);
  assert.equal(asked[0]?.query.get('state'), 'PENDING');
  for (const [args, message] of [
    [['values', '--state', 'BOGUS'], /choices are NONEXISTENT, .*PENDING/],
    [['dump', 'all', '--view', 'XX'], /choices are SB, NB, cached/],
    [['dump', 'all', '--origin', 'XX'], /choices are NB, SB/],
    [['config', 'rollback', 'abc'], /number of a transaction/],
    [['config', 'apply', '--source', 'a/b c', 'x.yaml'], /64 letters, digits/],
  ] as const) {
    const { code, stderr, asked: none } = await runCommand(args);
    assert.deepEqual([code, none], [2, []], args.join(' '));
    assert.match(stderr, message);
  }
});

test('details of a failed value begin with what happened', async () => {
  const value = { model: 'm', name: 'n', key: 'config/n', since: new Date(), source: 'cli', waitingFor: [], parts: [] };
  const part = { ...value, key: 'config/n/part', state: 'FAILED', error: 'no room' };
  const values = [{ ...value, state: 'FAILED', error: 'the far end is gone', parts: [part] }];
  const { stdout } = await runCommand(['values'], () => values);
  assert.match(stdout, /cli {5}the far end is gone\n +FAILED config\/n\/part: no room\n/);
});
