/**
 * `npm run build [-- --out FOLDER]`: dist/ as it is published. JavaScript and declarations for every module (tsc), and one bundle each for
 * the agent and the command line (esbuild), because a bundle starts several times faster than hundreds of files.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { buildCodeCaches } from './build-code-cache.ts';
import { buildWeb } from './build-web.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist') } } });
const dist = resolve(values.out);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

/** Bundle -> its entry. The command loads the agent's bundle only when it has to run one. */
const bundles: Readonly<Record<string, string>> = { agent: 'src/agent/agent.ts', cli: 'src/cli/main.ts' };

const agentApart: Plugin = {
  name: 'agent-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/agent\/agent\.ts$/ }, () => ({ path: './agent.cjs', external: true }));
  },
};

/** What fastify loads for servers that we never make (ours are made by src/app/http): 9 MB. */
const unusedServers: Plugin = {
  name: 'unused-servers',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(http2|https)$/ }, ({ path, importer }) =>
      importer.endsWith('node_modules/fastify/lib/server.js') ? { path, namespace: 'unused' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {}' }));
  },
};

/**
 * An import of these would stand at the head of the bundle, and be carried out at every start (node:http reads all its lazy exports:
 * 13 MB): gRPC gets them when it is loaded, with the first caller.
 */
const builtinsOnUse: Plugin = {
  name: 'builtins-on-use',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?(http|https|http2)$/ }, ({ path, importer }) =>
      /\/(@connectrpc\/connect-node|src\/app\/grpc)\//.test(importer) ? { path, namespace: 'on-use' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'on-use' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** Of VPP only: 340 kB of message definitions, read from dist/ when the agent connects to one. */
const definitionsOnUse: Plugin = {
  name: 'definitions-on-use',
  setup({ onResolve }) {
    onResolve({ filter: /\/gen\/pack\.js$/ }, () => ({ path: './vpp/gen/pack.js', external: true }));
  },
};

/** Packages that load a binary beside themselves, or that people may leave out. */
const external = ['koffi'];

rmSync(dist, { recursive: true, force: true });
emitModules();
referToAmbientDeclarations();
for (const [name, entry] of Object.entries(bundles)) await bundle(name, entry);
mkdirSync(join(dist, 'man'));
const { manPages } = await import('./docs/man.ts');
for (const [name, text] of manPages(manifest.version)) writeFileSync(join(dist, 'man', name), text);
console.log(`dist/web ${((await buildWeb(join(dist, 'web'))) / 1024).toFixed(0)} kB at once, gzipped`);
for (const [path, bytes] of await buildCodeCaches({
  agent: join(dist, 'agent.cjs'),
  cli: join(dist, 'cli.cjs'),
}))
  console.log(`${relative(root, path)} ${(bytes / 1024).toFixed(0)} kB`);
const absent = missingEntryPoints();
if (absent.length > 0) {
  console.error(`package.json exports files that the build did not make: ${absent.join(', ')}`);
  process.exit(1);
}

function emitModules(): void {
  const tsc = join(root, 'node_modules/.bin/tsc');
  const argv = ['-p', join(root, 'tsconfig.build.json'), '--outDir', dist, '--pretty', 'false'];
  const result = spawnSync(tsc, argv, { stdio: 'inherit' });
  if (result.status !== 0) process.exit(1);
  // Generated code is JavaScript with declarations already, and data files stay as they are.
  for (const path of globSync('src/**/*.{js,d.ts,json}', { cwd: root })) {
    cpSync(join(root, path), join(dist, path.slice('src/'.length)));
  }
}

/**
 * Declarations of other people's untyped modules (`declare module 'x'` in a .d.ts of ours) are found by our own compiler
 * because the whole tree is given to it; a user's has to be told by the files that import those modules.
 */
function referToAmbientDeclarations(): void {
  for (const ambient of globSync('src/**/*.d.ts', { cwd: root }).filter((path) => !path.includes('/gen/'))) {
    const names = [...readFileSync(join(root, ambient), 'utf8').matchAll(/declare module '([^']+)'/g)].map(
      (match) => match[1],
    );
    const folder = join(dist, dirname(ambient).slice('src/'.length));
    for (const file of globSync('*.d.ts', { cwd: folder }).filter((name) => name !== basename(ambient))) {
      const text = readFileSync(join(folder, file), 'utf8');
      if (!names.some((name) => text.includes(`'${name}'`))) continue;
      writeFileSync(join(folder, file), `/// <reference path="./${basename(ambient)}" />\n${text}`);
    }
  }
}

async function bundle(name: string, entry: string): Promise<void> {
  if (!existsSync(join(root, entry))) {
    console.error(`no ${entry}: dist/${name}.cjs cannot be bundled`);
    process.exit(1);
  }
  const outfile = join(dist, `${name}.cjs`);
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    // Scripts, unlike modules, can be kept as V8 compiled them (bin/bundle.js).
    format: 'cjs',
    target: 'node22',
    external,
    plugins: name === 'agent' ? [unusedServers, builtinsOnUse, definitionsOnUse] : [agentApart],
    define: {
      LIGATURE_VERSION: JSON.stringify(manifest.version),
      'import.meta.url': '__moduleUrl',
      'import.meta.dirname': '__dirname',
    },
    legalComments: 'linked',
    logLevel: 'warning',
    banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  requireAscii(outfile);
  console.log(`dist/${name}.cjs ${(statSync(outfile).size / 1024).toFixed(0)} kB`);
}

/** One other character in all of it, and V8 keeps two bytes for each. esbuild escapes them everywhere but in regular expressions. */
function requireAscii(path: string): void {
  const text = readFileSync(path, 'utf8');
  const at = text.search(/[^\0-\x7f]/);
  if (at < 0) return;
  console.error(
    `${path} is not ASCII, which doubles what it takes in memory: ${text.slice(Math.max(0, at - 60), at + 20)}`,
  );
  process.exit(1);
}

interface Manifest {
  readonly version: string;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin: Readonly<Record<string, string>>;
}

/** Files named in package.json `exports` and `bin` that do not exist. */
function missingEntryPoints(): readonly string[] {
  const targets = Object.values(manifest.exports ?? {}).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  );
  const place = (path: string): string => (path.startsWith('./dist/') ? join(dist, path.slice(7)) : join(root, path));
  return [...targets, ...Object.values(manifest.bin)].filter((path) => globSync(place(path)).length === 0);
}
