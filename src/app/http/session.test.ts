/** Pages in browsers: log in, change something, and what foreign pages cannot do. */

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Application, startApplication } from '../plugin/application.ts';
import { definePlugin } from '../plugin/definition.ts';
import { httpPlugin } from './plugin.ts';
import { sessionRoutesPlugin } from './session-plugin.ts';
import { Sessions } from './sessions.ts';

let directory = '';
let application: Application;
let url = '';
const lines: Record<string, unknown>[] = [];

const change = definePlugin({
  name: 'change',
  needs: { http: httpPlugin },
  start: ({ http }) => http.route({ method: 'PUT', path: '/change', role: 'operate', handler: ({ by }) => ({ by }) }),
});

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lg-session-'));
  application = await startApplication({
    plugins: [httpPlugin, sessionRoutesPlugin, change],
    args: ['--state-dir', directory, '--config-dir', directory, '--http-port', '0'],
    env: {},
    signals: [],
    logDestination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  url = application.api(httpPlugin).url ?? '';
});
after(async () => {
  await application.stop();
  await rm(directory, { recursive: true });
});

async function logIn(token: string): Promise<{ answer: Response; cookie: string; csrf: string }> {
  const answer = await fetch(`${url}/api/v1/session`, { method: 'POST', body: JSON.stringify({ token }) });
  const { csrf = '' } = (await answer.clone().json()) as { csrf?: string };
  return { answer, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '', csrf };
}

const token = async (): Promise<string> => (await readFile(join(directory, 'http-token'), 'utf8')).trim();
const put = (headers: Record<string, string>): Promise<Response> => fetch(`${url}/change`, { method: 'PUT', headers });

test('a token buys a cookie that pages cannot read, and changes need the text that came with it', async () => {
  const { answer, cookie, csrf } = await logIn(await token());
  assert.match(answer.headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Strict/);
  assert.equal((await put({ cookie })).status, 403);
  assert.equal((await put({ cookie, 'x-ligature-csrf': 'guess' })).status, 403);
  const changed = await put({ cookie, 'x-ligature-csrf': csrf });
  assert.equal(changed.status, 200);
  assert.match(((await changed.json()) as { by: string }).by, /^admin \(session, /);
  const me = (await (await fetch(`${url}/api/v1/session`, { headers: { cookie } })).json()) as object;
  assert.deepEqual(me, { name: 'admin', role: 'admin', via: 'session', csrf });
  const out = await fetch(`${url}/api/v1/session`, {
    method: 'DELETE',
    headers: { cookie, 'x-ligature-csrf': csrf },
  });
  assert.match(out.headers.get('set-cookie') ?? '', /Max-Age=0/);
  assert.equal((await put({ cookie, 'x-ligature-csrf': csrf })).status, 401);
});

test('a wrong token is refused, and without one a page on this host may read', async () => {
  assert.equal((await logIn('a wrong token')).answer.status, 401);
  const me = (await (await fetch(`${url}/api/v1/session`)).json()) as object;
  assert.deepEqual(me, { name: 'anonymous', role: 'read', via: 'loopback' });
});

test('what a page of another site asks is refused, with and without Origin', async () => {
  const { cookie, csrf } = await logIn(await token());
  const known = { cookie, 'x-ligature-csrf': csrf };
  assert.equal((await put({ ...known, origin: 'http://evil.example' })).status, 403);
  assert.equal((await put({ ...known, 'sec-fetch-site': 'cross-site' })).status, 403);
  assert.equal((await put({ ...known, 'sec-fetch-site': 'same-origin' })).status, 200);
});

test('answers say that they are not to be framed, guessed at or kept', async () => {
  const { headers } = await fetch(`${url}/api/v1/session`);
  assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('cache-control'), 'no-store');
});

test('changes, and attempts at them, are written down with who and from where', async () => {
  lines.length = 0;
  await put({ authorization: `Bearer ${await token()}` });
  await put({});
  const audit = lines.filter(({ logger }) => logger === 'audit').map(({ by, status, msg }) => [by, status, msg]);
  assert.deepEqual(audit, [
    ['admin', 200, 'PUT /change'],
    ['nobody', 401, 'PUT /change'],
  ]);
});

test('sessions end by themselves, and there are not more than a thousand', () => {
  let now = 0;
  const sessions = new Sessions(() => now);
  const identity = { name: 'a', role: 'read', via: 'token' } as const;
  const first = sessions.open(identity);
  const headers = { cookie: `other=1; ligature-session=${first.id}` };
  assert.equal(sessions.of(headers)?.id, first.id);
  now = 13 * 3600_000;
  assert.equal(sessions.of(headers), undefined);
  const second = sessions.open(identity);
  for (let n = 0; n < 1000; n++) sessions.open(identity);
  assert.equal(sessions.of({ cookie: `ligature-session=${second.id}` }), undefined);
});
