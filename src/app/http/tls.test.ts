import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { type Application, startApplication } from '../plugin/application.ts';
import { definePlugin } from '../plugin/definition.ts';
import { httpPlugin } from './plugin.ts';

let directory = '';
const file = (name: string): string => join(directory, name);

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lg-tls-'));
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
    '-subj',
    '/CN=test ca',
    '-days',
    '1',
  );
  for (const name of ['server', 'boss', 'stranger']) {
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      file(`${name}.key`),
      '-out',
      file(`${name}.csr`),
      '-subj',
      `/CN=${name}`,
    );
    openssl(
      'x509',
      '-req',
      '-in',
      file(`${name}.csr`),
      '-CA',
      file('ca.pem'),
      '-CAkey',
      file('ca.key'),
      '-CAcreateserial',
      '-out',
      file(`${name}.pem`),
      '-days',
      '1',
    );
  }
});
after(() => rm(directory, { recursive: true }));

function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args);
  assert.equal(status, 0, `openssl ${args[0]}: ${stderr}`);
}

const routes = definePlugin({
  name: 'routes',
  needs: { http: httpPlugin },
  start: ({ http }) => {
    for (const role of ['read', 'operate', 'admin'] as const)
      http.route({ method: 'GET', path: `/${role}`, role, handler: () => ({}) });
  },
});

async function start(config: string): Promise<Application> {
  const own = await mkdtemp(file('instance-'));
  await writeFile(join(own, 'http.conf'), config);
  return startApplication({
    plugins: [routes],
    env: { CONFIG_DIR: own, STATE_DIR: join(own, 'state') },
    signals: [],
    logDestination: { write: () => {} },
  });
}

async function statuses(
  application: Application,
  certificate?: string,
  headers: Record<string, string> = {},
): Promise<(number | string)[]> {
  const port = application.api(httpPlugin).address?.port;
  const ca = await readFile(file('ca.pem'));
  const client =
    certificate === undefined
      ? {}
      : { cert: await readFile(file(`${certificate}.pem`)), key: await readFile(file(`${certificate}.key`)) };
  const ask = (path: string): Promise<number | string> =>
    new Promise((resolve) => {
      const options = {
        host: '127.0.0.1',
        port,
        path,
        ca,
        ...client,
        headers,
        agent: false,
        checkServerIdentity: () => undefined,
      };
      const call = request(options, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      call.on('error', () => resolve('refused'));
      call.end();
    });
  return Promise.all(['/read', '/operate', '/admin'].map(ask));
}

const tls = (): string => `server-cert-file: ${file('server.pem')}\nserver-key-file: ${file('server.key')}\n`;

it('may listen on all addresses with TLS, and asks for a token', async () => {
  const application = await start(`endpoint: 0.0.0.0:0\n${tls()}`);
  const token = (await readFile(join(application.info.stateDirectory, 'http-token'), 'utf8')).trim();
  assert.match(application.api(httpPlugin).url ?? '', /^https:/);
  assert.deepEqual(
    await statuses(application, undefined, { authorization: `Bearer ${token}`, host: 'any.example' }),
    [200, 200, 200],
  );
  await application.stop();
});

it('gives a client certificate its role, others operate, and refuses callers without one', async () => {
  const application = await start(
    `endpoint: 127.0.0.1:0\n${tls()}client-cert-files: [${file('ca.pem')}]\nclient-certificates:\n  - {name: boss, role: admin}\n`,
  );
  assert.deepEqual(await statuses(application, 'boss'), [200, 200, 200]);
  assert.deepEqual(await statuses(application, 'stranger'), [200, 200, 403]);
  assert.deepEqual(await statuses(application), ['refused', 'refused', 'refused']);
  await application.stop();
});

it('names key and file of what cannot be read', async () => {
  await assert.rejects(start(`server-cert-file: ${file('server.pem')}\n`), /server-key-file is missing/);
  await assert.rejects(start(`client-cert-files: [${file('ca.pem')}]\n`), /server-cert-file is missing/);
  await assert.rejects(
    start(`server-cert-file: /nowhere.pem\nserver-key-file: ${file('server.key')}\n`),
    /server-cert-file: ENOENT.*nowhere.pem/,
  );
  await assert.rejects(
    start(`endpoint: 127.0.0.1:0\nserver-cert-file: ${file('ca.key')}\nserver-key-file: ${file('server.key')}\n`),
    /TLS certificate or key/,
  );
});
