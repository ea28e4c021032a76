/**
 * Network cards of DPDK, RDMA and VMXNET3 interfaces: those that the host does not have are waited for. One that the switch has taken is
 * none of the host's devices for that time, so it is told as a fact of its own.
 */

import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import { getLink, listLinks } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Dependency } from '../../../scheduler/kind.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import { adoptions } from '../../kernel/adoption.ts';
import { ownMark } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { pciAddressOfLink } from '../../kernel/pci-address.ts';
import { HOST_NAME_PREFIX, hostNameKey } from '../../linux-interface/model/keys.ts';
import { interfaceKey, TAKEN_CARD_PREFIX, takenCardKey } from '../model/keys.ts';
import { takenCard } from '../model/part-kinds.ts';
import type { TakenCard } from '../model/part-kinds.ts';
import { pciAddressOf } from './pci-device.ts';

/** Ledger ids of devices taken start with it; the name of the interface follows. */
export const ADOPTED_BY_VPP = 'vpp/';

/** The card has to be there: the host's, or in the switch already. Undefined: the interface is no card. */
export function cardDependency({ type, name, link }: Interface): Dependency | undefined {
  if (type === Interface_Type.RDMA) return link.case === 'rdma' ? byName(link.value.hostIfName) : undefined;
  if (type !== Interface_Type.DPDK && type !== Interface_Type.VMXNET3_INTERFACE) return undefined;
  const address = pciAddressOf(name);
  if (address === undefined) return byName(name);
  const label = `network card at PCI address ${address}, bound to its kernel driver`;
  const where = (_key: string, value: object): boolean => (value as Partial<TakenCard>).pciAddress === address;
  return { label, anyOf: { prefixes: [HOST_NAME_PREFIX, TAKEN_CARD_PREFIX], where } };
}

function byName(device: string): Dependency {
  const label = `network card ${device} of the host`;
  return { label, anyOf: { prefixes: [hostNameKey(device), takenCardKey(device)] } };
}

const known = new WeakMap<KernelEngine, TakenCards>();

export class TakenCards {
  readonly #engine: KernelEngine;
  /** Names of interfaces by those of the devices. */
  readonly #told = new Map<string, string>();
  #scheduler: Scheduler | undefined;

  private constructor(engine: KernelEngine) {
    this.#engine = engine;
  }

  static of(engine: KernelEngine): TakenCards {
    let cards = known.get(engine);
    if (!cards) known.set(engine, (cards = new TakenCards(engine)));
    return cards;
  }

  /** To be called before the card leaves the host, which may be told at once. */
  take(link: Link, interfaceName: string): void {
    const { name } = link;
    const pciAddress = pciAddressOfLink(link);
    const value: TakenCard = { device: name, ...(pciAddress !== undefined && { pciAddress }) };
    this.#told.set(name, interfaceName);
    this.#scheduler?.notify([{ key: takenCardKey(name), kind: takenCard.name, value }]);
  }

  /** Until the signal is aborted. What an agent before this one has taken is told first. */
  async watch(scheduler: Scheduler, signal: AbortSignal): Promise<void> {
    const { driver } = this.#engine;
    this.#scheduler = scheduler;
    const stop = driver.events.subscribe((event) => {
      if (event.type === 'resync') for (const name of this.#told.keys()) this.#lookAt(name);
      else if (event.type === 'link' && event.action === 'removed' && this.#told.has(event.value.name))
        this.#lookAt(event.value.name);
    });
    const end = (): void => {
      stop();
      this.#scheduler = undefined;
    };
    signal.addEventListener('abort', end, { once: true });
    if (driver.vswitch.id === driver.own.id) return;
    for (const link of await driver.rtnl(driver.vswitch).dump(listLinks())) {
      const interfaceName = this.#takenFor(link);
      if (interfaceName !== undefined) this.take(link, interfaceName);
    }
  }

  /** The agent may have died before it marked one. */
  #takenFor(link: Link): string | undefined {
    const mark = ownMark(this.#engine, link);
    if (mark) return CARD_ROLES.has(mark.role) ? mark.name : undefined;
    for (const [interfaceName, { name }] of adoptions(this.#engine, ADOPTED_BY_VPP)) {
      if (name === link.name) return interfaceName;
    }
    return undefined;
  }

  #lookAt(name: string, isOnceMore = false): void {
    this.#look(name, isOnceMore).catch(() => this.#lookLater(name));
  }

  #lookLater(name: string): void {
    setTimeout(() => this.#lookAt(name, true), PATIENCE).unref();
  }

  /** One that the host has again is told as the host's a moment later. */
  async #look(name: string, isOnceMore: boolean): Promise<void> {
    const { driver } = this.#engine;
    const has = async (place: Namespace): Promise<boolean> =>
      (await driver.rtnl(place).get(getLink({ name }))) !== undefined;
    if (await has(driver.vswitch)) return;
    if (!isOnceMore && (await has(driver.own))) return this.#lookLater(name);
    // On its way from one to the other it may have been missed twice.
    if (await has(driver.vswitch)) return;
    const interfaceName = this.#told.get(name);
    if (interfaceName === undefined || !this.#told.delete(name)) return;
    this.#scheduler?.notify([{ key: takenCardKey(name), kind: takenCard.name, value: null }]);
    this.#scheduler?.recheck([interfaceKey(interfaceName)], `network card ${name} is gone`);
  }
}

const CARD_ROLES: ReadonlySet<string> = new Set(['dpdk', 'rdma', 'vmxnet3']);

/** ms */
const PATIENCE = 200;
