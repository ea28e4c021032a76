/** `vpp.interfaces` in VPP: chooses the maker of the type, and does what all types share. */

import { create } from '@bufbuild/protobuf';
import { Interface_Type, InterfaceSchema } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { structurallyEqual } from '../../../scheduler/equality.ts';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { ifStatusFlags } from '../../../vpp/index.ts';
import { sameMacText } from '../../equality.ts';
import { vppDump } from '../../vpp/dump.ts';
import type { InterfaceDetails, VppDump } from '../../vpp/dump.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { interfaceKey } from '../model/keys.ts';
import type { VppInterface } from '../vpp-metadata.ts';
import { membersOf } from './bond-member.ts';
import { makersOf } from './makers.ts';
import { isSubInterface } from './sub-interface.ts';
import { ownFarEndProblem } from './own-far-end.ts';
import { OwnRemovals } from './own-removals.ts';
import { naming } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';

export function interfaceHandler(engine: VppEngine): Handler<Interface, VppInterface> {
  const makers = makersOf(engine);
  const own = OwnRemovals.of(engine);
  const byType = new Map<Interface_Type, InterfaceMaker>(makers.map((maker) => [maker.type, maker]));

  function makerOf(value: Interface): InterfaceMaker {
    const maker = byType.get(value.type);
    if (!maker) throw new Error(unsupportedType(value));
    return maker;
  }

  return {
    kind: 'vpp.interfaces',
    engine: 'vpp',
    unsupported(_key, value) {
      if (!byType.has(value.type)) return unsupportedType(value);
      const problems = value.ipAddresses.map((address) => ownFarEndProblem(value, address));
      return makerOf(value).unsupported(value) ?? problems.find((problem) => problem !== undefined);
    },
    dependencies: (_key, value) => byType.get(value.type)?.dependencies?.(value) ?? [],
    async create(context, _key, value) {
      const maker = makerOf(value);
      const swIfIndex = await maker.create(context, value);
      try {
        await settle(engine, context, maker, swIfIndex, value);
      } catch (error) {
        await own.during(swIfIndex, () => maker.remove(context, value, { swIfIndex })).catch(() => undefined);
        throw error;
      }
      return { swIfIndex };
    },
    recreate(_key, from, to, metadata) {
      if (metadata.broken || from.type !== to.type) return true;
      const maker = byType.get(to.type);
      if (maker?.macIsFixed === true && to.physAddress !== '' && !sameMacText(from.physAddress, to.physAddress))
        return true;
      return maker?.recreate ? maker.recreate(from, to) : !structurallyEqual(from.link, to.link);
    },
    async update(context, _key, from, to, metadata) {
      await change(engine, context, metadata.swIfIndex, from, to);
      await makerOf(to).update?.(context, from, to, metadata);
      return metadata;
    },
    async remove(context, _key, value, metadata) {
      const { client } = engine;
      const fields = { sw_if_index: metadata.swIfIndex, flags: 0 };
      // Down first: what is on its way through the interface is let go of.
      await Promise.all([
        removed(client.request('sw_interface_set_flags', fields, context), 'UNSPECIFIED'),
        removed(own.during(metadata.swIfIndex, () => makerOf(value).remove(context, value, metadata))),
      ]);
    },
    retrieve: (context) => retrieve(engine, makers, context),
  };
}

function unsupportedType({ type }: Interface): string {
  return `vpp: interfaces of type ${Interface_Type[type] ?? type} are not supported yet`;
}

/** Everything about a new interface goes out together; VPP does it in this order. The tag first: it says whose it is. */
async function settle(
  { client }: VppEngine,
  { signal }: OperationContext,
  maker: InterfaceMaker,
  sw_if_index: number,
  value: Interface,
): Promise<void> {
  const { name, physAddress, mtu, enabled } = value;
  const options = { signal };
  const steps: Promise<unknown>[] = [
    client.request('sw_interface_tag_add_del', { is_add: true, sw_if_index, tag: name }, options),
  ];
  if (physAddress !== '' && maker.macIsFixed !== true) {
    steps.push(client.request('sw_interface_set_mac_address', { sw_if_index, mac_address: physAddress }, options));
  }
  if (mtu !== 0) steps.push(client.request('sw_interface_set_mtu', { sw_if_index, mtu: [mtu] }, options));
  // VXLAN tunnels are born up.
  const flags = enabled ? ifStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP : 0;
  steps.push(setFlags(client.request('sw_interface_set_flags', { sw_if_index, flags }, options), value));
  await Promise.all(steps);
}

