/**
 * VRFs on a kernel without vrf devices: tables that rules lead to. Keeps what is in which VRF, and makes rules, routes and marks of it.
 * What two VRFs share (subnets, leaks, NAT) is refused elsewhere: here an address is in one of them.
 */

import { setImmediate } from 'node:timers/promises';
import { overlaps } from '../../../model/address.ts';
import type { Family } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { listAddresses } from '../../../kernel/netlink/address.ts';
import { addRule, deleteRule, listRules } from '../../../kernel/netlink/rule.ts';
import type { RuleSpec } from '../../../kernel/netlink/rule.ts';
import { ensureNoTable } from '../../../kernel/nftables/index.ts';
import type { Nftables } from '../../../kernel/nftables/index.ts';
import { addressProtocols, tableOfVrf } from '../../../kernel/pipeline/numbers.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import { interfaceKey } from '../../interface/model.ts';
import type { KernelEngine } from '../engine.ts';
import { putLocalTableLast } from '../local-table.ts';
import { KernelNotifier } from '../notifier.ts';
import { KernelUpkeep, routePlace } from '../upkeep.ts';
import { contentOf, vrfTable } from './marking.ts';
import type { VrfWishes } from './marking.ts';
import { isEverywhere, overlapText, Subnets } from './overlaps.ts';
import { readVrfs } from './reading.ts';
import type { VrfReading } from './reading.ts';
import { ownRoute, subnetRoute, SubnetRoutes } from './routes.ts';
import type { PlacedAddress } from './routes.ts';
import type { PlacedDevice } from './marking.ts';
import { addressRule, commonRules, deviceRules, ownRuleText, ruleText, tableRule } from './rules.ts';

const ours = new Set<number>(Object.values(addressProtocols));

const known = new WeakMap<KernelEngine, RuleVrfs>();

export class RuleVrfs {
  readonly #engine: KernelEngine;
  readonly #rtnl: Rtnl;
  readonly #nft: Nftables;
  /** Nobody else is in the namespace. */
  readonly #alone: boolean;
  readonly #tables = new Map<Key, { readonly vrf: number; readonly family: Family }>();
  readonly #devices = new Map<Key, PlacedDevice>();
  readonly #addresses = new Map<Key, PlacedAddress & { readonly owner: string }>();
  readonly #subnets = new Subnets();
  /** Names of interfaces with an address that the host's own are in the way of. */
  readonly #hostRefused = new Map<Key, string>();
  readonly #routes: SubnetRoutes;
  readonly #ownRoutes: KernelUpkeep;
  readonly #subnetRoutes: KernelUpkeep;
  #notifier: KernelNotifier | undefined;
  #writing: Promise<void> | undefined;
  #written: Promise<unknown> = Promise.resolve();

  private constructor(engine: KernelEngine) {
    const { driver } = engine;
    this.#engine = engine;
    this.#rtnl = driver.rtnl(driver.vswitch);
    this.#nft = driver.nft(driver.vswitch);
    this.#alone = driver.vswitch.id !== driver.own.id;
    this.#routes = new SubnetRoutes(this.#rtnl);
    this.#ownRoutes = new KernelUpkeep(engine);
    this.#subnetRoutes = new KernelUpkeep(engine);
  }

  static of(engine: KernelEngine): RuleVrfs {
    let vrfs = known.get(engine);
    if (!vrfs) known.set(engine, (vrfs = new RuleVrfs(engine)));
    return vrfs;
  }

