/**
 * AF_PACKET, DPDK, RDMA and VMXNET3: a device of the host (a network card by its name or PCI address), or a Linux interface, becomes the interface: it moves into the vswitch for the time. What it was
 * like is in the ledger before it is touched, so that it can be given back also after the agent died. A device that the host itself
 * uses is refused unless the configuration of the agent allows to take it (`adopt`).
 */

import { formatPrefix } from '../../../model/address.ts';
import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import { listAddresses, replaceAddress } from '../../../kernel/netlink/address.ts';
import type { Address } from '../../../kernel/netlink/address.ts';
import { changeLink, getLink } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import { listRoutes } from '../../../kernel/netlink/route.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import { forgetState, formerSettings, formerStateOf, recallState, rememberState } from '../../kernel/adoption.ts';
import { commonSettings, markOf, ownMark, readCommon } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelLinuxInterface } from '../../linux-interface/kernel-metadata.ts';
import { linuxInterfaceKey } from '../../linux-interface/model/keys.ts';
import { ADOPTED_BY_VPP, cardDependency, TakenCards } from './cards.ts';
import type { DeviceMaker } from './maker.ts';
import { deviceAtPci, pciAddressOf } from './pci-device.ts';

export const AF_PACKET_ROLE = 'af-packet';
/** Where the device comes from. */
interface Home {
  readonly namespace: Namespace;
  readonly name: string;
  /** It is a Linux interface of this agent. */
  readonly ours: boolean;
}

/** Types of interfaces that are devices which exist already, and the roles in their marks. */
const ADOPTED = [
  [Interface_Type.AF_PACKET, AF_PACKET_ROLE],
  [Interface_Type.DPDK, 'dpdk'],
  [Interface_Type.RDMA, 'rdma'],
  [Interface_Type.VMXNET3_INTERFACE, 'vmxnet3'],
] as const;

export function adoptionMakers(engine: KernelEngine): readonly DeviceMaker[] {
  return ADOPTED.map(([type, role]) => adoptionMaker(engine, type, role));
}

function adoptionMaker(engine: KernelEngine, type: Interface_Type, role: string): DeviceMaker {
  const { driver } = engine;
  const vswitch = driver.rtnl(driver.vswitch);
  return {
    type,
    role,
    dependencies: (value) => [cardDependency(value) ?? []].flat(),
    async create(context, value) {
      const home = homeOf(engine, context, value);
      const link = await take(engine, value, home);
      await vswitch.request(
        changeLink({ index: link.index }, { ...commonSettings(value), alias: markOf(engine, role, value.name) }),
      );
      const device = { ifindex: link.index, name: link.name };
      return { ...device, port: device };
    },
    async remove(_context, value, { ifindex }) {
      const id = adoptionOf(value);
      const former = recallState(engine, id);
      if (former) {
        try {
          await giveBack(engine, ifindex, former);
        } catch (error) {
          if (!isKernelError(error, 'ENODEV')) throw error;
        }
      }
      await forgetState(engine, id);
    },
    async read({ link, wanted }) {
      const device = { ifindex: link.index, name: link.name };
      return { value: { ...wanted, ...readCommon(link, wanted) }, metadata: { ...device, port: device } };
    },
  };
}

function adoptionOf({ name }: Interface): string {
  return ADOPTED_BY_VPP + name;
}

function homeOf({ driver }: KernelEngine, graph: GraphView, value: Interface): Home {
  const { link } = value;
  const linuxInterface = link.case === 'afpacket' ? link.value.linuxInterface : '';
  if (linuxInterface === '') return { namespace: driver.own, name: hostDeviceOf(value), ours: false };
  const device = graph.metadata<KernelLinuxInterface>(linuxInterfaceKey(linuxInterface));
  if (!device) throw new SchedulerError('failed', `Linux interface ${linuxInterface} has no device`);
  return { namespace: device.namespace, name: device.name, ours: true };
}

/** Name of the host's device. A card that DPDK would drive has VPP's name with the PCI address in it, or the kernel's own. */
function hostDeviceOf({ name, link }: Interface): string {
  if (link.case === 'afpacket' || link.case === 'rdma') return link.value.hostIfName;
  const address = pciAddressOf(name);
  if (address === undefined) return name;
  const device = deviceAtPci(address);
  if (device !== undefined) return device;
  const message = `${name}: no network device is at PCI address ${address}; bind the card to its kernel driver`;
  throw new SchedulerError('failed', message, { retriable: true });
}

