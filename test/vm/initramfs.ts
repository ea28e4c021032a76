/** The VM's first file system: busybox, the few modules that reach the host's files, and init.sh. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { moduleFiles, type VmKernel } from './kernel.ts';

const needed = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];

/** The folder of the modules as the VM sees it: at the same place as on the host. */
export function writeInitramfs(kernel: VmKernel, busybox: string, target: string): void {
  const tree = mkdtempSync(join(tmpdir(), 'lg-initramfs-'));
  try {
    mkdirSync(join(tree, 'bin'));
    mkdirSync(join(tree, 'modules'));
    copyFileSync(busybox, join(tree, 'bin/busybox'));
    chmodSync(join(tree, 'bin/busybox'), 0o755);
    const files = moduleFiles(kernel, needed);
    for (const file of files)
      writeFileSync(join(tree, 'modules', plainName(file)), readModule(join(kernel.modules, file)));
    const init = readFileSync(join(import.meta.dirname, 'init.sh'), 'utf8')
      .replaceAll('@MODULES@', files.map(plainName).join(' '))
      .replaceAll('@MODULE_TREE@', kernel.modules)
      .replaceAll('@VERSION@', kernel.version);
    writeFileSync(join(tree, 'init'), init, { mode: 0o755 });
    const list = execFileSync('find', ['.'], { cwd: tree });
    const archive = execFileSync('cpio', ['--quiet', '-o', '-H', 'newc', '-R', '0:0'], {
      cwd: tree,
      input: list,
      maxBuffer: 1 << 28,
    });
    writeFileSync(target, archive);
  } finally {
    rmSync(tree, { recursive: true });
  }
}

function plainName(file: string): string {
  return basename(file).replace(/\.xz$/, '');
}

function readModule(path: string): Buffer {
  return path.endsWith('.xz') ? execFileSync('xz', ['-dc', path], { maxBuffer: 1 << 28 }) : readFileSync(path);
}