/** VPP says nothing but -1. */
function setFlags(request: Promise<unknown>, { link }: Interface): Promise<unknown> {
  return link.case === 'sub'
    ? naming(`${link.value.parentName}, which it is on, has to be up first`, request)
    : request;
}

async function change(
  { client }: VppEngine,
  { signal }: OperationContext,
  sw_if_index: number,
  from: Interface,
  to: Interface,
): Promise<void> {
  const options = { signal };
  const steps: Promise<unknown>[] = [];
  if (to.physAddress !== '' && !sameMacText(from.physAddress, to.physAddress)) {
    steps.push(client.request('sw_interface_set_mac_address', { sw_if_index, mac_address: to.physAddress }, options));
  }
  if (to.mtu !== 0 && from.mtu !== to.mtu) {
    steps.push(client.request('sw_interface_set_mtu', { sw_if_index, mtu: [to.mtu] }, options));
  }
  if (from.enabled !== to.enabled) {
    const flags = to.enabled ? ifStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP : 0;
    steps.push(setFlags(client.request('sw_interface_set_flags', { sw_if_index, flags }, options), to));
  }
  await Promise.all(steps);
}

async function retrieve(
  engine: VppEngine,
  makers: readonly InterfaceMaker[],
  context: RetrieveContext<Interface, VppInterface>,
): Promise<readonly Retrieved<Interface, VppInterface>[]> {
  const dump = vppDump(engine, context.session);
  const retrieved: Retrieved<Interface, VppInterface>[] = [];
  const table = await dump.interfaces();
  for (const details of table.ours()) {
    const key = interfaceKey(details.tag);
    if (context.keys && !context.keys.has(key)) continue;
    const maker = makers.find((candidate) => isOf(candidate, details));
    // Of a type that is made by others, or a second one of that name.
    if (!maker || table.find(details.tag) !== details) continue;
    const bare = create(InterfaceSchema, { name: details.tag, type: maker.type });
    const wanted = context.expected.get(key)?.value ?? bare;
    const link = wanted.type === maker.type ? await maker.read({ details, dump, graph: context, wanted }) : undefined;
    const swIfIndex = details.sw_if_index;
    if (link) {
      retrieved.push({
        key,
        value: { ...wanted, ...readCommon(details, wanted, await isMember(dump, details, wanted)), link },
        metadata: { swIfIndex },
        origin: 'ours',
      });
    } else retrieved.push({ key, value: bare, metadata: { swIfIndex, broken: true }, origin: 'ours' });
  }
  return retrieved;
}

function isOf({ type, deviceTypes }: InterfaceMaker, details: InterfaceDetails): boolean {
  if (isSubInterface(details)) return type === Interface_Type.SUB_INTERFACE;
  return deviceTypes.includes(details.interface_dev_type);
}

/** A member of a bond has the MAC address of the bond, whatever was set. Only asked for when it matters. */
async function isMember(dump: VppDump, details: InterfaceDetails, { physAddress }: Interface): Promise<boolean> {
  if (physAddress === '' || sameMacText(physAddress, details.l2_address)) return false;
  return (await membersOf(dump)).some(({ member }) => member === details.sw_if_index);
}

function readCommon(
  details: InterfaceDetails,
  wanted: Interface,
  isInBond: boolean,
): Pick<Interface, 'enabled' | 'physAddress' | 'mtu'> {
  return {
    enabled: (details.flags & ifStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP) !== 0,
    // Interfaces without one (tunnels) cannot differ.
    physAddress: isInBond || details.l2_address === '00:00:00:00:00:00' ? wanted.physAddress : details.l2_address,
    mtu: wanted.mtu === 0 ? 0 : (details.mtu[0] ?? 0),
  };
}
