// needs-internet
/**
 * What people get: the packed tarball, installed into an empty project, type-checked and run. Every entry point of
 * package.json is tried, and every entry point has to be in the README, so that a documented one cannot be missing.
 */
import assert from 'node:assert/strict';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { install, manifest, pack, root, run, succeed } from './pack.ts';

const folder = mkdtempSync(join(tmpdir(), 'lg-package-'));
const staging = join(folder, 'staging');
const project = join(folder, 'project');
after(() => rmSync(folder, { recursive: true }));

/** `./app` -> `ligature/app`; without package.json itself. */
const documented = Object.keys(manifest.exports)
  .filter((path) => path !== './package.json')
  .map((path) => `ligature${path.slice(1)}`);

/** Entry points by name: patterns stand for the files the sources have there. */
const entryPoints = Object.entries(manifest.exports).flatMap(([path, target]) => {
  const name = `ligature${path.slice(1)}`;
  if (path === './package.json' || typeof target === 'string') return [];
  if (!path.includes('*')) return [name];
  const places = target.types.replace('./dist/', 'src/').split('*');
  return ['.d.ts', '.ts'].flatMap((ending) =>
    globSync(`${places[0]}**/*${ending}`, { cwd: root })
      .filter((file) => !file.endsWith('.test.ts') && (ending === '.d.ts' || !file.endsWith('.d.ts')))
      .map((file) => name.replace('*', file.slice(places[0]?.length, -ending.length))),
  );
});

let unreachable: string | undefined;

function unlessUnreachable(context: TestContext): boolean {
  if (unreachable !== undefined) context.skip(unreachable);
  return unreachable === undefined;
}

describe('the packed package in an empty project', () => {
  before(() => {
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{"name":"empty","private":true,"type":"module"}');
    // Without the optional packages: what imports them has to say so when it is used, and nothing else may need them.
    unreachable = install(project, pack(staging));
  });

  test('holds nothing but what it runs on', () => {
    const list = succeed(staging, 'tar', '-tzf', readdirSync(staging).find((name) => name.endsWith('.tgz')) ?? '');
    const files = list
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, ''));
    const unexpected = files.filter(
      (path) => !/^(bin|dist|proto)\/|^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(path),
    );
    assert.deepEqual(unexpected, []);
    assert.deepEqual(
      files.filter((path) => /\.test\.|[/-]testing/.test(path)),
      [],
      'tests are not published',
    );
    for (const file of [
      'LICENSE',
      'README.md',
      'bin/ligature.js',
      'bin/bundle.js',
      'dist/agent.cjs',
      'dist/cli.cjs',
      'dist/man/ligature.1',
    ])
      assert.ok(files.includes(file), file);
  });

  test('does not force the optional packages on anybody', (context) => {
    if (!unlessUnreachable(context)) return;
    const installed = Object.keys(manifest.optionalDependencies).filter((name) =>
      existsSync(join(project, 'node_modules', name)),
    );
    assert.deepEqual(installed, []);
  });

  test('every entry point type-checks under strict rules, with its declarations', (context) => {
    if (!unlessUnreachable(context)) return;
    const lines = entryPoints.map(
      (name, index) => `import * as entry${index} from '${name}';\nexport const names${index}: object = entry${index};`,
    );
    writeFileSync(join(project, 'use.ts'), lines.join('\n'));
    const compilerOptions = {
      strict: true,
      module: 'nodenext',
      target: 'es2024',
      lib: ['es2024', 'esnext.disposable'],
      noEmit: true,
      types: ['node'],
    };
    // Declarations count too (no skipLibCheck): one that cannot be resolved would silently become `any`.
    const typeRoots = [join(root, 'node_modules/@types')];
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...compilerOptions, typeRoots }, files: ['use.ts'] }),
    );
    const { stdout } = run(project, join(root, 'node_modules/.bin/tsc'), '--pretty', 'false', '-p', '.');
    const ours = stdout.split('\n').filter((line) => /^(use\.ts|node_modules\/ligature\/)/.test(line));
    assert.deepEqual(ours, []);
  });

  /** Entry points that cannot be imported, each with what it misses, or with `nothing` when it exports nothing. */
  function failing(): Readonly<Record<string, string>> {
    const script = `
      const failing = {};
      for (const name of ${JSON.stringify(entryPoints)}) {
        try {
          if (Object.keys(await import(name)).length === 0) failing[name] = 'nothing';
        } catch (error) {
          failing[name] = /Cannot find package '([^']+)'/.exec(error.message)?.[1] ?? error.stack;
        }
      }
      console.log(JSON.stringify(failing));`;
    return JSON.parse(succeed(project, process.execPath, '--input-type=module', '-e', script)) as Record<
      string,
      string
    >;
  }

  test('every entry point runs; without the optional packages all but the driver that is nothing without one', (context) => {
    if (!unlessUnreachable(context)) return;
    assert.deepEqual(failing(), { 'ligature/kernel': 'koffi' });
    symlinkSync(join(root, 'node_modules/koffi'), join(project, 'node_modules/koffi'));
    assert.deepEqual(failing(), {});
  });

  test('the command runs what was compiled by the build', (context) => {
    if (!unlessUnreachable(context)) return;
    const program = `
      import { existsSync, readFileSync } from 'node:fs';
      import { codeCacheOf, compileScript } from './node_modules/ligature/bin/bundle.js';
      const refused = {};
      for (const name of ['agent', 'cli']) {
        const path = process.cwd() + '/node_modules/ligature/dist/' + name + '.cjs';
        const cache = codeCacheOf(path);
        // A build without the rights to run an agent keeps nothing of it.
        if (existsSync(cache)) refused[name] = compileScript(path, readFileSync(cache)).cachedDataRejected;
      }
      console.log(JSON.stringify(refused));`;
    const refused = JSON.parse(succeed(project, process.execPath, '--input-type=module', '--eval', program)) as object;
    assert.deepEqual({ agent: false, ...refused }, { agent: false, cli: false });
  });

  test('the command answers', (context) => {
    if (!unlessUnreachable(context)) return;
    const command = join(project, 'node_modules/.bin/ligature');
    assert.match(succeed(project, command, '--version'), new RegExp(manifest.version.replaceAll('.', '\\.')));
    assert.match(succeed(project, command, '--help'), /config/);
  });
});

test('the README documents exactly the entry points there are', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| (`ligature[^|]*) \|/gm)].map((match) => match[1] ?? '');
  const names = rows.flatMap((row) => [...row.matchAll(/`(ligature[^`]*)`/g)].map((match) => match[1] ?? ''));
  assert.deepEqual(names.sort(), [...documented].sort());
});
