/**
 * The nftables table of cross-connects: marks what comes in by their devices. The rules that lead to tables of paths look for the
 * mark.
 *
 *   marks     base chain in prerouting: to the chain of the device, by a map for each IP version
 *   mark-N    sets the number N
 *
 * What a device in a VRF receives is here twice, with its own name and with that of the vrf device: only the first is in the map.
 */

import type { Family } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import {
  addChain,
  addElements,
  addRule,
  addSet,
  addTable,
  deleteChain,
  deleteElements,
  ensureNoTable,
  flushChain,
  meta,
  setMarkBits,
  types,
} from '../../../kernel/nftables/index.ts';
import type {
  Chain,
  Element,
  ListedContent,
  Nftables,
  NftSet,
  Operation,
  Rule,
} from '../../../kernel/nftables/index.ts';
import { fingerprint } from '../../../kernel/nftables/normal-form.ts';
import { Users } from '../../../kernel/ownership/users.ts';
import { markOf, marks, stages, tables } from '../../../kernel/pipeline/index.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';

const table = { family: 'inet', name: tables.l3CrossConnect } as const;
const { hook, priority } = stages.l3CrossConnect;
const chain: Chain = { name: 'marks', base: { type: 'filter', hook, priority } };
const families: readonly Family[] = [4, 6];

interface Device {
  readonly family: Family;
  readonly device: string;
}

export interface MarkedDevice extends Device {
  /** Value of the mark field. */
  readonly number: number;
}

/** Number that a device's packets are marked with, by name. */
export type MarkedDevices = Readonly<Record<Family, ReadonlyMap<string, number>>>;

function mapOf(family: Family): NftSet {
  return { name: `devices-ipv${family}`, key: [types.ifname], data: 'verdict' };
}

const rules: readonly Rule[] = families.map((family) => ({
  key: `IPv${family}`,
  statements: [meta.protocol.eq(family === 4 ? 'ip' : 'ip6'), meta.iifname.verdictFrom(mapOf(family))],
}));

function chainOf(number: number): string {
  return `mark-${number}`;
}

function markRule(number: number): Rule {
  return { key: 'mark', statements: [setMarkBits(markOf(marks.abf, number), marks.abf.mask)] };
}

function elementOf({ device, number }: MarkedDevice): Element {
  return { key: [device], data: { verdict: 'goto', chain: chainOf(number) } };
}

export class Marking {
  readonly #nft: Nftables;
  readonly #users = new Users<'table', Key>();
  /** Elements that are there, by place, as far as this agent knows. */
  readonly #elements = new Map<string, MarkedDevice>();
  readonly #places = new Users<number, string>();

  constructor(nft: Nftables) {
    this.#nft = nft;
  }

  /** The number that the device's packets had last, as far as this agent knows. */
  numberOf(device: Device): number | undefined {
    return this.#elements.get(placeOf(device))?.number;
  }

  /** Whether the table, or this device in it, was there or not. */
  async add(key: Key, marked: MarkedDevice): Promise<void> {
    this.join(key);
    try {
      await this.#write(marked, this.#elements.get(placeOf(marked)));
    } catch (error) {
      if (!isKernelError(error, 'EEXIST', 'ENOENT')) throw error;
      // Not as it was thought to be: changed by others.
      await this.#write(marked, (await this.#readElements()).get(placeOf(marked)));
    }
    await this.#drop(this.#remember(marked));
  }

