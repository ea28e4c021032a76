/** The nftables side of bridge domains at work: makes the tables with the first domain and removes them with the last. */

import { isKernelError } from '../../../kernel/errors.ts';
import { addElements, deleteElements, ensureNoTable } from '../../../kernel/nftables/index.ts';
import type { KeyPart, NftSet, Nftables, Operation, TableReference, Value } from '../../../kernel/nftables/index.ts';
import { fingerprint } from '../../../kernel/nftables/normal-form.ts';
import { Users } from '../../../kernel/ownership/users.ts';
import type { KernelEngine } from '../../kernel-engine.ts';
import { bridgeTable } from '../kernel-metadata.ts';
import {
  answer,
  answeredSet,
  answerMap,
  arpTable,
  bridgeFilter,
  domainSet,
  portMap,
  startAnswering,
  stoppedSet,
  stopAnswering,
} from './filter.ts';

/** What the tables say, read once for all handlers of a retrieval. */
export interface BridgeReading {
  /** The rules are all there, as they should be. */
  readonly intact: boolean;
  /** Bridge by port. */
  readonly ports: ReadonlyMap<string, string>;
  readonly domains: ReadonlySet<string>;
  readonly stopped: ReadonlySet<string>;
  /** Bridges that answer ARP requests. */
  readonly answering: ReadonlySet<string>;
  /** Bridge and address of requests that are not flooded. */
  readonly answered: ReadonlySet<string>;
  /** MAC address by bridge and address. */
  readonly answers: ReadonlyMap<string, string>;
}

export class BridgeRules {
  readonly #nft: Nftables;
  readonly #domains = new Users<'bridge', string>();
  readonly #answering = new Users<'arp', string>();
  readonly #readings = new WeakMap<object, Promise<BridgeReading>>();
  #ready: Promise<unknown> | undefined;

  constructor({ driver }: KernelEngine) {
    this.#nft = driver.nft(driver.vswitch);
  }

  /** Makes a bridge a domain. */
  async open(bridge: string, settings: { readonly forward: boolean; readonly answers: boolean }): Promise<void> {
    this.#domains.join('bridge', bridge);
    const { forward, answers } = settings;
    await this.#apply([
      put(domainSet, [bridge]),
      ...(forward ? take(stoppedSet, [bridge]) : [put(stoppedSet, [bridge])]),
    ]);
    if (!answers) return;
    this.#answering.join('arp', bridge);
    await this.#nft.apply(startAnswering(bridge));
  }

  /** Changes a domain, and repairs the rules that all domains share. */
  async change(bridge: string, settings: { readonly forward: boolean; readonly answers: boolean }): Promise<void> {
    await this.#repair();
    await this.open(bridge, settings);
    if (!settings.answers) await this.#silence(bridge);
  }

  async close(bridge: string): Promise<void> {
    await this.#silence(bridge);
    if (!this.#domains.leave('bridge', bridge)) {
      return this.#unless('ENOENT', [...take(domainSet, [bridge]), ...take(stoppedSet, [bridge])]);
    }
    this.#ready = undefined;
    await this.#nft.apply(ensureNoTable(bridgeTable));
  }

  /** A device becomes port of a bridge, also when it was one of another. */
  async addPort(port: string, bridge: string): Promise<void> {
    await this.#set(bridgeTable, portMap, [port], [bridge]);
  }

  async removePort(port: string): Promise<void> {
    await this.#unless('ENOENT', [deleteElements(bridgeTable, portMap, [{ key: [port] }])]);
  }

  async addAnswer(bridge: string, address: string, mac: string): Promise<void> {
    await this.#set(arpTable, answerMap, [bridge, address], [mac]);
    await this.#apply([put(answeredSet, [bridge, address])]);
  }

  async removeAnswer(bridge: string, address: string): Promise<void> {
    const key = [bridge, address];
    await this.#unless('ENOENT', take(answeredSet, key));
    await this.#unless('ENOENT', [deleteElements(arpTable, answerMap, [{ key }])]);
  }

  /** Puts an element into a set of the bridge family's table. */
  async add(set: NftSet, key: readonly string[]): Promise<void> {
    await this.#apply([put(set, key)]);
  }

  /** Found by a retrieval: the tables stay as long as it does. */
  adopt(bridge: string, answers: boolean): void {
    this.#domains.join('bridge', bridge);
    if (answers) this.#answering.join('arp', bridge);
  }

  read(session: object): Promise<BridgeReading> {
    let reading = this.#readings.get(session);
    if (reading === undefined) this.#readings.set(session, (reading = this.#read()));
    return reading;
  }

  async #read(): Promise<BridgeReading> {
    const differences = await this.#nft.compare(bridgeFilter);
    const [ports, domains, stopped, answered, answers] = await Promise.all([
      this.#elements(bridgeTable, portMap),
      this.#elements(bridgeTable, domainSet),
      this.#elements(bridgeTable, stoppedSet),
      this.#elements(bridgeTable, answeredSet),
      this.#elements(arpTable, answerMap),
    ]);
    return {
      intact: differences.length === 0,
      ports,
      domains: new Set(domains.keys()),
      stopped: new Set(stopped.keys()),
      answering: await this.#bridgesThatAnswer(),
      answered: new Set(answered.keys()),
      answers,
    };
  }

  async #bridgesThatAnswer(): Promise<ReadonlySet<string>> {
    const content = await this.#nft.list(arpTable);
    const right = fingerprint('netdev', answer);
    const rules = new Set(content?.rules.filter((rule) => rule.fingerprint === right).map(({ chain }) => chain));
    const chains = content?.chains.filter(
      ({ name, base }) => rules.has(name) && base?.devices?.includes(name) === true,
    );
    return new Set(chains?.map(({ name }) => name));
  }

  /** Keys as text, parts separated by blanks, with their data. */
  async #elements(table: TableReference, set: NftSet): Promise<Map<string, string>> {
    try {
      const elements = await this.#nft.elements(table, set);
      return new Map(elements.map(({ key, data }) => [key.join(' '), Array.isArray(data) ? data.join(' ') : '']));
    } catch (error) {
      if (!isKernelError(error, 'ENOENT')) throw error;
      return new Map();
    }
  }

  async #silence(bridge: string): Promise<void> {
    if (!this.#answering.leave('arp', bridge)) return this.#unless('ENOENT', stopAnswering(bridge));
    await this.#nft.apply(ensureNoTable(arpTable));
  }

  /** Sets the value of a key of a map, whatever it was. */
  async #set(table: TableReference, map: NftSet, key: readonly KeyPart[], data: readonly Value[]): Promise<void> {
    const element = [{ key, data }];
    try {
      await this.#apply([addElements(table, map, element)]);
    } catch (error) {
      if (!isKernelError(error, 'EEXIST')) throw error;
      await this.#apply([deleteElements(table, map, element), addElements(table, map, element)]);
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
    const ready = this.#nft.reconcile(bridgeFilter);
    this.#ready = ready;
    ready.catch(() => {
      if (this.#ready === ready) this.#ready = undefined;
    });
    return ready;
  }

  async #unless(code: string, operations: readonly Operation[]): Promise<void> {
    try {
      await this.#nft.apply(operations);
    } catch (error) {
      if (!isKernelError(error, code)) throw error;
    }
  }
}

/** Puts an element into a set whether it is there or not. */
function put(set: NftSet, key: readonly string[]): Operation {
  return addElements(bridgeTable, set, [{ key }]);
}

/** Takes an element out of a set whether it is there or not. */
function take(set: NftSet, key: readonly string[]): Operation[] {
  return [put(set, key), deleteElements(bridgeTable, set, [{ key }])];
}
