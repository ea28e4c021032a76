/** Devices of our own: made so that a crash leaks none, marked, removed, read. What features that make devices share. */

import { formatMac, parseMac } from '../../model/address.ts';
import { isKernelError } from '../../kernel/errors.ts';
import { changeLink, createLink, deleteLink, getLink } from '../../kernel/netlink/link.ts';
import type { Link, LinkSettings, NewLink } from '../../kernel/netlink/link.ts';
import { formatMark, parseMark } from '../../kernel/ownership/mark.ts';
import type { Mark } from '../../kernel/ownership/mark.ts';
import { deviceGroups } from '../../kernel/pipeline/numbers.ts';
import type { Rtnl } from '../../kernel/rtnl/port.ts';
import type { KernelEngine } from './engine.ts';
import { nameTaken } from './taken-name.ts';
import type { WantedName } from './taken-name.ts';

/** What the models of VPP and Linux interfaces have in common. */
export interface DeviceWishes {
  /** Empty: whatever the kernel chooses. */
  readonly physAddress: string;
  /** Bytes; 0: whatever the kernel chooses. */
  readonly mtu: number;
  readonly enabled: boolean;
}

/** `role`: what the device is to its object. */
export function markOf(engine: KernelEngine, role: string, name: string): string {
  return formatMark({ owner: engine.owner, role, name });
}

/** The mark of a device of this agent. */
export function ownMark(engine: KernelEngine, link: Link): Mark | undefined {
  const mark = parseMark(link.alias);
  return mark?.owner === engine.owner ? mark : undefined;
}

/** MAC, MTU and administrative state; empty MAC and MTU 0 keep the kernel's choice. */
export function commonSettings({ physAddress, mtu, enabled }: DeviceWishes): LinkSettings {
  const address = physAddress === '' ? undefined : parseMac(physAddress);
  return { up: enabled, ...(address ? { address } : {}), ...(mtu > 0 ? { mtu } : {}) };
}

/** Who asks for the names of a device and of its peer, for the error when somebody else has one. */
export interface Names {
  readonly engine: KernelEngine;
  readonly device?: WantedName;
  /** `alias`: of a peer that an earlier run left behind. */
  readonly peer?: WantedName & { readonly alias?: string };
}

/**
 * Makes a device and reads it back. The kernel marks it in a second step, so it is born in a group of its own and leaves it with
 * its mark: a device of that name that has either is what a crash left behind, and is made anew. Any other is somebody else's, and
 * stays.
 */
export async function makeDevice(
  rtnl: Rtnl,
  { alias, ...spec }: NewLink & { readonly alias: string },
  names?: Names,
): Promise<Link> {
  const newborn = { ...spec, group: deviceGroups.newborn.first };
  const [made, link] = await Promise.allSettled([
    rtnl.request(createLink(newborn)),
    rtnl.get(getLink({ name: spec.name })),
  ]);
  const existing = link.status === 'fulfilled' ? link.value : undefined;
  if (made.status === 'fulfilled')
    return mark(rtnl, existing ?? (await rtnl.get(getLink({ name: spec.name }))), spec, alias);
  if (!isKernelError(made.reason, 'EEXIST')) throw made.reason;
  if (existing) await removeLeftOver(rtnl, existing, alias, made.reason, names && { ...names, wanted: names.device });
  if (names?.peer) await clearPeer(names.engine, names.peer, made.reason, existing === undefined);
  else if (!existing) throw made.reason;
  await rtnl.request(createLink(newborn));
  return mark(rtnl, await rtnl.get(getLink({ name: spec.name })), spec, alias);
}

/** `isCause`: it is the peer that the kernel had complained of. */
async function clearPeer(
  engine: KernelEngine,
  peer: NonNullable<Names['peer']>,
  cause: unknown,
  isCause: boolean,
): Promise<void> {
  const rtnl = engine.driver.rtnl(peer.namespace);
  const existing = await rtnl.get(getLink({ name: peer.name }));
  if (existing) await removeLeftOver(rtnl, existing, peer.alias, cause, { engine, wanted: peer });
  else if (isCause) throw cause;
}

async function removeLeftOver(
  rtnl: Rtnl,
  link: Link,
  alias: string | undefined,
  cause: unknown,
  names?: { readonly engine: KernelEngine; readonly wanted: WantedName | undefined },
): Promise<void> {
  if (alias === undefined || !isLeftOver(link, alias))
    throw names?.wanted ? nameTaken(names.engine, names.wanted, link, cause) : cause;
  await removeDevice(rtnl, link.index);
}

async function mark(rtnl: Rtnl, link: Link | undefined, { name, group = 0 }: NewLink, alias: string): Promise<Link> {
  if (!link) throw new Error(`device ${name} vanished as soon as it was made`);
  await rtnl.request(changeLink({ index: link.index }, { alias, group }));
  return { ...link, alias, group };
}

function isLeftOver(link: Link, alias: string): boolean {
  return link.alias === alias || (!link.alias && link.group === deviceGroups.newborn.first);
}

/** Removes a device; one that is gone already, or whose namespace is, is fine. */
export async function removeDevice(rtnl: Rtnl, ifindex: number): Promise<void> {
  try {
    await rtnl.request(deleteLink({ index: ifindex }));
  } catch (error) {
    if (!isKernelError(error, 'ENODEV', 'ENOENT')) throw error;
  }
}

/** As `removeDevice`; a device that was somewhere else meanwhile may have come back with another index, and is known by its mark. */
export async function removeMarked(
  rtnl: Rtnl,
  { ifindex, name }: { readonly ifindex: number; readonly name: string },
  alias: string,
): Promise<void> {
  try {
    await rtnl.request(deleteLink({ index: ifindex }));
  } catch (error) {
    if (isKernelError(error, 'ENOENT')) return;
    if (!isKernelError(error, 'ENODEV')) throw error;
    const link = await rtnl.get(getLink({ name }));
    if (link?.alias === alias) await removeDevice(rtnl, link.index);
  }
}

/** Changes MAC, MTU and administrative state in place; what did not change is not touched. */
export async function changeCommon(rtnl: Rtnl, ifindex: number, from: DeviceWishes, to: DeviceWishes): Promise<void> {
  const address = to.physAddress === '' || to.physAddress === from.physAddress ? undefined : parseMac(to.physAddress);
  const settings: LinkSettings = {
    ...(address ? { address } : {}),
    ...(to.mtu !== from.mtu ? { mtu: to.mtu > 0 ? to.mtu : DEFAULT_MTU } : {}),
    ...(to.enabled !== from.enabled ? { up: to.enabled } : {}),
  };
  if (Object.keys(settings).length > 0) await rtnl.request(changeLink({ index: ifindex }, settings));
}

/** What the kernel gives an Ethernet device, bytes. */
const DEFAULT_MTU = 1500;

/** State, MAC and MTU as the kernel has them. MAC and MTU that nobody asked for are left out. */
export function readCommon(link: Link, wanted: DeviceWishes): DeviceWishes {
  return {
    enabled: link.up,
    physAddress: wanted.physAddress === '' ? '' : formatMac(link.address),
    mtu: wanted.mtu === 0 && link.mtu === DEFAULT_MTU ? 0 : link.mtu,
  };
}