function missingDevice({ link }: Interface, name: string, { namespace, ours }: Home): string {
  if (ours) return `there is no device ${name} in ${namespace.label}`;
  const remedy =
    link.case === 'afpacket' || link.case === 'rdma'
      ? 'host_if_name has to be a device of the host'
      : "name the interface as the card's device, or with its PCI address";
  return `there is no device ${name} in the agent's network namespace: ${remedy}`;
}

/** The device, in the vswitch. One that a crash left there is taken as it is. */
async function take(engine: KernelEngine, value: Interface, home: Home): Promise<Link> {
  const { driver } = engine;
  const { namespace, name, ours } = home;
  const id = adoptionOf(value);
  const former = recallState(engine, id);
  const vswitch = driver.rtnl(driver.vswitch);
  const source = driver.rtnl(namespace);
  const link = await source.get(getLink({ name }));
  if (!link) {
    const taken = former && (await vswitch.get(getLink({ name })));
    if (taken) return taken;
    throw new SchedulerError('failed', missingDevice(value, name, home), { retriable: true });
  }
  const owner = ownMark(engine, link);
  if (!ours && owner && owner.name !== value.name)
    throw new SchedulerError('failed', `${name} is a device of interface ${owner.name} already`, { retriable: true });
  if (!former) {
    const addresses = (await source.dump(listAddresses())).filter(
      (address) => address.link === link.index && isLasting(address),
    );
    if (!ours && !engine.adopt.has(name)) await refuseIfUsed(engine, namespace, link, addresses);
    await rememberState(engine, id, {
      ...formerStateOf(
        link,
        addresses.map(({ address }) => address),
      ),
      namespace: namespace.path,
    });
  }
  if (namespace.id === driver.vswitch.id) return link;
  if (cardDependency(value)) TakenCards.of(engine).take(link, value.name);
  await source.request(changeLink({ index: link.index }, { namespace: driver.vswitch, name }));
  const moved = await vswitch.get(getLink({ name }));
  if (!moved) throw new SchedulerError('failed', `${name} vanished on its way into the vswitch`);
  return moved;
}

function isLasting({ scope }: Address): boolean {
  return scope !== RT_SCOPE_LINK;
}

const RT_SCOPE_LINK = 253;

async function refuseIfUsed(
  { driver }: KernelEngine,
  namespace: Namespace,
  { name, index, master }: Link,
  addresses: readonly Address[],
): Promise<void> {
  const refuse = (because: string): never => {
    const message = `${name} is used by the host: it ${because}; to take it all the same, put it into \`adopt\` of the kernel's configuration`;
    throw new SchedulerError('failed', message, { retriable: false });
  };
  if (addresses.length > 0) refuse(`has address ${formatPrefix(addresses[0]!.address)}`);
  if (master !== undefined) refuse('belongs to another device');
  const routes = await driver.rtnl(namespace).dump(listRoutes());
  if (routes.some((route) => route.destination.length === 0 && route.link === index)) refuse('has the default route');
}

/** State, MTU, MAC, name and addresses as they were. Routes are the host's to make again. */
async function giveBack(
  engine: KernelEngine,
  ifindex: number,
  former: NonNullable<ReturnType<typeof recallState>>,
): Promise<void> {
  const { driver } = engine;
  const vswitch = driver.rtnl(driver.vswitch);
  const { name } = former;
  const { up, ...settings } = formerSettings(former);
  const home =
    (former.namespace === undefined ? undefined : driver.namespaces.find({ type: 'path', path: former.namespace })) ??
    driver.own;
  await vswitch.request(changeLink({ index: ifindex }, settings));
  if (home.id !== driver.vswitch.id) await vswitch.request(changeLink({ index: ifindex }, { namespace: home, name }));
  const source = driver.rtnl(home);
  await source.request(changeLink({ name }, { up: up === true }));
  const back = await source.get(getLink({ name }));
  if (!back) return;
  await Promise.all(former.addresses.map((address) => source.request(replaceAddress({ link: back.index, address }))));
}
