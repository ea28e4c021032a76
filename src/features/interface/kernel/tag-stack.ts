/**
 * A sub-interface whose frames have several tags in their bridge domain. Linux (6.1) damages a frame that gets a second tag on
 * arrival; on departure it does not. So the frames take a detour through a veth pair: a bridge of its own, which learns nothing,
 * leads them from the VLAN device to the inner end, the tags come on as they leave by it and go off as they come back, and the outer
 * end is what the bridge domain or the cross-connect has as the interface.
 */

import { Interface_Type, InterfaceSchema } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { create } from '@bufbuild/protobuf';
import { changeLink, getLink } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import { deviceName } from '../../../kernel/ownership/device-name.ts';
import type { Dump } from '../../../kernel/rtnl/dump.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import { makeDevice, markOf, ownMark, removeDevice } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelDevice, KernelInterface } from '../kernel-metadata.ts';
import { stackedSteps } from './tag-rewrite.ts';
import { rewritesTags, rewriteTags } from './tag-rewrite.ts';

/** Roles in the marks of the devices, with the endings of their names. */
const BRIDGE = { role: 'sub-bridge', suffix: 'b' } as const;
const INNER = { role: 'sub-inner', suffix: 'i' } as const;
const OUTER = { role: 'sub-port', suffix: 'p' } as const;
const PARTS = [BRIDGE, INNER, OUTER] as const;
export const tagStackRoles: ReadonlySet<string> = new Set(PARTS.map(({ role }) => role));

/** All but spanning tree, pause and LACP, as bridge domains. */
const LINK_LOCAL_FRAMES = 0xfff8;
/** IN6_ADDR_GEN_MODE_NONE */
const NO_LINK_LOCAL = 1;
/** What a veth takes, bytes: tags need room. */
const MTU = 65_535;
const BRIDGE_KIND = {
  type: 'bridge',
  stp: 0,
  ageingTime: 0,
  multicastSnooping: false,
  groupForwardMask: LINK_LOCAL_FRAMES,
} as const;

export class TagStack {
  readonly #engine: KernelEngine;
  readonly #rtnl: Rtnl;

  constructor(engine: KernelEngine) {
    this.#engine = engine;
    this.#rtnl = engine.driver.rtnl(engine.driver.vswitch);
  }

  /** The detour of the VLAN device; returns its outer end. */
  async make(value: Interface, vlan: number): Promise<KernelDevice> {
    const rtnl = this.#rtnl;
    const { name } = value;
    const quiet = { up: true, arp: false, addressGeneration: NO_LINK_LOCAL };
    const bridge = await makeDevice(rtnl, { ...quiet, ...this.#spec(name, BRIDGE), kind: BRIDGE_KIND });
    const outer = this.#spec(name, OUTER);
    const inner = await makeDevice(rtnl, {
      ...quiet,
      ...this.#spec(name, INNER),
      mtu: MTU,
      master: bridge.index,
      kind: { type: 'veth', peer: { name: outer.name, mtu: MTU } },
    });
    await this.rewrite(value, inner.index);
    await rtnl.request(changeLink({ index: inner.link! }, { ...quiet, alias: outer.alias }));
    await rtnl.request(changeLink({ index: vlan }, { master: bridge.index }));
    return { ifindex: inner.link!, name: outer.name };
  }

  /** Makes the tags as wanted; without `index` of the inner end it is looked for. */
  async rewrite(value: Interface, index?: number): Promise<void> {
    const inner = index ?? (await this.#rtnl.get(getLink({ name: deviceName(value.name, INNER.suffix) })))?.index;
    if (inner !== undefined) await rewriteTags(this.#rtnl, inner, stackedSteps(value), 'egress');
  }

  /** What is there of it; devices of that name that somebody else has stay. */
  async remove(name: string): Promise<void> {
    for (const part of [INNER, BRIDGE]) {
      const spec = this.#spec(name, part);
      const link = await this.#rtnl.get(getLink({ name: spec.name }));
      if (link?.alias === spec.alias) await removeDevice(this.#rtnl, link.index);
    }
  }

  /** Whether there is anything of it. */
  async isThere(dump: Dump, name: string): Promise<boolean> {
    const links = await dump.linksByName();
    return PARTS.some((part) => {
      const spec = this.#spec(name, part);
      return links.get(spec.name)?.alias === spec.alias;
    });
  }

  /** Its outer end, and whether it does to the tags what is wanted; undefined when it is not whole. */
  async read(dump: Dump, vlan: Link, wanted: Interface): Promise<KernelDevice | undefined> {
    const links = await dump.linksByName();
    const [bridge, inner, outer] = PARTS.map((part) => {
      const { name, alias } = this.#spec(wanted.name, part);
      const link = links.get(name);
      return link?.alias === alias && link.up ? link : undefined;
    });
    if (!bridge || !inner || !outer || !isHub(bridge) || inner.link !== outer.index) return undefined;
    if (vlan.master !== bridge.index || inner.master !== bridge.index || inner.mtu !== MTU || outer.mtu !== MTU)
      return undefined;
    return { ifindex: outer.index, name: outer.name };
  }

  async rewrites(dump: Dump, wanted: Interface): Promise<boolean> {
    const inner = (await dump.linksByName()).get(deviceName(wanted.name, INNER.suffix));
    return inner !== undefined && rewritesTags(this.#rtnl, inner.index, stackedSteps(wanted), 'egress');
  }

  /** Interfaces of which there are only these devices. */
  strays(
    links: readonly Link[],
    role: string,
  ): readonly { readonly value: Interface; readonly metadata: KernelInterface }[] {
    const marks = links.map((link) => ownMark(this.#engine, link));
    const whole = new Set(marks.filter((mark) => mark?.role === role).map((mark) => mark!.name));
    const names = new Set<string>();
    for (const mark of marks) if (mark && tagStackRoles.has(mark.role) && !whole.has(mark.name)) names.add(mark.name);
    return [...names].map((name) => {
      const nothing = { ifindex: NO_DEVICE, name };
      const value = create(InterfaceSchema, { name, type: Interface_Type.SUB_INTERFACE });
      return { value, metadata: { ...nothing, port: nothing, broken: true } };
    });
  }

  #spec(name: string, { role, suffix }: (typeof PARTS)[number]): { readonly name: string; readonly alias: string } {
    return { name: deviceName(name, suffix), alias: markOf(this.#engine, role, name) };
  }
}

/** No device has this index: of the interface there is only what its device would need. */
export const NO_DEVICE = 0;

function isHub({ kind }: Link): boolean {
  if (kind?.type !== 'bridge') return false;
  const { stp, ageingTime, multicastSnooping, groupForwardMask } = kind;
  return stp === 0 && ageingTime === 0 && multicastSnooping === false && groupForwardMask === LINK_LOCAL_FRAMES;
}
