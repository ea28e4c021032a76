/** `linux.interfaces.interface`: chooses the maker of the type, and does what all types share. */

import { create } from '@bufbuild/protobuf';
import { Interface_Type as Type, InterfaceSchema } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Interface as SwitchInterface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Key } from '../../../model/key.ts';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { structurallyEqual } from '../../../scheduler/equality.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelInterface } from '../../interface/kernel-metadata.ts';
import { changeCommon, ownMark, readCommon } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { namespaceDeparturesOf } from '../../kernel/namespace-departure.ts';
import { namespaceFactsOf } from '../../kernel/namespace-facts.ts';
import { findNamespace, namespaceOf } from '../../kernel/namespace.ts';
import { sameNamespace } from '../../namespace/model.ts';
import type { KernelLinuxInterface } from '../kernel-metadata.ts';
import { linuxInterfaceKey } from '../model/keys.ts';
import { hostIfName, waitsForAddresses } from '../model/parts.ts';
import { existingMaker, loopbackMaker } from './existing.ts';
import type { LinuxMaker } from './maker.ts';
import { dummyMaker, vrfDeviceMaker } from './own-device.ts';
import { namespaceUsersOf } from './namespace-watch.ts';
import { tapMaker } from './tap.ts';
import { vethMaker } from './veth.ts';
import { vppTapMaker } from './vpp-tap.ts';

type Item = Retrieved<Interface, KernelLinuxInterface>;

/** Kernel features without which a type cannot be made; the other types every kernel has. */
const neededFeatures: { readonly [T in Type]?: string } = { [Type.DUMMY]: 'dummy', [Type.VRF_DEVICE]: 'vrf' };

/** `lacking`: why this kernel does not have a feature, or undefined when it does. */
export function linuxInterfaceHandler(
  engine: KernelEngine,
  lacking: (feature: string) => string | undefined,
): Handler<Interface, KernelLinuxInterface> {
  const makers: readonly LinuxMaker[] = [
    engine.besideVpp ? vppTapMaker(engine) : tapMaker(engine),
    vethMaker(engine),
    loopbackMaker(engine),
    existingMaker(engine),
    dummyMaker(engine),
    vrfDeviceMaker(engine),
  ];
  const users = namespaceUsersOf(engine);
  const byType = new Map<Type, LinuxMaker>(makers.map((maker) => [maker.type, maker]));

  function makerOf(value: Interface): LinuxMaker {
    const maker = byType.get(value.type);
    if (!maker) throw new Error(`no maker of ${Type[value.type]}`);
    return maker;
  }

  return {
    kind: 'linux.interfaces.interface',
    engine: 'kernel',
    unsupported(_key, { type }) {
      const feature = neededFeatures[type];
      const reason = feature === undefined ? undefined : lacking(feature);
      return reason === undefined ? undefined : `kernel: ${reason}`;
    },
    dependencies: (_key, value) => namespaceFactsOf(engine).dependencies(value.namespace),
    async create(context, key, value) {
      users.remember(key, value);
      return makerOf(value).create(context, value, namespaceOf(engine, context, value.namespace));
    },
    recreate: (_key, from, to) =>
      from.type !== to.type ||
      from.linkOnly !== to.linkOnly ||
      hostIfName(from) !== hostIfName(to) ||
      !sameNamespace(from.namespace, to.namespace) ||
      !sameReference(from, to),
    async update(context, _key, from, to, metadata) {
      const lent = borrowerOf(context, to.name);
      const rtnl = engine.driver.rtnl(lent ? engine.driver.vswitch : metadata.namespace);
      await changeCommon(rtnl, lent?.ifindex ?? metadata.ifindex, wishes(from), wishes(to));
      await makerOf(to).change?.(from, to, metadata);
      return metadata;
    },
    async remove(context, _key, value, metadata) {
      await makerOf(value).remove(context, value, metadata);
      namespaceDeparturesOf(engine).leave(value.namespace);
    },
    retrieve: (context) => new Reading(engine, byType, context).all(),
    retrieveAfter: ['vpp.interfaces', 'linux.microservice'],
  };
}

/** What of the parameters cannot be changed in place: which other end, which table. */
function sameReference(from: Interface, to: Interface): boolean {
  if (from.link.case === 'veth' && to.link.case === 'veth') {
    return from.link.value.peerIfName === to.link.value.peerIfName;
  }
  return structurallyEqual(from.link, to.link);
}

/** The MAC address of a link that others care for is not touched. */
function wishes(value: Interface): Interface {
  return waitsForAddresses(value) ? { ...value, physAddress: '' } : value;
}

/** The AF_PACKET interface that has taken the device into the vswitch. */
function borrowerOf(graph: GraphView, name: string): KernelInterface | undefined {
  for (const [key, value] of graph.dependants(linuxInterfaceKey(name))) {
    const candidate = value as SwitchInterface;
    if (candidate.$typeName !== 'ligato.vpp.interfaces.Interface' || candidate.link.case !== 'afpacket') continue;
    if (candidate.link.value.linuxInterface !== name) continue;
    const borrower = graph.metadata<Partial<KernelInterface>>(key);
    // VPP leaves the device where it is.
    if (borrower?.ifindex !== undefined) return borrower as KernelInterface;
  }
  return undefined;
}

