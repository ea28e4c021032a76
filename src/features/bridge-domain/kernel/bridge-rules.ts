/** The nftables side of bridge domains at work: makes the tables with the first domain and removes them with the last. */

import { isKernelError } from '../../../kernel/errors.ts';
import {
  addChain,
  addElements,
  addRule,
  addSet,
  addTable,
  deleteChain,
  deleteElements,
  deleteSet,
  ensureNoTable,
  flushChain,
} from '../../../kernel/nftables/index.ts';
import type { Element, NftSet, Nftables, Operation } from '../../../kernel/nftables/index.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { bridgeTable } from '../kernel-metadata.ts';
import { readBridges, type BridgeReading } from './bridge-reading.ts';
import {
  answeredSetOf,
  answeringChain,
  answerMapOf,
  answerMapsOf,
  answerRules,
  arpTable,
  bridgeFilter,
  chainOf,
  horizonOf,
  horizonSet,
  memberSet,
  portMap,
  routerHorizonOf,
  routerHorizonSet,
  rulesOf,
  setsOf,
  versionOf,
  type DomainFilter,
} from './filter.ts';

export class BridgeRules {
  readonly #nft: Nftables;
  readonly #domains = new Map<string, DomainFilter>();
  readonly #readings = new WeakMap<object, Promise<BridgeReading>>();
  #ready: Promise<unknown> | undefined;

  constructor({ driver }: KernelEngine) {
    this.#nft = driver.nft(driver.vswitch);
  }

  /** Makes a bridge a domain, or changes what is special about it. */
  async open(bridge: string, filter: DomainFilter): Promise<void> {
    this.#domains.set(bridge, filter);
    await this.#apply(bridgeOperations(bridge, filter));
    await this.#nft.apply(filter.answers ? startAnswering(bridge) : []);
  }

  /** As `open`, and repairs what all domains share. */
  async change(bridge: string, filter: DomainFilter): Promise<void> {
    this.#domains.set(bridge, filter);
    await this.#repair();
    await this.open(bridge, filter);
    if (!filter.answers) await this.#silence(bridge);
  }

