/**
 * What a network card was to the host before VPP took it: name, state, addresses, and the routes that somebody made. On a host with
 * one card these are its way to the world, so they are put back when the kernel has the card again.
 */

import { formatIp, formatPrefix, parseIp, parsePrefix } from '../../model/address.ts';
import { listAddresses, replaceAddress } from '../../kernel/netlink/address.ts';
import { changeLink, getLink } from '../../kernel/netlink/link.ts';
import { listRoutes, replaceRoute } from '../../kernel/netlink/route.ts';
import type { Route } from '../../kernel/netlink/route.ts';
import type { Rtnl } from '../../kernel/rtnl/port.ts';

export interface HostDevice {
  readonly name: string;
  readonly up: boolean;
  /** Bytes. */
  readonly mtu: number;
  readonly addresses: readonly string[];
  readonly routes: readonly HostRoute[];
}

interface HostRoute {
  readonly destination: string;
  /** Empty: on the link. */
  readonly gateway: string;
  readonly metric: number;
  readonly protocol: number;
}

const MAIN = 254;
/** RTPROT_KERNEL, RTPROT_RA: the kernel makes these again by itself. */
const BY_ITSELF = new Set([2, 9]);
/** RT_SCOPE_LINK: link-local addresses come by themselves. */
const LINK_SCOPE = 253;

/** Undefined: there is no such device. */
export async function readHostDevice(rtnl: Rtnl, name: string): Promise<HostDevice | undefined> {
  const link = await rtnl.get(getLink({ name }));
  if (!link) return undefined;
  const [addresses, routes] = await Promise.all([rtnl.dump(listAddresses()), rtnl.dump(listRoutes({ table: MAIN }))]);
  return {
    name,
    up: link.up,
    mtu: link.mtu,
    addresses: addresses
      .filter((one) => one.link === link.index && one.scope !== LINK_SCOPE)
      .map(({ address }) => formatPrefix(address)),
    routes: routes
      .filter((route) => route.link === link.index && route.type === 'unicast' && !BY_ITSELF.has(route.protocol))
      .map(savedRoute),
  };
}

function savedRoute({ destination, gateway, metric, protocol }: Route): HostRoute {
  return { destination: formatPrefix(destination), gateway: gateway ? formatIp(gateway) : '', metric, protocol };
}

/** Makes the device `now` what it was, under its name. */
export async function restoreHostDevice(rtnl: Rtnl, now: string, device: HostDevice): Promise<void> {
  const link = await rtnl.get(getLink({ name: now }));
  if (!link) throw new Error(`there is no device ${now}`);
  const { name, up, mtu, addresses, routes } = device;
  if (now !== name) await rtnl.request(changeLink({ index: link.index }, { up: false, name }));
  await rtnl.request(changeLink({ index: link.index }, { mtu, up }));
  for (const text of addresses) {
    const address = parsePrefix(text);
    if (address) await rtnl.request(replaceAddress({ link: link.index, address }));
  }
  if (!up) return;
  // Those on the link first: the others' gateways may be behind them.
  for (const { destination: text, gateway: via, metric, protocol } of routes.toSorted(linkFirst)) {
    const destination = parsePrefix(text);
    const gateway = via === '' ? undefined : parseIp(via);
    if (!destination) continue;
    const way = gateway ? { gateway } : {};
    await rtnl.request(replaceRoute({ destination, link: link.index, metric, protocol, ...way }));
  }
}

function linkFirst(left: HostRoute, right: HostRoute): number {
  return Number(left.gateway !== '') - Number(right.gateway !== '');
}