  async openTable(key: Key, vrf: number, family: Family): Promise<void> {
    this.#tables.set(key, { vrf, family });
    await putLocalTableLast(this.#engine);
    await this.#reflectMarks(1);
    for (const rule of [...commonRules(), tableRule(vrf, family)]) await this.#add(rule);
    await this.#write();
  }

  /** `key`: undefined for one that is found and not known. */
  async closeTable(key: Key | undefined, vrf: number, family: Family): Promise<void> {
    if (key !== undefined) this.#tables.delete(key);
    await this.#delete(tableRule(vrf, family));
    if (![...this.#tables.values()].some((table) => table.vrf === vrf)) await this.#sweep(vrf);
    if (this.#tables.size === 0) {
      for (const rule of commonRules()) await this.#delete(rule);
      await this.#reflectMarks(0);
    }
    await this.#write();
  }

  /** What somebody's hand has cut off from its address or device: nobody else would take it away. */
  async #sweep(vrf: number): Promise<void> {
    const table = tableOfVrf(vrf);
    for (const rule of await this.#rtnl.dump(listRules())) {
      if (rule.table === table && ownRuleText(rule) !== undefined) await this.#delete(rule);
    }
    await this.#routes.sweep(table);
  }

  /** It has a device now: the rules, which an agent on another kernel made, are not needed. */
  async abandonTable(vrf: number, family: Family): Promise<void> {
    const rules = await this.#rtnl.dump(listRules({ family }));
    const ours = rules.filter((rule) => rule.table === tableOfVrf(vrf) && ownRuleText(rule) !== undefined);
    for (const rule of [...ours, ...(ours.length > 0 ? commonRules() : [])]) await this.#delete(rule);
    if (ours.length > 0) await Promise.all([this.#reflectMarks(0), this.#nft.apply(ensureNoTable(vrfTable))]);
  }

  rememberTable(key: Key, vrf: number, family: Family): void {
    this.#tables.set(key, { vrf, family });
  }

  async enter(key: Key, device: PlacedDevice): Promise<void> {
    this.#devices.set(key, device);
    await Promise.all([...deviceRules(device.name, device.vrf).map((rule) => this.#add(rule)), this.#write()]);
  }

  async leave(key: Key, { name, vrf }: Omit<PlacedDevice, 'ifindex'>): Promise<void> {
    this.#devices.delete(key);
    await Promise.all([...deviceRules(name, vrf).map((rule) => this.#delete(rule)), this.#write()]);
  }

  rememberDevice(key: Key, device: PlacedDevice): void {
    this.#devices.set(key, device);
  }

  /** Takes the subnet of an address for its VRF. Throws SchedulerError `unimplemented` where another VRF has it. */
  claim(key: Key, owner: string, { vrf, prefix }: Omit<PlacedAddress, 'link'>): void {
    const other = this.#subnets.claim(key, { vrf, prefix, owner });
    if (!other) return;
    const named = { ...other, owner: `interface ${other.owner}` };
    throw new SchedulerError('unimplemented', overlapText({ vrf, prefix }, named), { key, retriable: false });
  }

  /** As `claim`, of what the host itself has in a namespace that the router shares with it. */
  async claimFromHost(key: Key, owner: string, { vrf, prefix }: Omit<PlacedAddress, 'link'>): Promise<void> {
    this.#hostRefused.delete(key);
    if (this.#alone || vrf === 0 || isEverywhere(prefix.address)) return;
    const addresses = await this.#rtnl.dump(listAddresses({ family: prefix.address.family }));
    const other = addresses.find(({ address, protocol = 0 }) => !ours.has(protocol) && overlaps(address, prefix));
    if (!other) return;
    this.release(key);
    this.#hostRefused.set(key, owner);
    const host = { vrf: 0, prefix: other.address, owner: 'the host' };
    throw new SchedulerError('unimplemented', overlapText({ vrf, prefix }, host), { key, retriable: false });
  }

  /** It is there: a subnet that was taken by another agent, if by any. */
  take(key: Key, owner: string, { vrf, prefix }: Omit<PlacedAddress, 'link'>): void {
    this.#subnets.claim(key, { vrf, prefix, owner });
  }

  /** The subnet is free again: another VRF may want it. */
  release(key: Key): void {
    if (!this.#subnets.release(key)) return;
    for (const owner of this.#subnets.refused) this.#notifier?.recheck(interfaceKey(owner), 'a subnet became free');
  }

  /** Makes routes and rule of an address that the device has without a route to its subnet. */
  async assign(key: Key, owner: string, placed: PlacedAddress): Promise<void> {
    const { prefix, vrf } = placed;
    if (isEverywhere(prefix.address)) return;
    this.#addresses.set(key, { ...placed, owner });
    await this.#add(addressRule(prefix.address, vrf));
    const up = await this.#routes.add(key, placed);
    this.#follow(key, placed, up);
    await this.#write();
  }

  async unassign(key: Key, placed: PlacedAddress): Promise<void> {
    const { prefix, vrf } = placed;
    if (isEverywhere(prefix.address)) return;
    this.#addresses.delete(key);
    for (const upkeep of [this.#ownRoutes, this.#subnetRoutes]) upkeep.forget(key);
    await this.#routes.remove(key, placed);
    await this.#delete(addressRule(prefix.address, vrf));
    await this.#write();
  }

  rememberAddress(key: Key, owner: string, placed: PlacedAddress, up: boolean): void {
    if (isEverywhere(placed.prefix.address)) return;
    this.#addresses.set(key, { ...placed, owner });
    this.#routes.remember(key, placed);
    this.#follow(key, placed, up);
  }

  read(session: object): Promise<VrfReading> {
    return readVrfs(this.#engine, session, () => contentOf(this.#wishes()), this.#routes);
  }

  /** Until the signal is aborted. */
  watch(scheduler: Scheduler, signal: AbortSignal): void {
    this.#notifier = new KernelNotifier(scheduler, signal);
    const { driver } = this.#engine;
    for (const upkeep of [this.#ownRoutes, this.#subnetRoutes]) upkeep.watch(scheduler, signal);
    const stop = driver.events.subscribe((event) => {
      if (event.type === 'resync') this.#recheckAll('events of the kernel were lost');
      else if (event.type === 'address' && event.action === 'removed') this.#recheckRefusedByHost();
      else if (event.type === 'rule' && event.namespace.id === driver.vswitch.id) this.#recheckRule(event.value);
    });
    const isOurs = ({ family, name }: { readonly family: string; readonly name: string }): boolean =>
      family === vrfTable.family && name === vrfTable.name;
    const stopTable = this.#nft.watch(isOurs, () => this.#recheckAll('marks of VRFs were changed by somebody else'));
    const end = (): void => {
      stop();
      stopTable();
      this.#notifier = undefined;
    };
    signal.addEventListener('abort', end, { once: true });
  }

  #recheckRefusedByHost(): void {
    for (const owner of this.#hostRefused.values()) {
      this.#notifier?.recheck(interfaceKey(owner), 'an address of the host went');
    }
  }

  #recheckAll(reason: string): void {
    const owners = new Set(Array.from(this.#addresses.values(), ({ owner }) => interfaceKey(owner)));
    for (const key of [...this.#tables.keys(), ...this.#devices.keys(), ...owners]) {
      this.#notifier?.recheck(key, reason);
    }
  }

  #recheckRule(rule: RuleSpec): void {
    const text = ruleText(rule);
    const concerns = (rules: readonly RuleSpec[]): boolean => rules.some((one) => ruleText(one) === text);
    const recheck = (key: Key): void => this.#notifier?.recheck(key, 'a rule was changed by somebody else');
    for (const [key, { vrf, family }] of this.#tables) {
      if (concerns([tableRule(vrf, family), ...commonRules()])) recheck(key);
    }
    for (const [key, { name, vrf }] of this.#devices) if (concerns(deviceRules(name, vrf))) recheck(key);
    for (const { owner, prefix, vrf } of this.#addresses.values()) {
      if (concerns([addressRule(prefix.address, vrf)])) recheck(interfaceKey(owner));
    }
  }

  #follow(key: Key, placed: PlacedAddress, up: boolean): void {
    const routes = [
      [this.#ownRoutes, ownRoute(placed)],
      [this.#subnetRoutes, subnetRoute(placed)],
    ] as const;
    for (const [upkeep, route] of routes) {
      if (!route) continue;
      const place = routePlace({ destination: route.destination, table: route.table!, metric: route.metric! });
      upkeep.remember(key, { namespace: this.#engine.driver.vswitch, link: placed.link, place, up });
    }
  }

  #wishes(): VrfWishes {
    return {
      vrfs: new Set(Array.from(this.#tables.values(), ({ vrf }) => vrf)),
      devices: [...this.#devices.values()],
      addresses: Array.from(this.#addresses.values(), ({ vrf, prefix }) => ({ vrf, address: prefix.address })),
      localFirst: !this.#alone,
    };
  }

  /** What is asked for in one turn is written at once. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeLater();
    return this.#writing;
  }

  async #writeLater(): Promise<void> {
    await setImmediate();
    await this.#written.catch(() => undefined);
    this.#writing = undefined;
    const isUsed = this.#tables.size + this.#devices.size + this.#addresses.size > 0;
    this.#written = isUsed
      ? this.#nft.reconcile(() => contentOf(this.#wishes()))
      : this.#nft.apply(ensureNoTable(vrfTable));
    await this.#written;
  }

  /** Errors about packets of a VRF, and answers to them, have its mark. The host's own settings are not ours. */
  async #reflectMarks(value: number): Promise<void> {
    if (!this.#alone) return;
    const sysctl = this.#engine.driver.sysctl(this.#engine.driver.vswitch);
    for (const family of [4, 6]) await sysctl.write(`net/ipv${family}/fwmark_reflect`, value);
  }

  async #add(rule: RuleSpec): Promise<void> {
    try {
      await this.#rtnl.request(addRule(rule));
    } catch (error) {
      if (!isKernelError(error, 'EEXIST')) throw error;
    }
  }

  async #delete(rule: RuleSpec): Promise<void> {
    try {
      await this.#rtnl.request(deleteRule(rule));
    } catch (error) {
      if (!isKernelError(error, 'ENOENT')) throw error;
    }
  }
}
