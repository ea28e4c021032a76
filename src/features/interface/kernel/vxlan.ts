/**
 * VXLAN_TUNNEL. The kernel takes one device for each VNI and port in a namespace, so the tunnels of a VNI share it: each is a
 * remote that unknown destinations are flooded to (an fdb entry with the zero MAC), and the device learns which MAC is behind which
 * remote. What one tunnel brings never leaves through another one, as in one split-horizon group.
 */

import { formatIp, isMulticast, parseIp } from '../../../model/address.ts';
import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { changeLink, deleteLink, getLink } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import { appendFdb, deleteFdb, NTF_SELF, NUD_PERMANENT } from '../../../kernel/netlink/neighbour.ts';
import type { FdbSpec } from '../../../kernel/netlink/neighbour.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { AggregateChange, OperationContext } from '../../../scheduler/handler.ts';
import { makeDevice, markOf, ownMark, removeDevice } from '../../kernel-device.ts';
import type { KernelEngine } from '../../kernel-engine.ts';
import type { KernelInterface } from '../kernel-metadata.ts';
import {
  conflict,
  kindOf,
  remoteOf,
  sameUnderlay,
  sharedSettings,
  underlayOf,
  underlayOfDevice,
} from './vxlan-device.ts';
import type { Underlay } from './vxlan-device.ts';

export const VXLAN_ROLE = 'vxlan';

type Change = AggregateChange<Interface, KernelInterface>;
type Outcomes = ReadonlyMap<Key, KernelInterface | Error>;

interface Member {
  readonly key: Key;
  readonly value: Interface;
  readonly underlay: Underlay;
}

export function vxlanAggregate(value: Interface): string | undefined {
  return value.type === Interface_Type.VXLAN_TUNNEL && value.link.case === 'vxlan'
    ? `vxlan ${value.link.value.vni}`
    : undefined;
}

export function vxlanUnsupported({ link }: Interface): string | undefined {
  return link.case === 'vxlan' && link.value.gpe ? 'kernel: VXLAN-GPE is not supported' : undefined;
}

export function deviceNameOf(vni: number): string {
  return `vxlan${vni}`;
}

export async function reconcileVxlan(
  engine: KernelEngine,
  context: OperationContext,
  change: Change,
): Promise<Outcomes> {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  const outcomes = new Map<Key, KernelInterface | Error>();
  for (const key of change.before.keys()) if (!change.after.has(key)) outcomes.set(key, NOTHING);
  const vni = Number(change.aggregate.split(' ')[1]);
  const name = deviceNameOf(vni);
  const existing = await rtnl.get(getLink({ name }));
  const mine = existing && ownMark(engine, existing)?.role === VXLAN_ROLE ? existing : undefined;
  const members = agree(context, change, mine, outcomes);
  if (members.length === 0) {
    if (mine) await removeDevice(rtnl, mine.index);
    return outcomes;
  }
  const device = await provide(engine, vni, members, mine);
  await flood(engine, device.index, device === mine ? change.before : new Map(), members);
  const own = { ifindex: device.index, name };
  for (const { key } of members) outcomes.set(key, { ...own, port: own, shared: true });
  return outcomes;
}

/** Outcome of a removal: the metadata of nothing. */
const NOTHING = undefined as unknown as KernelInterface;

/** The tunnels that can have the device; the others fail. Those that fit the device that is there go first. */
function agree(
  context: OperationContext,
  { after }: Change,
  existing: Link | undefined,
  outcomes: Map<Key, KernelInterface | Error>,
): readonly Member[] {
  const candidates: Member[] = [];
  for (const [key, value] of [...after].sort(([left], [right]) => (left < right ? -1 : 1))) {
    try {
      candidates.push({ key, value, underlay: underlayOf(context, value) });
    } catch (error) {
      outcomes.set(key, error as Error);
    }
  }
  const present = existing?.kind?.type === 'vxlan' ? underlayOfDevice(existing.kind) : undefined;
  const first = candidates.find(({ underlay }) => present && sameUnderlay(underlay, present)) ?? candidates[0];
  return candidates.filter(({ key, value, underlay }) => {
    if (!first || key === first.key) return true;
    const problem = conflict(first.value, first.underlay, value, underlay);
    if (problem !== undefined)
      outcomes.set(key, new SchedulerError('unimplemented', problem, { key, retriable: false }));
    return problem === undefined;
  });
}

/** The device as the members want it: the one that is there if only MAC, MTU or state differ. */
async function provide(
  engine: KernelEngine,
  vni: number,
  members: readonly Member[],
  existing: Link | undefined,
): Promise<Link> {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  const { underlay } = members[0]!;
  const settings = sharedSettings(members.map(({ value }) => value));
  const present = existing?.kind?.type === 'vxlan' ? underlayOfDevice(existing.kind) : undefined;
  if (existing && present && sameUnderlay(present, underlay)) {
    await rtnl.request(changeLink({ index: existing.index }, settings));
    return existing;
  }
  if (existing) await rtnl.request(deleteLink({ index: existing.index }));
  const alias = markOf(engine, VXLAN_ROLE, String(vni));
  return makeDevice(rtnl, { ...settings, name: deviceNameOf(vni), alias, kind: kindOf(vni, underlay) });
}

async function flood(
  engine: KernelEngine,
  link: number,
  before: Change['before'],
  members: readonly Member[],
): Promise<void> {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  const present = remotes([...before.values()].map(({ value }) => value));
  const wanted = remotes(members.map(({ value }) => value));
  const added = [...wanted].filter((remote) => !present.has(remote));
  const removed = [...present].filter((remote) => !wanted.has(remote));
  await Promise.all([
    ...added.map((remote) => rtnl.request(appendFdb(floodEntry(link, remote)))),
    ...removed.map(async (remote) => {
      try {
        await rtnl.request(deleteFdb(floodEntry(link, remote)));
      } catch (error) {
        if (!isKernelError(error, 'ENOENT', 'ENODEV')) throw error;
      }
    }),
  ]);
}

/** Remotes that frames go to: not those of tunnels that are down, nor the group, which the device knows itself. */
function remotes(values: readonly Interface[]): ReadonlySet<string> {
  const enabled = values.filter(({ enabled }) => enabled).map(remoteOf);
  return new Set(enabled.filter((remote) => !isMulticast(remote)).map(formatIp));
}

function floodEntry(link: number, remote: string): FdbSpec {
  return { link, mac: ANY, remote: parseIp(remote)!, state: NUD_PERMANENT, flags: NTF_SELF };
}

const ANY = new Uint8Array(6);
