/**
 * `npm run vpp-schema -- FOLDER|TARBALL...`: makes the built-in message definitions and the typed declarations of
 * src/vpp/gen from VPP's .api.json files. Each argument is one release: a folder, or a .tar.gz of one, with `core/` and
 * `plugins/` in it and the release in its name (`v26.06`, `v26.06.tar.gz`). Adding a release to those that are there already is
 * one more argument: with `--add` the definitions of the present pack are kept.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ApiModule, readApiModule } from '../src/vpp/schema/api-json.ts';
import { SchemaPack } from '../src/vpp/schema/pack.ts';
import { PackBuilder } from './vpp-schema/pack-builder.ts';
import { declarations } from './vpp-schema/declarations.ts';

const usage = `usage: npm run vpp-schema -- [--add] [--into FOLDER] FOLDER|TARBALL...

A release of VPP each: a folder, or a .tar.gz of one, of its .api.json files, with the release in its name (v26.06).
  --add          keeps the releases that are built in, and adds these
  --into FOLDER  writes there; default: src/vpp/gen
`;

/** What people do wrong: told without a stack. */
class Mistake extends Error {}

try {
  await run();
} catch (error) {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!(error instanceof Mistake) && !code.startsWith('ERR_PARSE_ARGS')) throw error;
  console.error(`${(error as Error).message}\n${error instanceof Mistake ? '' : `\n${usage}`}`.trimEnd());
  process.exitCode = 2;
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      add: { type: 'boolean', default: false },
      into: { type: 'string', default: join(import.meta.dirname, '../src/vpp/gen') },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  if (positionals.length === 0) throw new Mistake(`no release is named\n\n${usage}`);
  const builder = new PackBuilder();
  if (values.add) {
    const { pack } = (await import('../src/vpp/gen/pack.js')) as { pack: string };
    builder.keep(new SchemaPack(pack), pack);
  }
  const releases = positionals.map((path) => ({ path, release: releaseOf(path) }));
  for (const { path, release } of releases.toSorted((left, right) => left.release.localeCompare(right.release)))
    readRelease(builder, path, release);
  write(values.into, builder);
}

function write(folder: string, builder: PackBuilder): void {
  const text = builder.format();
  if (text.includes('`') || text.includes('\\') || text.includes('${'))
    throw new Error('the pack has characters that a template has not');
  writeFileSync(join(folder, 'pack.js'), `export const pack = \`${text}\`;\n`);
  const { types, values: constants, valueTypes } = declarations(new SchemaPack(text));
  writeFileSync(join(folder, 'messages.d.ts'), types);
  writeFileSync(join(folder, 'flags.js'), constants);
  writeFileSync(join(folder, 'flags.d.ts'), valueTypes);
  console.log(`${builder.summary()}, ${(text.length / 1024).toFixed(0)} kB`);
}

function releaseOf(path: string): string {
  const match = /v?(\d\d\.\d\d)/.exec(basename(path));
  if (!match) throw new Mistake(`${path}: the name does not tell the release (v26.06)`);
  return match[1]!;
}

function readRelease(builder: PackBuilder, path: string, release: string): void {
  if (!existsSync(path)) throw new Mistake(`${path}: there is no such folder or file`);
  const unpacked = path.endsWith('.tar.gz') ? mkdtempSync(join(tmpdir(), 'vpp-schema-')) : undefined;
  try {
    if (unpacked !== undefined) {
      const { status, stderr } = spawnSync('tar', ['xzf', path, '-C', unpacked], { encoding: 'utf8' });
      if (status !== 0) throw new Mistake(`${path}: ${stderr.trim()}`);
    }
    const folder = unpacked ?? path;
    const files = globSync('**/*.api.json', { cwd: folder }).toSorted();
    if (files.length === 0) throw new Mistake(`${path}: no .api.json file`);
    const places = placesOf(folder);
    builder.begin(release);
    for (const file of files) {
      const module = readModule(join(folder, file), unpacked === undefined ? join(path, file) : `${path}: ${file}`);
      const name = basename(file, '.api.json');
      const core = file.includes('core/');
      builder.add(name, core ? undefined : `${places.get(name) ?? name}_plugin.so`, module);
    }
  } finally {
    if (unpacked !== undefined) rmSync(unpacked, { recursive: true });
  }
}

/** `name`: what people know the file by. */
function readModule(path: string, name: string): ApiModule {
  try {
    return readApiModule(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Mistake(`${name}: ${error instanceof Error ? error.message : String(error)}`);
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
