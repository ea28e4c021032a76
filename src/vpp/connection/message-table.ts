/** The messages that this VPP has, with the numbers that it gave them, and what is known about each. */

import { compileMessage } from '../codec/message.ts';
import type { MessageCodec } from '../codec/message.ts';
import { VppError } from '../errors.ts';
import type { MessageDefinition, SchemaSource, Service } from '../schema/definition.ts';
import type { SchemaPack } from '../schema/pack.ts';
import { type MessageCount, Tally } from './tally.ts';

/** One message of a VPP. */
export interface TableEntry {
  readonly id: number;
  readonly name: string;
  readonly crc: string;
}

/** A message that VPP has in a form that nobody knows. */
export interface Mismatch {
  readonly name: string;
  /** CRC that VPP has. */
  readonly has: string;
  /** CRCs that are known; none for a new message. */
  readonly known: readonly string[];
}

/** A message as something to ask with. */
export interface Call {
  readonly name: string;
  readonly id: number;
  readonly codec: MessageCodec;
  /** Name of the message that answers: of the items of a list that has no other end. */
  readonly reply: string;
  readonly count: MessageCount;
}

/**
 * Their fields are addresses in the memory that VPP shares with clients of another kind (vlib.api, memclnt.api of 21.06 to 26.06): VPP
 * dies of `get_node_graph` and of others by a socket.
 */
const sharedMemory: ReadonlySet<string> = new Set([
  'cli',
  'get_node_graph',
  'memclnt_create',
  'memclnt_create_v2',
  'memclnt_delete',
]);

export class MessageTable {
  readonly #byName = new Map<string, TableEntry>();
  readonly #byId: (TableEntry | undefined)[] = [];
  readonly #codecs = new Map<string, MessageCodec | VppError>();
  readonly #calls = new Map<string, Call>();
  readonly #pack: SchemaPack;
  readonly #tally: Tally;
  #learned: SchemaSource | undefined;

  constructor(pack: SchemaPack, entries: Iterable<TableEntry>, tally = new Tally()) {
    this.#pack = pack;
    this.#tally = tally;
    for (const entry of entries) {
      this.#byName.set(entry.name, entry);
      this.#byId[entry.id] = entry;
    }
  }

  get size(): number {
    return this.#byName.size;
  }

  entries(): Iterable<TableEntry> {
    return this.#byName.values();
  }

  /** Takes definitions for the messages that the pack does not know. */
  learn(source: SchemaSource): void {
    this.#learned = source;
    this.#codecs.clear();
    this.#calls.clear();
  }

  find(name: string): TableEntry | undefined {
    return this.#byName.get(name);
  }

  at(id: number): TableEntry | undefined {
    return this.#byId[id];
  }

  service(name: string): Service | undefined {
    return this.#learned?.service(name) ?? this.#pack.service(name);
  }

  unknown(): readonly Mismatch[] {
    const found: Mismatch[] = [];
    for (const { name, crc } of this.#byName.values()) {
      if (this.#pack.has(`${name}_${crc}`) || this.#learned?.message(name, crc)) continue;
      found.push({ name, has: crc, known: this.#pack.crcs(name) });
    }
    return found;
  }

  /** Why the message cannot be used, or undefined when it can. */
  missing(name: string): string | undefined {
    const entry = this.#byName.get(name);
    if (!entry) return this.#absent(name);
    const codec = this.#codec(entry);
    return codec instanceof VppError ? codec.message : undefined;
  }

  /** How to ask. Throws VppError `unavailable` with the reason. */
  call(name: string): Call {
    const known = this.#calls.get(name);
    if (known) return known;
    const codec = this.codec(name);
    const call = {
      name,
      id: this.find(name)!.id,
      codec,
      reply: this.service(name)?.reply ?? `${name}_reply`,
      count: this.#tally.of(name),
    };
    this.#calls.set(name, call);
    return call;
  }

  /** Throws VppError `unavailable` with the reason. */
  codec(name: string): MessageCodec {
    const entry = this.#byName.get(name);
    if (!entry) throw unavailable(name, this.#absent(name));
    const codec = this.#codec(entry);
    if (codec instanceof VppError) throw codec;
    return codec;
  }

  #codec(entry: TableEntry): MessageCodec | VppError {
    let known = this.#codecs.get(entry.name);
    if (known === undefined) this.#codecs.set(entry.name, (known = this.#compile(entry)));
    return known;
  }

  /** Undefined: VPP does not have it, or nobody knows its form. */
  definition(name: string): MessageDefinition | undefined {
    const entry = this.#byName.get(name);
    return entry && (this.#pack.message(name, entry.crc) ?? this.#learned?.message(name, entry.crc));
  }

  #compile({ name, crc }: TableEntry): MessageCodec | VppError {
    if (sharedMemory.has(name))
      return unavailable(name, `${name} works over shared memory only: by a socket it ends VPP, or asks for nothing`);
    const definition = this.definition(name);
    if (!definition) {
      const known = this.#pack.crcs(name);
      const compared = known.length === 0 ? 'no definition is known' : `known are ${known.join(', ')}`;
      return unavailable(name, `this VPP has ${name} with CRC ${crc}; ${compared}`);
    }
    try {
      return compileMessage(definition);
    } catch (error) {
      if (error instanceof VppError) return error;
      throw error;
    }
  }

  #absent(name: string): string {
    const history = this.#pack.history(name);
    const plugin = history.at(-1)?.plugin;
    if (history.length === 0) return `no release of VPP that is known has a message ${name}`;
    const releases = history.flatMap((version) => version.releases);
    const span = `${releases[0]} to ${releases.at(-1)}`;
    if (plugin === undefined) return `this VPP does not have ${name} (VPP ${span} do)`;
    return `this VPP does not have ${name}: its ${plugin} is not loaded, or it is none of VPP ${span}`;
  }
}

function unavailable(api: string, reason: string): VppError {
  return new VppError('unavailable', reason, { api, retriable: false });
}
