import assert from 'node:assert/strict';
import { credentials, status } from '@grpc/grpc-js';
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { schedulerPlugin } from '../../src/agent/plugins/scheduler.ts';
import { httpPlugin } from '../../src/app/index.ts';
import { startTestAgent, type TestAgent } from '../../src/client/testing.ts';
import { type Fields, GrpcClient } from './grpc-client.ts';

const get = 'ligato.configurator.ConfiguratorService/Get';
const update = 'ligato.configurator.ConfiguratorService/Update';
const health = 'grpc.health.v1.Health/Check';
const change: Fields = { update: { vpp_config: { interfaces: [{ name: 'a', type: 'SOFTWARE_LOOPBACK' }] } } };

const nobody = 65_534;
const skipped = spawnSync('true', { uid: nobody, gid: nobody }).status !== 0 && 'needs root';
const relayScript = `
process.setgroups([]);
process.setgid(${nobody});
process.setuid(${nobody});
const { connect, createServer } = require('node:net');
const [listening, target] = process.argv.slice(1);
const relay = (socket) => { const to = connect(target); socket.pipe(to).pipe(socket); for (const one of [socket, to]) one.on('error', () => {}); };
createServer(relay).listen({ path: listening, writableAll: true, readableAll: true }, () => console.log('ready'));`;

const tcp = (agent: TestAgent, host = '127.0.0.1'): GrpcClient => new GrpcClient(`${host}:${agent.grpcPort}`);
const bearer = (token: string) => ({ metadata: { authorization: `Bearer ${token}` } });

