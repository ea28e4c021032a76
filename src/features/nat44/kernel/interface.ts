/**
 * Interfaces of NAT44 in the Linux kernel: `vpp.nat.nat44-interface` and the deprecated list of the global object. A device is
 * in the set of each side that it has. An output feature translates whatever leaves the device, and makes it an outside.
 */

import type { Nat44Interface } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import type { NftSet } from '../../../kernel/nftables/index.ts';
import type { Key } from '../../../model/key.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { Value } from '../../../scheduler/kind.ts';
import type { KernelDevice } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import type { GlobalInterface } from '../model/global.ts';
import { collect, type Elements } from './elements.ts';
import type { Nat } from './nat.ts';
import { natTable, sets } from './table.ts';

interface NatDevice {
  readonly device: KernelDevice;
  /** Names of the sets it is in. */
  readonly sides: readonly Side[];
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
    async create(context, key, value) {
      const { name, sides } = reading.sides(value);
      return await enter(nat, { device: deviceOf(context, key, name), sides: [] }, sides);
    },
    recreate: (_key, from, to) => reading.sides(from).name !== reading.sides(to).name,
    update: (_context, _key, _from, to, metadata) => enter(nat, metadata, reading.sides(to).sides),
    async remove(_context, _key, _value, metadata) {
      await enter(nat, metadata, []);
    },
    retrieve: (context) => retrieve(nat, context, reading),
    retrieveAfter: ['vpp.interfaces'],
  };
}

function deviceOf(graph: GraphView, key: Key, name: string): KernelDevice {
  const found = graph.metadata<KernelDevice>(interfaceKey(name));
  if (!found) throw new SchedulerError('failed', `interface ${name} has no device`, { key });
  return { ifindex: found.ifindex, name: found.name };
}

async function enter(nat: Nat, { device, sides: before }: NatDevice, sides: readonly Side[]): Promise<NatDevice> {
  const answered = answers(nat, device, before.includes('outside'), sides.includes('outside'));
  await Promise.all([nat.change(elementsOf(device, before), elementsOf(device, sides)), answered]);
  return { device, sides };
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
): Promise<readonly Retrieved<V, NatDevice>[]> {
  if (!(await nat.isThere(context.session))) return [];
  const present = await readSides(nat);
  const retrieved: Retrieved<V, NatDevice>[] = [];
  for (const [key, { value }] of context.expected) {
    if (context.keys && !context.keys.has(key)) continue;
    const { name, sides } = reading.sides(value);
    const device = context.metadata<KernelDevice>(interfaceKey(name));
    if (!device) continue;
    const left = sides.filter((side) => present[side].has(device.ifindex));
    if (left.length === 0) continue;
    const whole = left.length === sides.length;
    const metadata = { device: { ifindex: device.ifindex, name: device.name }, sides: left };
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
