/** Callers by unix sockets have the role that belongs to who they are. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, describe, test } from 'node:test';
import { startApplication } from '../plugin/application.ts';
import { definePlugin } from '../plugin/definition.ts';
import { LocalCallers, type LocalCaller } from './local-callers.ts';
import { type Peer, peerReader } from './peer.ts';
import { httpPlugin } from './plugin.ts';

const folder = mkdtempSync(join(tmpdir(), 'lg-callers-'));
after(() => rmSync(folder, { recursive: true }));

const files = { passwd: 'root:x:0:0::/:/bin/sh\nann:x:1001:1001::/:/bin/sh\n', group: 'netops:x:2000:ann\n' };
const stranger: Peer = { pid: 1, uid: 4711, groups: [4711] };

describe('who calls by a unix socket', () => {
  const judge = (callers: readonly LocalCaller[], peer: Peer | undefined) =>
    new LocalCallers(callers, { accounts: (name) => files[name], reader: () => peer }).identify({} as Socket);

  test('the own user and root are admin, users and groups have their role, the best counts', () => {
    const callers: readonly LocalCaller[] = [
      { user: 'ann', role: 'read' },
      { group: 'netops', role: 'operate' },
      { user: 1002, role: 'admin' },
    ];
    const own = { ...stranger, uid: process.geteuid?.() ?? -1 };
    for (const peer of [own, { ...stranger, uid: 0 }])
      assert.deepEqual(judge([], peer), { name: 'local', role: 'admin', via: 'socket' });
    const ann = { pid: 1, uid: 1001, groups: [1001] };
    assert.deepEqual(judge(callers, ann), { name: 'ann', role: 'read', via: 'socket' });
    assert.deepEqual(judge(callers, { ...ann, groups: [1001, 2000] }).role, 'operate');
    assert.deepEqual(judge(callers, { ...stranger, uid: 1002 }), { name: 'uid 1002', role: 'admin', via: 'socket' });
  });

  test('strangers are refused, and so is who has gone', () => {
    assert.throws(() => judge([], stranger), {
      code: 'forbidden',
      message: /user uid 4711 may not call.*socket-callers/,
    });
    assert.throws(() => judge([], undefined), { code: 'forbidden' });
    assert.throws(() => judge([{ user: 'bob', role: 'read' }], stranger), {
      code: 'invalid-config',
      message: /socket-callers\[0\].user: there is no user bob/,
    });
  });

  test('the kernel says who it is', async () => {
    const reader = peerReader(true);
    assert.ok(reader, 'koffi is there where tests run');
    const path = join(folder, 'peer.sock');
    const server = createServer().listen(path);
    await once(server, 'listening');
    const client = connect(path);
    const [socket] = (await once(server, 'connection')) as [Socket];
    const peer = reader(socket);
    assert.deepEqual([peer?.pid, peer?.uid, peer?.groups[0]], [process.pid, process.getuid?.(), process.getgid?.()]);
    client.destroy();
    socket.destroy();
    assert.deepEqual(reader(socket), peer, 'remembered');
    server.close();
  });
});

const nobody = 65_534;
const canBecomeNobody = spawnSync('true', { uid: nobody, gid: nobody }).status === 0;

/** Asks as another user, who need not be able to read Node's binary; prints the status of each path. */
const ask = `
const { request } = require('node:http');
process.setgroups([]);
process.setgid(${nobody});
process.setuid(${nobody});
const [socketPath, ...paths] = process.argv.slice(1);
(async () => {
  for (const path of paths)
    await new Promise((resolve) => request({ socketPath, path, headers: { host: 'localhost' } }, (response) => {
      console.log(response.statusCode);
      response.resume().once('end', resolve);
    }).once('error', (error) => resolve(console.log(error.code))).end());
})();`;

const routes = definePlugin({
  name: 'routes',
  needs: { http: httpPlugin },
  start: ({ http }) => {
    for (const role of ['read', 'operate', 'admin'] as const)
      http.route({ method: 'GET', path: `/${role}`, role, handler: ({ by }) => ({ by }) });
  },
});

test('another user is let in as far as the configuration says', {
  skip: !canBecomeNobody && 'needs root',
}, async () => {
  const place = join(folder, 'shared');
  mkdirSync(place);
  chmodSync(folder, 0o755);
  chmodSync(place, 0o755);
  const statuses = async (config: string): Promise<readonly string[]> => {
    writeFileSync(join(folder, 'http.conf'), `disabled: true\nsocket-path: ${place}/http.sock\n${config}`);
    const application = await startApplication({
      plugins: [routes],
      env: { CONFIG_DIR: folder, STATE_DIR: join(folder, 'state') },
      signals: [],
      logDestination: { write: () => {} },
    });
    const child = spawn(process.execPath, ['-e', ask, `${place}/http.sock`, '/read', '/operate', '/admin'], {
      cwd: '/',
      env: {},
    });
    const output = await text(child.stdout);
    const mode = statSync(`${place}/http.sock`).mode & 0o777;
    await application.stop();
    return [mode.toString(8), ...output.trim().split('\n')];
  };
  assert.deepEqual(await statuses(`socket-callers: [{ user: ${nobody}, role: operate }]\n`), [
    '666',
    '200',
    '200',
    '403',
  ]);
  assert.deepEqual(await statuses(`socket-callers: [{ user: 1, role: admin }, { group: ${nobody}, role: read }]\n`), [
    '666',
    '200',
    '403',
    '403',
  ]);
  assert.deepEqual(await statuses('socket-callers: [{ user: 1, role: admin }]\n'), ['666', '403', '403', '403']);
});

test('a line has either a user or a group', async () => {
  writeFileSync(join(folder, 'http.conf'), 'socket-callers: [{ role: read }]\n');
  await assert.rejects(
    startApplication({ plugins: [routes], env: { CONFIG_DIR: folder, STATE_DIR: join(folder, 'state') }, signals: [] }),
    /http.conf:1:\d+: .*socket-callers\[0\].*expected either user or group/,
  );
});
