/** Debian packages that suites use: installed when this machine allows it, else named with what will be skipped. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Command -> Debian package that brings it. */
const packages: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  nft: 'nftables',
  iptables: 'iptables',
  ping: 'iputils-ping',
  tcpdump: 'tcpdump',
  ethtool: 'ethtool',
  tc: 'iproute2',
  dnsmasq: 'dnsmasq-base',
  keepalived: 'keepalived',
  bird: 'bird2',
  unshare: 'util-linux',
  sysctl: 'procps',
  openssl: 'openssl',
  chromium: 'chromium',
  'qemu-system-x86_64': 'qemu-system-x86',
  busybox: 'busybox-static',
  cpio: 'cpio',
  depmod: 'kmod',
};

/** Whether a command is on the path or in the system's `sbin` folders. */
export function hasCommand(name: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** True for the root user of the machine, false for the root of an unprivileged user namespace. */
export function isRealRoot(): boolean {
  if (process.geteuid?.() !== 0) return false;
  try {
    return /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
  } catch {
    return false;
  }
}

/** Installs what is missing where it can; returns the commands that stay missing. */
export function provideCommands(say: (line: string) => void): readonly string[] {
  const missing = Object.keys(packages).filter((name) => !hasCommand(name));
  if (missing.length === 0) return [];
  const wanted = [...new Set(missing.map((name) => packages[name] ?? name))];
  if (!isRealRoot() || !hasCommand('apt-get')) {
    say(`missing: ${missing.join(', ')}; as root: apt-get install ${wanted.join(' ')}`);
    return missing;
  }
  say(`installing Debian packages: ${wanted.join(' ')}`);
  apt(['update', '-qq'], say);
  apt(['install', '-y', '-qq', '--no-install-recommends', ...wanted], say);
  return missing.filter((name) => !hasCommand(name));
}

function apt(args: readonly string[], say: (line: string) => void): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const result = spawnSync('apt-get', args, { env, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  if (result.status !== 0) say(`apt-get ${args[0]} failed: ${(result.stderr || String(result.error)).trim()}`);
}
