import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import { AppError } from '../errors.ts';
import { logRoutesPlugin } from '../log/plugin.ts';
import { probePlugin } from '../health/plugin.ts';
import { prometheusPlugin } from '../metrics/plugin.ts';
import { type Application, startApplication } from '../plugin/application.ts';
import { definePlugin } from '../plugin/definition.ts';
import { httpPlugin } from './plugin.ts';
import { HttpReply } from './route.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lg-http-'));
});
after(() => rm(directory, { recursive: true }));

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  readonly json: () => Record<string, unknown>;
}

interface Call {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** Ask through the unix socket. */
  readonly socket?: boolean;
}

function call(application: Application, path: string, options: Call = {}): Promise<Answer> {
  const http = application.api(httpPlugin);
  const target =
    options.socket === true
      ? { socketPath: http.socketPath ?? '' }
      : { host: http.address?.host ?? '', port: http.address?.port ?? 0 };
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { ...target, path, method: options.method ?? 'GET', headers: options.headers ?? {}, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: () => JSON.parse(text) as Record<string, unknown>,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(options.body);
  });
}

const gone = Promise.withResolvers<void>();

const routes = definePlugin({
  name: 'routes',
  needs: { http: httpPlugin },
  start: ({ http }) => {
    for (const role of ['public', 'read', 'operate', 'admin'] as const) {
      http.route({
        method: 'GET',
        path: `/${role}`,
        role,
        handler: ({ identity }) => ({ identity: identity?.name ?? 'nobody' }),
      });
    }
    http.route({
      method: 'POST',
      path: '/echo/:name',
      role: 'operate',
      schema: { params: z.object({ name: z.string().max(5) }), body: z.strictObject({ mtu: z.int() }) },
      handler: ({ params, body }) => ({ name: params.name, mtu: body.mtu + 1 }),
    });
    http.route({
      method: 'PUT',
      path: '/text',
      role: 'operate',
      body: 'text',
      maxBodyBytes: 10,
      handler: ({ body }) => new HttpReply(`got ${String(body)}`, { type: 'text/plain', status: 201 }),
    });
    http.route({
      method: 'GET',
      path: '/fail/:how',
      role: 'read',
      handler: ({ params }) => {
        if (params['how'] === 'known') throw new AppError('conflict', 'is there already', { field: 'name' });
        throw new Error('password=hunter2');
      },
    });
    http.route({
      method: 'GET',
      path: '/stream',
      role: 'read',
      handler: ({ signal }) => {
        const stream = new PassThrough();
        stream.write('first');
        signal.addEventListener('abort', () => {
          gone.resolve();
          stream.end();
        });
        return new HttpReply(stream, { type: 'text/plain' });
      },
    });
    http.route({ method: 'GET', path: '/nothing', role: 'read', handler: () => undefined });
  },
});

let count = 0;

async function start(
  config = '',
  args: readonly string[] = [],
  lines: string[] = [],
): Promise<Application & { readonly token: string }> {
  const own = join(directory, `instance-${count++}`);
  await mkdir(own, { mode: 0o700 });
  await writeFile(join(own, 'http.conf'), config === '' ? 'endpoint: 127.0.0.1:0\n' : config);
  const application = await startApplication({
    plugins: [routes, logRoutesPlugin, probePlugin, prometheusPlugin],
    args,
    env: { CONFIG_DIR: own, STATE_DIR: join(own, 'state') },
    signals: [],
    build: { version: 'v1.2.3', commit: 'abc', date: '2026-01-01' },
    logDestination: { write: (line) => lines.push(line) },
  });
  const token = (await readFile(join(application.info.stateDirectory, 'http-token'), 'utf8')).trim();
  return Object.assign(application, { token });
}

const bearer = (token: string): { headers: Record<string, string> } => ({
  headers: { authorization: `Bearer ${token}` },
});
const basic = (pair: string): { headers: Record<string, string> } => ({
  headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
});

async function statuses(application: Application, options: Call = {}): Promise<number[]> {
  const found: number[] = [];
  for (const role of ['public', 'read', 'operate', 'admin'])
    found.push((await call(application, `/${role}`, options)).status);
  return found;
}

