/** The example of the VPP driver runs, as its README says. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startFakeVpp } from '../../src/vpp/testing/fake-vpp.ts';
import { startVpp, vppBinary } from '../vpp/process.ts';

const root = join(import.meta.dirname, '../..');

test('examples/vpp', async () => {
  const live = vppBinary() === undefined ? undefined : await startVpp();
  const fake = live
    ? undefined
    : await startFakeVpp({
        answers: { sw_interface_dump: () => [{ name: 'sw_interface_details', fields: { interface_name: 'loop0' } }] },
      });
  // The package by its name is this checkout's sources.
  const folder = mkdtempSync(join(root, '.cache/vpp-example-'));
  try {
    symlinkSync(join(root, 'src'), join(folder, 'src'));
    const example = readFileSync(join(root, 'examples/vpp/main.ts'), 'utf8');
    writeFileSync(join(folder, 'main.ts'), example.replace("'ligature/vpp'", "'./src/vpp/index.ts'"));
    const path = process.env['LIGATURE_VPP_API_SOCKET'] ?? live?.apiSocket ?? fake!.path;
    const child = spawn(process.execPath, [join(folder, 'main.ts'), path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    assert.equal(await new Promise((resolve) => child.on('close', resolve)), 0);
    assert.match(output, /^VPP \d.*, process \d+\n(.*\n)*loop\d /);
  } finally {
    rmSync(folder, { recursive: true });
    await fake?.stop();
    await live?.[Symbol.asyncDispose]();
  }
});

test('its README says what a checkout needs first', () => {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { engines: { node: string } };
  const readme = readFileSync(join(root, 'examples/vpp/README.md'), 'utf8');
  assert.match(readme, /^npm run build\ncd examples\/vpp\nnode main\.ts /m);
  assert.ok(readme.includes(`Node ${engines.node.replace('>=', '')} or later`), readme);
});