/** One retrieval: the devices of what is expected, and marked devices that nobody expects in the namespaces seen on the way. */
class Reading {
  readonly #engine: KernelEngine;
  readonly #makers: ReadonlyMap<Type, LinuxMaker>;
  readonly #context: RetrieveContext<Interface, KernelLinuxInterface>;

  constructor(
    engine: KernelEngine,
    makers: ReadonlyMap<Type, LinuxMaker>,
    context: RetrieveContext<Interface, KernelLinuxInterface>,
  ) {
    this.#engine = engine;
    this.#makers = makers;
    this.#context = context;
  }

  async all(): Promise<readonly Item[]> {
    const wanted = new Map<string, { readonly namespace: Namespace; readonly values: [Key, Interface][] }>();
    const { own, vswitch } = this.#engine.driver;
    for (const namespace of [own, vswitch]) wanted.set(namespace.id, { namespace, values: [] });
    for (const [key, { value }] of this.#context.expected) {
      if (this.#context.keys && !this.#context.keys.has(key)) continue;
      namespaceUsersOf(this.#engine).remember(key, value);
      const namespace = findNamespace(this.#engine, this.#context, value.namespace);
      if (!namespace) continue;
      const there = wanted.get(namespace.id) ?? { namespace, values: [] };
      there.values.push([key, value]);
      wanted.set(namespace.id, there);
    }
    const everywhere = await Promise.all([...wanted.values()].map((there) => this.#inNamespace(there)));
    return everywhere.flat();
  }

  async #inNamespace(there: { readonly namespace: Namespace; readonly values: [Key, Interface][] }): Promise<Item[]> {
    const { namespace, values } = there;
    if (values.length === 0 && this.#context.keys) return [];
    const dump = this.#engine.driver.dump(this.#context.session, namespace);
    let links: readonly Link[];
    try {
      links = await dump.links();
    } catch (error) {
      // The namespace went while we looked.
      if (isKernelError(error, 'ENOENT')) return [];
      throw error;
    }
    const marked = this.#marked(links);
    const items: Item[] = [];
    for (const [key, value] of values) {
      const link = this.#linkOf(value, marked, await dump.linksByName()) ?? (await this.#lent(value));
      marked.delete(value.name);
      const item = link && (await this.#item(key, value, link, namespace));
      if (item) items.push(item);
    }
    if (!this.#context.keys) for (const [name, link] of marked) items.push(this.#leftOver(name, link, namespace));
    return items;
  }

  /** Devices that carry the mark of a Linux interface, by its name. */
  #marked(links: readonly Link[]): Map<string, Link> {
    const roles = new Set([...this.#makers.values()].map(({ role }) => role));
    const marked = new Map<string, Link>();
    for (const link of links) {
      const mark = ownMark(this.#engine, link);
      if (mark && roles.has(mark.role)) marked.set(mark.name, link);
    }
    return marked;
  }

  #linkOf(value: Interface, marked: ReadonlyMap<string, Link>, names: ReadonlyMap<string, Link>): Link | undefined {
    const role = this.#makers.get(value.type)?.role;
    if (role === undefined) return names.get(hostIfName(value));
    const link = marked.get(value.name);
    return link && ownMark(this.#engine, link)?.role === role ? link : undefined;
  }

  /** The device while an AF_PACKET interface has it. */
  async #lent({ name }: Interface): Promise<Link | undefined> {
    const borrower = borrowerOf(this.#context, name);
    if (!borrower) return undefined;
    const { driver } = this.#engine;
    return (await driver.dump(this.#context.session, driver.vswitch).linksByIndex()).get(borrower.ifindex);
  }

  async #item(key: Key, wanted: Interface, link: Link, namespace: Namespace): Promise<Item | undefined> {
    const dump = this.#engine.driver.dump(this.#context.session, namespace);
    const maker = this.#makers.get(wanted.type);
    const { session } = this.#context;
    const read = maker?.read
      ? await maker.read({ link, namespace, dump, session, graph: this.#context, wanted })
      : wanted;
    if (!read) return undefined;
    const seen = { ...read, ...readCommon(link, wishes(wanted)) };
    const value = link.name === hostIfName(wanted) ? seen : { ...seen, hostIfName: link.name };
    const metadata = { ifindex: link.index, name: link.name, namespace, ...tableOf(link) };
    return { key, value, metadata, origin: 'ours' };
  }

  #leftOver(name: string, link: Link, namespace: Namespace): Item {
    const role = ownMark(this.#engine, link)?.role;
    const type = [...this.#makers.values()].find((maker) => maker.role === role)!.type;
    const value = create(InterfaceSchema, { name, type, hostIfName: link.name });
    return {
      key: linuxInterfaceKey(name),
      value,
      metadata: { ifindex: link.index, name: link.name, namespace },
      origin: 'ours',
    };
  }
}

function tableOf({ kind }: Link): { readonly table?: number } {
  return kind?.type === 'vrf' ? { table: kind.table } : {};
}
