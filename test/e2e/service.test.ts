import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, suite, test } from 'node:test';
import { requires } from '../requires.ts';
import { AgentProcess, ligature } from './agent-process.ts';

const command = join(import.meta.dirname, '../../src/cli/main.ts');

/** Where the agent said that its gRPC port is. */
function grpcPort(agent: AgentProcess): string {
  const line = agent.log.split('\n').find((one) => one.includes('"logger":"grpc"') && one.includes('"listening"'));
  return /"address":"127\.0\.0\.1:(\d+)"/.exec(line ?? '')?.[1] ?? assert.fail(`no port in: ${line}`);
}

suite('any gRPC method by command line', { skip: requires({ netns: true }) }, () => {
  let agent: AgentProcess;
  before(async () => void (agent = await AgentProcess.open()));
  after(() => agent[Symbol.asyncDispose]());

  const service = (...args: string[]) => agent.ligature('service', ...args);
  const fails = (status: number, message: RegExp, ...args: string[]): void => {
    const result = service(...args);
    assert.deepEqual([result.status, result.stdout], [status, '']);
    assert.match(result.stderr, message);
  };

  test('services and methods are listed as the agent describes them', () => {
    const names = (JSON.parse(service('ls', '-f', 'json').stdout) as { service: string }[]).map((one) => one.service);
    assert.ok(names.includes('ligato.generic.ManagerService') && names.includes('grpc.health.v1.Health'));
    assert.deepEqual(JSON.parse(service('list', 'Health', '--methods', '-f', 'json').stdout), [
      {
        service: 'grpc.health.v1.Health',
        method: 'Check',
        request: 'grpc.health.v1.HealthCheckRequest',
        response: 'grpc.health.v1.HealthCheckResponse',
        requestStream: false,
        responseStream: false,
      },
      {
        service: 'grpc.health.v1.Health',
        method: 'Watch',
        request: 'grpc.health.v1.HealthCheckRequest',
        response: 'grpc.health.v1.HealthCheckResponse',
        requestStream: false,
        responseStream: true,
      },
    ]);
    assert.match(service('ls', '-m').stdout, /ManagerService +Subscribe +ligato\S+Request +stream ligato\S+Response/);
  });

  test('a request is YAML from standard input or --data, the answer JSON or YAML', () => {
    const request = 'update:\n  vpp_config:\n    interfaces:\n      - { name: loop1, type: SOFTWARE_LOOPBACK }\n';
    const args = ['--state-dir', agent.stateDirectory, 'service', 'call', 'ConfiguratorService', 'Update'];
    const done = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', input: request });
    assert.deepEqual([done.status, done.stdout], [0, '{}\n'], done.stderr);
    assert.match(agent.ligature('values').stdout, /loop1 +CONFIGURED/);
    const config = { vppConfig: { interfaces: [{ name: 'loop1', type: 'SOFTWARE_LOOPBACK' }] } };
    assert.deepEqual(JSON.parse(service('call', 'ligato.configurator.ConfiguratorService', 'Get').stdout), { config });
    assert.match(service('call', 'ConfiguratorService', 'Get', '-f', 'yaml').stdout, /^config:\n {2}vppConfig:\n/);
  });

  test('what an Any holds is read and written with the types of the agent', () => {
    const id = { model: 'vpp.interfaces', name: 'loop2' };
    const any = {
      '@type': 'models.ligato.io/ligato.vpp.interfaces.Interface',
      name: 'loop2',
      type: 'SOFTWARE_LOOPBACK',
    };
    const request = JSON.stringify({ updates: [{ item: { id, data: { any } } }] });
    const done = service('call', 'ManagerService', 'SetConfig', '--data', request);
    assert.equal(done.status, 0, done.stderr);
    const { items } = JSON.parse(service('call', 'ManagerService', 'GetConfig').stdout) as {
      items: { item: { id: object; data: { any: object } } }[];
    };
    assert.deepEqual(
      items.map(({ item }) => item).find(({ id: one }) => JSON.stringify(one) === JSON.stringify(id)),
      {
        id,
        data: { any },
      },
    );
  });

  test('what is wrong is named: service, method, field, document, agent', () => {
    fails(
      2,
      /no service ManagrService; did you mean `ManagerService`\?\n(.*\n)*.*ligato\.generic/,
      'ls',
      'ManagrService',
    );
    fails(
      2,
      /no method GetConfg; did you mean `GetConfig`\?\n(.*\n)* {2}DumpState/,
      'call',
      'ManagerService',
      'GetConfg',
    );
    const update = ['call', 'ConfiguratorService', 'Update', '--data'];
    fails(
      2,
      /updat: there is no such field.*`update`.*\n(.*\n)*.*full_resync: number 3/,
      ...update,
      '{updat: {}, full_resync: 3}',
    );
    fails(2, /neither YAML nor JSON.*\(1:/, ...update, '{a');
    fails(2, /takes one request, not 2/, ...update, '{}\n---\n{}');
    fails(
      2,
      /knows no message example\.Nothing/,
      'call',
      'ManagerService',
      'SetConfig',
      '-d',
      '{"@type": "x/example.Nothing"}',
    );
    const mtu = '{update: {vpp_config: {interfaces: [{name: a, type: SOFTWARE_LOOPBACK, mtu: 70000}]}}}';
    fails(1, /^error: INVALID_ARGUMENT: .*\n(.*\n)*.*mtu/, ...update, mtu);
    const nobody = ligature('--socket', join(agent.folder, 'nothing.sock'), 'service', 'ls');
    assert.deepEqual([nobody.status, /there is no such socket/.test(nobody.stderr)], [4, true]);
    const http = ligature('--grpc-port', String(agent.port), 'service', 'ls');
    assert.deepEqual([http.status, /is this its --grpc-port/.test(http.stderr)], [4, true]);
  });

  test('on the gRPC port changing wants a token', () => {
    const asked = ['--grpc-port', grpcPort(agent), 'service', 'call', 'ManagerService', 'SetConfig', '-d', '{}'];
    const refused = ligature(...asked);
    assert.deepEqual([refused.status, /UNAUTHENTICATED.*--token/.test(refused.stderr)], [1, true], refused.stderr);
    const done = ligature('--token', agent.token, ...asked);
    assert.equal(done.status, 0, done.stderr);
  });

  test('a stream is one line an answer, until interrupted', async () => {
    const args = ['--state-dir', agent.stateDirectory, 'service', 'call', 'Health', 'Watch'];
    const watch = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const { value } = await createInterface({ input: watch.stdout })[Symbol.asyncIterator]().next();
      assert.deepEqual(JSON.parse(String(value)), { status: 'SERVING' });
      const ended = once(watch, 'exit');
      watch.kill('SIGINT');
      assert.deepEqual(await ended, [0, null]);
    } finally {
      watch.kill('SIGKILL');
    }
  });
});

test('TLS, with a certificate authority', { skip: requires({ netns: true }) }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lg-service-tls-'));
  try {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], { stdio: 'pipe' });
    await using agent = await AgentProcess.open([], { 'grpc.conf': `cert-file: ${cert}\nkey-file: ${key}\n` });
    const asked = ['-H', 'localhost', '--grpc-port', grpcPort(agent), '--token', agent.token, 'service', 'ls'];
    const done = ligature('--tls-ca', cert, ...asked);
    assert.deepEqual([done.status, /ManagerService/.test(done.stdout)], [0, true], done.stderr);
    const stranger = ligature('--tls', ...asked);
    assert.deepEqual([stranger.status, /certificate/.test(stranger.stderr)], [4, true], stranger.stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
