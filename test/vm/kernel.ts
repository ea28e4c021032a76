/** The test VM's kernel: a stock Debian one, downloaded once, unpacked beside the machine's own, never installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isRealRoot } from '../../scripts/test/debian.ts';

export interface VmKernel {
  readonly version: string;
  readonly image: string;
  /** Folder with modules.dep in it. */
  readonly modules: string;
}

/** Outside the checkout, so that clean clones share it. */
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ligature', 'vm');

/** Has all network modules and 9p; the smaller cloud flavour has no 9p. */
const metaPackage = 'linux-image-amd64';

/** Downloads on first use (70 MB, needs apt and its package lists). Throws with what is missing. */
export function provideKernel(say: (line: string) => void): VmKernel {
  const known = newestIn(cache);
  if (known !== undefined) return known;
  if (process.arch !== 'x64') throw new Error(`no test VM on ${process.arch}`);
  const name = packageName();
  say(`downloading ${name} for the test VM`);
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'unpacking-'));
  try {
    execFileSync('apt-get', ['-qq', '-o', 'APT::Sandbox::User=root', 'download', name], { cwd: work, stdio: 'pipe' });
    const file = readdirSync(work).find((entry) => entry.endsWith('.deb'));
    if (file === undefined) throw new Error(`apt-get download ${name} brought no file`);
    execFileSync('dpkg', ['-x', file, 'tree'], { cwd: work, stdio: 'pipe' });
    const unpacked = kernelIn(join(work, 'tree'));
    if (unpacked === undefined) throw new Error(`${name} has no kernel in it`);
    const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
    execFileSync('depmod', ['-b', join(work, 'tree'), unpacked.version], { env, stdio: 'pipe' });
    // Complete or not there at all: two runs may do this at the same time.
    if (newestIn(cache) === undefined) renameSync(join(work, 'tree'), join(cache, unpacked.version));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const kernel = newestIn(cache);
  if (kernel === undefined) throw new Error(`nothing usable in ${cache}`);
  return kernel;
}

function packageName(): string {
  const known = dependencyOf(metaPackage);
  if (known !== undefined) return known;
  if (isRealRoot()) execFileSync('apt-get', ['update', '-qq'], { stdio: 'pipe' });
  const name = dependencyOf(metaPackage);
  if (name === undefined) throw new Error(`apt does not know ${metaPackage} (apt-get update?)`);
  return name;
}

/** A meta package depends on the newest kernel. */
function dependencyOf(name: string): string | undefined {
  const { stdout } = spawnSync('apt-cache', ['depends', name], { encoding: 'utf8' });
  return /Depends: (linux-image-\S+)/.exec(stdout ?? '')?.[1];
}

function newestIn(folder: string): VmKernel | undefined {
  if (!existsSync(folder)) return undefined;
  const trees = readdirSync(folder).filter((name) => !name.startsWith('unpacking-'));
  return trees
    .sort()
    .reverse()
    .map((name) => kernelIn(join(folder, name)))
    .find((kernel) => kernel !== undefined);
}

function kernelIn(tree: string): VmKernel | undefined {
  // Debian 13 has merged /lib into /usr/lib.
  const lib = ['lib/modules', 'usr/lib/modules'].map((path) => join(tree, path)).find((path) => existsSync(path));
  const version = lib === undefined ? undefined : readdirSync(lib)[0];
  if (lib === undefined || version === undefined) return undefined;
  const image = join(tree, 'boot', `vmlinuz-${version}`);
  return existsSync(image) ? { version, image, modules: join(lib, version) } : undefined;
}

/** Files of the modules and all they need, relative to the module folder, in the order of loading. */
export function moduleFiles(kernel: VmKernel, names: readonly string[]): readonly string[] {
  const needs = new Map<string, readonly string[]>();
  for (const line of readFileSync(join(kernel.modules, 'modules.dep'), 'utf8').split('\n')) {
    const [file = '', rest = ''] = line.split(':');
    needs.set(
      file,
      rest.split(' ').filter((name) => name !== ''),
    );
  }
  const builtin = readFileSync(join(kernel.modules, 'modules.builtin'), 'utf8');
  const ordered = new Set<string>();
  const visit = (file: string): void => {
    for (const needed of needs.get(file) ?? []) visit(needed);
    ordered.add(file);
  };
  for (const name of names) {
    const file = [...needs.keys()].find((path) => moduleName(path) === name);
    if (file !== undefined) visit(file);
    else if (!builtin.includes(`/${name}.ko`)) throw new Error(`kernel ${kernel.version} has no module ${name}`);
  }
  return [...ordered];
}

function moduleName(path: string): string {
  return (path.split('/').at(-1) ?? '').replace(/\.ko(\.\w+)?$/, '').replaceAll('-', '_');
}
