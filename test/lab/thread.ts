/**
 * The inside of a host: a thread that moves into a network namespace of its own before it opens anything. Linux keeps
 * the network namespace by thread, so sockets opened and programs started here belong to the host, while the process
 * goes on elsewhere. When the thread or the process ends, however it ends, the kernel removes the namespace.
 */
import { existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { Capture, type CaptureReport, type FrameFilter } from './capture.ts';
import { tcp, tcpMany, udp } from './client.ts';
import { openEcho, type Echo, type EchoOptions, type EchoReport } from './echo.ts';
import { openFlow, type Flow, type FlowOptions, type FlowReport } from './flow.ts';
import { whoHas } from './neighbour.ts';
import { openPacketSocket } from './packet-socket.ts';
import { ping } from './ping.ts';
import { exec, Program, type ExecOptions, type ProgramReport } from './programs.ts';
import * as rtnetlink from './rtnetlink.ts';
import { enterNewNetworkNamespace, threadId } from './syscalls.ts';

/** What lives longer than one request, by number. */
class Registry<T> {
  readonly #items = new Map<number, T>();
  #next = 1;

  add(item: T): number {
    this.#items.set(this.#next, item);
    return this.#next++;
  }

  get(id: number): T {
    const item = this.#items.get(id);
    if (item === undefined) throw new Error(`${id} is closed`);
    return item;
  }

  take(id: number): T {
    const item = this.get(id);
    this.#items.delete(id);
    return item;
  }
}

const echoes = new Registry<Echo>();
const flows = new Registry<Flow>();
const captures = new Registry<Capture>();
const programs = new Registry<Program>();

const operations = {
  ping,
  udp,
  tcp,
  tcpMany,
  whoHas,
  exec,
  addVeth: rtnetlink.addVeth,
  addLink: rtnetlink.addLink,
  setLink: rtnetlink.setLink,
  deleteLink: rtnetlink.deleteLink,
  listLinks: rtnetlink.listLinks,
  addAddress: rtnetlink.addAddress,
  isAddressReady: rtnetlink.isAddressReady,
  addRoute: rtnetlink.addRoute,

  readSysctl: (name: string): string => readFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8').trim(),
  writeSysctl: (name: string, value: string): void => writeFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, value),

  sendFrames: (device: string, frames: readonly Uint8Array[]): void => {
    const socket = openPacketSocket(device, () => {});
    try {
      for (const frame of frames) socket.send(frame);
    } finally {
      socket.close();
    }
  },

  echoOpen: async (options: EchoOptions): Promise<{ id: number; port: number }> => {
    const echo = await openEcho(options);
    return { id: echoes.add(echo), port: echo.port };
  },
  echoReport: (id: number): EchoReport => echoes.get(id).report(),
  echoClose: (id: number): void => echoes.take(id).close(),

  flowOpen: async (options: FlowOptions): Promise<number> => flows.add(await openFlow(options)),
  flowReport: (id: number): FlowReport => flows.get(id).report(),
  flowStop: (id: number, drain: number): Promise<FlowReport> => flows.take(id).stop(drain),

  captureOpen: (device: string, filter: FrameFilter): number => captures.add(new Capture(device, filter)),
  captureWait: (id: number, filter: FrameFilter, count: number, timeout: number): Promise<boolean> =>
    captures.get(id).wait(filter, count, timeout),
  captureReport: (id: number, filter: FrameFilter): CaptureReport => captures.get(id).report(filter),
  captureClose: (id: number): void => captures.take(id).close(),

  programStart: async (argv: readonly string[], options: ExecOptions): Promise<{ id: number; pid: number }> => {
    const program = await Program.start(argv, options);
    return { id: programs.add(program), pid: program.pid };
  },
  programReport: (id: number): ProgramReport => programs.get(id).report(),
  programWait: (id: number, text: string, timeout: number): Promise<boolean> => programs.get(id).waitFor(text, timeout),
  programStop: (id: number, signal: NodeJS.Signals, patience: number): Promise<ProgramReport> =>
    programs.get(id).stop(signal, patience),
};

export type Operations = typeof operations;

export interface Request {
  readonly id: number;
  readonly operation: keyof Operations;
  readonly args: readonly unknown[];
}

export type Answer =
  | { readonly ready: { readonly tid: number; readonly inode: string } }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: Error };

async function answer({ id, operation, args }: Request): Promise<Answer> {
  try {
    const call = operations[operation] as (...args: readonly unknown[]) => unknown;
    return { id, value: await call(...args) };
  } catch (error) {
    return { id, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

if (parentPort === null) throw new Error('thread.ts is the inside of a lab host; see lab.ts');
const port = parentPort;
enterNewNetworkNamespace();
// New namespaces begin with what the machine's first one has: it may forward, for containers or an agent.
for (const name of ['ipv4/ip_forward', 'ipv6/conf/all/forwarding', 'ipv6/conf/default/forwarding']) {
  const path = `/proc/sys/net/${name}`;
  if (existsSync(path)) writeFileSync(path, '0');
}
rtnetlink.setLink('lo', { up: true });
port.on('message', (request: Request) => {
  void answer(request).then((result) => port.postMessage(result));
});
port.postMessage({ ready: { tid: threadId(), inode: readlinkSync('/proc/thread-self/ns/net') } } satisfies Answer);
