/** What the running kernel can do, asked by trying it in a network namespace that goes with the command. */
import { spawnSync } from 'node:child_process';

const tried = new Map<string, boolean>();

/** Argument lists that succeed in a fresh network namespace exactly where the kernel has the feature. */
const attempts: Readonly<Record<string, readonly string[]>> = {
  vrf: ['ip', 'link', 'add', 'probe0', 'type', 'vrf', 'table', '10'],
  dummy: ['ip', 'link', 'add', 'probe0', 'type', 'dummy'],
  vlan: ['sh', '-c', 'ip link add probe0 type veth && ip link add link probe0 name probe1 type vlan id 5'],
  bond: ['ip', 'link', 'add', 'probe0', 'type', 'bond'],
  gre: ['ip', 'link', 'add', 'probe0', 'type', 'gretap', 'local', '127.0.0.1', 'remote', '127.0.0.2'],
  ipip: ['ip', 'link', 'add', 'probe0', 'type', 'ipip', 'local', '127.0.0.1', 'remote', '127.0.0.2'],
  wireguard: ['ip', 'link', 'add', 'probe0', 'type', 'wireguard'],
  xfrmi: ['ip', 'link', 'add', 'probe0', 'type', 'xfrm', 'if_id', '1'],
  vxlan: ['ip', 'link', 'add', 'probe0', 'type', 'vxlan', 'id', '5', 'dstport', '4789'],
  esp: [
    'ip',
    'xfrm',
    'state',
    'add',
    'src',
    '10.0.0.1',
    'dst',
    '10.0.0.2',
    'proto',
    'esp',
    'spi',
    '1',
    'mode',
    'tunnel',
    'aead',
    'rfc4106(gcm(aes))',
    '0x0123456789012345678901234567890123456789',
    '128',
  ],
  nft: ['nft', 'add', 'table', 'inet', 'probe'],
  'vhost-net': ['sh', '-c', 'modprobe -qa tun vhost_net; test -c /dev/net/tun && test -c /dev/vhost-net'],
  'bridge-conntrack': [
    'nft',
    'add table bridge p; add chain bridge p c { type filter hook forward priority 0; }; add rule bridge p c ct state new accept',
  ],
};

/** Feature names understood in `needs-kernel:` lines and by `requires()`. */
export const kernelFeatures: readonly string[] = Object.keys(attempts);

/** False also where namespaces cannot be made at all. An unknown name is a mistake of the test, not a skip. */
export function hasKernelFeature(name: string): boolean {
  const argv = attempts[name];
  if (argv === undefined) throw new Error(`no kernel feature called ${name}; there are: ${kernelFeatures.join(', ')}`);
  let has = tried.get(name);
  if (has === undefined) {
    const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
    const unshare = process.geteuid?.() === 0 ? ['-n'] : ['-Urn'];
    const result = spawnSync('unshare', [...unshare, ...argv], {
      stdio: 'ignore',
      env: { ...process.env, PATH: path },
    });
    has = result.status === 0;
    tried.set(name, has);
  }
  return has;
}
