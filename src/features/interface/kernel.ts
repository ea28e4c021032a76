/** VPP interfaces in the Linux kernel. */

import type { Handler } from '../../scheduler/handler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { addressHandler } from './kernel/address.ts';
import { bondMemberHandler } from './kernel/bond-member.ts';
import { dhcpClientHandler } from './kernel/dhcp-client.ts';
import { interfaceHandler } from './kernel/interface.ts';
import { ip6ndHandler } from './kernel/ip6nd.ts';
import { receivingHandlers } from './kernel/receiving.ts';
import { unnumberedHandler } from './kernel/unnumbered.ts';
import { inheritedVrfHandler, vrfHandler } from './kernel/vrf.ts';

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  return [
    interfaceHandler(engine),
    vrfHandler(engine),
    inheritedVrfHandler(engine),
    addressHandler(engine),
    unnumberedHandler(engine),
    bondMemberHandler(engine),
    ip6ndHandler(engine),
    dhcpClientHandler(engine),
    ...receivingHandlers(),
  ] as readonly Handler[];
}

export { watchInterfaces as watch } from './kernel/watch.ts';
