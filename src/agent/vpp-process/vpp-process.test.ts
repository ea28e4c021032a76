import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Logger } from '../../app/index.ts';
import { vppProcessSettings } from './settings.ts';
import { VppProcess } from './vpp-process.ts';

/** A program that is started as VPP. */
function program(directory: string, text: string): string {
  const path = join(directory, 'fake-vpp');
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

/** One that answers on the API socket. */
function answering(directory: string): string {
  const server = join(import.meta.dirname, '../../vpp/testing/fake-vpp.ts');
  const script = [
    `import { startFakeVpp } from ${JSON.stringify(server)};`,
    `import { writeFileSync } from 'node:fs';`,
    `for (const name of ['cli', 'punt', 'stats']) writeFileSync(${JSON.stringify(directory)} + '/' + name + '.sock', '');`,
    `await startFakeVpp({ path: ${JSON.stringify(join(directory, 'api.sock'))} });`,
  ].join('\n');
  writeFileSync(join(directory, 'fake.mjs'), script);
  return program(directory, `exec ${process.execPath} ${join(directory, 'fake.mjs')}`);
}

function logTo(warnings: string[]): Logger {
  const take = (first: unknown, text?: string): number => warnings.push(text ?? String(first));
  return { warn: take, error() {}, info() {}, debug() {} } as unknown as Logger;
}

interface Told {
  readonly state: string;
  readonly reason?: string | undefined;
}

/** A process with what it reports. */
async function started(directory: string, given: Readonly<Record<string, unknown>>) {
  const settings = vppProcessSettings.parse({ 'restart-delay': '5ms', 'restart-delay-limit': '20ms', ...given });
  const told: Told[] = [];
  const report = (state: string, reason?: string): void => void told.push({ state, reason });
  const vpp = await VppProcess.start({ settings, directory, log: logTo([]), report });
  return { vpp, told };
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 60_000; !condition(); ) {
    if (performance.now() > end) assert.fail(`never: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('a program that is not there is named with the setting, and started when it is there', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lg-vpp-'));
  const binary = join(directory, 'fake-vpp');
  const { vpp, told } = await started(directory, { binary, hugepages: 'off' });
  try {
    assert.deepEqual(told[0], { state: 'init', reason: 'VPP is being started' });
    // Again and again.
    await until(() => told.filter(({ reason }) => reason?.includes('--vpp-bin')).length >= 3);
    assert.match(
      vpp.trouble!,
      /^vpp-process\.conf: binary \(--vpp-bin\): .*fake-vpp is not a program that can be run$/,
    );
    assert.equal(told.at(-1)!.reason, vpp.trouble);
    answering(directory);
    await vpp.answered;
    assert.deepEqual([vpp.trouble, told.at(-1)!.state], [undefined, 'ok']);
  } finally {
    vpp.endWithAgent();
    await vpp.leave();
    rmSync(directory, { recursive: true });
  }
});

test('one that ends before it answers is told of with what it said, the setting and the files, and tried again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lg-vpp-'));
  // As VPP says it: without an end of line.
  const binary = program(directory, `echo >>${directory}/starts; printf "unknown input 'nonsense { }'"; exit 1`);
  const { vpp, told } = await started(directory, { binary, extra: 'nonsense { }', hugepages: 'off' });
  const starts = (): number => readFileSync(join(directory, 'starts'), 'utf8').length;
  try {
    await until(() => vpp.trouble !== undefined);
    const trouble = vpp.trouble!;
    assert.match(trouble, /^vpp-process\.conf: extra: VPP does not take it\. VPP ended 3 times in a row/);
    assert.equal(trouble.split('nonsense').length, 2, trouble);
    assert.ok(trouble.includes(join(directory, 'startup.conf')), trouble);
    assert.ok(trouble.includes(join(directory, 'output.log')), trouble);
    assert.deepEqual(told.at(-1), { state: 'init', reason: trouble });
    const before = starts();
    await until(() => starts() > before + 3);
  } finally {
    await vpp.leave();
  }
  const left = starts();
  assert.equal(existsSync(join(directory, 'vpp.json')), false, 'no process is left');
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(starts(), left, 'nothing is started once the agent has left');
  rmSync(directory, { recursive: true });
});

test('an agent that ends at once leaves a VPP of an earlier one as it is', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lg-vpp-'));
  const binary = answering(directory);
  const first = await started(directory, { binary, hugepages: 'off' });
  await first.vpp.answered;
  const pid = first.vpp.pid!;
  await first.vpp.leave();
  const second = await started(directory, { binary, hugepages: 'off' });
  await second.vpp.leave();
  process.kill(pid, 0);
  assert.ok(existsSync(join(directory, 'api.sock')));
  const third = await started(directory, { binary, hugepages: 'off' });
  third.vpp.endWithAgent();
  await third.vpp.leave();
  assert.throws(() => process.kill(pid, 0));
  assert.ok(!existsSync(join(directory, 'api.sock')));
  rmSync(directory, { recursive: true });
});

test('settings that VPP was not started with are named; an end leaves no sockets', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lg-vpp-'));
  const binary = answering(directory);
  const settingsOf = (heap: string) => vppProcessSettings.parse({ binary, heap, hugepages: 'off' });
  const warnings: string[] = [];
  const log = logTo(warnings);
  const start = async (heap: string): Promise<VppProcess> => {
    const vpp = await VppProcess.start({ settings: settingsOf(heap), directory, log });
    await vpp.answered;
    return vpp;
  };
  let vpp = await start('256M');
  try {
    assert.deepEqual(vpp.waiting, []);
    await vpp.leave();
    vpp = await start('256M');
    assert.deepEqual([vpp.waiting, warnings], [[], []]);
    await vpp.leave();
    vpp = await start('300M');
    assert.deepEqual(vpp.waiting, ['heap']);
    assert.match(warnings.join(), /^vpp-process\.conf: heap: VPP runs with what it was started with/);
    assert.match(readFileSync(join(directory, 'startup.conf'), 'utf8'), /main-heap-size 256M/);
  } finally {
    vpp.endWithAgent();
    await vpp.leave();
    for (const name of ['api', 'cli', 'punt', 'stats']) assert.ok(!existsSync(join(directory, `${name}.sock`)), name);
    rmSync(directory, { recursive: true });
  }
});
