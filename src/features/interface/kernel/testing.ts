/** What tests of links in the test VM share. */

import type { Change } from '../../../scheduler/scheduler.ts';
import { Interface_Type as LinuxType } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Host } from '../../../../test/lab/host.ts';
import { linuxInterface, vppInterface } from '../../../../test/stage/stage.ts';
import type { named } from '../../../../test/stage/stage.ts';

type Addresses = { readonly here?: readonly string[]; readonly there?: readonly string[] };

/** A TAP and its end in a pod. */
export function wire(
  tap: string,
  namespace: ReturnType<typeof named>,
  hostIfName: string,
  addresses: Addresses = {},
  more: { readonly vrf?: number } = {},
): Change[] {
  return [
    vppInterface(tap, {
      type: Type.TAP,
      ipAddresses: [...(addresses.here ?? [])],
      link: { case: 'tap', value: { version: 2 } },
      ...more,
    }),
    linuxInterface(`${tap}-far`, {
      type: LinuxType.TAP_TO_VPP,
      namespace,
      hostIfName,
      ipAddresses: [...(addresses.there ?? [])],
      link: { case: 'tap', value: { vppTapIfName: tap } },
    }),
  ];
}

/** Runs `ip` commands, one a line. */
export async function ip(host: Host, commands: string): Promise<void> {
  for (const line of commands.trim().split('\n')) await host.run('ip', ...line.trim().split(/\s+/));
}
