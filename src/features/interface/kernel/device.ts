/** What all interfaces that are devices of our own have in common: name, mark, MAC, MTU, administrative state. */

import { formatMac, parseMac } from '../../../model/address.ts';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import { changeLink, createLink, deleteLink, getLink } from '../../../kernel/netlink/link.ts';
import type { Link, LinkSettings, NewLink } from '../../../kernel/netlink/link.ts';
import { formatMark, parseMark } from '../../../kernel/ownership/mark.ts';
import type { Mark } from '../../../kernel/ownership/mark.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import type { KernelEngine } from '../../kernel-engine.ts';

/** What a device of ours is to its interface; part of its mark. */
export type DeviceRole = 'tap' | 'loopback' | 'loopback-port';

export function markOf(engine: KernelEngine, role: DeviceRole, name: string): string {
  return formatMark({ owner: engine.owner, role, name });
}

/** The mark of a device of this agent. */
export function ownMark(engine: KernelEngine, link: Link): Mark | undefined {
  const mark = parseMark(link.alias);
  return mark?.owner === engine.owner ? mark : undefined;
}

/** Settings that every configured interface may have; empty MAC and MTU 0 keep the kernel's choice. */
export function commonSettings({ physAddress, mtu, enabled }: Interface): LinkSettings {
  const address = physAddress === '' ? undefined : parseMac(physAddress);
  return { up: enabled, ...(address ? { address } : {}), ...(mtu > 0 ? { mtu } : {}) };
}

/**
 * Makes a device and reads it back in the same burst. A device of that name that carries the same mark is what a crash left
 * behind: it is made anew. Any other is somebody else's, and stays.
 */
export async function makeDevice(rtnl: Rtnl, spec: NewLink & { readonly alias: string }): Promise<Link> {
  const [made, link] = await Promise.allSettled([rtnl.request(createLink(spec)), rtnl.get(getLink({ name: spec.name }))]);
  if (made.status === 'fulfilled' && link.status === 'fulfilled' && link.value) return link.value;
  const existing = link.status === 'fulfilled' ? link.value : undefined;
  if (made.status === 'fulfilled') throw new Error(`device ${spec.name} vanished as soon as it was made`);
  if (!isKernelError(made.reason, 'EEXIST') || existing?.alias !== spec.alias) throw made.reason;
  await rtnl.request(deleteLink({ index: existing.index }));
  const [, again] = await Promise.all([rtnl.request(createLink(spec)), rtnl.get(getLink({ name: spec.name }))]);
  if (!again) throw new Error(`device ${spec.name} vanished as soon as it was made`);
  return again;
}

/** Removes a device; one that is gone already is fine. */
export async function removeDevice(rtnl: Rtnl, ifindex: number): Promise<void> {
  try {
    await rtnl.request(deleteLink({ index: ifindex }));
  } catch (error) {
    if (!isKernelError(error, 'ENODEV')) throw error;
  }
}

/** Changes MAC, MTU and administrative state in place; what did not change is not touched. */
export async function changeCommon(rtnl: Rtnl, ifindex: number, from: Interface, to: Interface): Promise<void> {
  const settings = {
    ...(to.physAddress !== '' && to.physAddress !== from.physAddress ? { address: parseMac(to.physAddress)! } : {}),
    ...(to.mtu !== from.mtu ? { mtu: to.mtu > 0 ? to.mtu : DEFAULT_MTU } : {}),
    ...(to.enabled !== from.enabled ? { up: to.enabled } : {}),
  };
  if (Object.keys(settings).length > 0) await rtnl.request(changeLink({ index: ifindex }, settings));
}

/** What the kernel gives an Ethernet device, bytes. */
const DEFAULT_MTU = 1500;

/**
 * The interface as the data plane has it: state, MAC and MTU are read, the rest is as wanted (addresses, VRF and the like
 * are parts and are read by their own handlers). MAC and MTU that nobody asked for are left out.
 */
export function readCommon(link: Link, wanted: Interface): Interface {
  return {
    ...wanted,
    enabled: link.up,
    physAddress: wanted.physAddress === '' ? '' : formatMac(link.address),
    mtu: wanted.mtu === 0 && link.mtu === DEFAULT_MTU ? 0 : link.mtu,
  };
}
