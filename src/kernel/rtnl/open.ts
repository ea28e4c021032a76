import type { Namespace } from '../namespace/namespace.ts';
import { within } from '../namespace/switch.ts';
import { NETLINK_GENERIC, NETLINK_ROUTE, NETLINK_XFRM, NetlinkSocket } from '../netlink/socket.ts';

/** Which part of the kernel is spoken to: links and routes, IPsec, or what has a family name of its own. */
export type NetlinkProtocol = 'route' | 'xfrm' | 'generic';

const NUMBERS = { route: NETLINK_ROUTE, xfrm: NETLINK_XFRM, generic: NETLINK_GENERIC } as const;

/** A socket of that namespace, for one operation: whoever opens it closes it. */
export function openSocket(namespace: Namespace, protocol: NetlinkProtocol): NetlinkSocket {
  return within(namespace, () => new NetlinkSocket(NUMBERS[protocol]));
}

export function openRouteSocket(namespace: Namespace): NetlinkSocket {
  return openSocket(namespace, 'route');
}