describe('who may do what', () => {
  it('lets anybody on loopback read, and nobody change anything without a token', async () => {
    const application = await start();
    assert.deepEqual(await statuses(application), [200, 200, 401, 401]);
    const refused = await call(application, '/admin');
    assert.equal(refused.headers['www-authenticate'], 'Bearer');
    assert.equal(refused.json()['code'], 'unauthenticated');
    assert.match(String(refused.json()['Error']), /needs the role admin.*http-token/);
    await application.stop();
  });

  it('knows the generated token, and tokens with roles of the file', async () => {
    const application = await start(
      'endpoint: 127.0.0.1:0\ntokens:\n  - {name: viewer, role: read, token: viewer-viewer-viewer}\n  - {name: robot, role: operate, token: robot-robot-robot}\n',
    );
    assert.deepEqual(await statuses(application, bearer(application.token)), [200, 200, 200, 200]);
    assert.deepEqual(await statuses(application, bearer('viewer-viewer-viewer')), [200, 200, 403, 403]);
    assert.deepEqual(await statuses(application, bearer('robot-robot-robot')), [200, 200, 200, 403]);
    assert.deepEqual(await statuses(application, bearer(`${application.token}x`)), [200, 401, 401, 401]);
    assert.equal((await call(application, '/operate', bearer('robot-robot-robot'))).json()['identity'], 'robot');
    await application.stop();
  });

  it('keeps the token in a file of mode 0600, the same at the next start, never in the log', async () => {
    const lines: string[] = [];
    const application = await start('', [], lines);
    const file = join(application.info.stateDirectory, 'http-token');
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    application.info.logs.logger('x').info(`token is ${application.token}`);
    await application.stop();
    assert.doesNotMatch(lines.join(''), new RegExp(application.token));

    await chmod(file, 0o644);
    const again = await start('', ['--state-dir', application.info.stateDirectory], lines);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.ok(lines.some((line) => line.includes('could be read by others')));
    assert.deepEqual(await statuses(again, bearer(application.token)), [200, 200, 200, 200]);
    await again.stop();
  });

  it('asks readers too when there is basic authentication', async () => {
    const application = await start('endpoint: 127.0.0.1:0\nclient-basic-auth: ["ann:secret-of-ann"]\n');
    assert.deepEqual(await statuses(application), [200, 401, 401, 401]);
    assert.deepEqual(await statuses(application, basic('ann:secret-of-ann')), [200, 200, 200, 403]);
    assert.deepEqual(await statuses(application, basic('ann:wrong')), [200, 401, 401, 401]);
    await application.stop();
  });

  it('opens for everybody with --ligato-compat-open, and says so', async () => {
    const lines: string[] = [];
    const application = await start('endpoint: 127.0.0.1:0\n', ['--ligato-compat-open'], lines);
    assert.deepEqual(await statuses(application, { headers: { host: 'vpp-agent:9191' } }), [200, 200, 200, 200]);
    assert.ok(lines.some((line) => line.includes('ANYBODY') && line.includes('"warn"')));
    await application.stop();
  });

  it('needs no token on the unix socket, which only its owner can open', async () => {
    const application = await start();
    assert.deepEqual(await statuses(application, { socket: true }), [200, 200, 200, 200]);
    const path = application.api(httpPlugin).socketPath ?? '';
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(join(path, '..'))).mode & 0o777, 0o700);
    await application.stop();
    await assert.rejects(stat(path), /ENOENT/);
  });
});

describe('foreign pages', () => {
  it('refuses names that DNS could have been made to point here', async () => {
    const application = await start('endpoint: 127.0.0.1:0\nallowed-hosts: [agent.example]\n');
    const status = async (host: string): Promise<number> =>
      (await call(application, '/read', { headers: { host } })).status;
    assert.equal(await status('evil.example'), 403);
    assert.equal(await status('evil.example:9191'), 403);
    assert.equal(await status('localhost.evil.example'), 403);
    for (const host of ['localhost:1', '127.0.0.1', '[::1]:9191', 'agent.example:9191', 'AGENT.example.'])
      assert.equal(await status(host), 200, host);
    const refused = await call(application, '/public', { headers: { host: 'evil.example' } });
    assert.deepEqual([refused.status, refused.json()['field']], [403, 'Host']);
    await application.stop();
  });

  it('refuses requests of other origins, also with a token', async () => {
    const application = await start('endpoint: 127.0.0.1:0\nallowed-origins: ["https://ui.example"]\n');
    const own = application.api(httpPlugin).url ?? '';
    const status = async (origin: string): Promise<number> => {
      const headers = { ...bearer(application.token).headers, origin };
      return (await call(application, '/operate', { headers })).status;
    };
    assert.equal(await status('https://evil.example'), 403);
    assert.equal(await status('null'), 403);
    assert.equal(await status('http://127.0.0.1:1'), 403);
    assert.equal(await status(own), 200);
    assert.equal(await status('https://ui.example'), 200);
    await application.stop();
  });
});

