/** `vpp.interfaces` in the Linux kernel: chooses the maker of the type, and does what all types share. */

import { create } from '@bufbuild/protobuf';
import { Interface_Type, InterfaceSchema } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Key } from '../../../model/key.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { structurallyEqual } from '../../../scheduler/equality.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelInterface } from '../kernel-metadata.ts';
import { interfaceKey } from '../model/keys.ts';
import type { Mark } from '../../../kernel/ownership/mark.ts';
import { adoptions } from '../../kernel/adoption.ts';
import { changeCommon, ownMark } from '../../kernel/device.ts';
import { adoptionMakers, AF_PACKET_ROLE } from './af-packet.ts';
import { ADOPTED_BY_VPP } from './cards.ts';
import { bondMaker } from './bond.ts';
import { greMaker } from './gre.ts';
import { ipipMaker } from './ipip.ts';
import { ipsecMaker } from './ipsec.ts';
import { loopbackMaker } from './loopback.ts';
import type { DeviceMaker } from './maker.ts';
import { subInterfaceMaker } from './sub-interface.ts';
import { tapMaker } from './tap.ts';
import { vxlanMaker } from './vxlan.ts';
import { wireguardMaker } from './wireguard.ts';

export function interfaceHandler(engine: KernelEngine): Handler<Interface, KernelInterface> {
  const makers = [
    loopbackMaker,
    tapMaker,
    vxlanMaker,
    subInterfaceMaker,
    bondMaker,
    greMaker,
    ipipMaker,
    ipsecMaker,
    wireguardMaker,
  ]
    .map((maker) => maker(engine))
    .concat(adoptionMakers(engine));
  const byType = new Map<Interface_Type, DeviceMaker>(makers.map((maker) => [maker.type, maker]));
  const byRole = new Map<string, DeviceMaker>(makers.map((maker) => [maker.role, maker]));
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);

  function makerOf(value: Interface): DeviceMaker {
    const maker = byType.get(value.type);
    if (!maker) throw new Error(unsupportedType(value));
    return maker;
  }

  return {
    kind: 'vpp.interfaces',
    engine: 'kernel',
    unsupported(_key, value) {
      const maker = byType.get(value.type);
      return maker ? maker.unsupported?.(value) : unsupportedType(value);
    },
    dependencies: (_key, value) => byType.get(value.type)?.dependencies?.(value) ?? [],
    create: (context, _key, value) => makerOf(value).create(context, value),
    recreate(_key, from, to, metadata) {
      if (metadata.broken) return true;
      if (from.type !== to.type) return true;
      const maker = byType.get(to.type);
      return maker?.recreate ? maker.recreate(from, to) : !structurallyEqual(from.link, to.link);
    },
    async update(context, _key, from, to, metadata) {
      await changeCommon(rtnl, metadata.ifindex, from, to);
      return (await makerOf(to).change?.(context, from, to, metadata)) ?? metadata;
    },
    remove: (context, _key, value, metadata) => makerOf(value).remove(context, value, metadata),
    retrieve: (context) => retrieve(engine, byRole, context),
    retrieveAfter: ['vpp.vrf-table'],
  };
}

function unsupportedType(value: Interface): string {
  return `kernel: interfaces of type ${Interface_Type[value.type] ?? value.type} are not supported`;
}

async function retrieve(
  engine: KernelEngine,
  makers: ReadonlyMap<string, DeviceMaker>,
  context: RetrieveContext<Interface, KernelInterface>,
): Promise<readonly Retrieved<Interface, KernelInterface>[]> {
  const dump = engine.driver.dump(context.session, engine.driver.vswitch);
  const taken = takenDevices(engine);
  const links = await dump.links();
  // All at once: of TAPs the namespaces of their pods are read.
  const reading = links.map(async (link): Promise<Retrieved<Interface, KernelInterface>[]> => {
    const mine = ours(engine, makers, context.keys, link, taken);
    if (!mine) return [];
    const { key, name, maker } = mine;
    const wanted = context.expected.get(key)?.value ?? bare(name, maker.type);
    const found =
      wanted.type === maker.type
        ? await maker.read({ link, dump, session: context.session, graph: context, wanted })
        : undefined;
    if (!found) return [{ key, value: bare(name, maker.type), metadata: broken(link), origin: 'ours' }];
    const value = link.portKind === 'bond' ? asBonded(found.value, wanted) : found.value;
    return [{ key, value, metadata: found.metadata, origin: 'ours' }];
  });
  const retrieved = (await Promise.all(reading)).flat();
  if (context.keys) return retrieved;
  const strays = await Promise.all([...makers.values()].map(async (maker) => (await maker.strays?.(links)) ?? []));
  for (const item of strays.flat()) retrieved.push({ key: interfaceKey(item.value.name), ...item, origin: 'ours' });
  return retrieved;
}

/** A member of a bond has the bond's MAC address and MTU, and gets its own back when it leaves. */
function asBonded(value: Interface, { physAddress, mtu }: Interface): Interface {
  return { ...value, physAddress, mtu };
}

function ours(
  engine: KernelEngine,
  makers: ReadonlyMap<string, DeviceMaker>,
  keys: ReadonlySet<Key> | undefined,
  link: Link,
  taken: ReadonlyMap<string, Mark>,
): { readonly key: Key; readonly name: string; readonly maker: DeviceMaker } | undefined {
  const mark = ownMark(engine, link) ?? taken.get(link.name);
  const maker = mark && makers.get(mark.role);
  if (!mark || !maker) return undefined;
  const key = interfaceKey(mark.name);
  return keys && !keys.has(key) ? undefined : { key, name: mark.name, maker };
}

/** Devices of the host that are in the vswitch, as the ledger says: the agent may have died before it marked one. */
function takenDevices(engine: KernelEngine): ReadonlyMap<string, Mark> {
  const { driver, owner } = engine;
  if (driver.own.id === driver.vswitch.id) return new Map();
  const states = adoptions(engine, ADOPTED_BY_VPP);
  return new Map([...states].map(([name, former]) => [former.name, { owner, role: AF_PACKET_ROLE, name }]));
}

/** An interface that nobody wants, or one that is not whole: differs from anything wanted, so that it is made anew or removed. */
function bare(name: string, type: Interface_Type): Interface {
  return create(InterfaceSchema, { name, type });
}

function broken(link: Link): KernelInterface {
  const device = { ifindex: link.index, name: link.name };
  return { ...device, port: device, broken: true };
}
