/**
 * `vpp.interfaces.unnumbered`: the addresses of the lender as host addresses on the borrower. The kernel then answers for them there
 * and sends with them, without a route to their subnets.
 */

import { bitsOf, formatPrefix } from '../../../model/address.ts';
import type { Prefix } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { deleteAddress, IFA_F_NODAD, IFA_F_NOPREFIXROUTE, replaceAddress } from '../../../kernel/netlink/address.ts';
import { addressProtocols } from '../../../kernel/pipeline/numbers.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { ownMark } from '../../kernel/device.ts';
import { addressNewsOf } from '../../kernel/address-news.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelInterface } from '../kernel-metadata.ts';
import { interfaceAddressPrefix, interfaceKey, unnumberedKey } from '../model/keys.ts';
import type { Unnumbered } from '../model/parts.ts';
import { obtainLinkLocal } from './link-local.ts';
import type { AssignedAddress } from './address-placement.ts';
import { interfaceRoles } from './roles.ts';

export interface Borrowed {
  readonly ifindex: number;
  readonly addresses: readonly Prefix[];
}

export function unnumberedHandler(engine: KernelEngine): Handler<Unnumbered, Borrowed> {
  const settle = (graph: GraphView, key: Key, value: Unnumbered, before?: Borrowed) =>
    assign(engine, key, value, deviceOf(graph, key, value), borrowedFrom(graph, value.lender), before);
  return {
    kind: 'vpp.interfaces.unnumbered',
    engine: 'kernel',
    dependencies: (_key, { lender }) => [
      { label: `addresses of ${lender}`, anyOf: { prefixes: [interfaceAddressPrefix(lender)] }, watches: 'change' },
    ],
    create: (context, key, value) => settle(context, key, value),
    update: (context, key, _from, to, metadata) => settle(context, key, to, metadata),
    refresh: (context, key, value, metadata) => settle(context, key, value, metadata),
    remove: (_context, _key, _value, { ifindex, addresses }) => withdraw(engine, ifindex, addresses),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces.address'],
  };
}

function deviceOf(graph: GraphView, key: Key, { interface: name }: Unnumbered): KernelInterface {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`, { key });
  return device;
}

/** The lender's addresses, as host addresses. */
function borrowedFrom(graph: GraphView, lender: string): readonly Prefix[] {
  const addresses: Prefix[] = [];
  for (const [key] of graph.appliedUnder(interfaceAddressPrefix(lender))) {
    const assigned = graph.metadata<AssignedAddress>(key)?.address;
    if (assigned) addresses.push({ address: assigned.address, length: bitsOf(assigned.address.family) });
  }
  return addresses;
}

async function assign(
  engine: KernelEngine,
  key: Key,
  { lender }: Unnumbered,
  { ifindex, name: device }: KernelInterface,
  addresses: readonly Prefix[],
  before?: Borrowed,
): Promise<Borrowed> {
  if (addresses.length === 0) throw new SchedulerError('failed', `${lender} has no address to borrow`, { key });
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  const wanted = new Set(addresses.map(formatPrefix));
  const present = new Set(before?.addresses.map(formatPrefix));
  const added = addresses.filter((address) => !present.has(formatPrefix(address)));
  if (added.some(({ address }) => address.family === 6)) obtainLinkLocal(engine, device);
  const requests = added.map((address) =>
    replaceAddress({ link: ifindex, address, flags: flagsFor(address), protocol: addressProtocols.borrowed }),
  );
  await Promise.all(requests.map((request) => rtnl.request(request)));
  if (added.length > 0) addressNewsOf(engine).tell({ link: ifindex, removed: false });
  const stale = before?.addresses.filter((address) => !wanted.has(formatPrefix(address))) ?? [];
  await withdraw(engine, ifindex, stale);
  return { ifindex, addresses };
}

function flagsFor({ address }: Prefix): number {
  return address.family === 6 ? IFA_F_NOPREFIXROUTE | IFA_F_NODAD : IFA_F_NOPREFIXROUTE;
}

async function withdraw(engine: KernelEngine, link: number, addresses: readonly Prefix[]): Promise<void> {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  const requests = addresses.map(async (address) => {
    try {
      await rtnl.request(deleteAddress({ link, address }));
    } catch (error) {
      if (!isKernelError(error, 'EADDRNOTAVAIL', 'ENODEV')) throw error;
    }
  });
  await Promise.all(requests);
  if (addresses.length > 0) addressNewsOf(engine).tell({ link, removed: true });
}

/** An interface that has not exactly the addresses of its lender is read as one that borrows from nobody. */
async function retrieve(
  engine: KernelEngine,
  context: RetrieveContext<Unnumbered, Borrowed>,
): Promise<readonly Retrieved<Unnumbered, Borrowed>[]> {
  const dump = engine.driver.dump(context.session, engine.driver.vswitch);
  const borrowed = new Map<number, Prefix[]>();
  for (const { link, address, protocol } of await dump.addresses()) {
    if (protocol !== addressProtocols.borrowed) continue;
    const addresses = borrowed.get(link) ?? [];
    addresses.push(address);
    borrowed.set(link, addresses);
  }
  const retrieved: Retrieved<Unnumbered, Borrowed>[] = [];
  for (const link of await dump.links()) {
    const addresses = borrowed.get(link.index);
    const mark = addresses && ownMark(engine, link);
    if (!addresses || !mark || !interfaceRoles.has(mark.role)) continue;
    const key = unnumberedKey(mark.name);
    if (context.keys && !context.keys.has(key)) continue;
    const wanted = context.expected.get(key)?.value;
    const whole = wanted && sameAddresses(addresses, borrowedFrom(context, wanted.lender));
    const value = whole ? wanted : { interface: mark.name, lender: '' };
    retrieved.push({ key, value, metadata: { ifindex: link.index, addresses }, origin: 'ours' });
  }
  return retrieved;
}

function sameAddresses(left: readonly Prefix[], right: readonly Prefix[]): boolean {
  const texts = new Set(left.map(formatPrefix));
  return left.length === right.length && right.every((address) => texts.has(formatPrefix(address)));
}
