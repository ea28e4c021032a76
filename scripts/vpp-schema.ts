/**
 * `node scripts/vpp-schema.ts FOLDER|TARBALL...`: makes the built-in message definitions and the typed declarations of
 * src/vpp/gen from VPP's .api.json files. Each argument is one release: a folder, or a .tar.gz of one, with `core/` and
 * `plugins/` in it and the release in its name (`v26.06`, `v26.06.tar.gz`). Adding a release to those that are there already is
 * one more argument: with `--add` the definitions of the present pack are kept.
 */

import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readApiModule } from '../src/vpp/schema/api-json.ts';
import { SchemaPack } from '../src/vpp/schema/pack.ts';
import { PackBuilder } from './vpp-schema/pack-builder.ts';
import { declarations } from './vpp-schema/declarations.ts';

const gen = join(import.meta.dirname, '../src/vpp/gen');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { add: { type: 'boolean', default: false } },
});
if (positionals.length === 0) {
  console.error('usage: node scripts/vpp-schema.ts [--add] FOLDER|TARBALL...   (a release each, e.g. v26.06.tar.gz)');
  process.exit(2);
}

const builder = new PackBuilder();
if (values.add) {
  const { pack } = (await import('../src/vpp/gen/pack.js')) as { pack: string };
  builder.keep(new SchemaPack(pack), pack);
}
const releases = positionals.map((path) => ({ path, release: releaseOf(path) }));
for (const { path, release } of releases.toSorted((left, right) => left.release.localeCompare(right.release))) {
  readRelease(path, release);
}
const text = builder.format();
if (text.includes('`') || text.includes('\\') || text.includes('${'))
  throw new Error('the pack has characters that a template has not');
writeFileSync(join(gen, 'pack.js'), `export const pack = \`${text}\`;\n`);
const { types, values: constants, valueTypes } = declarations(new SchemaPack(text));
writeFileSync(join(gen, 'messages.d.ts'), types);
writeFileSync(join(gen, 'flags.js'), constants);
writeFileSync(join(gen, 'flags.d.ts'), valueTypes);
console.log(`${builder.summary()}, ${(text.length / 1024).toFixed(0)} kB`);

function releaseOf(path: string): string {
  const match = /v?(\d\d\.\d\d)/.exec(basename(path));
  if (!match) throw new Error(`${path}: the name does not tell the release (v26.06)`);
  return match[1]!;
}

function readRelease(path: string, release: string): void {
  const unpacked = path.endsWith('.tar.gz') ? mkdtempSync(join(tmpdir(), 'vpp-schema-')) : undefined;
  try {
    if (unpacked !== undefined) {
      const { status, stderr } = spawnSync('tar', ['xzf', path, '-C', unpacked], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${path}: ${stderr}`);
    }
    const folder = unpacked ?? path;
    const files = globSync('**/*.api.json', { cwd: folder }).toSorted();
    if (files.length === 0) throw new Error(`${path}: no .api.json file`);
    const places = placesOf(folder);
    builder.begin(release);
    for (const file of files) {
      const module = readApiModule(JSON.parse(readFileSync(join(folder, file), 'utf8')));
      const name = basename(file, '.api.json');
      const core = file.includes('core/');
      builder.add(name, core ? undefined : `${places.get(name) ?? name}_plugin.so`, module);
    }
  } finally {
    if (unpacked !== undefined) rmSync(unpacked, { recursive: true });
  }
}

/** Module -> folder of its plugin, where a `sources.tsv` tells it. */
function placesOf(folder: string): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const file of globSync('**/sources.tsv', { cwd: folder })) {
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const match = /^\S*\/(\S+)\.api\.json\s+plugins\/([^/]+)\//.exec(line);
      if (match) places.set(match[1]!, match[2]!);
    }
  }
  return places;
}
