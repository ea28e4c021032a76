/** An agent on VPP, before VPP is there and after: the VPP is a fake one, the agent a whole one. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Application } from '../../app/index.ts';
import { httpPlugin } from '../../app/index.ts';
import { startFakeVpp } from '../../vpp/testing/fake-vpp.ts';
import { startAgent } from '../agent.ts';

const initial = 'vppConfig: { vrfs: [{ id: 5 }] }\n';

async function inFolder(work: (folder: string, socket: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lg-absent-'));
  try {
    await work(folder, join(folder, 'vpp.sock'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The fake VPP does not answer everything. */
function start(folder: string, socket: string, govpp?: string): Promise<Application> {
  return startWith(folder, ['--vpp-api-socket', socket], govpp);
}

function startWith(
  folder: string,
  flags: readonly string[],
  govpp = 'retry-connect-timeout: 50ms\nreply-timeout: 2s\n',
): Promise<Application> {
  writeFileSync(join(folder, 'initial-config.yaml'), initial);
  writeFileSync(join(folder, 'govpp.conf'), govpp);
  const places = ['--state-dir', join(folder, 'state'), '--config-dir', folder, '--http-port', '0', '--grpc-port', '0'];
  const args = ['--engine', 'vpp', ...flags, ...places, '--log-level', 'fatal'];
  return startAgent({ args, env: {}, signals: [] });
}

async function authorizationFor({ info }: Application): Promise<string> {
  return `Bearer ${(await readFile(join(info.stateDirectory, 'http-token'), 'utf8')).trim()}`;
}

function callsTo(agent: Application) {
  const { url } = agent.api(httpPlugin);
  return async (method: string, path: string, body?: string) => {
    const headers = { authorization: await authorizationFor(agent), 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    return { status: answer.status, text: await answer.text() };
  };
}

/** What `/api/v1/events` says of VPP from now on: resolves with so many conditions. */
async function conditionsOf(agent: Application): Promise<(count: number) => Promise<readonly unknown[]>> {
  const end = new AbortController();
  const { url } = agent.api(httpPlugin);
  const headers = { authorization: await authorizationFor(agent) };
  const { body } = await fetch(`${url}/api/v1/events`, { headers, signal: end.signal });
  return async (count) => {
    let text = '';
    const found = (): unknown[] =>
      text
        .split('\n')
        .slice(0, -1)
        .filter((line) => line.includes('"event":"vpp"'))
        .map((line) => (JSON.parse(line) as { condition: unknown }).condition);
    for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (found().length >= count) break;
    }
    end.abort();
    return found();
  };
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 60_000; !(await condition()); ) {
    if (performance.now() > end) assert.fail(`${what}: not within a minute`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const more = JSON.stringify({ vppConfig: { vrfs: [{ id: 6 }] } });

test('an agent that is there before VPP can be talked to, keeps what is wanted, and makes it when VPP comes', () =>
  inFolder(async (folder, socket) => {
    const agent = await start(folder, socket);
    try {
      const call = callsTo(agent);
      assert.equal((await call('GET', '/liveness')).status, 200);
      const readiness = await call('GET', '/readiness');
      assert.equal(readiness.status, 500);
      assert.match(readiness.text, new RegExp(`VPP is not there yet: ${socket}`));
      const applied = await call('PUT', '/api/v1/configuration', more);
      assert.equal(applied.status, 503);
      assert.match(applied.text, /VPP is not there yet.*kept, and made when it is there/);
      assert.equal((await call('PUT', '/api/v1/configuration?acknowledge=persisted', more)).status, 200);
      for (const path of ['/api/v1/check', '/api/v1/resync'])
        assert.equal((await call('POST', path)).status, 503, path);
      const command = await call('POST', '/vpp/command', '{"vppclicommand":"show version"}');
      assert.deepEqual([command.status, /no such socket/.test(command.text)], [503, true]);

      await using vpp = await startFakeVpp({ path: socket });
      await until('the agent is ready', async () => (await call('GET', '/readiness')).status === 200);
      const made = vpp.requests.filter((name) => name.startsWith('ip_table_add_del'));
      assert.ok(made.length >= 2, `both tables are made: ${vpp.requests.join()}`);
      assert.match((await call('GET', '/api/v1/values')).text, /"state":"CONFIGURED".*"state":"CONFIGURED"/s);
    } finally {
      await agent.stop();
    }
  }));

test('while VPP is away nothing is counted as a failure of what is wanted, and nothing is said of what cannot be read', () =>
  inFolder(async (folder, socket) => {
    const vpp = await startFakeVpp({ path: socket });
    const agent = await start(folder, socket);
    try {
      const call = callsTo(agent);
      await until('the agent is ready', async () => (await call('GET', '/readiness')).status === 200);
      const events = await conditionsOf(agent);
      await vpp.stop();
      await until('the loss is noticed', async () => (await call('GET', '/readiness')).status === 500);
      const applied = await call('PUT', '/api/v1/configuration', more);
      assert.match(applied.text, /"error":"VPP is away: made when it is back"/);
      const check = await call('POST', '/api/v1/check');
      const unread = JSON.parse(check.text) as { key: string; problem: string; kind: string; error: string }[];
      assert.ok(unread.every(({ kind, problem }) => kind.startsWith('vpp.') && problem === 'unread'));
      assert.match(unread.find(({ kind }) => kind === 'vpp.vrf-table')!.error, /VPP is away: nothing can be read/);
      const one = await call('POST', '/api/v1/check?model=vpp.vrf-table');
      assert.deepEqual([one.status, /could not be compared: vpp\.vrf-table: VPP is away/.test(one.text)], [503, true]);
      const command = await call('POST', '/vpp/command', '{"vppclicommand":"show version"}');
      assert.equal(command.status, 503);
      const trace = await call('POST', '/api/v1/trace', '{"from":"10.1.0.1","to":"10.1.0.2"}');
      assert.deepEqual([trace.status, trace.text], [503, trace.text]);
      const state = async (): Promise<string | undefined> => {
        const values = JSON.parse((await call('GET', '/api/v1/values')).text) as { key: string; state: string }[];
        return values.find(({ key }) => key.includes('/vrf-table/id/6/'))?.state;
      };
      assert.equal(await state(), 'RETRYING');
      await using _back = await startFakeVpp({ path: socket, pid: 4712 });
      await until('it is made', async () => (await state()) === 'CONFIGURED');
      assert.deepEqual(await events(3), ['lost', 'back', 'healed']);
    } finally {
      await agent.stop();
    }
  }));

test('one that meets a VPP that does not answer can be talked to, and stops', () =>
  inFolder(async (folder, socket) => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(socket, resolve));
    const agent = await start(folder, socket);
    try {
      const readiness = await callsTo(agent)('GET', '/readiness');
      assert.equal(readiness.status, 500);
      assert.match(readiness.text, /VPP is not there yet/);
    } finally {
      const { errors } = await agent.stop();
      assert.deepEqual(errors, []);
      silent.close();
    }
  }));

