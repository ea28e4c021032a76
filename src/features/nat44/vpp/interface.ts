/** Interfaces of NAT44 in VPP: `vpp.nat.nat44-interface`, and those of the global object. */

import { create } from '@bufbuild/protobuf';
import { Nat44InterfaceSchema } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Nat44Interface } from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { natConfigFlags } from '../../../vpp/index.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { globalInterfaceKey, nat44InterfaceKey } from '../model.ts';
import type { GlobalInterface } from '../model.ts';
import { natEnabled } from '../model/mode.ts';

/** What an interface is to NAT. */
interface VppNatSides {
  readonly swIfIndex: number;
  readonly inside: boolean;
  readonly outside: boolean;
  readonly output: boolean;
}

export function interfaceHandlers(engine: VppEngine): readonly Handler[] {
  return [interfaceHandler(engine), globalInterfaceHandler(engine)] as readonly Handler[];
}

function missing(engine: VppEngine): string | undefined {
  const output = ['nat44_ed_add_del_output_interface', 'nat44_interface_add_del_output_feature'] as const;
  return lacking(engine, ['nat44_interface_add_del_feature'], ['nat44_interface_dump'], output);
}

/** One request for each side: VPP puts both together. */
function switchSides(
  { client }: VppEngine,
  { signal }: OperationContext,
  { swIfIndex, inside, outside, output }: VppNatSides,
  is_add: boolean,
): Promise<unknown>[] {
  const sw_if_index = swIfIndex;
  const side = (flags: number) =>
    client.request('nat44_interface_add_del_feature', { is_add, sw_if_index, flags }, { signal });
  if (output && client.has('nat44_ed_add_del_output_interface')) {
    return [client.request('nat44_ed_add_del_output_interface', { is_add, sw_if_index }, { signal })];
  }
  if (output) {
    const flags = inside ? natConfigFlags.NAT_IS_INSIDE : natConfigFlags.NAT_IS_OUTSIDE;
    return [client.request('nat44_interface_add_del_output_feature', { is_add, sw_if_index, flags }, { signal })];
  }
  return [
    ...(inside ? [side(natConfigFlags.NAT_IS_INSIDE)] : []),
    ...(outside ? [side(natConfigFlags.NAT_IS_OUTSIDE)] : []),
  ];
}

function interfaceHandler(engine: VppEngine): Handler<Nat44Interface, VppNatSides> {
  return {
    kind: 'vpp.nat.nat44-interface',
    engine: 'vpp',
    unsupported: () => missing(engine),
    async create(context, _key, { name, natInside: inside, natOutside: outside, outputFeature: output }) {
      const sides = { swIfIndex: swIfIndexOf(context, name), inside, outside, output };
      await Promise.all(switchSides(engine, context, sides, true));
      return sides;
    },
    async remove(context, _key, _value, sides) {
      await Promise.all(switchSides(engine, context, sides, false).map((request) => removed(request)));
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

function globalInterfaceHandler(engine: VppEngine): Handler<GlobalInterface, VppNatSides> {
  return {
    kind: 'vpp.nat.nat44-global.interface',
    engine: 'vpp',
    unsupported: () => missing(engine),
    dependencies: () => [natEnabled],
    async create(context, _key, { interface: name, inside, outputFeature: output }) {
      const sides = { swIfIndex: swIfIndexOf(context, name), inside, outside: !inside, output };
      await Promise.all(switchSides(engine, context, sides, true));
      return sides;
    },
    async remove(context, _key, _value, sides) {
      await Promise.all(switchSides(engine, context, sides, false).map((request) => removed(request)));
    },
    retrieve: (context) => retrieveGlobal(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

interface Found extends VppNatSides {
  readonly name: string;
  readonly isOurs: boolean;
}

async function sidesFound(engine: VppEngine, { session }: Pick<RetrieveContext, 'session'>): Promise<readonly Found[]> {
  const dump = vppDump(engine, session);
  const [interfaces, sides, outputs, old] = await Promise.all([
    dump.interfaces(),
    dump.list('nat44_interface_dump'),
    dump.list('nat44_ed_output_interface_get', { cursor: 0 }),
    dump.list('nat44_interface_output_feature_dump'),
  ]);
  const found = (swIfIndex: number, flags: number, output: boolean): Found => ({
    swIfIndex,
    name: interfaces.nameOf(swIfIndex),
    isOurs: (interfaces.at(swIfIndex)?.tag ?? '') !== '',
    inside: (flags & natConfigFlags.NAT_IS_INSIDE) !== 0,
    outside: (flags & natConfigFlags.NAT_IS_OUTSIDE) !== 0,
    output,
  });
  return [
    ...sides.map(({ sw_if_index, flags }) => found(sw_if_index, flags as number, false)),
    ...outputs.map(({ sw_if_index }) => found(sw_if_index, 0, true)),
    ...old.map(({ sw_if_index, flags }) => found(sw_if_index, flags as number, true)),
  ];
}

/** Sides that the global object has are its own. An output feature has no side in VPP: that is as it was wanted. */
async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<Nat44Interface, VppNatSides>,
): Promise<readonly Retrieved<Nat44Interface, VppNatSides>[]> {
  const retrieved: Retrieved<Nat44Interface, VppNatSides>[] = [];
  for (const { isOurs, name, ...sides } of await sidesFound(engine, context)) {
    const key = nat44InterfaceKey(name);
    const wanted = context.expected.get(key)?.value;
    const hasGlobal = (inside: boolean) => context.desired(globalInterfaceKey(name, inside)) !== undefined;
    const inside = sides.inside && !hasGlobal(true);
    const outside = sides.outside && !hasGlobal(false);
    if (wanted === undefined && (hasGlobal(true) || hasGlobal(false))) continue;
    if ((!inside && !outside && !sides.output) || (context.keys && !context.keys.has(key))) continue;
    const value = create(Nat44InterfaceSchema, {
      name,
      natInside: sides.output ? (wanted?.natInside ?? false) : inside,
      natOutside: sides.output ? (wanted?.natOutside ?? false) : outside,
      outputFeature: sides.output,
    });
    const origin = wanted !== undefined || isOurs ? 'ours' : 'foreign';
    retrieved.push({ key, value, metadata: { ...sides, inside, outside }, origin });
  }
  return retrieved;
}

/** Nothing in VPP tells these from other interfaces of NAT: they are those that are expected. */
async function retrieveGlobal(
  engine: VppEngine,
  context: RetrieveContext<GlobalInterface, VppNatSides>,
): Promise<readonly Retrieved<GlobalInterface, VppNatSides>[]> {
  const all = await sidesFound(engine, context);
  const retrieved: Retrieved<GlobalInterface, VppNatSides>[] = [];
  for (const [key, { value }] of context.expected) {
    if (context.keys && !context.keys.has(key)) continue;
    const { interface: name, inside, outputFeature: output } = value;
    const found = all.find(
      (one) => one.name === name && one.output === output && (output || (inside ? one.inside : one.outside)),
    );
    if (!found) continue;
    const metadata = { swIfIndex: found.swIfIndex, inside, outside: !inside, output };
    retrieved.push({ key, value, metadata, origin: 'ours' });
  }
  return retrieved;
}
