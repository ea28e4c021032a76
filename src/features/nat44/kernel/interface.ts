/**
 * Interfaces of NAT44 in the Linux kernel: `vpp.nat.nat44-interface` and the deprecated list of the global object. A device is
 * in the set of each side that it has. An output feature translates whatever leaves the device, and makes it an outside.
 */

import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Nat44Interface } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import type { NftSet } from '../../../kernel/nftables/index.ts';
import type { Key } from '../../../model/key.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { Dependency, Value } from '../../../scheduler/kind.ts';
import type { KernelDevice } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import type { GlobalInterface } from '../model/global.ts';
import { collect, type Elements } from './elements.ts';
import type { Nat } from './nat.ts';
import { natTable, sets } from './table.ts';
import { vrfProblem } from './vrf-marks.ts';
import type { VrfDevice } from './vrf-table.ts';

interface NatDevice {
  readonly device: KernelDevice;
  /** Names of the sets it is in. */
  readonly sides: readonly Side[];
  readonly vrf: number;
}

const sideNames = ['inside', 'outside', 'output'] as const;
type Side = (typeof sideNames)[number];

interface Sides {
  readonly name: string;
  readonly sides: readonly Side[];
}

export function interfaceHandlers(nat: Nat): readonly Handler[] {
  return [
    handler<Nat44Interface>(nat, 'vpp.nat.nat44-interface', {
      sides: ({ name, natInside, natOutside, outputFeature }) => {
        if (outputFeature) return { name, sides: ['outside', 'output'] };
        return {
          name,
          sides: [...(natInside ? ['inside' as const] : []), ...(natOutside ? ['outside' as const] : [])],
        };
      },
      reduced: (value, left) => ({
        ...value,
        natInside: value.natInside && (value.outputFeature || left.includes('inside')),
        natOutside: value.natOutside && left.includes('outside'),
        outputFeature: value.outputFeature && left.includes('output') && left.includes('outside'),
      }),
    }),
    handler<GlobalInterface>(nat, 'vpp.nat.nat44-global.interface', {
      sides: ({ interface: name, inside, outputFeature }) => ({
        name,
        sides: outputFeature ? ['outside', 'output'] : [inside ? 'inside' : 'outside'],
      }),
      reduced: (value) => ({ ...value, outputFeature: false }),
    }),
  ] as readonly Handler[];
}

interface Reading<V> {
  sides(value: V): Sides;
  /** The value as it is when only these sides are left, at least one and not all. */
  reduced(value: V, left: readonly Side[]): V;
}

function handler<V extends Value>(nat: Nat, kind: string, reading: Reading<V>): Handler<V, NatDevice> {
  return {
    kind,
    engine: 'kernel',
    dependencies: (_key, value) => [vrfDependencyOf(reading.sides(value).name)],
    async create(context, key, value) {
      const { name, sides } = reading.sides(value);
      const device = deviceOf(context, key, name);
      return await enter(nat, key, { device, sides: [], vrf: 0 }, sides, vrfOf(context, name));
    },
    async refresh(context, key, value, metadata) {
      const { name, sides } = reading.sides(value);
      const device = deviceOf(context, key, name);
      const vrf = vrfOf(context, name);
      if (vrf === metadata.vrf && device.ifindex === metadata.device.ifindex) return metadata;
      await enter(nat, key, metadata, [], 0);
      return await enter(nat, key, { device, sides: [], vrf: 0 }, sides, vrf);
    },
    recreate: (_key, from, to) => reading.sides(from).name !== reading.sides(to).name,
    update: (context, key, _from, to, metadata) => {
      const { name, sides } = reading.sides(to);
      return enter(nat, key, metadata, sides, vrfOf(context, name));
    },
    async remove(_context, key, _value, metadata) {
      await enter(nat, key, metadata, [], 0);
    },
    retrieve: (context) => retrieve(nat, context, reading, kind === 'vpp.nat.nat44-interface'),
    retrieveAfter: [
      'vpp.interfaces',
      'vpp.nat.nat44-vrf',
      'vpp.nat.nat44-vrf-route',
      ...(kind === 'vpp.nat.nat44-interface' ? ['vpp.nat.nat44-global.interface'] : []),
    ],
  };
}

function deviceOf(graph: GraphView, key: Key, name: string): KernelDevice {
  const found = graph.metadata<KernelDevice>(interfaceKey(name));
  if (!found) throw new SchedulerError('failed', `interface ${name} has no device`, { key });
  return { ifindex: found.ifindex, name: found.name };
}

/** The VRF of an interface is part of it, or of the one it borrows its address from. */
function vrfDependencyOf(name: string): Dependency {
  return { label: `VRF of interface ${name}`, key: interfaceKey(name), watches: 'change' };
}

