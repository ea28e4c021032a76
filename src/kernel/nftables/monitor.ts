/**
 * Notices what others do to the rule set. Own transactions are known by the port and the numbers of their messages; while a
 * large one of them is under way nobody listens, because the kernel would report each of its elements, and the generation
 * number tells afterwards whether somebody else was there.
 */

import { eachMessage, Attributes, type MessageView } from '../netlink/reader.ts';
import { NETLINK_NETFILTER, NetlinkSocket } from '../netlink/socket.ts';
import { within } from '../namespace/switch.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { isKernelError } from '../errors.ts';
import { pollReadable, type Poll } from '../syscall/libc.ts';
import { greet, readGeneration } from './conversation.ts';
import { readRule } from './listing.ts';
import type { TableReference } from './objects.ts';
import type { ForeignChange } from './port.ts';
import { closeLater } from './socket-pool.ts';
import type { SentRange } from './transaction.ts';
import { attribute, changeGroup, families, message, subsystem, type Family } from './uapi.ts';

export interface Watcher {
  wanted(table: TableReference): boolean;
  changed(changes: readonly ForeignChange[] | undefined): void;
}

const receiveBuffer = 8 * 1024 * 1024;
const rememberedRanges = 512;
const buffer = Buffer.alloc(65_536);
const familyNames = new Map(Object.entries(families).map(([name, number]) => [number as number, name as Family]));

/** By message type: what it is about, what happened, and the attribute that names the object (0: the table itself). */
const kinds: ReadonlyMap<number, Pick<ForeignChange, 'object' | 'what'> & { readonly nameAttribute: number }> = new Map(
  [
    [message.newTable, { object: 'table', what: 'added', nameAttribute: 0 }],
    [message.deleteTable, { object: 'table', what: 'removed', nameAttribute: 0 }],
    [message.newChain, { object: 'chain', what: 'added', nameAttribute: attribute.chain.name }],
    [message.deleteChain, { object: 'chain', what: 'removed', nameAttribute: attribute.chain.name }],
    [message.newRule, { object: 'rule', what: 'added', nameAttribute: attribute.rule.chain }],
    [message.deleteRule, { object: 'rule', what: 'removed', nameAttribute: attribute.rule.chain }],
    [message.newSet, { object: 'set', what: 'added', nameAttribute: attribute.set.name }],
    [message.deleteSet, { object: 'set', what: 'removed', nameAttribute: attribute.set.name }],
    [message.newElement, { object: 'element', what: 'added', nameAttribute: attribute.elementList.set }],
    [message.deleteElement, { object: 'element', what: 'removed', nameAttribute: attribute.elementList.set }],
  ],
);

export class Monitor {
  readonly #namespace: Namespace;
  readonly #watchers = new Set<Watcher>();
  #socket: NetlinkSocket | undefined;
  #poll: Poll | undefined;
  #ranges: SentRange[] = [];
  /** Changes of the transaction that is being reported. */
  #pending: ForeignChange[] = [];
  #generation = 0;
  #paused = false;

  constructor(namespace: Namespace) {
    this.#namespace = namespace;
  }

  get active(): boolean {
    return this.#watchers.size > 0;
  }

  add(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    if (!this.#socket) this.#open();
    return () => {
      this.#watchers.delete(watcher);
      if (!this.active) this.close();
    };
  }

  /** Remembers a transaction as our own. */
  sent(range: SentRange): void {
    if (!this.active) return;
    this.#ranges.push(range);
    if (this.#ranges.length > rememberedRanges) this.#ranges = this.#ranges.slice(rememberedRanges >> 1);
  }

  /** Stops listening for a large transaction of our own. */
  pause(): void {
    if (!this.#socket) return;
    this.#drain();
    this.#socket?.leave(changeGroup);
    this.#paused = true;
  }

  /** Listens again after `own` transactions have been committed; tells the watchers when others were at work meanwhile. */
  resume(own: number): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (!this.#socket) return;
    this.#drain();
    const expected = this.#generation + own;
    try {
      this.#socket.join(changeGroup);
      this.#generation = readGeneration(this.#namespace);
    } catch {
      // The namespace is gone: whoever watches it learns that elsewhere, but nothing is known of the rules from here on.
      this.#shut();
      return this.#tell(undefined);
    }
    if (this.#generation !== expected) this.#tell(undefined);
  }

  close(): void {
    this.#shut();
    this.#paused = false;
    this.#ranges = [];
    this.#pending = [];
  }

  #open(): void {
    this.#socket = within(this.#namespace, () => {
      const socket = new NetlinkSocket(NETLINK_NETFILTER, { receiveBuffer, strict: false });
      try {
        greet(socket);
        socket.join(changeGroup);
      } catch (error) {
        socket.close();
        throw error;
      }
      return socket;
    });
    this.#generation = readGeneration(this.#namespace);
    this.#poll = pollReadable(this.#socket.fd, () => this.#drain());
  }

  #shut(): void {
    this.#poll?.close();
    if (this.#socket) closeLater(this.#socket);
    this.#poll = undefined;
    this.#socket = undefined;
  }

  #drain(): void {
    for (;;) {
      try {
        const length = this.#socket?.receive(buffer) ?? -1;
        if (length < 0) return;
        eachMessage(buffer, length, (view) => this.#read(view));
      } catch (error) {
        this.#pending = [];
        if (!isKernelError(error, 'ENOBUFS')) this.#shut();
        this.#tell(undefined);
        if (!this.#socket) return;
      }
    }
  }

  #read(view: MessageView): void {
    if (view.type >> 8 !== subsystem.nftables) return;
    const type = view.type & 0xff;
    if (type === message.newGeneration) return this.#endOfTransaction(view);
    const kind = kinds.get(type);
    if (!kind || this.#isOwn(view)) return;
    const change = readChange(view, kind);
    if (change) this.#pending.push(change);
  }

  #endOfTransaction(view: MessageView): void {
    let by = '';
    for (const at = Attributes.of(view, 4); at.next(); ) {
      if (at.type === attribute.generation.id) this.#generation = at.be32();
      else if (at.type === attribute.generation.processName) by = at.string();
    }
    if (this.#pending.length === 0) return;
    const changes = this.#pending.map((change) => ({ ...change, by }));
    this.#pending = [];
    this.#tell(changes);
  }

  #isOwn(view: MessageView): boolean {
    const port = view.buffer.readUInt32LE(view.payload - 4);
    // Kernel 6.18 gives events of elements the number 0.
    const within = ({ first, last }: SentRange): boolean =>
      view.sequence === 0 || (view.sequence >= first && view.sequence <= last);
    return this.#ranges.some((range) => range.port === port && within(range));
  }

  #tell(changes: readonly ForeignChange[] | undefined): void {
    for (const watcher of [...this.#watchers]) {
      const wanted = changes?.filter((change) => watcher.wanted(change.table));
      if (wanted?.length !== 0) watcher.changed(wanted);
    }
  }
}

function readChange(
  view: MessageView,
  { object, what, nameAttribute }: Pick<ForeignChange, 'object' | 'what'> & { readonly nameAttribute: number },
): ForeignChange | undefined {
  const family = familyNames.get(view.buffer[view.payload]!);
  if (!family) return undefined;
  let table = '';
  let name = '';
  for (const at = Attributes.of(view, 4); at.next(); ) {
    if (at.type === 1) table = at.string();
    else if (at.type === nameAttribute) name = at.string();
  }
  const key = object === 'rule' ? readRule(Attributes.of(view, 4)).key : undefined;
  return { table: { family, name: table }, object, what, name, key, by: '' };
}
