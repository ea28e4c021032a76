/** What rules do with traced packets (`startTrace`): the kernel tells of each rule that applies, and how each base chain ends. */

import type { Namespace } from '../namespace/namespace.ts';
import { within } from '../namespace/switch.ts';
import { Attributes, eachMessage, type MessageView } from '../netlink/reader.ts';
import { NETLINK_NETFILTER, NetlinkSocket } from '../netlink/socket.ts';
import { pollReadable } from '../syscall/libc.ts';
import { greet } from './conversation.ts';
import type { TableReference, Verdict } from './objects.ts';
import { closeLater } from './socket-pool.ts';
import { attribute, families, message, subsystem, traceGroup, verdictCode, type Family } from './uapi.ts';

export interface TraceEvent {
  /** The same for all events of one packet, until it is copied. */
  readonly packet: number;
  readonly table: TableReference;
  readonly chain: string;
  /** A rule applied; a regular chain came to its end; the policy of a base chain decided. */
  readonly type: 'rule' | 'return' | 'policy';
  /** Handle of the rule. */
  readonly rule?: bigint;
  /** What the rule or policy said; undefined: a verdict of another kind (queue, stolen). */
  readonly verdict?: Verdict;
  /** Indexes of devices, where they are known. */
  readonly input?: number;
  readonly output?: number;
  readonly mark?: number;
  /** The first bytes of the headers as they are at this point; in the first event of each base chain. */
  readonly network?: Uint8Array;
  readonly transport?: Uint8Array;
}

export interface TraceListener extends Disposable {
  /** What came since the last call. Throws KernelError ENOBUFS when events were lost. */
  take(): TraceEvent[];
  /** Resolves when there may be more to take, or after so many ms. */
  wait(milliseconds: number): Promise<void>;
}

const receiveBuffer = 1024 * 1024;
const buffer = Buffer.alloc(65_536);
const familyNames = new Map(Object.entries(families).map(([name, number]) => [number as number, name as Family]));
const verdicts = new Map(Object.entries(verdictCode).map(([name, code]) => [code as number, name]));
const types: Readonly<Record<number, TraceEvent['type']>> = { 1: 'policy', 2: 'return', 3: 'rule' };

/** Listens to all traced packets of a namespace, from now on. */
export function listenToTrace(namespace: Namespace): TraceListener {
  const socket = within(namespace, () => {
    const opened = new NetlinkSocket(NETLINK_NETFILTER, { receiveBuffer, strict: false });
    try {
      greet(opened);
      opened.join(traceGroup);
    } catch (error) {
      opened.close();
      throw error;
    }
    return opened;
  });
  let wake = (): void => {};
  const poll = pollReadable(socket.fd, () => wake());
  return {
    take: () => drain(socket),
    async wait(milliseconds) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
        timer = setTimeout(resolve, milliseconds);
      });
      clearTimeout(timer);
      wake = () => {};
    },
    [Symbol.dispose]() {
      poll.close();
      closeLater(socket);
    },
  };
}

function drain(socket: NetlinkSocket): TraceEvent[] {
  const events: TraceEvent[] = [];
  for (;;) {
    const length = socket.receive(buffer);
    if (length < 0) return events;
    eachMessage(buffer, length, (view) => {
      if (view.type !== ((subsystem.nftables << 8) | message.trace)) return;
      const event = readTraceEvent(view);
      if (event) events.push(event);
    });
  }
}

/** Undefined for a family that is not known. */
export function readTraceEvent(view: MessageView): TraceEvent | undefined {
  const family = familyNames.get(view.buffer[view.payload]!);
  if (!family) return undefined;
  const event: { -readonly [K in keyof TraceEvent]: TraceEvent[K] } = {
    packet: 0,
    table: { family, name: '' },
    chain: '',
    type: 'rule',
  };
  const { trace } = attribute;
  for (const at = Attributes.of(view, 4); at.next(); ) {
    switch (at.type) {
      case trace.table:
        event.table = { family, name: at.string() };
        break;
      case trace.chain:
        event.chain = at.string();
        break;
      case trace.rule:
        event.rule = at.buffer.readBigUInt64BE(at.at);
        break;
      case trace.type:
        event.type = types[at.be32()] ?? 'rule';
        break;
      case trace.verdict:
        readVerdict(at.nested(), event);
        break;
      case trace.policy:
        event.verdict = { verdict: at.be32() === verdictCode.accept ? 'accept' : 'drop' };
        break;
      case trace.id:
        event.packet = at.be32();
        break;
      case trace.network:
        event.network = at.bytes();
        break;
      case trace.transport:
        event.transport = at.bytes();
        break;
      case trace.iif:
        event.input = at.be32();
        break;
      case trace.oif:
        event.output = at.be32();
        break;
      case trace.mark:
        event.mark = at.be32();
        break;
    }
  }
  return event;
}

function readVerdict(attributes: Attributes, event: { verdict?: Verdict }): void {
  let code: number | undefined;
  let chain = '';
  while (attributes.next()) {
    if (attributes.type === attribute.verdict.code) code = attributes.be32() | 0;
    else if (attributes.type === attribute.verdict.chain) chain = attributes.string();
  }
  const name = verdicts.get(code ?? Number.NaN);
  if (name === 'jump' || name === 'goto') event.verdict = { verdict: name, chain };
  else if (name === 'accept' || name === 'drop' || name === 'continue' || name === 'return')
    event.verdict = { verdict: name };
}
