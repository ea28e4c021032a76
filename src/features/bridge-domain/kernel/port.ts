/** `vpp.l2.bridge-domain.interface` in the Linux kernel: a port of the bridge and its flags. */

import type { Key } from '../../../model/key.ts';
import { formatMac } from '../../../model/address.ts';
import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { isKernelError } from '../../../kernel/errors.ts';
import type { BridgePort } from '../../../kernel/netlink/bridge-port.ts';
import { changeBridgePort, changeLink, getLink } from '../../../kernel/netlink/link.ts';
import { deleteFdb, NTF_MASTER, NTF_STICKY, NUD_NOARP, replaceFdb } from '../../../kernel/netlink/neighbour.ts';
import { deviceGroupOf, routerGroupOf } from '../../../kernel/pipeline/index.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, OperationContext } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { interfaceKey } from '../../interface/model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelBridge, KernelBridgePort } from '../kernel-metadata.ts';
import { bridgeDomainKey } from '../model.ts';
import type { BridgeDomainInterface } from '../model.ts';
import type { AttachedPorts } from './attached-ports.ts';
import type { BridgeRules } from './bridge-rules.ts';
import { NO_DEVICE, retrievePorts } from './port-retrieve.ts';

export function portHandler(
  engine: KernelEngine,
  rules: BridgeRules,
  ports: AttachedPorts,
): Handler<BridgeDomainInterface, KernelBridgePort> {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);

  async function attach(context: GraphView, key: Key, value: BridgeDomainInterface): Promise<KernelBridgePort> {
    const port = await portOf(rtnl, context, key, value);
    const conflict = port.shared ? conflictOf(context, ports.others(port.ifindex, key), value, port.name) : undefined;
    if (conflict !== undefined) throw new SchedulerError('unimplemented', conflict, { key, retriable: false });
    ports.join(port.ifindex, key);
    const settings = { master: port.bridge.ifindex, group: groupOf(value) };
    const requests = [
      rtnl.request(changeLink({ index: port.ifindex }, settings)),
      rtnl.request(changeBridgePort({ index: port.ifindex }, flagsOf(value))),
      ...(port.routerAddress ? [rtnl.request(replaceFdb(routerEntry(port, port.routerAddress)))] : []),
      rules.addPort(port.name, port.bridge.name, value.splitHorizonGroup),
    ];
    const failed = (await Promise.allSettled(requests)).find((outcome) => outcome.status === 'rejected');
    if (failed === undefined) {
      ports.attached(port.ifindex, port.bridge.ifindex);
      return port;
    }
    if (ports.leave(port.ifindex, key)) await rules.removePort(port.name);
    throw explained(failed.reason, key, value);
  }

  return {
    kind: 'vpp.l2.bridge-domain.interface',
    engine: 'kernel',
    dependencies: (_key, { interface: name, bridgedVirtualInterface }) =>
      bridgedVirtualInterface ? [{ label: `MAC address of ${name}`, key: interfaceKey(name), watches: 'change' }] : [],
    create: attach,
    async update(context, key, from, to, metadata) {
      const port = await attach(context, key, to);
      if (from.bridgedVirtualInterface && !to.bridgedVirtualInterface) await forgetRouter(rtnl, metadata);
      return port;
    },
    async refresh(context, key, value, metadata) {
      const port = await portOf(rtnl, context, key, value);
      if (sameRouter(port, metadata)) return metadata;
      await attach(context, key, value);
      await forgetRouter(rtnl, metadata);
      return port;
    },
    async remove(context, key, value, metadata) {
      if (!ports.leave(metadata.ifindex, key)) return;
      await Promise.all([rules.removePort(metadata.name), detach(rtnl, context, value, metadata)]);
    },
    async retrieve(context) {
      const retrieved = await retrievePorts(engine, rules, context);
      for (const { key, metadata } of retrieved) {
        ports.join(metadata.ifindex, key);
        ports.attached(metadata.ifindex, metadata.bridge.ifindex);
      }
      return retrieved;
    },
    retrieveAfter: ['vpp.interfaces', 'vpp.l2.bridge-domain'],
  };
}

