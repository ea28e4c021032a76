/** Marks what comes in by cross-connected devices: the rules that lead to their tables look for the mark. */

import type { Family } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import {
  addChain,
  addElements,
  addRule,
  addSet,
  addTable,
  deleteElements,
  ensureNoTable,
  flushChain,
  meta,
  setMarkBits,
  types,
} from '../../../kernel/nftables/index.ts';
import type { Chain, Nftables, NftSet, Rule } from '../../../kernel/nftables/index.ts';
import { fingerprint } from '../../../kernel/nftables/normal-form.ts';
import { Users } from '../../../kernel/ownership/users.ts';
import { crossConnectMark, markOf, marks, stages, tables } from '../../../kernel/pipeline/index.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';

const table = { family: 'inet', name: tables.l3CrossConnect } as const;
const { hook, priority } = stages.l3CrossConnect;
const chain: Chain = { name: 'marks', base: { type: 'filter', hook, priority } };
const families: readonly Family[] = [4, 6];

interface Device {
  readonly family: Family;
  readonly device: string;
}

function setOf(family: Family): NftSet {
  return { name: `ipv${family}`, key: [types.ifname] };
}

const rules: readonly Rule[] = families.map((family) => ({
  key: `IPv${family}`,
  statements: [
    meta.protocol.eq(family === 4 ? 'ip' : 'ip6'),
    meta.iifname.in(setOf(family)),
    setMarkBits(markOf(marks.abf, crossConnectMark), marks.abf.mask),
  ],
}));

export class Marking {
  readonly #nft: Nftables;
  readonly #users = new Users<'table', Key>();

  constructor(nft: Nftables) {
    this.#nft = nft;
  }

  /** Whether the table, or this device in it, was there or not. */
  async add(key: Key, { family, device }: Device): Promise<void> {
    this.join(key);
    await this.#nft.apply([
      addTable(table),
      ...families.map((one) => addSet(table, setOf(one))),
      addElements(table, setOf(family), [{ key: [device] }]),
      addChain(table, chain),
      flushChain(table, chain.name),
      ...rules.map((rule) => addRule(table, chain.name, rule)),
    ]);
  }

  async remove(key: Key, { family, device }: Device): Promise<void> {
    if (this.#users.leave('table', key)) return this.#nft.apply(ensureNoTable(table));
    try {
      await this.#nft.apply([deleteElements(table, setOf(family), [{ key: [device] }])]);
    } catch (error) {
      if (!isKernelError(error, 'ENOENT')) throw error;
    }
  }

  join(key: Key): void {
    this.#users.join('table', key);
  }

  /** Names of the devices whose packets are marked. */
  async read(): Promise<Readonly<Record<Family, ReadonlySet<string>>>> {
    const content = await this.#nft.list(table);
    const base = content?.chains.find(({ name }) => name === chain.name)?.base;
    const isWhole = base?.hook === hook && base.priority === priority && content?.rules.length === rules.length;
    const none: ReadonlySet<string> = new Set();
    if (!isWhole) return { 4: none, 6: none };
    const read = async (family: Family, index: number): Promise<ReadonlySet<string>> => {
      if (content.rules[index]?.fingerprint !== fingerprint(table.family, rules[index]!)) return none;
      const elements = await this.#nft.elements(table, setOf(family));
      return new Set(elements.map((element) => String(element.key[0])));
    };
    return { 4: await read(4, 0), 6: await read(6, 1) };
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
}
