/** One-off questions to an echo server. */
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { plain } from './echo.ts';

export interface UdpOptions {
  readonly to: string;
  readonly port: number;
  readonly from?: string;
  readonly fromPort?: number;
  /** Datagrams; default 1. */
  readonly count?: number;
  /** ms between datagrams; default 0. */
  readonly interval?: number;
  /** ms to wait for answers after the last; default 1000. */
  readonly timeout?: number;
  /** A socket, and so a source port, for each datagram: each is a connection of its own for a NAT. */
  readonly newPorts?: boolean;
  /** Bytes a datagram; default just its number. */
  readonly size?: number;
}

export interface UdpResult {
  readonly sent: number;
  readonly received: number;
  /** How often each answer came, e.g. the names of backends. Echoed numbers are counted under `echo`. */
  readonly answers: Readonly<Record<string, number>>;
  /** Error codes: `ECONNREFUSED` (port unreachable), `EHOSTUNREACH`, `ENETUNREACH`, `EACCES` (prohibited), `EPERM`, ... */
  readonly errors: readonly string[];
}

interface UdpRun {
  readonly errors: Set<string>;
  readonly answers: Record<string, number>;
  received: number;
}

/** Sockets are connected: only answers from the address and port asked count, as for any real client. */
export async function udp(options: UdpOptions): Promise<UdpResult> {
  const { count = 1, interval = 0, timeout = 1000, newPorts = false } = options;
  const run: UdpRun = { errors: new Set(), answers: {}, received: 0 };
  const sockets = await Promise.all(Array.from({ length: newPorts ? count : 1 }, () => openUdp(options, run)));
  let sent = 0;
  try {
    for (let index = 0; index < count; index += 1) {
      const socket = sockets[newPorts ? index : 0];
      if (socket === undefined) continue;
      const payload = Buffer.alloc(Math.max(options.size ?? 0, 8), `#${index};`);
      socket.send(payload, (error) => {
        if (error !== null) run.errors.add(codeOf(error));
      });
      sent += 1;
      if (interval > 0) await delay(interval);
      else if (index % 64 === 63) await delay(1);
    }
    const deadline = performance.now() + timeout;
    while (run.received < count && performance.now() < deadline && !(count === 1 && run.errors.size > 0))
      await delay(1);
  } finally {
    for (const socket of sockets) socket?.close();
  }
  return { sent, received: run.received, answers: run.answers, errors: [...run.errors] };
}

type UdpSocket = ReturnType<typeof createSocket>;

async function openUdp(options: UdpOptions, run: UdpRun): Promise<UdpSocket | undefined> {
  const socket = createSocket(isIPv6(options.to) ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(options.fromPort ?? 0, options.from, () => {
        socket.connect(options.port, options.to, () => resolve());
      });
    });
  } catch (error) {
    run.errors.add(codeOf(error));
    socket.close();
    return undefined;
  }
  socket.removeAllListeners('error');
  socket.on('error', (error) => run.errors.add(codeOf(error)));
  socket.on('message', (data) => {
    run.received += 1;
    const answer = data[0] === 35 ? 'echo' : data.toString();
    run.answers[answer] = (run.answers[answer] ?? 0) + 1;
  });
  return socket;
}

export interface TcpOptions {
  readonly to: string;
  readonly port: number;
  readonly from?: string;
  readonly fromPort?: number;
  /** Sent once connected; default `hello`. */
  readonly payload?: string;
  /** ms for everything; default 2000. */
  readonly timeout?: number;
}

export interface TcpResult {
  readonly connected: boolean;
  /** What came back until as many bytes as were sent had come, or a server with `reply` had said its name. */
  readonly answer: string;
  /** Error code, e.g. `ECONNREFUSED`, `ECONNRESET`, or `timeout`. */
  readonly error?: string;
  /** `address port` of this end. */
  readonly local?: string;
}

/** Connects, sends, reads the answer, closes. Never rejects for what the network does. */
export function tcp(options: TcpOptions): Promise<TcpResult> {
  const { to, port, payload = 'hello', timeout = 2000 } = options;
  return new Promise((resolve) => {
    let answer = '';
    let connected = false;
    let local: string | undefined;
    const socket = connect({
      host: to,
      port,
      ...(options.from === undefined ? {} : { localAddress: options.from }),
      ...(options.fromPort === undefined ? {} : { localPort: options.fromPort }),
      noDelay: true,
    });
    const finish = (error?: string): void => {
      clearTimeout(timer);
      socket.destroy();
      const result = { connected, answer, ...(local === undefined ? {} : { local }) };
      resolve(error === undefined ? result : { ...result, error });
    };
    const timer = setTimeout(() => finish('timeout'), timeout);
    socket.on('connect', () => {
      connected = true;
      local = `${plain(socket.localAddress ?? '')} ${socket.localPort}`;
      socket.write(payload);
    });
    socket.on('data', (data) => {
      answer += data.toString();
      if (answer.length >= payload.length || answer.includes('\n')) finish();
    });
    socket.on('error', (error) => finish(codeOf(error)));
    socket.on('end', () => finish(answer === '' ? 'closed' : undefined));
  });
}

export interface TcpManyResult {
  readonly connected: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
}

/** Connections one after another, each from a new port: what a load balancer spreads. First line of each answer counts. */
export async function tcpMany(options: TcpOptions & { readonly count: number }): Promise<TcpManyResult> {
  const answers: Record<string, number> = {};
  const errors: Record<string, number> = {};
  let connected = 0;
  for (let index = 0; index < options.count; index += 1) {
    const result = await tcp(options);
    if (result.connected) connected += 1;
    const answer = result.answer.split('\n')[0] ?? '';
    if (result.error === undefined) answers[answer] = (answers[answer] ?? 0) + 1;
    else errors[result.error] = (errors[result.error] ?? 0) + 1;
  }
  return { connected, answers, errors };
}

export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