async function portOf(rtnl: Rtnl, graph: GraphView, key: Key, value: BridgeDomainInterface): Promise<KernelBridgePort> {
  const bridge = graph.metadata<KernelBridge>(bridgeDomainKey(value.bridgeDomain));
  const device = graph.metadata<KernelInterface>(interfaceKey(value.interface));
  if (!bridge || !device) throw new SchedulerError('failed', `${value.interface} or its bridge has no device`, { key });
  const port = { bridge, ifindex: device.port.ifindex, name: device.port.name, shared: device.shared === true };
  if (!value.bridgedVirtualInterface) return port;
  if (device.port.ifindex === device.ifindex) {
    const message = `kernel: ${value.interface} cannot be the BVI: only a SOFTWARE_LOOPBACK can`;
    throw new SchedulerError('failed', message, { key, retriable: false });
  }
  const router = await rtnl.get(getLink({ index: device.ifindex }));
  if (!router) throw new SchedulerError('failed', `device ${device.name} is gone`, { key });
  return { ...port, routerAddress: router.address };
}

/** A device is in one bridge and one group, whoever shares it. */
function conflictOf(
  graph: GraphView,
  others: Iterable<Key>,
  { interface: name, bridgeDomain, splitHorizonGroup }: BridgeDomainInterface,
  device: string,
): string | undefined {
  for (const key of others) {
    const other = graph.desired(key) as BridgeDomainInterface | undefined;
    if (!other || (other.bridgeDomain === bridgeDomain && other.splitHorizonGroup === splitHorizonGroup)) continue;
    const where = `bridge domain ${other.bridgeDomain}, split-horizon group ${other.splitHorizonGroup}`;
    return `kernel: ${name} shares device ${device} with ${other.interface} and has to be where that is: ${where}`;
  }
  return undefined;
}

/** Device group that the split-horizon rules look at; 0 is the kernel's default. */
export function groupOf({ splitHorizonGroup, bridgedVirtualInterface }: BridgeDomainInterface): number {
  if (splitHorizonGroup === 0) return 0;
  return bridgedVirtualInterface ? routerGroupOf(splitHorizonGroup) : deviceGroupOf(splitHorizonGroup);
}

export function flagsOf({ flood, unknownUnicastFlood, learn }: BridgeDomainInterface): BridgePort {
  return { broadcastFlood: flood, multicastFlood: flood, flood: unknownUnicastFlood, learning: learn };
}

/** The router's address is where the router is, whoever else claims to have it, and needs no learning. */
function routerEntry({ ifindex }: KernelBridgePort, mac: Uint8Array) {
  return { link: ifindex, mac, state: NUD_NOARP, flags: NTF_MASTER | NTF_STICKY };
}

async function forgetRouter(rtnl: Rtnl, { ifindex, routerAddress }: KernelBridgePort): Promise<void> {
  if (!routerAddress) return;
  try {
    await rtnl.request(deleteFdb({ link: ifindex, mac: routerAddress }));
  } catch (error) {
    if (!isKernelError(error, 'ENOENT', 'ENODEV')) throw error;
  }
}

function sameRouter({ routerAddress: left }: KernelBridgePort, { routerAddress: right }: KernelBridgePort): boolean {
  return (left && formatMac(left)) === (right && formatMac(right));
}

/**
 * Taking a device out of its bridge waits for RCU (some 16 ms). A bridge that goes lets go of its ports by itself, and a
 * device that goes leaves its bridge.
 */
async function detach(
  rtnl: Rtnl,
  context: OperationContext,
  value: BridgeDomainInterface,
  port: KernelBridgePort,
): Promise<void> {
  if (port.ifindex === NO_DEVICE) return;
  const group = groupOf(value) === 0 ? {} : { group: 0 };
  const leaving = context.desired(bridgeDomainKey(value.bridgeDomain)) === undefined || isLeaving(context, value);
  const settings = leaving ? group : { ...group, master: 0 };
  if (Object.keys(settings).length === 0) return;
  try {
    await rtnl.request(changeLink({ index: port.ifindex }, settings));
  } catch (error) {
    if (!isKernelError(error, 'ENODEV')) throw error;
  }
}

function isLeaving(context: OperationContext, { interface: name }: BridgeDomainInterface): boolean {
  if (context.desired(interfaceKey(name)) !== undefined) return false;
  const applied = context.applied(interfaceKey(name)) as Interface | undefined;
  return applied?.type === Interface_Type.TAP || applied?.type === Interface_Type.SOFTWARE_LOOPBACK;
}

function explained(reason: unknown, key: Key, { bridgeDomain, interface: name }: BridgeDomainInterface): unknown {
  if (!isKernelError(reason, 'EXFULL')) return reason;
  const message = `${name} does not fit into bridge domain ${bridgeDomain}: a Linux bridge has at most 1,023 ports`;
  return new SchedulerError('failed', message, { key, cause: reason });
}
