/** VRFs of NAT44: which devices, mappings and pools are in which, and what follows of it for table, rules and addresses. */

import { setImmediate } from 'node:timers/promises';
import { isKernelError } from '../../../kernel/errors.ts';
import { addRule, deleteRule, listRules } from '../../../kernel/netlink/rule.ts';
import type { Nftables } from '../../../kernel/nftables/index.ts';
import { fingerprint } from '../../../kernel/nftables/normal-form.ts';
import { tableOfVrf } from '../../../kernel/pipeline/numbers.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import { ANY_VRF } from '../model/pool.ts';
import type { NatAddresses } from './addresses.ts';
import { contains, type PoolRange } from './pool-layout.ts';
import { mappedSets } from './mapped-sets.ts';
import { ownRuleText, ruleText, vrfRule } from './vrf-rules.ts';
import { natTable, vrfSets } from './vrf-sets.ts';
import { isVrfChain, vrfChains, vrfElements, writeVrfs, type VrfDevice, type VrfWishes } from './vrf-table.ts';

interface VrfPool extends PoolRange {
  readonly vrf: number;
}

export class NatVrfs {
  readonly #nft: Nftables;
  readonly #rtnl: Rtnl;
  readonly #addresses: NatAddresses;
  readonly #devices = new Map<string, VrfDevice>();
  readonly #backends = new Map<string, ReadonlySet<number>>();
  readonly #pools = new Map<string, VrfPool>();
  /** By user: a VRF and where its clients may leave by. */
  readonly #destinations = new Map<string, { readonly source: number; readonly destinations: readonly number[] }>();
  readonly #readings = new WeakMap<object, Promise<VrfReading>>();
  #writing: Promise<void> | undefined;
  /** There may be something in the kernel. */
  #used = false;

  /** An inside end has one end outside, wherever it sends: clients of VRF 0 are given addresses here, too. */
  endpointIndependent = false;

  constructor(nft: Nftables, rtnl: Rtnl, addresses: NatAddresses) {
    this.#nft = nft;
    this.#rtnl = rtnl;
    this.#addresses = addresses;
  }

