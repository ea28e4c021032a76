/** Virtual routers in keepalived's words (keepalived.conf(5)), and read back from them. */

import type { VRRPEntry } from '../../../model/gen/ligato/vpp/l3/vrrp_pb.js';
import type { Key } from '../../../model/key.ts';
import { spelledIp } from '../../equality.ts';

/** A virtual router and the device it is on. */
export interface Placed {
  readonly key: Key;
  readonly value: VRRPEntry;
  readonly device: string;
}

const HEAD = `global_defs {
  vrrp_version 3
  vrrp_garp_master_delay 0
  vrrp_garp_master_repeat 1
  vrrp_garp_master_refresh 60
  enable_script_security
}
`;

/** Before each block: whose it is. */
const MARK = '# virtual router ';

/** Blocks in the order of their keys, so that the same routers make the same file. */
export function configurationOf(routers: readonly Placed[]): string {
  const sorted = routers.toSorted((left, right) => (left.key < right.key ? -1 : 1));
  return [HEAD, ...sorted.map((router) => `${MARK}${router.key}\n${blockOf(router)}`)].join('\n');
}

/** Blocks by key. */
export function blocksIn(configuration: string): ReadonlyMap<string, string> {
  const [, ...pieces] = configuration.split(`\n${MARK}`);
  return new Map(
    pieces.map((piece) => {
      const end = piece.indexOf('\n');
      return [piece.slice(0, end), `${piece.slice(end + 1).trimEnd()}\n`] as const;
    }),
  );
}

/** Virtual addresses are on a device of their own with the virtual router's MAC address (RFC 5798, 7.3). */
export function blockOf({ value, device }: Placed): string {
  const { vrId, priority, interval, preempt, accept, ipAddresses, enabled } = value;
  if (!enabled) return `# not enabled: ${device} ${vrId}\n`;
  const addresses = ipAddresses.map(spelledIp).sort(linkLocalFirst);
  const family = addresses[0]!.includes(':') ? 6 : 4;
  const length = family === 6 ? 128 : 32;
  return [
    `vrrp_instance ${device}-${vrId}-ipv${family} {`,
    `  interface ${device}`,
    `  virtual_router_id ${vrId}`,
    `  state ${priority === OWNER ? 'MASTER' : 'BACKUP'}`,
    `  priority ${priority}`,
    `  advert_int ${(Math.trunc(interval / 10) / 100).toFixed(2)}`,
    `  use_vmac ${virtualDevice(vrId, family, device)}`,
    '  vmac_xmit_base',
    ...(preempt || priority === OWNER ? [] : ['  nopreempt']),
    `  ${accept ? 'accept' : 'no_accept'}`,
    '  virtual_ipaddress {',
    ...addresses.map((address) => `    ${address}/${length}`),
    '  }',
    '}',
    '',
  ].join('\n');
}

/** Priority of the router that owns the addresses (RFC 5798, 5.2.4). */
const OWNER = 255;

/** Of IPv6 addresses the first has to be link-local (RFC 5798, 5.2.9). */
function linkLocalFirst(left: string, right: string): number {
  const rank = (text: string): string => `${text.startsWith('fe80:') ? 0 : 1}${text}`;
  return rank(left) < rank(right) ? -1 : 1;
}

/** At most 15 bytes, and the same for the same router: the device's name is hashed (FNV-1a). */
export function virtualDevice(vrId: number, family: 4 | 6, device: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(device)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `vr${family}-${vrId}-${hash.toString(36).slice(0, 7)}`;
}