describe('who may do what by gRPC', () => {
  test('on loopback everybody reads, tokens change, each with its role, and the history says who', async () => {
    await using agent = await startTestAgent({
      files: { 'http.conf': 'tokens: [{ name: viewer, role: read, token: 0123456789abcdef }]\n' },
    });
    using client = tcp(agent);
    await client.call(get);
    await client.call(health);
    await assert.rejects(client.call(update, change), {
      code: status.UNAUTHENTICATED,
      details: /Authorization: Bearer/,
    });
    await assert.rejects(client.call(update, change, bearer('0123456789abcdef')), {
      code: status.PERMISSION_DENIED,
      details: 'this needs the role operate; viewer has the role read',
    });
    await assert.rejects(client.call(get, {}, bearer('wrong')), { code: status.UNAUTHENTICATED });
    await client.call(update, change, bearer(agent.token));
    const history = agent.application.api(schedulerPlugin).history();
    assert.match(history.at(-1)?.by ?? '', /^admin \(token, 127\.0\.0\.1\)$/);
  });

  test('the unix socket is private and needs no token', async () => {
    await using agent = await startTestAgent();
    assert.equal(statSync(agent.grpcSocketPath).mode & 0o777, 0o600);
    using client = new GrpcClient(`unix:${agent.grpcSocketPath}`);
    await client.call(update, change);
  });

  test('another user of the host has the role that socket-callers gives him', { skip: skipped }, async () => {
    const place = mkdtempSync(join(tmpdir(), 'lg-shared-'));
    chmodSync(place, 0o755);
    mkdirSync(join(place, 'of-nobody'));
    chownSync(join(place, 'of-nobody'), nobody, nobody);
    const path = join(place, 'grpc.sock');
    const files = {
      'http.conf': `socket-callers: [{ user: ${nobody}, role: read }]\nsocket-path: ${place}/http.sock\n`,
      'grpc.conf': `socket-path: ${path}\n`,
    };
    try {
      await using agent = await startTestAgent({ files });
      assert.equal(agent.application.info.label, 'vpp1');
      // Whoever connects here connects as that user.
      const listening = join(place, 'of-nobody', 'sock');
      const relay = spawn(process.execPath, ['-e', relayScript, listening, path], {
        cwd: '/',
        env: {},
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await once(relay.stdout, 'data');
        using client = new GrpcClient(`unix:${listening}`);
        await client.call(get);
        await assert.rejects(client.call(update, change), {
          code: status.PERMISSION_DENIED,
          details: /this needs the role operate; (nobody|uid 65534) has the role read/,
        });
        using own = new GrpcClient(`unix:${path}`);
        await own.call(update, change);
      } finally {
        relay.kill();
      }
    } finally {
      rmSync(place, { recursive: true });
    }
  });

  test('basic auth as Ligato had it', async () => {
    await using agent = await startTestAgent({ files: { 'http.conf': 'client-basic-auth: ["ann:secret1"]\n' } });
    using client = tcp(agent);
    await assert.rejects(client.call(get), { code: status.UNAUTHENTICATED });
    const authorization = `Basic ${Buffer.from('ann:secret1').toString('base64')}`;
    await client.call(update, change, { metadata: { authorization } });
  });

  test('ligato-compat-open lets everybody do everything', async () => {
    await using agent = await startTestAgent({ args: ['--ligato-compat-open'] });
    using client = tcp(agent);
    await client.call(update, change);
  });

  test('a foreign name and a foreign page are refused', async () => {
    await using agent = await startTestAgent();
    using client = new GrpcClient(`127.0.0.1:${agent.grpcPort}`, credentials.createInsecure(), {
      'grpc.default_authority': 'evil.example',
    });
    await assert.rejects(client.call(get), { code: status.PERMISSION_DENIED, details: /evil\.example.*allowed-hosts/ });
    using page = tcp(agent);
    await assert.rejects(page.call(get, {}, { metadata: { origin: 'http://evil.example' } }), {
      code: status.PERMISSION_DENIED,
    });
  });

  test('a wider address without TLS is refused at start', async () => {
    await assert.rejects(
      startTestAgent({ files: { 'grpc.conf': 'endpoint: 0.0.0.0:0\n' }, args: [] }),
      /needs TLS: set cert-file/,
    );
  });
});

describe('limits', () => {
  test('calls a second, bytes of a message', async () => {
    await using agent = await startTestAgent({
      files: { 'grpc.conf': 'rate-limiter: { limit: 0.01, burst: 3 }\nmax-msg-size: 10000\n' },
    });
    using local = new GrpcClient(`unix:${agent.grpcSocketPath}`);
    const large = { update: { vpp_config: { interfaces: [{ name: 'x'.repeat(20_000) }] } } };
    await assert.rejects(local.call(update, large), { code: status.RESOURCE_EXHAUSTED, details: /larger than/ });
    await local.call(update, change);
    using client = tcp(agent);
    for (let n = 0; n < 3; n++) await client.call(get);
    await assert.rejects(client.call(get), { code: status.RESOURCE_EXHAUSTED, details: /too many requests/ });
  });

  test('a method that is not there says so in words of gRPC', async () => {
    await using agent = await startTestAgent();
    const { stdout: answer } = await promisify(execFile)('curl', [
      ...['-s', '-i', '--http2-prior-knowledge', '-X', 'POST', '-H', 'content-type: application/grpc', '--data', ''],
      `http://127.0.0.1:${agent.grpcPort}/ligato.generic.ManagerService/Nothing`,
    ]);
    assert.match(answer, /grpc-status: 12/);
  });

  test('what speaks no HTTP/2 harms nobody', async () => {
    await using agent = await startTestAgent();
    for (const text of [
      'GET / HTTP/1.1\r\n\r\n',
      '\0'.repeat(5000),
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' + '\xff'.repeat(100),
    ]) {
      await new Promise<void>((resolve) => {
        const socket = createConnection(agent.grpcPort, '127.0.0.1', () => socket.end(Buffer.from(text, 'latin1')));
        socket.on('error', () => undefined).once('close', () => resolve());
        socket.resume();
      });
    }
    using client = tcp(agent);
    await client.call(get);
  });
});

describe('TLS', () => {
  let folder = '';
  const file = (name: string): string => join(folder, name);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lg-grpc-tls-'));
    const run = (...args: string[]): unknown => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    run('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca', '-days', '2');
    for (const name of ['localhost', 'boss', 'viewer']) {
      run(
        'req',
        ...key,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
        '-subj',
        `/CN=${name}`,
        '-addext',
        'subjectAltName=DNS:localhost',
      );
      run(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-out',
        `${name}.pem`,
        '-days',
        '2',
        '-copy_extensions',
        'copy',
      );
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  const secured = (agent: TestAgent, name?: string): GrpcClient => {
    const read = (path: string): Buffer => readFileSync(file(path));
    const security = credentials.createSsl(
      read('ca.pem'),
      ...(name === undefined ? [] : [read(`${name}.key`), read(`${name}.pem`)]),
    );
    return new GrpcClient(`localhost:${agent.grpcPort}`, security, { 'grpc.default_authority': 'localhost' });
  };

  test('client certificates have roles; without one nobody is let in', async () => {
    await using agent = await startTestAgent({
      files: {
        'grpc.conf': `cert-file: ${file('localhost.pem')}\nkey-file: ${file('localhost.key')}\nca-files: [${file('ca.pem')}]\n`,
        'http.conf': 'client-certificates: [{ name: viewer, role: read }]\n',
      },
    });
    using boss = secured(agent, 'boss');
    await boss.call(update, change);
    using viewer = secured(agent, 'viewer');
    await viewer.call(get);
    await assert.rejects(viewer.call(update, change), { code: status.PERMISSION_DENIED });
    using nobody = secured(agent);
    await assert.rejects(nobody.call(get), { code: status.UNAVAILABLE });
  });
});

test('calls are counted with the names that Ligato had', async () => {
  await using agent = await startTestAgent();
  using client = tcp(agent);
  await client.call(get);
  const metrics = await (await fetch(`${agent.application.api(httpPlugin).url}/metrics`)).text();
  assert.match(metrics, /grpc_server_handled_total\{.*grpc_method="Get",grpc_code="OK"\} 1/);
  assert.match(metrics, /grpc_server_handling_seconds_count\{.*grpc_method="Get"\} 1/);
});
