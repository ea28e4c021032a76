/**
 * The web UI as static files: `node scripts/build-web.ts [FOLDER]` (default dist/web; `npm run build` calls it). What is loaded
 * at once stays small; pages with the graph layout or the editor are chunks of their own, loaded when they are opened.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

const root = join(import.meta.dirname, '..');
const source = join(root, 'web/src');

/** Bytes, gzipped, of what a browser loads before it shows the first page. */
export const initialLimit = 250 * 1024;

/** Builds into `folder`, which is emptied first. Returns the gzipped bytes of what is loaded at once. */
export async function buildWeb(folder: string): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: [join(source, 'main.tsx')],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    metafile: true,
    jsx: 'automatic',
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    assetNames: '[name]-[hash]',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'linked',
    logLevel: 'warning',
    absWorkingDir: root,
  });
  // The layout engine is a script for a worker of its own.
  cpSync(workerFile(), join(folder, 'elk-worker.js'));
  const entry = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint?.endsWith('main.tsx'));
  if (entry === undefined) throw new Error('esbuild made no entry for web/src/main.tsx');
  const [js, { cssBundle = '' }] = entry;
  const page = readFileSync(join(source, 'index.html'), 'utf8')
    .replace('{{js}}', basename(js))
    .replace('{{css}}', basename(cssBundle));
  writeFileSync(join(folder, 'index.html'), page);
  for (const name of readdirSync(folder)) {
    const bytes = gzipSync(readFileSync(join(folder, name)), { level: 9 });
    writeFileSync(join(folder, `${name}.gz`), bytes);
  }
  return initialBytes(metafile, js, cssBundle);
}

/** npm puts packages of a workspace beside those of the root, or into the workspace. */
function workerFile(): string {
  const places = [root, join(root, 'web')].map((place) => join(place, 'node_modules/elkjs/lib/elk-worker.min.js'));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('the package elkjs is not installed: npm install');
  return found;
}

function initialBytes({ outputs }: Metafile, js: string, css: string): number {
  const files = new Set([css]);
  const follow = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const { path, kind } of outputs[file]?.imports ?? []) if (kind === 'import-statement') follow(path);
  };
  follow(js);
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(root, file))).length, 0);
}

if (import.meta.main) {
  const folder = process.argv[2] ?? join(root, 'dist/web');
  const bytes = await buildWeb(folder);
  console.log(`web UI: ${(bytes / 1024).toFixed(0)} kB gzipped at once`);
  if (bytes > initialLimit) {
    console.error(`the web UI loads more than ${initialLimit / 1024} kB at once`);
    process.exit(1);
  }
}