test('when the attempts are used up the agent ends and asks the right question', () =>
  inFolder(async (folder, socket) => {
    const ended = start(folder, socket, 'retry-connect-count: 3\nretry-connect-timeout: 20ms\n').then(
      async (agent) => (await agent.stopped).failure,
      (error: unknown) => error,
    );
    assert.match(String(await ended), /no VPP answers: .*no such socket; is VPP running\? .*--vpp-api-socket/);
  }));

/** A program that answers as VPP does, on the socket that its agent gives it. */
function writeProgram(path: string, socket: string): void {
  const server = join(import.meta.dirname, '../../vpp/testing/fake-vpp.ts');
  const script = `import { startFakeVpp } from ${JSON.stringify(server)}; await startFakeVpp({ path: ${JSON.stringify(socket)} });\n`;
  writeFileSync(`${path}.mjs`, script);
  writeFileSync(path, `#!/bin/sh\nexec ${process.execPath} ${path}.mjs\n`, { mode: 0o755 });
}

test('an agent whose own VPP cannot be started can be talked to, says why, and makes what is wanted once it can', () =>
  inFolder(async (folder) => {
    writeFileSync(
      join(folder, 'vpp-process.conf'),
      'restart-delay: 10ms\nrestart-delay-limit: 50ms\nhugepages: off\nstop-with-agent: true\n',
    );
    const binary = join(folder, 'fake-vpp');
    const agent = await startWith(folder, ['--vpp-bin', binary]);
    try {
      const call = callsTo(agent);
      assert.equal((await call('GET', '/liveness')).status, 200);
      const says = (text: RegExp) => async (): Promise<boolean> => {
        const { status, text: found } = await call('GET', '/readiness');
        return status === 500 && text.test(found);
      };
      await until('it names the program', says(/--vpp-bin\): .*fake-vpp is not a program that can be run/));
      const applied = await call('PUT', '/api/v1/configuration', more);
      assert.equal(applied.status, 503);
      assert.match(applied.text, /VPP is not there yet: .*is not a program that can be run.*kept, and made when it is/);

      writeFileSync(binary, '#!/bin/sh\necho no such luck\nexit 3\n', { mode: 0o755 });
      await until('it says what the program said', says(/VPP ended 3 times in a row .*it said: no such luck/));
      writeProgram(binary, join(folder, 'state', 'vpp', 'api.sock'));
      await until('the agent is ready', async () => (await call('GET', '/readiness')).status === 200);
      assert.match((await call('GET', '/api/v1/values')).text, /"state":"CONFIGURED".*"state":"CONFIGURED"/s);
    } finally {
      const { errors } = await agent.stop();
      assert.deepEqual(errors, []);
    }
  }));
