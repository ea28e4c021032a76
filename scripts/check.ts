/**
 * `npm run check [NAME...]`: everything that can be said about the code without running it. All checks run, side by side;
 * each failing one prints what it found.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { misplacedFolders, roomsWithoutReadme } from './rooms.ts';

interface Finding {
  readonly ok: boolean;
  readonly output: string;
}
type Check = () => Promise<Finding>;

const root = join(import.meta.dirname, '..');
/** Folders with imports to judge; those that exist. */
const cruised = ['src', 'test', 'bench', 'scripts', 'examples', 'web/src'];

const checks: Readonly<Record<string, Check>> = {
  format: () => tool('biome', ['format', '--reporter=summary', '.']),
  lint: () => tool('oxlint', ['--deny-warnings', '.']),
  types: () => tool('tsc', ['--pretty', 'false', '-p', '.']),
  'web types': () => tool('tsc', ['--pretty', 'false', '-p', 'web']),
  imports: async () => {
    const { existsSync } = await import('node:fs');
    return tool('depcruise', ['--output-type', 'err', ...cruised.filter((folder) => existsSync(join(root, folder)))]);
  },
  rooms: () => {
    const found = [...misplacedFolders(root), ...roomsWithoutReadme(root)];
    return Promise.resolve({ ok: found.length === 0, output: found.join('\n') });
  },
};

function tool(name: string, args: readonly string[]): Promise<Finding> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules', '.bin', name), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }));
  });
}

async function run(name: string, check: Check): Promise<boolean> {
  const start = performance.now();
  const finding = await check();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (!finding.ok) console.log(finding.output.trimEnd());
  console.log(`${finding.ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  return finding.ok;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in checks));
if (unknown.length > 0) {
  console.error(`no check called ${unknown.join(', ')}; there are: ${Object.keys(checks).join(', ')}`);
  process.exit(2);
}
const chosen = Object.entries(checks).filter(([name]) => asked.length === 0 || asked.includes(name));
const results = await Promise.all(chosen.map(([name, check]) => run(name, check)));
process.exit(results.every(Boolean) ? 0 : 1);
