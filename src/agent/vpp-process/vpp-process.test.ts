import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Logger } from '../../app/index.ts';
import { vppProcessSettings } from './settings.ts';
import { VppProcess } from './vpp-process.ts';

test('a program that is not there is named at once, with the setting', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lg-vpp-'));
  try {
    const settings = vppProcessSettings.parse({ binary: join(directory, 'no-vpp') });
    const log = { warn() {}, error() {} } as unknown as Logger;
    await assert.rejects(VppProcess.start({ settings, directory, log }, new AbortController().signal), {
      code: 'not-found',
      message: /^vpp-process\.conf: binary \(--vpp-bin\): .*no-vpp is not a program that can be run$/,
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
});

/** A program that is started as VPP. */
function program(directory: string, text: string): string {
  const path = join(directory, 'fake-vpp');
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

function logTo(warnings: string[]): Logger {
  const take = (first: unknown, text?: string): number => warnings.push(text ?? String(first));
  return { warn: take, error() {}, info() {}, debug() {} } as unknown as Logger;
}

test('a section that VPP does not know is told once, with the setting and the files', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lg-vpp-'));
  try {
    // As VPP says it: without an end of line.
    const binary = program(directory, `printf "unknown input 'nonsense { }'"; exit 1`);
    const settings = vppProcessSettings.parse({
      binary,
      extra: 'nonsense { }',
      'restart-delay': '10ms',
      hugepages: 'off',
    });
    const start = VppProcess.start({ settings, directory, log: logTo([]) }, new AbortController().signal);
    const error = await start.then(
      () => assert.fail('it started'),
      (caught: Error) => caught,
    );
    assert.match(error.message, /^vpp-process\.conf: extra: VPP does not take it\. /);
    assert.equal(error.message.split('nonsense').length, 2, error.message);
    assert.ok(error.message.includes(join(directory, 'startup.conf')), error.message);
    assert.ok(error.message.includes(join(directory, 'output.log')), error.message);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('settings that VPP was not started with are named; an end leaves no sockets', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lg-vpp-'));
  const server = join(import.meta.dirname, '../../vpp/testing/fake-vpp.ts');
  const script = [
    `import { startFakeVpp } from ${JSON.stringify(server)};`,
    `import { writeFileSync } from 'node:fs';`,
    `for (const name of ['cli', 'punt', 'stats']) writeFileSync(${JSON.stringify(directory)} + '/' + name + '.sock', '');`,
    `await startFakeVpp({ path: ${JSON.stringify(join(directory, 'api.sock'))} });`,
  ].join('\n');
  writeFileSync(join(directory, 'fake.mjs'), script);
  const binary = program(directory, `exec ${process.execPath} ${join(directory, 'fake.mjs')}`);
  const settingsOf = (heap: string) => vppProcessSettings.parse({ binary, heap, hugepages: 'off' });
  const warnings: string[] = [];
  const log = logTo(warnings);
  const signal = new AbortController().signal;
  let vpp = await VppProcess.start({ settings: settingsOf('256M'), directory, log }, signal);
  try {
    assert.deepEqual(vpp.waiting, []);
    await vpp.leave();
    vpp = await VppProcess.start({ settings: settingsOf('256M'), directory, log }, signal);
    assert.deepEqual([vpp.waiting, warnings], [[], []]);
    await vpp.leave();
    vpp = await VppProcess.start({ settings: settingsOf('300M'), directory, log }, signal);
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
