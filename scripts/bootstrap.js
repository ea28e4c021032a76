/**
 * First step of every npm script: installs the npm packages when they are missing or out of date, then runs the given
 * script with the pinned Node. Plain JavaScript without dependencies, because on a fresh machine nothing else can run:
 * any Node from 18 on will do here.
 *
 *   node scripts/bootstrap.js SCRIPT [ARGUMENT...]
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** The first Node that runs TypeScript without a flag. */
const oldestUsable = [22, 18];

/** Names of packages that the lock file asks for and that are absent or of another version. */
function missingPackages() {
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return ['node_modules'];
  const wanted = packagesOf(join(root, 'package-lock.json')) ?? {};
  return Object.entries(wanted)
    .filter(
      ([path, entry]) => path !== '' && !entry.optional && !entry.peer && installed[path]?.version !== entry.version,
    )
    .map(([path]) => path);
}

function packagesOf(lockFile) {
  if (!existsSync(lockFile)) return undefined;
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

function install(missing) {
  const fresh = missing[0] === 'node_modules';
  const shown = missing.slice(0, 5).join(', ') + (missing.length > 5 ? ', ...' : '');
  console.error(fresh ? 'installing npm packages' : `updating npm packages (${shown})`);
  // `npm ci` deletes node_modules first, under the feet of whoever is using it: only for a fresh tree.
  const done = (fresh && npm(['ci'], process.execPath)) || npm(['install', '--no-save'], process.execPath);
  if (!done) fail('npm install failed; its messages are above');
  // npm leaves out optional packages that are not for the Node it runs on, however old that is: once more with the pinned one.
  if (Number(process.versions.node.split('.')[0]) < 22) npm(['install', '--no-save'], pinnedNode());
}

function npm(command, node) {
  const argv = [...command, '--no-audit', '--no-fund', '--loglevel=error'];
  // Set by npm itself: the npm in use.
  const cli = process.env.npm_execpath;
  const [file, args] = cli?.endsWith('.js') ? [node, [cli, ...argv]] : ['npm', argv];
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` };
  const result = spawnSync(file, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
  if (result.error) fail(`npm cannot be run: ${result.error.message}; install npm`);
  return result.status === 0;
}

/** The Node pinned in package.json, or the one running where there is no package for this machine. */
function pinnedNode() {
  const name = `node-linux-${process.arch}`;
  const pinned = join(root, 'node_modules', name, 'bin', 'node');
  if (existsSync(pinned)) {
    link(join('..', name, 'bin', 'node'), join(root, 'node_modules', '.bin', 'node'));
    return pinned;
  }
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestUsable[0] || (major === oldestUsable[0] && minor >= oldestUsable[1])) return process.execPath;
  return fail(
    `Node ${process.versions.node} is too old and no pinned Node exists for ${process.platform}-${process.arch}; ` +
      'install Node 24',
  );
}

/** npm 9 takes the link away again with the package for the other processor, which has a `node` too. */
function link(target, path) {
  if (existsSync(path)) return;
  try {
    symlinkSync(target, path);
  } catch (error) {
    // Another bootstrap at the same time.
    if (error.code !== 'EEXIST') throw error;
  }
}

function fail(message) {
  console.error(`ligature: ${message}`);
  process.exit(1);
}

const [script, ...args] = process.argv.slice(2);
if (script === undefined) fail('usage: node scripts/bootstrap.js SCRIPT [ARGUMENT...]');
const missing = missingPackages();
if (missing.length > 0) install(missing);

const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(':');
const child = spawn(pinnedNode(), ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
});
child.on('error', (error) => fail(error.message));
// Ctrl-C reaches the whole group; this process only waits for the child to clean up and passes its result on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === 'SIGINT' ? 2 : 15)));
