/** A VPP of the agent's own: crashed, hung, left alone by the agent and taken over again. */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startAgent } from '../../src/agent/agent.ts';
import { adoptProcess, endProcess } from '../../src/app/process/running.ts';
import { HttpClient } from '../../src/client/http.ts';
import { connectVpp } from '../../src/vpp/index.ts';
import { vppBinary } from '../vpp/process.ts';

const binary = vppBinary();
const skip = binary === undefined && 'needs VPP (LIGATURE_VPP_BIN)';

const network = `
vppConfig:
  interfaces:
    - { name: one, type: SOFTWARE_LOOPBACK, enabled: true, ipAddresses: [10.1.0.1/24] }
  routes:
    - { dstNetwork: 10.9.0.0/16, nextHopAddr: 10.1.0.9, outgoingInterface: one }
`;

const files = {
  'initial-config.yaml': network,
  'vpp-process.conf': 'hang-timeout: 500ms\nrestart-delay: 100ms\nheap: 256M\nbuffers: 4096\n',
  'govpp.conf': 'health-check-probe-interval: 200ms\nhealth-check-reply-timeout: 500ms\nretry-connect-timeout: 200ms\n',
};

async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  let last: unknown;
  for (const end = performance.now() + 60_000; performance.now() < end; ) {
    const found = await look().catch((error: unknown) => void (last = error));
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return assert.fail(`${what}: ${String(last)}`);
}

interface VppAnswer {
  readonly pid: number;
  readonly connected: boolean;
  readonly waitsForRestart: readonly string[];
}

test('a VPP of its own is started, started again when it dies or hangs, and survives the agent', { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lg-own-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const state = join(folder, 'state');
  const flags = ['--engine', 'vpp', '--vpp-bin', binary!, '--state-dir', state, '--config-dir', folder];
  const start = (...more: readonly string[]) =>
    startAgent({
      args: [...flags, '--http-port', '0', '--grpc-port', '0', '--log-level', 'error', ...more],
      env: {},
      signals: [],
    });
  let agent = await start();
  const rest = new HttpClient({ socketPath: join(state, 'control', 'http.sock') });
  const path = join(state, 'vpp', 'api.sock');
  const isWhole = async (): Promise<boolean> => {
    const client = await connectVpp({ path, timeout: 2_000 });
    try {
      const [interfaces, routes] = await Promise.all([
        client.list('sw_interface_dump'),
        client.list('ip_route_dump', {}),
      ]);
      return interfaces.some(({ tag }) => tag === 'one') && routes.some(({ route }) => route.prefix === '10.9.0.0/16');
    } finally {
      await client.close();
    }
  };
  const pid = async (): Promise<number> => (await rest.json<VppAnswer>({ path: '/api/v1/vpp' })).pid;
  const ready = (): Promise<boolean> => rest.text({ path: '/readiness' }).then(() => true);
  const metric = async (name: string): Promise<number> => {
    const text = await rest.text({ path: '/metrics' });
    return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
  };

  try {
    // Before its VPP answers.
    await rest.text({ path: '/liveness' });
    await until('VPP is configured', isWhole);
    await until('the agent is ready', ready);
    const first = await pid();

    process.kill(first, 'SIGKILL');
    const second = await until('another VPP is whole', async () => {
      const now = await pid();
      return now !== first && (await isWhole()) && now;
    });
    await until('the agent is ready', ready);
    assert.equal(await metric('ligature_vpp_restarts_total'), 1);
    assert.equal(await metric('ligature_vpp_heal_seconds_count'), 1);

    process.kill(second, 'SIGSTOP');
    await until('the agent says that it is not ready', async () => {
      const isReady = await ready().catch(() => false);
      return !isReady && (await metric('ligature_vpp_up')) === 0;
    });
    const third = await until('the one that hung is replaced', async () => {
      const now = await pid();
      return now !== second && (await isWhole()) && now;
    });
    await until('the agent is ready again', ready);
    assert.equal(await metric('ligature_vpp_hangs_total'), 1);

    await agent.stop();
    assert.ok(await isWhole(), 'VPP goes on without the agent');
    agent = await start();
    await until('the next agent is ready', ready);
    assert.equal(await pid(), third, 'the next agent takes it over');
    const history = await rest.json<readonly { readonly executed: readonly { readonly noop: boolean }[] }[]>({
      path: '/api/v1/transactions',
    });
    assert.deepEqual(
      history.flatMap(({ executed }) => executed).filter(({ noop }) => !noop),
      [],
      'and changes nothing',
    );
    assert.deepEqual((await rest.json<VppAnswer>({ path: '/api/v1/vpp' })).waitsForRestart, []);
    await agent.stop();
    writeFileSync(join(folder, 'vpp-process.conf'), files['vpp-process.conf'].replace('heap: 256M', 'heap: 300M'));
    agent = await start();
    assert.deepEqual((await rest.json<VppAnswer>({ path: '/api/v1/vpp' })).waitsForRestart, ['heap']);
    await agent.stop();

    const record = readFileSync(join(state, 'vpp', 'vpp.json'), 'utf8');
    assert.equal((JSON.parse(record) as { pid: number }).pid, third);
    agent = await start('--remove');
    await until('the last agent is ready', ready);
    await agent.stop();
    assert.throws(() => process.kill(third, 0), 'with --remove it ends with the agent');
    for (const name of ['api', 'stats', 'cli', 'punt'])
      assert.ok(!existsSync(join(state, 'vpp', `${name}.sock`)), `${name}.sock is left`);
  } finally {
    await agent.stop().catch(() => undefined);
    await endLeft(join(state, 'vpp', 'vpp.json'));
    rmSync(folder, { recursive: true, force: true });
  }
});

test('an agent whose VPP ends before it answers is there, and says what VPP said', { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lg-own-'));
  writeFileSync(join(folder, 'vpp-process.conf'), 'restart-delay: 50ms\nextra: "nonsense { }"\n');
  const state = join(folder, 'state');
  const flags = ['--engine', 'vpp', '--vpp-bin', binary!, '--state-dir', state, '--config-dir', folder];
  const args = [...flags, '--http-port', '0', '--grpc-port', '0', '--log-level', 'fatal'];
  const agent = await startAgent({ args, env: {}, signals: [] });
  const rest = new HttpClient({ socketPath: join(state, 'control', 'http.sock') });
  try {
    const said = await until('it says so', () => {
      const reason = agent.info.health.get('vpp-process')?.reason ?? '';
      return Promise.resolve(reason.includes('VPP does not take it') && reason);
    });
    await rest.text({ path: '/liveness' });
    await assert.rejects(rest.text({ path: '/readiness' }));
    assert.match(
      said,
      /vpp-process\.conf: extra: VPP does not take it\. VPP ended 3 times .*nonsense.*startup\.conf; output: .*output\.log/,
    );
  } finally {
    await agent.stop();
    await endLeft(join(state, 'vpp', 'vpp.json'));
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A test that failed in the middle leaves no VPP. */
async function endLeft(record: string): Promise<void> {
  if (!existsSync(record)) return;
  const { pid } = JSON.parse(readFileSync(record, 'utf8')) as { readonly pid: number };
  const adopted = await adoptProcess(pid).catch(() => undefined);
  if (adopted) await endProcess(adopted, 'SIGKILL', 5_000);
}