function vrfOf(graph: GraphView, name: string, borrowed = 0): number {
  const value = graph.desired(interfaceKey(name)) as Interface | undefined;
  const lender = value?.unnumbered?.interfaceWithIp;
  // As many steps as nobody needs: two that borrow from each other are refused elsewhere.
  if (lender !== undefined && borrowed < 8) return vrfOf(graph, lender, borrowed + 1);
  return value?.vrf ?? 0;
}

async function enter(
  nat: Nat,
  key: Key,
  { device, sides: before }: NatDevice,
  sides: readonly Side[],
  vrf: number,
): Promise<NatDevice> {
  const problem = vrfProblem(nat.engine, vrf) ?? unmapped(nat, sides, vrf);
  if (problem !== undefined) throw new SchedulerError('unimplemented', problem, { key, retriable: false });
  const answered = answers(nat, device, before.includes('outside'), sides.includes('outside'));
  await Promise.all([
    nat.change(elementsOf(device, before), elementsOf(device, sides)),
    answered,
    nat.vrfs.device(key, sides.length > 0 ? vrfDevice(device, sides, vrf) : undefined),
  ]);
  return { device, sides, vrf };
}

/** What leaves by it may come from anywhere, and nothing tells which VRF's sender it is. */
function unmapped(nat: Nat, sides: readonly Side[], vrf: number): string | undefined {
  if (!nat.vrfs.endpointIndependent || !sides.includes('output') || vrf === 0) return undefined;
  return `kernel: endpoint_independent is not supported for the output feature of an interface in VRF ${vrf}; in VRF 0 it is, and so are inside and outside interfaces`;
}

function vrfDevice({ ifindex }: KernelDevice, sides: readonly Side[], vrf: number): VrfDevice {
  const [inside, outside, output] = sideNames.map((side) => sides.includes(side)) as [boolean, boolean, boolean];
  return { ifindex, vrf, inside, outside, output };
}

function elementsOf({ ifindex }: KernelDevice, sides: readonly Side[]): Elements {
  return collect(sides.map((side) => ({ set: sets[side] as NftSet, element: { key: [ifindex] } })));
}

/** Outside, the vswitch answers ARP for addresses of pools and mappings, which no device has. */
async function answers(nat: Nat, { name }: KernelDevice, before: boolean, after: boolean): Promise<void> {
  if (before === after) return;
  const { driver } = nat.engine;
  const sysctl = driver.sysctl(driver.vswitch);
  const path = `net/ipv4/conf/${name}/arp_ignore`;
  try {
    await (after ? sysctl.write(path, 0) : sysctl.restore(path));
  } catch (error) {
    // The device is gone, or this user may not: then others answer what they did before.
    if (!isKernelError(error, 'ENOENT', 'EACCES', 'EPERM', 'EROFS')) throw error;
  }
}

async function retrieve<V extends Value>(
  nat: Nat,
  context: RetrieveContext<V, NatDevice>,
  reading: Reading<V>,
  complete: boolean,
): Promise<readonly Retrieved<V, NatDevice>[]> {
  if (!(await nat.isThere(context.session))) return [];
  const present = await readSides(nat);
  const inVrf = (key: Key, device: KernelDevice, value: V): VrfDevice => {
    const { name, sides } = reading.sides(value);
    return vrfDevice(device, sides, vrfOf(context, name));
  };
  for (const [key, { value, metadata }] of context.expected) {
    const device = metadata ? undefined : context.metadata<KernelDevice>(interfaceKey(reading.sides(value).name));
    if (!device) continue;
    const placed = inVrf(key, device, value);
    if (vrfProblem(nat.engine, placed.vrf) === undefined) nat.vrfs.remember(key, { device: placed });
  }
  const retrieved: Retrieved<V, NatDevice>[] = [];
  for (const [key, { value }] of context.expected) {
    if (context.keys && !context.keys.has(key)) continue;
    const { name, sides } = reading.sides(value);
    const device = context.metadata<KernelDevice>(interfaceKey(name));
    if (!device) continue;
    const left = sides.filter((side) => present[side].has(device.ifindex));
    if (left.length === 0) continue;
    const placed = inVrf(key, device, value);
    if (!(await nat.vrfs.isDeviceRight(context.session, placed, complete))) continue;
    const whole = left.length === sides.length;
    const metadata = { device: { ifindex: device.ifindex, name: device.name }, sides: left, vrf: placed.vrf };
    retrieved.push({ key, value: whole ? value : reading.reduced(value, left), metadata, origin: 'ours' });
  }
  return retrieved;
}

async function readSides(nat: Nat): Promise<Record<Side, ReadonlySet<number>>> {
  const read = async (side: Side): Promise<ReadonlySet<number>> => {
    try {
      return new Set((await nat.nft.elements(natTable, sets[side])).map(({ key }) => Number(key[0])));
    } catch (error) {
      if (isKernelError(error, 'ENOENT')) return new Set();
      throw error;
    }
  };
  const [inside, outside, output] = await Promise.all(sideNames.map(read));
  return { inside: inside!, outside: outside!, output: output! };
}
