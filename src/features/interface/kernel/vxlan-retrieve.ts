/** Reads VXLAN tunnels back: the device of each VNI and the remotes it floods to. */

import { create } from '@bufbuild/protobuf';
import { formatIp, isMulticast } from '../../../model/address.ts';
import { Interface_Type, InterfaceSchema } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Dump } from '../../../kernel/rtnl/dump.ts';
import type { RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { ownMark, readCommon } from '../../kernel-device.ts';
import type { KernelEngine } from '../../kernel-engine.ts';
import type { KernelInterface } from '../kernel-metadata.ts';
import { interfaceKey } from '../model/keys.ts';
import { remoteOf, underlayOfDevice, vxlanOf } from './vxlan-device.ts';
import { VXLAN_ROLE } from './vxlan.ts';

type Item = Retrieved<Interface, KernelInterface>;
type Context = RetrieveContext<Interface, KernelInterface>;

export async function retrieveVxlan(engine: KernelEngine, context: Context, dump: Dump): Promise<readonly Item[]> {
  const devices = new Map<number, Link>();
  for (const link of await dump.links()) {
    if (link.kind?.type === 'vxlan' && ownMark(engine, link)?.role === VXLAN_ROLE) devices.set(link.kind.id ?? 0, link);
  }
  if (devices.size === 0) return [];
  const remotes = await floodedRemotes(dump);
  const items: Item[] = [];
  const used = new Set<number>();
  for (const [key, { value }] of context.expected) {
    const device = value.link.case === 'vxlan' ? devices.get(value.link.value.vni) : undefined;
    if (!device) continue;
    used.add(device.index);
    const item = read(device, value, remotes.get(device.index));
    remotes.get(device.index)?.delete(formatIp(remoteOf(value)));
    if (item && !(context.keys && !context.keys.has(key))) items.push({ key, ...item, origin: 'ours' });
  }
  if (context.keys) return items;
  for (const [vni, device] of devices) {
    const rest = remotes.get(device.index) ?? new Set<string>();
    if (rest.size === 0 && !used.has(device.index)) rest.add(NOWHERE);
    items.push(...unexpected(vni, device, rest));
  }
  return items;
}

/** By index of the device. */
async function floodedRemotes(dump: Dump): Promise<Map<number, Set<string>>> {
  const remotes = new Map<number, Set<string>>();
  for (const { link, mac, remote } of await dump.fdb()) {
    if (!remote || mac.some((byte) => byte !== 0)) continue;
    const known = remotes.get(link) ?? new Set<string>();
    known.add(formatIp(remote));
    remotes.set(link, known);
  }
  return remotes;
}

function read(
  device: Link,
  wanted: Interface,
  remotes: ReadonlySet<string> | undefined,
): Omit<Item, 'key' | 'origin'> | undefined {
  const underlay = device.kind?.type === 'vxlan' ? underlayOfDevice(device.kind) : undefined;
  if (!underlay) return undefined;
  const remote = remoteOf(wanted);
  const flooded = isMulticast(remote)
    ? underlay.group !== undefined && formatIp(underlay.group) === formatIp(remote)
    : remotes?.has(formatIp(remote)) === true;
  const { srcAddress } = vxlanOf(wanted);
  const common = { ...readCommon(device, wanted), enabled: device.up && flooded };
  // Not expressible: the device sends from another address.
  const local = formatIp(underlay.local);
  const link = { case: 'vxlan', value: { ...vxlanOf(wanted), srcAddress: sameText(srcAddress, local) } } as const;
  return { value: { ...wanted, ...common, link }, metadata: metadataOf(device) };
}

/** As wanted when it means the same. */
function sameText(wanted: string, found: string): string {
  return wanted.toLowerCase() === found ? wanted : found;
}

/** Stands for the device itself when it has no remotes. */
const NOWHERE = '0.0.0.0';

function unexpected(vni: number, device: Link, remotes: ReadonlySet<string>): readonly Item[] {
  const item = (name: string, dstAddress: string): Item => {
    const link = { case: 'vxlan', value: { vni, srcAddress: '', dstAddress } } as const;
    const value = create(InterfaceSchema, { name, type: Interface_Type.VXLAN_TUNNEL, enabled: true, link });
    return { key: interfaceKey(name), value, metadata: metadataOf(device), origin: 'ours' };
  };
  return [...remotes].map((remote) => item(`${device.name}-${remote}`, remote));
}

function metadataOf({ index, name }: Link): KernelInterface {
  const device = { ifindex: index, name };
  return { ...device, port: device, shared: true };
}