  async remove(key: Key, device: Device): Promise<void> {
    if (this.#users.leave('table', key)) {
      for (const marked of [...this.#elements.values()]) this.#forget(marked);
      return this.#nft.apply(ensureNoTable(table));
    }
    await this.#nft.apply([deleteElements(table, mapOf(device.family), [{ key: [device.device] }])]).catch(unlessGone);
    await this.#drop(this.#forget(device));
  }

  join(key: Key): void {
    this.#users.join('table', key);
  }

  /** What is marked, where all that takes part in it is as it should be. */
  async read(): Promise<MarkedDevices> {
    const content = await this.#nft.list(table);
    const found: Record<Family, Map<string, number>> = { 4: new Map(), 6: new Map() };
    if (!content) return found;
    const elements = await this.#readElements();
    for (const [place, marked] of [...this.#elements]) if (!elements.has(place)) this.#forget(marked);
    for (const marked of elements.values()) this.#remember(marked);
    const base = content.chains.find(({ name }) => name === chain.name)?.base;
    if (base?.hook !== hook || base.priority !== priority || !isChain(content, chain.name, rules)) return found;
    for (const { family, device, number } of elements.values()) {
      if (isChain(content, chainOf(number), [markRule(number)])) found[family].set(device, number);
    }
    return found;
  }

  /** Changed by others: looked at again. */
  watch(scheduler: Scheduler, signal: AbortSignal): void {
    const stop = this.#nft.watch(
      ({ name }) => name === table.name,
      () => {
        const keys = Array.from(scheduler.snapshot().statuses({ kind: 'vpp.l3xconnect' }), ({ key }) => key);
        if (keys.length > 0) scheduler.recheck(keys, 'marks of cross-connects were changed');
      },
    );
    signal.addEventListener('abort', stop, { once: true });
  }

  async #write(marked: MarkedDevice, before: MarkedDevice | undefined): Promise<void> {
    const map = mapOf(marked.family);
    const own = chainOf(marked.number);
    const moved: readonly Operation[] =
      before && before.number !== marked.number ? [deleteElements(table, map, [{ key: [marked.device] }])] : [];
    await this.#nft.apply([
      addTable(table),
      ...families.map((family) => addSet(table, mapOf(family))),
      addChain(table, { name: own }),
      flushChain(table, own),
      addRule(table, own, markRule(marked.number)),
      ...moved,
      addElements(table, map, [elementOf(marked)]),
      addChain(table, chain),
      flushChain(table, chain.name),
      ...rules.map((rule) => addRule(table, chain.name, rule)),
    ]);
  }

  /** Returns the number that nobody has any more. */
  #remember(marked: MarkedDevice): number | undefined {
    const place = placeOf(marked);
    const unused = this.numberOf(marked) === marked.number ? undefined : this.#forget(marked);
    this.#elements.set(place, marked);
    this.#places.join(marked.number, place);
    return unused;
  }

  /** Returns the number that nobody has any more. */
  #forget(device: Device): number | undefined {
    const place = placeOf(device);
    const number = this.#elements.get(place)?.number;
    this.#elements.delete(place);
    return number !== undefined && this.#places.leave(number, place) ? number : undefined;
  }

  /** The chain goes with the last device that it marks for. */
  async #drop(unused: number | undefined): Promise<void> {
    if (unused === undefined) return;
    const own = chainOf(unused);
    await this.#nft.apply([flushChain(table, own), deleteChain(table, own)]).catch(unlessGone);
  }

  async #readElements(): Promise<ReadonlyMap<string, MarkedDevice>> {
    const found = new Map<string, MarkedDevice>();
    for (const family of families) {
      for (const { key, data } of await this.#nft.elements(table, mapOf(family)).catch(noneIfGone)) {
        const number = data && 'verdict' in data && 'chain' in data ? /^mark-(\d+)$/.exec(data.chain)?.[1] : undefined;
        const marked = { family, device: String(key[0]), number: Number(number ?? 0) };
        found.set(placeOf(marked), marked);
      }
    }
    return found;
  }
}

function placeOf({ family, device }: Device): string {
  return `${family} ${device}`;
}

function isChain({ rules: all }: ListedContent, name: string, wanted: readonly Rule[]): boolean {
  const found = all.filter((rule) => rule.chain === name);
  return (
    found.length === wanted.length &&
    wanted.every((rule, index) => found[index]?.fingerprint === fingerprint(table.family, rule))
  );
}

/** EBUSY: somebody else leads to the chain; it goes with the table. */
function unlessGone(error: unknown): void {
  if (!isKernelError(error, 'ENOENT', 'EBUSY')) throw error;
}

function noneIfGone(error: unknown): readonly never[] {
  if (!isKernelError(error, 'ENOENT')) throw error;
  return [];
}
