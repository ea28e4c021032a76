import type { Namespace } from '../namespace/namespace.ts';
import { within } from '../namespace/switch.ts';
import { NETLINK_ROUTE, NetlinkSocket } from '../netlink/socket.ts';

/** A socket of that namespace, for one operation: whoever opens it closes it. */
export function openRouteSocket(namespace: Namespace): NetlinkSocket {
  return within(namespace, () => new NetlinkSocket(NETLINK_ROUTE));
}
