/** Next hops without an interface: VPP follows whatever leads there, the kernel has to be told. */

import { formatIp } from '../../model/address.ts';
import type { Ip } from '../../model/address.ts';
import { isKernelError } from '../../kernel/errors.ts';
import { lookupRoute } from '../../kernel/netlink/route.ts';
import type { Route } from '../../kernel/netlink/route.ts';
import type { Rtnl } from '../../kernel/rtnl/port.ts';
import { SchedulerError } from '../../scheduler/errors.ts';
import type { KernelWay } from '../route/kernel-metadata.ts';

/** A next hop without an interface: whatever leads there now is the way. */
export interface Recursive {
  readonly gateway: Ip;
  /** Index of the vrf device in whose table it is looked up; undefined: in the main table. */
  readonly vrf: number | undefined;
  /** Where rules make VRFs: the mark that leads to its table. */
  readonly mark?: number;
  /** For messages. */
  readonly vrfId: number;
  /** Index of a tunnel to several peers that the next hop is a peer of: the way there is that of its endpoint entry. */
  readonly tunnel?: number;
}

/** Looks next hops up; those asked for in the same turn of the event loop share an answer. */
export class NextHops {
  readonly #rtnl: Rtnl;
  readonly #asked = new Map<string, Promise<KernelWay>>();

  constructor(rtnl: Rtnl) {
    this.#rtnl = rtnl;
  }

  /** The way to the next hop at this moment. Rejects with a retriable SchedulerError when there is none. */
  find(recursive: Recursive): Promise<KernelWay> {
    const id = `${recursive.vrf ?? ''} ${recursive.mark ?? ''} ${formatIp(recursive.gateway)} ${recursive.tunnel ?? ''}`;
    let answer = this.#asked.get(id);
    if (!answer) {
      if (this.#asked.size === 0) setImmediate(() => this.#asked.clear());
      this.#asked.set(id, (answer = lookUp(this.#rtnl, recursive)));
    }
    return answer;
  }
}

/** Tells one way from another. */
export function wayText({ gateway, link }: Pick<KernelWay, 'gateway' | 'link'>): string {
  return `${link} ${gateway ? formatIp(gateway) : ''}`;
}

async function lookUp(rtnl: Rtnl, recursive: Recursive): Promise<KernelWay> {
  const { gateway, vrf, mark } = recursive;
  const table = { ...(vrf === undefined ? {} : { outputLink: vrf }), ...(mark === undefined ? {} : { mark }) };
  const found = await rtnl.get(lookupRoute({ destination: gateway, ...table })).catch((error: unknown) => {
    if (isKernelError(error, 'ENETUNREACH', 'EHOSTUNREACH', 'EACCES', 'EINVAL', 'ESRCH')) return undefined;
    throw error;
  });
  if (found?.type === 'local') throw unreachable(recursive, 'is an address of this router');
  // With a vrf device that has no route, the kernel answers with the device itself.
  const link = found?.link ?? found?.nextHops?.[0]?.link;
  if (found?.type !== 'unicast' || link === undefined || link === vrf) {
    throw unreachable(
      recursive,
      'is not reachable: no interface has an address in its network, and no route leads there',
    );
  }
  if (recursive.tunnel !== undefined) return peerWay(recursive, found);
  return { type: 'unicast', gateway: found.gateway ?? found.nextHops?.[0]?.gateway ?? gateway, link };
}

/** The route to a peer says where outside it is: by a gateway, or by what is put around the packet. */
function peerWay(recursive: Recursive, { link, gateway, encapsulation }: Route): KernelWay {
  const type = 'unicast';
  if (link === recursive.tunnel && encapsulation) return { type, link, encapsulation };
  if (link === recursive.tunnel && gateway) return { type, link, gateway };
  throw unreachable(recursive, 'is no peer of the tunnel: an entry of ligato.vpp.l3.TeibEntry says where it is');
}

function unreachable({ gateway, vrfId }: Recursive, why: string): SchedulerError {
  const where = vrfId === 0 ? '' : ` in VRF ${vrfId}`;
  return new SchedulerError('failed', `next hop ${formatIp(gateway)}${where} ${why}`, { retriable: true });
}
