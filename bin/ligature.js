#!/usr/bin/env node
/**
 * The `ligature` command. Runs the bundles of dist/, which is all there is where the package is installed. In a checkout
 * it runs the sources when they are newer than the bundles, or when nothing is built.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadBundle } from './bundle.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = join(root, 'src');
const bundles = { agent: join(root, 'dist', 'agent.cjs'), cli: join(root, 'dist', 'cli.cjs') };
const main = join(sources, 'cli', 'main.ts');

const current = isCurrent(bundles.cli);
const entry = current ? bundles.cli : main;
if (!canRun(entry)) runWith(pinnedNode());
else if (current && process.argv[2] === 'agent') await runAgent();
else if (current) loadBundle(entry);
else await import(pathToFileURL(entry).href);

/** Past the command line: the agent starts faster and stays smaller without it. */
async function runAgent() {
  const { runAgent } = loadBundle(bundles.agent);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.exitCode = await runAgent({ args: process.argv.slice(3), build: { version } });
}

function isCurrent(path) {
  if (!existsSync(path)) return false;
  return !existsSync(sources) || newestIn(sources) <= statSync(path).mtimeMs;
}

function newestIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((item) => item.isFile())
    .reduce((newest, item) => Math.max(newest, statSync(join(item.parentPath ?? item.path, item.name)).mtimeMs), 0);
}

/**
 * The command line's bundle runs from Node 20 on. The agent and the library (`engines` of package.json) need what later ones have
 * (node:sqlite, Promise.withResolvers), and sources need one that strips types.
 */
function canRun(path) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (path === bundles.cli && process.argv[2] !== 'agent') return major >= 20;
  return major >= 24 || (major === 22 && minor >= 18);
}

function pinnedNode() {
  try {
    return createRequire(import.meta.url).resolve(`node-linux-${process.arch}/bin/node`);
  } catch {
    const what =
      process.argv[2] === 'agent' || entry === main ? 'the agent and a checkout need Node 22.18' : 'it needs Node 20';
    console.error(
      `ligature: ${what} or newer, and this is Node ${process.versions.node}: install Node 24, or the npm package node-linux-${process.arch}`,
    );
    process.exit(1);
  }
}

function runWith(node) {
  const child = spawn(
    node,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url), ...process.argv.slice(2)],
    {
      stdio: 'inherit',
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`ligature: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}