describe('listening', () => {
  it('refuses to be reachable from elsewhere without TLS', async () => {
    for (const endpoint of ['0.0.0.0:0', ':0', '"[::]:0"', '192.0.2.1:9191']) {
      await assert.rejects(start(`endpoint: ${endpoint}\n`), (error: AppError) =>
        /needs TLS.*--ligato-compat-open/.test(error.message),
      );
    }
  });

  it('opens only when all plugins have started', async () => {
    const late = definePlugin({
      name: 'late',
      needs: { http: httpPlugin },
      start: ({ http }) => {
        assert.equal(http.address, undefined);
      },
    });
    const own = await mkdtemp(join(directory, 'late-'));
    const application = await startApplication({
      plugins: [late],
      env: { STATE_DIR: own, CONFIG_DIR: own },
      args: ['--http-port', '0'],
      signals: [],
      logDestination: { write: () => {} },
    });
    const http = application.api(httpPlugin);
    assert.notEqual(http.address, undefined);
    assert.throws(() => http.route({ method: 'GET', path: '/x', role: 'read', handler: () => 1 }), /comes too late/);
    await application.stop();
  });

  it('says that the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await assert.rejects(
      start('endpoint: 127.0.0.1:0\n', ['--http-port', String(port)]),
      /in use by another process; choose another port/,
    );
    await new Promise((resolve) => other.close(resolve));
  });

  it('replaces the socket of a killed agent and refuses that of a living one', async () => {
    const application = await start();
    const { stateDirectory } = application.info;
    await assert.rejects(start('', ['--state-dir', stateDirectory]), /another agent listens on/);
    await application.stop();

    const path = application.api(httpPlugin).socketPath ?? '';
    // What kill -9 leaves: a socket nobody listens on.
    const { spawnSync } = await import('node:child_process');
    spawnSync(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    assert.ok((await stat(path)).isSocket());
    const again = await start('', ['--state-dir', stateDirectory]);
    assert.equal((await call(again, '/admin', { socket: true })).status, 200);
    await again.stop();
  });

  it('refuses a control directory that others can enter', async () => {
    const application = await start();
    const { stateDirectory } = application.info;
    await application.stop();
    await chmod(join(stateDirectory, 'control'), 0o755);
    await assert.rejects(start('', ['--state-dir', stateDirectory]), /can be entered by others \(mode 755\)/);
  });

  it('ends streams when it stops, and does not wait for idle connections', async () => {
    const application = await start();
    const first = Promise.withResolvers<string>();
    const { address } = application.api(httpPlugin);
    const ended = new Promise<void>((resolve, reject) => {
      const request = httpRequest(
        { host: address?.host ?? '', port: address?.port ?? 0, path: '/stream' },
        (response) => {
          response.once('data', (chunk: Buffer) => first.resolve(chunk.toString()));
          response.on('end', resolve);
        },
      );
      request.on('error', reject);
      request.end();
    });
    assert.equal(await first.promise, 'first');
    const report = await application.stop();
    await ended;
    await gone.promise;
    assert.deepEqual(report.errors, []);
  });
});

