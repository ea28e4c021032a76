/** What udhcpc says, line by line, through the script that it runs at each event. */

import { create } from '@bufbuild/protobuf';
import { formatPrefix, lengthOfNetmask, parseIp } from '../../../model/address.ts';
import type { Ip } from '../../../model/address.ts';
import { DHCPLeaseSchema } from '../../../model/gen/ligato/vpp/interfaces/dhcp_pb.js';
import type { DHCPLease } from '../../../model/gen/ligato/vpp/interfaces/dhcp_pb.js';

/** Run by udhcpc with the event as its argument and what the server gave in the environment (busybox, networking/udhcp/dhcpc.c). */
export const LEASE_SCRIPT = `#!/bin/sh
printf 'lease event=%s ip=%s subnet=%s router=%s hostname=%s\\n' "$1" "$ip" "$subnet" "\${router%% *}" "$hostname"
`;

export type LeaseEvent =
  /** No lease (any more). */
  | { readonly type: 'none' }
  | { readonly type: 'lease'; readonly lease: DHCPLease; readonly router: Ip | undefined }
  | { readonly type: 'failed' };

/** Undefined: a line of another meaning, or one that makes no sense: a server says what it wants. */
export function readLeaseLine(line: string, interfaceName: string, mac: string): LeaseEvent | undefined {
  const found = /^lease event=(\w+) ip=(\S*) subnet=(\S*) router=(\S*) hostname=(.*)$/.exec(line);
  if (!found) return undefined;
  const [, event, ip = '', subnet = '', router = '', hostName = ''] = found;
  if (event === 'deconfig') return { type: 'none' };
  if (event === 'leasefail' || event === 'nak') return { type: 'failed' };
  if (event !== 'bound' && event !== 'renew') return undefined;
  const address = parseIp(ip);
  const mask = parseIp(subnet);
  const length = mask && lengthOfNetmask(mask);
  if (address?.family !== 4 || length === undefined) return undefined;
  const gateway = parseIp(router);
  const lease = create(DHCPLeaseSchema, {
    interfaceName,
    hostName,
    hostPhysAddress: mac,
    hostIpAddress: formatPrefix({ address, length }),
    routerIpAddress: gateway?.family === 4 ? formatPrefix({ address: gateway, length }) : '',
  });
  return { type: 'lease', lease, router: gateway?.family === 4 ? gateway : undefined };
}
