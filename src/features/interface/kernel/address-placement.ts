/**
 * The VRF of an address, where rules make VRFs: the kernel would put what it makes of an address (the route to its subnet, and the
 * address as one of the router's own) into the tables of VRF 0.
 */

import type { Prefix } from '../../../model/address.ts';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Key } from '../../../model/key.ts';
import { IFA_F_NOPREFIXROUTE } from '../../../kernel/netlink/address.ts';
import type { Address } from '../../../kernel/netlink/address.ts';
import type { GraphView, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { RuleVrfs } from '../../kernel/rule-vrf/rule-vrfs.ts';
import { lackingVrfDevices } from '../../kernel/vrf-devices.ts';
import { interfaceKey } from '../model/keys.ts';
import type { InterfaceAddress } from '../model/parts.ts';

/** What was assigned, so that it can be taken away when the reference it came from is gone. */
export interface AssignedAddress {
  readonly ifindex: number;
  readonly address: Prefix;
  /** Where rules make VRFs: the one it is in, if that is not 0. */
  readonly vrf?: number;
}

type Item = Retrieved<InterfaceAddress, AssignedAddress>;
type Context = RetrieveContext<InterfaceAddress, AssignedAddress>;

export class Placement {
  readonly #engine: KernelEngine;
  readonly #vrfs: RuleVrfs;

  constructor(engine: KernelEngine) {
    this.#engine = engine;
    this.#vrfs = RuleVrfs.of(engine);
  }

  /** 0 where vrf devices do the work. */
  vrfOf(graph: GraphView, value: InterfaceAddress): number {
    return this.#byRules ? routedVrf(graph, value.interface) : 0;
  }

  /** Throws SchedulerError `unimplemented` when the subnet is in another VRF, too. */
  async claim(graph: GraphView, key: Key, { interface: owner }: InterfaceAddress, prefix: Prefix): Promise<void> {
    if (!this.#byRules) return;
    const vrf = routedVrf(graph, owner);
    this.#vrfs.claim(key, owner, { vrf, prefix });
    await this.#vrfs.claimFromHost(key, owner, { vrf, prefix });
  }

  release(key: Key): void {
    if (this.#byRules) this.#vrfs.release(key);
  }

  /** An address as it was found. One with another flag than it should have is told from it, to be made anew. */
  find(context: Context, key: Key, value: InterfaceAddress, found: Address, isUp: boolean): Omit<Item, 'origin'> {
    const { link: ifindex, address, flags } = found;
    const isApart = (flags & IFA_F_NOPREFIXROUTE) !== 0;
    const wanted = this.vrfOf(context, value);
    const vrf = isApart ? wanted || routedVrf(context, value.interface) : 0;
    const metadata = vrf === 0 ? { ifindex, address } : { ifindex, address, vrf };
    if (isApart !== (wanted !== 0)) return { key, value: { ...value, address: '' }, metadata };
    if (this.#byRules) this.#vrfs.take(key, value.interface, { vrf: wanted, prefix: address });
    if (vrf !== 0) this.#vrfs.rememberAddress(key, value.interface, { vrf, link: ifindex, prefix: address }, isUp);
    return { key, value, metadata };
  }

  /** Without what is wanted and not whole: it is made again. */
  async whole(context: Context, items: readonly Item[]): Promise<readonly Item[]> {
    if (!items.some(({ metadata: { vrf } }) => vrf !== undefined)) return items;
    if (!this.#byRules) return items;
    const reading = await this.#vrfs.read(context.session);
    const { driver } = this.#engine;
    const links = await driver.dump(context.session, driver.vswitch).linksByIndex();
    const checked = items.map(async (item) => {
      const { vrf, ifindex, address } = item.metadata;
      if (vrf === undefined || context.desired(item.key) === undefined) return [item];
      const isUp = links.get(ifindex)?.up === true;
      return (await reading.hasAddress({ vrf, link: ifindex, prefix: address }, isUp)) ? [item] : [];
    });
    return (await Promise.all(checked)).flat();
  }

  get #byRules(): boolean {
    return lackingVrfDevices(this.#engine) !== undefined;
  }
}

/** What comes out of a VXLAN-GPE tunnel is routed in a VRF of its own. */
function routedVrf(graph: GraphView, name: string): number {
  const key = interfaceKey(name);
  const value = (graph.desired(key) ?? graph.applied(key)) as Interface | undefined;
  if (value?.link.case === 'vxlan' && value.link.value.gpe !== undefined) return value.link.value.gpe.decapVrfId;
  return value?.vrf ?? 0;
}