  /** Each of these: what the user has from now on; undefined: nothing. `remember`: it is there (after a restart). */
  device(user: string, device: VrfDevice | undefined): Promise<void> {
    put(this.#devices, user, device);
    return this.#write();
  }

  backends(user: string, vrfs: ReadonlySet<number>): Promise<void> {
    put(this.#backends, user, vrfs.size > 0 ? vrfs : undefined);
    return this.#write();
  }

  pool(user: string, pool: VrfPool | undefined): Promise<void> {
    put(this.#pools, user, pool);
    return this.#write();
  }

  destinations(user: string, source: number, destinations: readonly number[] | undefined): Promise<void> {
    put(this.#destinations, user, destinations && { source, destinations });
    return this.#write();
  }

  remember(user: string, what: { device?: VrfDevice; backends?: ReadonlySet<number>; pool?: VrfPool }): void {
    if (what.device) put(this.#devices, user, what.device);
    if (what.backends && what.backends.size > 0) put(this.#backends, user, what.backends);
    if (what.pool) put(this.#pools, user, what.pool);
    this.#addresses.know(this.#localTables());
  }

  rememberDestinations(user: string, source: number, destinations: readonly number[]): void {
    put(this.#destinations, user, { source, destinations });
  }

  /** Whether a pool has the address. Those of a VRF have no ranges in the table, only shares. */
  hasPoolOf(address: string): boolean {
    return [...this.#pools.values()].some((pool) => contains(pool, address));
  }

  /** Read once for a retrieval. */
  read(session: object): Promise<VrfReading> {
    let reading = this.#readings.get(session);
    if (!reading) this.#readings.set(session, (reading = this.#read()));
    return reading;
  }

  /**
   * Whether all that a device in a VRF needs is there: elements, chains and, if `routed` is asked for, rules. Rules depend on all
   * devices, so that the others have to be known.
   */
  async isDeviceRight(session: object, device: VrfDevice, routed: boolean): Promise<boolean> {
    const { vrf } = device;
    if (vrf === 0) return true;
    const found = await this.read(session);
    const wishes = { devices: [device], targets: new Set([0, vrf]), ways: none, pools: none, mapped: none };
    if (!hasAll(found, textsOf(wishes))) return false;
    if (!routed) return true;
    const ways = this.#ways();
    const way = ways.get(vrf);
    if (way && !hasAll(found, textsOf({ ...wishes, ways: new Map([[vrf, way]]) }))) return false;
    return hasRules(found, [vrf, 0, ...(way ?? [])]);
  }

  async areBackendsRight(session: object, vrfs: ReadonlySet<number>): Promise<boolean> {
    if (vrfs.size === 0) return true;
    const found = await this.read(session);
    const wishes = { devices: [], targets: vrfs, ways: none, pools: none, mapped: none };
    const elements = [...textsOf(wishes)].filter((text) => !text.startsWith(`element ${vrfSets.clients.name} `));
    return hasAll(found, elements) && hasRules(found, [...vrfs]);
  }

  async arePoolsRight(session: object): Promise<boolean> {
    const found = await this.read(session);
    const prefixes = poolSets.map(({ name }) => `element ${name} `);
    const isOfPools = (text: string): boolean => prefixes.some((prefix) => text.startsWith(prefix));
    const wanted = [...textsOf(this.#wishes())].filter(isOfPools);
    const there = [...found].filter(isOfPools);
    return there.length === wanted.length && hasAll(found, wanted);
  }

  #wishes(): VrfWishes {
    const devices = [...this.#devices.values()].filter(({ vrf }) => vrf !== 0);
    const targets = this.#targets();
    const pools = new Map<number, readonly PoolRange[]>();
    for (const { vrf, inside, output } of devices) if (inside || output) pools.set(vrf, this.#poolsOf(vrf));
    const mapped = this.endpointIndependent ? new Map([[0, this.#poolsOf(0)] as const, ...pools]) : none;
    return { devices, targets, ways: this.#ways(), pools, mapped };
  }

  /** Answers to clients and mappings into a VRF; answers of a VRF's servers to clients in VRF 0. */
  #targets(): ReadonlySet<number> {
    const vrfs = [
      ...[...this.#devices.values()].map(({ vrf }) => vrf),
      ...[...this.#backends.values()].flatMap((all) => [...all]),
    ].filter((vrf) => vrf !== 0);
    return new Set(vrfs.length > 0 ? [0, ...vrfs.toSorted((one, other) => one - other)] : []);
  }

  /** Pools of the VRF, where it has none those for all. */
  #poolsOf(vrf: number): readonly PoolRange[] {
    const pools = [...this.#pools.values()];
    // Those of VRF 0 serve together with those for all, as without endpoint-independent mode.
    const own = pools.filter((pool) => pool.vrf === vrf || (vrf === 0 && pool.vrf === ANY_VRF));
    return own.length > 0 ? own : pools.filter((pool) => pool.vrf === ANY_VRF);
  }

  #outsideVrfs(): readonly number[] {
    const vrfs = new Set([...this.#devices.values()].filter(({ outside }) => outside).map(({ vrf }) => vrf));
    return [...vrfs].toSorted((one, other) => one - other);
  }

  #ways(): ReadonlyMap<number, readonly number[]> {
    const ways = new Map<number, readonly number[]>();
    for (const { vrf, inside } of this.#devices.values()) {
      if (!inside || vrf === 0 || ways.has(vrf)) continue;
      const chosen = [...this.#destinations].filter(([, { source }]) => source === vrf);
      const ordered = chosen.toSorted(([one], [other]) => (one < other ? -1 : 1));
      const listed = [...new Set(ordered.flatMap(([, { destinations }]) => destinations))];
      ways.set(vrf, chosen.length > 0 ? listed : this.#outsideVrfs().filter((other) => other !== vrf));
    }
    return ways;
  }

  /** VRFs that anything may be marked with. */
  #marked(): readonly number[] {
    return [...new Set([...this.#targets(), ...[...this.#ways().values()].flat()])];
  }

  #localTables(): readonly number[] {
    return this.#outsideVrfs()
      .filter((vrf) => vrf !== 0)
      .map(tableOfVrf);
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeLater();
    return this.#writing;
  }

  async #writeLater(): Promise<void> {
    await setImmediate();
    this.#writing = undefined;
    const wishes = this.#wishes();
    const needed = wishes.targets.size > 0 || wishes.devices.length > 0 || wishes.mapped.size > 0;
    if (!needed && !this.#used) return;
    this.#used = needed;
    await Promise.all([
      this.#nft.apply(writeVrfs(wishes)).catch((error: unknown) => {
        // With the table everything in it went.
        if (needed || !isKernelError(error, 'ENOENT')) throw error;
      }),
      this.#changeRules(),
      this.#addresses.answerIn(this.#localTables()),
    ]);
  }

  async #changeRules(): Promise<void> {
    const wanted = new Map(
      this.#marked()
        .map(vrfRule)
        .map((rule) => [ruleText(rule), rule]),
    );
    for (const rule of await this.#rtnl.dump(listRules({ family: 4 }))) {
      const text = ownRuleText(rule);
      if (text === undefined || wanted.delete(text)) continue;
      await this.#settle(deleteRule(rule), 'ENOENT');
    }
    for (const rule of wanted.values()) await this.#settle(addRule(rule), 'EEXIST');
  }

  async #settle(request: ReturnType<typeof addRule>, done: string): Promise<void> {
    try {
      await this.#rtnl.request(request);
    } catch (error) {
      if (!isKernelError(error, done)) throw error;
    }
  }

  async #read(): Promise<VrfReading> {
    const found = new Set<string>();
    for (const rule of await this.#rtnl.dump(listRules({ family: 4 }))) {
      const text = ownRuleText(rule);
      if (text !== undefined) found.add(`rule ${text}`);
    }
    for (const set of vrfElements(nothing).keys()) {
      for (const { key, data } of await this.#elements(set)) found.add(elementText(set.name, key, data));
    }
    const chains = Map.groupBy(await this.#chainRules(), ({ chain }) => chain);
    for (const [chain, rules] of chains) {
      const prints = rules.map(({ fingerprint: print }) => print);
      if (isVrfChain(chain)) found.add(chainText(chain, prints));
    }
    if (found.size > 0) this.#used = true;
    return found;
  }

  async #elements(set: Parameters<Nftables['elements']>[1]) {
    try {
      return await this.#nft.elements(natTable, set);
    } catch (error) {
      if (isKernelError(error, 'ENOENT')) return [];
      throw error;
    }
  }

  async #chainRules() {
    try {
      return await this.#nft.rules(natTable);
    } catch (error) {
      if (isKernelError(error, 'ENOENT')) return [];
      throw error;
    }
  }
}

/** What there is, each thing as a text. */
export type VrfReading = ReadonlySet<string>;

const none = new Map<number, never>();
const nothing: VrfWishes = { devices: [], targets: new Set(), ways: none, pools: none, mapped: none };
/** Sets that all pools together fill. */
const poolSets = [vrfSets.shares, mappedSets.mappedAddresses];

/** Elements and chains. */
function textsOf(wishes: VrfWishes): ReadonlySet<string> {
  const texts = new Set<string>();
  for (const [set, elements] of vrfElements(wishes))
    for (const { key, data } of elements) texts.add(elementText(set.name, key, data));
  for (const [chain, rules] of vrfChains(wishes))
    texts.add(
      chainText(
        chain,
        rules.map((rule) => fingerprint('ip', rule)),
      ),
    );
  return texts;
}

function chainText(chain: string, rules: readonly string[]): string {
  return `chain ${chain} ${rules.join(' ')}`;
}

/** What is marked with these VRFs is routed there. */
function hasRules(found: VrfReading, vrfs: readonly number[]): boolean {
  return hasAll(
    found,
    vrfs.map((vrf) => `rule ${ruleText(vrfRule(vrf))}`),
  );
}

function hasAll(found: VrfReading, wanted: Iterable<string>): boolean {
  for (const text of wanted) if (!found.has(text)) return false;
  return true;
}

function elementText(set: string, key: readonly unknown[], data: unknown): string {
  return `element ${set} ${key.join(' ')} ${data === undefined ? '' : JSON.stringify(data)}`;
}

function put<V>(map: Map<string, V>, user: string, value: V | undefined): void {
  if (value === undefined) map.delete(user);
  else map.set(user, value);
}