  async close(bridge: string): Promise<void> {
    await this.#silence(bridge);
    this.#domains.delete(bridge);
    if (this.#domains.size > 0) return this.#remove(bridge);
    this.#ready = undefined;
    await this.#nft.apply(ensureNoTable(bridgeTable));
  }

  /** A device becomes port of a bridge, also when it was one of another. The split-horizon group stays for others: 0 is none. */
  async addPort(port: string, bridge: string, group: number): Promise<void> {
    const others = [addElements(bridgeTable, memberSet, [{ key: [port] }]), ...(group === 0 ? [] : separate(group))];
    await this.#set(bridgeTable, portMap, { key: [port], data: { verdict: 'jump', chain: chainOf(bridge) } }, others);
  }

  async removePort(port: string): Promise<void> {
    const removals = [portMap, memberSet].map((set) => deleteElements(bridgeTable, set, [{ key: [port] }]));
    try {
      await this.#nft.apply(removals);
    } catch (error) {
      if (!isKernelError(error, 'ENOENT')) throw error;
      // One of them is gone.
      for (const removal of removals) await this.#unlessGone([removal]);
    }
  }

  async addAnswer(bridge: string, address: string, mac: string): Promise<void> {
    const version = versionOf(address);
    await this.#set(arpTable, answerMapOf(bridge, version), { key: [address], data: [mac] });
    await this.#apply([addElements(bridgeTable, answeredSetOf(bridge, version), [{ key: [address] }])]);
  }

  async removeAnswer(bridge: string, address: string): Promise<void> {
    const elements = [{ key: [address] }];
    const version = versionOf(address);
    await this.#unlessGone([deleteElements(bridgeTable, answeredSetOf(bridge, version), elements)]);
    await this.#unlessGone([deleteElements(arpTable, answerMapOf(bridge, version), elements)]);
  }

  /** Found by a retrieval: what it needs stays as long as it does. */
  adopt(bridge: string, filter: DomainFilter): void {
    if (!this.#domains.has(bridge)) this.#domains.set(bridge, filter);
  }

  /** Read once for all handlers of a retrieval. */
  read(session: object): Promise<BridgeReading> {
    let reading = this.#readings.get(session);
    if (reading === undefined) this.#readings.set(session, (reading = readBridges(this.#nft)));
    return reading;
  }

  async #silence(bridge: string): Promise<void> {
    const chain = chainOf(bridge);
    const others = [...this.#domains].some(([name, { answers }]) => answers && name !== bridge);
    if (!others) return this.#nft.apply(ensureNoTable(arpTable));
    await this.#unlessGone([flushChain(arpTable, chain), deleteChain(arpTable, chain)]);
    for (const { name } of answerMapsOf(bridge)) await this.#unlessGone([deleteSet(arpTable, name)]);
  }

  async #remove(bridge: string): Promise<void> {
    const chain = chainOf(bridge);
    await this.#unlessGone([
      flushChain(bridgeTable, chain),
      deleteChain(bridgeTable, chain),
      ...setsOf(bridge).map(({ name }) => deleteSet(bridgeTable, name)),
    ]);
  }

  /** Sets the value of a key of a map, whatever it was, together with other operations. */
  async #set(
    table: typeof bridgeTable | typeof arpTable,
    map: NftSet,
    element: Element,
    others: readonly Operation[] = [],
  ): Promise<void> {
    const add = addElements(table, map, [element]);
    try {
      await this.#apply([...others, add]);
    } catch (error) {
      if (!isKernelError(error, 'EEXIST')) throw error;
      await this.#apply([...others, deleteElements(table, map, [element]), add]);
    }
  }

  /** With the table of the bridge family in place; makes it again when somebody removed it. */
  async #apply(operations: readonly Operation[]): Promise<void> {
    this.#ready ??= this.#repair();
    await this.#ready;
    try {
      await this.#nft.apply(operations);
    } catch (error) {
      if (!isKernelError(error, 'ENOENT')) throw error;
      await this.#repair();
      await this.#nft.apply(operations);
    }
  }

  #repair(): Promise<unknown> {
    const ready = this.#reconcile();
    this.#ready = ready;
    ready.catch(() => {
      if (this.#ready === ready) this.#ready = undefined;
    });
    return ready;
  }

  async #reconcile(): Promise<void> {
    try {
      await this.#nft.reconcile(bridgeFilter(this.#domains));
    } catch (error) {
      if (!isKernelError(error, 'EBUSY')) throw error;
      await this.#dropStrayPorts();
      await this.#nft.reconcile(bridgeFilter(this.#domains));
    }
  }

  /** Ports of bridges that went while no agent was there keep the chains of these bridges in use. */
  async #dropStrayPorts(): Promise<void> {
    const known = new Set([...this.#domains.keys()].map(chainOf));
    const elements = await this.#nft.elements(bridgeTable, portMap);
    const stray = elements.filter(({ data }) => data === undefined || !('chain' in data) || !known.has(data.chain));
    await this.#nft.apply([
      deleteElements(
        bridgeTable,
        portMap,
        stray.map(({ key }) => ({ key })),
      ),
    ]);
  }

  async #unlessGone(operations: readonly Operation[]): Promise<void> {
    try {
      await this.#nft.apply(operations);
    } catch (error) {
      if (!isKernelError(error, 'ENOENT')) throw error;
    }
  }
}

/** Makes the chain of a bridge what it should be, whether it is there or not. */
function bridgeOperations(bridge: string, filter: DomainFilter): Operation[] {
  const chain = chainOf(bridge);
  return [
    ...setsOf(bridge).map((set) => addSet(bridgeTable, set)),
    addChain(bridgeTable, { name: chain }),
    flushChain(bridgeTable, chain),
    ...rulesOf(bridge, filter).map((rule) => addRule(bridgeTable, chain, rule)),
  ];
}

function separate(group: number): Operation[] {
  return [
    addElements(bridgeTable, horizonSet, [{ key: horizonOf(group) }]),
    addElements(
      bridgeTable,
      routerHorizonSet,
      routerHorizonOf(group).map((key) => ({ key })),
    ),
  ];
}

function startAnswering(bridge: string): Operation[] {
  const chain = answeringChain(bridge);
  return [
    addTable(arpTable),
    ...answerMapsOf(bridge).map((map) => addSet(arpTable, map)),
    addChain(arpTable, chain),
    flushChain(arpTable, chain.name),
    ...answerRules(bridge).map((rule) => addRule(arpTable, chain.name, rule)),
  ];
}
