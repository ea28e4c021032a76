import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, suite, test } from 'node:test';
import { requires } from '../requires.ts';
import { AgentProcess, ligature } from './agent-process.ts';

const command = join(import.meta.dirname, '../../src/cli/main.ts');

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

async function ask(url: URL, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Answer> {
  const asked = request(url, { headers, method });
  asked.end();
  const [reply] = (await once(asked, 'response')) as [
    NodeJS.ReadableStream & { statusCode: number; headers: Answer['headers'] },
  ];
  let body = '';
  for await (const chunk of reply) body += String(chunk);
  return { status: reply.statusCode, headers: reply.headers, body };
}

suite('ligature ui: the web UI by the unix socket', { skip: requires({ netns: true }) }, () => {
  let agent: AgentProcess;
  let door: ReturnType<typeof spawn>;
  let address: URL;
  let cookie: string;

  before(async () => {
    agent = await AgentProcess.open();
    door = spawn(process.execPath, [command, '--state-dir', agent.stateDirectory, 'ui'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: door.stdout! }), 'line')) as [string];
    address = new URL(line);
    assert.match(line, /^http:\/\/127\.0\.0\.1:\d+\/\?key=[\w-]{32}$/);
  });

  after(() => agent[Symbol.asyncDispose]());

  const session = (): URL => new URL('/api/v1/session', address);

  test('lets in who has the key, with the rights of who runs it', async () => {
    const { status, headers } = await ask(address);
    assert.deepEqual([status, headers['location']], [303, '/']);
    const [set] = headers['set-cookie'] as readonly string[];
    assert.match(set ?? '', /; HttpOnly; SameSite=Strict; Path=\/$/);
    cookie = set?.split(';')[0] ?? '';
    const { body } = await ask(session(), { cookie });
    assert.deepEqual(JSON.parse(body), { name: 'local', role: 'admin', via: 'socket' });
    const page = await ask(new URL('/', address), { cookie });
    assert.match(String(page.headers['content-security-policy'] ?? page.body), /default-src|not built/);
  });

  test('keeps out who has it not, names that lead here, and pages of other sites', async () => {
    const wrong = new URL(address);
    wrong.searchParams.set('key', 'x'.repeat(32));
    for (const [url, headers, reason] of [
      [session(), {}, /has the key/],
      [wrong, {}, /has the key/],
      [session(), { cookie: 'ligature-ui=no' }, /has the key/],
      [session(), { cookie, host: 'evil.example' }, /not evil\.example/],
      [session(), { cookie, origin: 'http://evil.example' }, /other sites/],
    ] as const) {
      const { status, body } = await ask(url, headers);
      assert.equal(status, 403);
      assert.match(body, reason);
    }
    const { port } = address;
    const own = await ask(session(), { cookie, origin: `http://127.0.0.1:${port}` }, 'DELETE');
    assert.equal(own.status, 204, own.body);
  });

  test('outlives requests for what is no address', async () => {
    const asked = request({ host: address.hostname, port: address.port, path: '//' });
    asked.end();
    const [reply] = (await once(asked, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
    reply.resume();
    assert.equal(reply.statusCode, 400);
    assert.equal((await ask(session(), { cookie })).status, 200);
  });

  test('opens no door where there is no agent', () => {
    const { status, stdout, stderr } = ligature('--state-dir', '/nonexistent', 'ui');
    assert.deepEqual([status, stdout], [4, '']);
    assert.match(stderr, /no agent answers at \/nonexistent/);
  });

  test('streams, says when the agent is gone, and ends', async () => {
    const asked = request(new URL('/api/v1/events', address), { headers: { cookie, accept: 'text/event-stream' } });
    asked.end();
    const [stream] = (await once(asked, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
    assert.equal(stream.statusCode, 200);
    asked.destroy();
    await agent.stop();
    const { status, body } = await ask(session(), { cookie });
    assert.equal(status, 502);
    assert.match(body, /no agent answers at .*http\.sock/);
    const ended = once(door, 'exit');
    door.kill('SIGINT');
    assert.deepEqual(await ended, [0, null]);
  });
});