describe('requests', () => {
  let application: Awaited<ReturnType<typeof start>>;
  before(async () => {
    application = await start();
  });
  after(async () => {
    await application.stop();
  });
  const post = (path: string, body: string | Buffer, method = 'POST'): Promise<Answer> =>
    call(application, path, { method, body, ...bearer(application.token) });

  it('validates parameters and body, naming the field', async () => {
    assert.deepEqual((await post('/echo/abc', '{"mtu": 1500}')).json(), { name: 'abc', mtu: 1501 });
    const wrong = await post('/echo/abc', '{"mtu": "big"}');
    assert.equal(wrong.status, 400);
    assert.deepEqual(wrong.json(), {
      Error: 'mtu: expected a number, found the text "big"',
      code: 'invalid',
      field: 'mtu',
    });
    assert.equal((await post('/echo/abc', '{"mtu": 1, "mto": 2}')).json()['field'], 'mto');
    assert.equal((await post('/echo/abcdef', '{"mtu": 1}')).json()['field'], 'name');
    assert.match(String((await post('/echo/abc', '{"mtu": ')).json()['Error']), /not valid JSON/);
    assert.match(String((await post('/echo/abc', Buffer.from([0x22, 0xff, 0x22]))).json()['Error']), /not UTF-8/);
  });

  it('limits the size of a body', async () => {
    assert.deepEqual(
      [(await post('/text', '0123456789', 'PUT')).text, (await post('/text', 'x', 'PUT')).status],
      ['got 0123456789', 201],
    );
    const large = await post('/text', '0123456789a', 'PUT');
    assert.deepEqual([large.status, large.json()['code']], [413, 'too-large']);
  });

  it('answers errors as Ligato did, and keeps unforeseen ones to itself', async () => {
    assert.deepEqual((await call(application, '/fail/known')).json(), {
      Error: 'is there already',
      code: 'conflict',
      field: 'name',
    });
    const internal = await call(application, '/fail/unknown');
    assert.equal(internal.status, 500);
    assert.doesNotMatch(internal.text, /hunter2/);
    const missing = await call(application, '/nowhere?x=1');
    assert.deepEqual([missing.status, missing.json()['Error']], [404, 'there is nothing at GET /nowhere']);
    assert.equal((await call(application, '/nothing')).status, 204);
    assert.equal((await call(application, '/read', { method: 'HEAD' })).status, 200);
  });

  it('shows and changes log levels', async () => {
    assert.equal((await call(application, '/log/routes/debug', { method: 'PUT' })).status, 401);
    assert.deepEqual((await post('/log/routes/debug', '', 'PUT')).json(), { logger: 'routes', level: 'debug' });
    const list = (await call(application, '/log/list')).json() as unknown as { logger: string; level: string }[];
    assert.equal(list.find(({ logger }) => logger === 'routes')?.level, 'debug');
    assert.equal((await post('/log/rotes/debug', '', 'PUT')).status, 404);
    assert.match(String((await post('/log/routes/loud', '', 'PUT')).json()['Error']), /unknown log level "loud"/);
  });

  it('answers probes with the names and codes of Ligato', async () => {
    const { health } = application.info;
    const probe = async (): Promise<[number, number]> => [
      (await call(application, '/liveness')).status,
      (await call(application, '/readiness')).status,
    ];
    assert.deepEqual(await probe(), [200, 200]);
    health.report('routes', 'init');
    assert.deepEqual(await probe(), [200, 500]);
    health.report('routes', 'error', 'cable is out');
    assert.deepEqual(await probe(), [500, 500]);
    const status = (await call(application, '/readiness')).json();
    assert.deepEqual(
      [status['build_version'], status['commit_hash'], status['build_date'], status['state']],
      ['v1.2.3', 'abc', '2026-01-01', 2],
    );
    const plugin = (status['PluginStatus'] as Record<string, Record<string, unknown>>)['routes'];
    assert.deepEqual([plugin?.['name'], plugin?.['state'], plugin?.['error']], ['routes', 2, 'cable is out']);
    assert.match(
      (await call(application, '/health')).text,
      /service_dependency_health\{service="vpp1",dependency="routes"\} 2/,
    );
    health.report('routes', 'ok');
    assert.deepEqual(await probe(), [200, 200]);
  });

  it('serves metrics of plugins, process and build', async () => {
    application.info.metrics.counter({ name: 'lg_test_total', help: 'x' }).inc(3);
    const { text } = await call(application, '/metrics');
    assert.match(text, /lg_test_total 3/);
    assert.match(text, /process_resident_memory_bytes \d{7,}/);
    assert.match(text, /build_info\{version="v1.2.3",commit="abc",date="2026-01-01"\} 1/);
  });
});

describe('two agents in one process', () => {
  it('have their own routes, tokens, sockets and metrics', async () => {
    const one = await start();
    const two = await start();
    assert.notEqual(one.token, two.token);
    assert.equal((await call(one, '/admin', bearer(one.token))).status, 200);
    assert.equal((await call(two, '/admin', bearer(one.token))).status, 401);
    one.info.metrics.counter({ name: 'lg_only_one_total', help: 'x' }).inc();
    assert.match((await call(one, '/metrics')).text, /lg_only_one_total/);
    assert.doesNotMatch((await call(two, '/metrics')).text, /lg_only_one_total/);
    await one.stop();
    assert.equal((await call(two, '/admin', { socket: true })).status, 200);
    await two.stop();
  });
});

describe('rate limit', () => {
  it('refuses with 429 and says how long to wait', async () => {
    const application = await start('endpoint: 127.0.0.1:0\nrate-limiter: {limit: 0.001, burst: 2}\n');
    assert.equal((await call(application, '/read')).status, 200);
    assert.equal((await call(application, '/read')).status, 200);
    const refused = await call(application, '/read');
    assert.deepEqual([refused.status, refused.json()['code']], [429, 'rate-limited']);
    assert.ok(Number(refused.headers['retry-after']) > 100);
    assert.equal((await call(application, '/read', bearer('guess'))).status, 429);
    // Another caller has a bucket of its own.
    assert.equal((await call(application, '/read', bearer(application.token))).status, 200);
    await application.stop();
  });
});
