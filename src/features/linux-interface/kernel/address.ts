/** `linux.interfaces.interface.address`: addresses of devices in pods' namespaces and in the agent's. */

import { formatPrefix, networkOf, parsePrefix } from '../../../model/address.ts';
import type { Interface as LinuxInterface } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Prefix } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { deleteAddress, IFA_F_NODAD, replaceAddress } from '../../../kernel/netlink/address.ts';
import type { Address } from '../../../kernel/netlink/address.ts';
import { addressProtocols } from '../../../kernel/pipeline/numbers.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { departingLinuxInterface, departuresOf } from '../../kernel/departure.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { resolveAddress } from '../../netalloc/model.ts';
import type { KernelLinuxAddress, KernelLinuxInterface } from '../kernel-metadata.ts';
import { LINUX_INTERFACE_PREFIX, linuxInterfaceAddressKey, linuxInterfaceKey } from '../model/keys.ts';
import type { LinuxInterfaceAddress } from '../model/parts.ts';

type Item = Retrieved<LinuxInterfaceAddress, KernelLinuxAddress>;
type Context = RetrieveContext<LinuxInterfaceAddress, KernelLinuxAddress>;

export function linuxAddressHandler(engine: KernelEngine): Handler<LinuxInterfaceAddress, KernelLinuxAddress> {
  return {
    kind: 'linux.interfaces.interface.address',
    engine: 'kernel',
    create: (context, key, value) => assign(engine, context, key, value),
    async refresh(context, key, value, metadata) {
      const wanted = addressOf(context, key, value);
      if (formatPrefix(wanted) === formatPrefix(metadata.address)) return metadata;
      const assigned = await assign(engine, context, key, value);
      await unassign(engine, context, value, metadata);
      return assigned;
    },
    async remove(context, key, value, metadata) {
      const device = departingLinuxInterface(context, value.interface);
      if (device) departuresOf(engine).leave(context, key, device, () => unassign(engine, context, value, metadata));
      else await unassign(engine, context, value, metadata);
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['linux.interfaces.interface', 'netalloc.ip'],
  };
}

async function assign(
  engine: KernelEngine,
  graph: GraphView,
  key: Key,
  value: LinuxInterfaceAddress,
): Promise<KernelLinuxAddress> {
  const device = graph.metadata<KernelLinuxInterface>(linuxInterfaceKey(value.interface));
  if (!device) throw new SchedulerError('failed', `Linux interface ${value.interface} has no device`, { key });
  departuresOf(engine).cancel(key);
  const { ifindex, namespace } = device;
  const address = addressOf(graph, key, value);
  // Somebody else assigns it; the notification that it is there is what was waited for.
  if (value.source !== 'existing') {
    const flags = address.address.family === 6 ? IFA_F_NODAD : 0;
    const request = replaceAddress({ link: ifindex, address, flags, protocol: addressProtocols.configured });
    await engine.driver.rtnl(namespace).request(request);
  }
  return { ifindex, namespace, address };
}

/**
 * With the first address of a subnet the kernel takes all others of it away (promote_secondaries is the pod's own affair): those that
 * are wanted follow in the same burst.
 */
async function unassign(
  engine: KernelEngine,
  graph: GraphView,
  { source, interface: name }: LinuxInterfaceAddress,
  { ifindex, namespace, address }: KernelLinuxAddress,
): Promise<void> {
  if (source === 'existing') return;
  const rtnl = engine.driver.rtnl(namespace);
  const others = wantedBeside(graph, name, address).map((other) =>
    replaceAddress({ link: ifindex, address: other, flags: 0, protocol: addressProtocols.configured }),
  );
  const outcomes = await Promise.allSettled(
    [deleteAddress({ link: ifindex, address }), ...others].map((request) => rtnl.request(request)),
  );
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled' || isKernelError(outcome.reason, 'EADDRNOTAVAIL', 'ENODEV', 'ENOENT')) continue;
    throw outcome.reason;
  }
}

/** Other IPv4 addresses of the interface in the same subnet. */
function wantedBeside(graph: GraphView, name: string, { address, length }: Prefix): readonly Prefix[] {
  const value = graph.desired(linuxInterfaceKey(name)) as LinuxInterface | undefined;
  if (!value || address.family !== 4) return [];
  const subnet = formatPrefix(networkOf({ address, length }));
  return value.ipAddresses.flatMap((text) => {
    const resolved = resolveAddress(graph, text, name, 'interface');
    const other = resolved === undefined ? undefined : parsePrefix(resolved);
    if (other?.address.family !== 4 || formatPrefix(other) === formatPrefix({ address, length })) return [];
    return formatPrefix(networkOf(other)) === subnet ? [other] : [];
  });
}

function addressOf(graph: GraphView, key: Key, { address, interface: name }: LinuxInterfaceAddress): Prefix {
  const resolved = resolveAddress(graph, address, name, 'interface');
  const prefix = resolved === undefined ? undefined : parsePrefix(resolved);
  if (!prefix) throw new SchedulerError('failed', `${address} is not allocated`, { key });
  return prefix;
}

async function retrieve(engine: KernelEngine, context: Context): Promise<readonly Item[]> {
  const interfaces = new Map<string, KernelLinuxInterface>();
  const spelled = new Map<string, { readonly key: Key; readonly value: LinuxInterfaceAddress }>();
  for (const [key, { value }] of context.expected) {
    const address = resolveAddress(context, value.address, value.interface, 'interface');
    if (address !== undefined) spelled.set(`${value.interface} ${address}`, { key, value });
    if (context.keys?.has(key)) addInterface(context, interfaces, value.interface);
  }
  if (!context.keys) {
    for (const [key] of context.appliedUnder(LINUX_INTERFACE_PREFIX)) {
      addInterface(context, interfaces, key.slice(LINUX_INTERFACE_PREFIX.length));
    }
  }
  const items = await Promise.all(
    [...interfaces].map(async ([name, device]) => {
      const addresses = await addressesIn(engine, context.session, device.namespace);
      return addresses
        .filter((address) => address.link === device.ifindex)
        .flatMap((address) => itemOf(name, device, address, spelled) ?? []);
    }),
  );
  return items.flat();
}

function addInterface(graph: GraphView, interfaces: Map<string, KernelLinuxInterface>, name: string): void {
  const device = graph.metadata<KernelLinuxInterface>(linuxInterfaceKey(name));
  if (device) interfaces.set(name, device);
}

async function addressesIn(engine: KernelEngine, session: object, namespace: Namespace): Promise<readonly Address[]> {
  try {
    return await engine.driver.dump(session, namespace).addresses();
  } catch (error) {
    // The namespace went while we looked.
    if (isKernelError(error, 'ENOENT')) return [];
    throw error;
  }
}

/** What is not expected is ours only when it says so: others may give addresses to devices in their namespaces. */
function itemOf(
  name: string,
  { ifindex, namespace }: KernelLinuxInterface,
  found: Address,
  spelled: ReadonlyMap<string, { readonly key: Key; readonly value: LinuxInterfaceAddress }>,
): Item | undefined {
  const address = formatPrefix(found.address);
  const metadata = { ifindex, namespace, address: found.address };
  const known = spelled.get(`${name} ${address}`);
  if (known) return { ...known, metadata, origin: 'ours' };
  if (found.protocol !== addressProtocols.configured) return undefined;
  const value = { interface: name, address, source: 'static', existing: '', vrfDevice: '' } as const;
  return { key: linuxInterfaceAddressKey(name, 'static', address), value, metadata, origin: 'ours' };
}
