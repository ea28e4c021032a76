/** Long-lived flows of numbered messages to an echo server: what is lost, doubled or out of order shows. */
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from './client.ts';
import { plain } from './echo.ts';
import { flowMessage, flowMessageSize } from './flow-message.ts';

export interface FlowOptions {
  readonly protocol: 'udp' | 'tcp';
  readonly to: string;
  readonly port: number;
  readonly from?: string;
  readonly fromPort?: number;
  /** ms between messages; default 5. */
  readonly interval?: number;
  /** ms the first answer may take; default 2000. */
  readonly timeout?: number;
}

export interface FlowReport {
  readonly sent: number;
  readonly received: number;
  /** Sent and not answered; while the flow runs this counts what is under way too. */
  readonly lost: number;
  readonly duplicates: number;
  /** Answers that came after a later one. */
  readonly reordered: number;
  /** Longest time in ms without an answer, up to now. */
  readonly longestGap: number;
  /** `address port` of this end. */
  readonly local: string;
  /** What the answering server calls itself (`reply` of the echo server). */
  readonly responder?: string;
  /** Set when the flow is broken: `ECONNRESET`, `closed`, ... UDP goes on after an error. */
  readonly error?: string;
}

/** Counts sequence numbers as they come back. */
class Sequence {
  readonly #seen = new Set<number>();
  #last = -1;
  #lastAt = performance.now();
  #longestGap = 0;
  sent = 0;
  duplicates = 0;
  reordered = 0;
  error: string | undefined;
  /** Name of the server, when it says one. */
  responder: string | undefined;
  local = '';

  next(): Buffer {
    this.sent += 1;
    return flowMessage(this.sent - 1);
  }

  take(number: number): void {
    const now = performance.now();
    this.#longestGap = Math.max(this.#longestGap, now - this.#lastAt);
    this.#lastAt = now;
    if (this.#seen.has(number)) {
      this.duplicates += 1;
      return;
    }
    this.#seen.add(number);
    if (number < this.#last) this.reordered += 1;
    this.#last = Math.max(this.#last, number);
  }

  get received(): number {
    return this.#seen.size;
  }

  report(running: boolean): FlowReport {
    const gap = running ? Math.max(this.#longestGap, performance.now() - this.#lastAt) : this.#longestGap;
    return {
      sent: this.sent,
      received: this.received,
      lost: this.sent - this.received,
      duplicates: this.duplicates,
      reordered: this.reordered,
      longestGap: gap,
      local: this.local,
      ...(this.responder === undefined ? {} : { responder: this.responder }),
      ...(this.error === undefined ? {} : { error: this.error }),
    };
  }
}

export interface Flow {
  report(): FlowReport;
  /** Stops sending, waits up to `drain` ms for what is under way, closes. */
  stop(drain: number): Promise<FlowReport>;
}

/** Resolves when the first answer is there; rejects when none comes in time. */
export async function openFlow(options: FlowOptions): Promise<Flow> {
  const sequence = new Sequence();
  const { send, close } = options.protocol === 'tcp' ? openTcp(options, sequence) : openUdp(options, sequence);
  const timer = setInterval(send, options.interval ?? 5);
  const deadline = performance.now() + (options.timeout ?? 2000);
  while (sequence.received === 0 && performance.now() < deadline && sequence.error === undefined) await delay(1);
  if (sequence.received === 0) {
    clearInterval(timer);
    close();
    throw new Error(`no answer from ${options.to} port ${options.port}: ${sequence.error ?? 'timeout'}`);
  }
  return {
    report: () => sequence.report(true),
    stop: async (drain) => {
      clearInterval(timer);
      const end = performance.now() + drain;
      while (sequence.received < sequence.sent && performance.now() < end && sequence.error === undefined)
        await delay(1);
      close();
      return sequence.report(false);
    },
  };
}

interface Ends {
  readonly send: () => void;
  readonly close: () => void;
}

function openTcp(options: FlowOptions, sequence: Sequence): Ends {
  const socket = connect({
    host: options.to,
    port: options.port,
    ...(options.from === undefined ? {} : { localAddress: options.from }),
    ...(options.fromPort === undefined ? {} : { localPort: options.fromPort }),
    noDelay: true,
  });
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (data) => {
    pending = takeGreeting(Buffer.concat([pending, data]), sequence);
    while (pending.length >= flowMessageSize) {
      sequence.take(pending.readUInt32BE(0));
      pending = pending.subarray(flowMessageSize);
    }
  });
  socket.on('error', (error) => (sequence.error = codeOf(error)));
  socket.on('close', () => (sequence.error ??= 'closed'));
  socket.on('connect', () => {
    sequence.local = `${plain(socket.localAddress ?? '')} ${socket.localPort}`;
  });
  let closing = false;
  return {
    send: () => {
      if (!closing && !socket.connecting && sequence.error === undefined) socket.write(sequence.next());
    },
    close: () => {
      closing = true;
      socket.removeAllListeners('close');
      socket.destroy();
    },
  };
}

/** A server with a name says it in the first line; a flow's first message starts with a zero byte. */
function takeGreeting(bytes: Buffer, sequence: Sequence): Buffer {
  const end = bytes.indexOf('\n');
  if (sequence.received > 0 || sequence.responder !== undefined || bytes[0] === 0 || end < 0) return bytes;
  sequence.responder = bytes.subarray(0, end).toString();
  return bytes.subarray(end + 1);
}

function openUdp(options: FlowOptions, sequence: Sequence): Ends {
  const socket = createSocket(isIPv6(options.to) ? 'udp6' : 'udp4');
  let ready = false;
  socket.on('error', (error) => {
    if (!ready) sequence.error = codeOf(error);
  });
  socket.bind(options.fromPort ?? 0, options.from, () => {
    socket.connect(options.port, options.to, (error?: Error) => {
      if (error !== undefined && error !== null) {
        sequence.error = codeOf(error);
        return;
      }
      ready = true;
      const { address, port } = socket.address();
      sequence.local = `${plain(address)} ${port}`;
    });
  });
  socket.on('message', (data) => {
    if (data.length > flowMessageSize) sequence.responder = data.subarray(flowMessageSize).toString();
    sequence.take(data.readUInt32BE(0));
  });
  return {
    // An ICMP error makes one send fail; the message counts as lost and the flow goes on.
    send: () => {
      if (ready) socket.send(sequence.next(), () => {});
    },
    close: () => void socket.close(),
  };
}
