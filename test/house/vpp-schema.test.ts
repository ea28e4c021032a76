/** A release of VPP is added by one command, which says what is wrong with what it is given. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { SchemaPack } from '../../src/vpp/schema/pack.ts';

const script = join(import.meta.dirname, '../../scripts/vpp-schema.ts');
const folder = mkdtempSync(join(tmpdir(), 'lg-schema-'));
after(() => rmSync(folder, { recursive: true }));

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

function release(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, 'core'), { recursive: true });
  writeFileSync(join(path, 'core/colors.api.json'), text);
  return path;
}

const colors = {
  types: [],
  messages: [
    [
      'color_ping',
      ['u16', '_vl_msg_id'],
      ['u32', 'client_index'],
      ['u32', 'context'],
      ['u8', 'shade'],
      { crc: '0x01020304' },
    ],
    ['color_ping_reply', ['u16', '_vl_msg_id'], ['u32', 'context'], ['i32', 'retval'], { crc: '0x05060708' }],
  ],
  unions: [],
  enums: [],
  enumflags: [],
  services: { color_ping: { reply: 'color_ping_reply' } },
  options: { version: '1.0.0' },
  aliases: {},
  vl_api_version: '0x00000001',
};

test('a release is added to those that are built in', async () => {
  const into = join(folder, 'gen');
  mkdirSync(into);
  const { status, stderr } = run('--add', '--into', into, release('v27.02', JSON.stringify(colors)));
  assert.equal(status, 0, stderr);
  const { pack: text } = (await import(pathToFileURL(join(into, 'pack.js')).href)) as { pack: string };
  const pack = new SchemaPack(text);
  assert.equal(pack.releases.at(-1), '27.02');
  assert.ok(pack.has('color_ping_01020304'));
  assert.ok([...pack.names()].includes('sw_interface_dump'), 'what was there stays');
  assert.match(readFileSync(join(into, 'messages.d.ts'), 'utf8'), /color_ping/);
});

test('what is wrong is named without a stack, and nothing is written', () => {
  const into = join(folder, 'none');
  mkdirSync(into);
  const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [[], /^no release is named\n\nusage: /],
    [['--ad', 'v26.10'], /--ad.*\n[^]*usage: /],
    [[join(folder, 'v26.10')], /v26\.10: there is no such folder or file$/],
    [[join(folder, 'colors')], /colors: the name does not tell the release/],
    [[release('v27.06', '{')], /v27\.06\/core\/colors\.api\.json: .*JSON/],
    [[release('v27.10', '[]')], /v27\.10\/core\/colors\.api\.json: .*is not an object/],
  ];
  for (const [args, says] of wrong) {
    const { status, stderr } = run('--into', into, ...args);
    assert.match(stderr.trimEnd(), says);
    assert.doesNotMatch(stderr, /^ {4}at /m);
    assert.equal(status, 2);
  }
  assert.deepEqual(readdirSync(into), []);
  const help = run('--help');
  assert.deepEqual([help.status, help.stderr], [0, '']);
  assert.match(help.stdout, /^usage: npm run vpp-schema -- /);
});
