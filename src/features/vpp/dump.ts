/** What one retrieval reads of VPP: each list once, whichever handlers ask for it. */

import type { FieldsOf, ItemOf, ListName, Messages } from '../../vpp/index.ts';
import type { VppEngine } from './engine.ts';

export type InterfaceDetails = Messages['sw_interface_details'];

const dumps = new WeakMap<VppEngine, WeakMap<object, VppDump>>();

/** The reads of a retrieval (`context.session`). */
export function vppDump(engine: VppEngine, session: object): VppDump {
  let known = dumps.get(engine);
  if (!known) dumps.set(engine, (known = new WeakMap()));
  let dump = known.get(session);
  if (!dump) known.set(session, (dump = new VppDump(engine)));
  return dump;
}

export class VppDump {
  readonly #engine: VppEngine;
  readonly #lists = new Map<string, Promise<readonly object[]>>();
  #interfaces: Promise<InterfaceTable> | undefined;

  constructor(engine: VppEngine) {
    this.#engine = engine;
  }

  /** A list; empty where this VPP does not have it, as there is nothing of that sort then. */
  list<N extends ListName>(name: N, fields?: FieldsOf<N>): Promise<readonly ItemOf<N>[]> {
    const key = `${name} ${JSON.stringify(fields ?? {})}`;
    let list = this.#lists.get(key);
    if (!list) this.#lists.set(key, (list = this.#read(name, fields)));
    return list as Promise<readonly ItemOf<N>[]>;
  }

  async #read<N extends ListName>(name: N, fields?: FieldsOf<N>): Promise<readonly object[]> {
    const { client } = this.#engine;
    return client.has(name) ? client.list(name, fields) : [];
  }

  interfaces(): Promise<InterfaceTable> {
    this.#interfaces ??= this.list('sw_interface_dump', {}).then((details) => new InterfaceTable(details));
    return this.#interfaces;
  }
}

/** The interfaces of VPP. Ours carry their logical name in their tag; others go by VPP's name. */
export class InterfaceTable {
  readonly #byIndex = new Map<number, InterfaceDetails>();
  readonly #byName = new Map<string, InterfaceDetails>();

  constructor(details: readonly InterfaceDetails[]) {
    for (const each of details) this.#byIndex.set(each.sw_if_index, each);
    for (const each of details) if (each.tag === '') this.#byName.set(each.interface_name, each);
    for (const each of details) if (each.tag !== '') this.#byName.set(each.tag, each);
  }

  all(): Iterable<InterfaceDetails> {
    return this.#byIndex.values();
  }

  /** Those with a logical name. */
  *ours(): Iterable<InterfaceDetails> {
    for (const details of this.#byIndex.values()) if (details.tag !== '') yield details;
  }

  at(index: number): InterfaceDetails | undefined {
    return this.#byIndex.get(index);
  }

  find(name: string): InterfaceDetails | undefined {
    return this.#byName.get(name);
  }

  /** The logical name, or VPP's own; `#7` for an index that there is not. */
  nameOf(index: number): string {
    const details = this.#byIndex.get(index);
    return details === undefined ? `#${index}` : details.tag || details.interface_name;
  }
}
