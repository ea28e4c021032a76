/** One host of a lab, seen from the test. */
import { Worker } from 'node:worker_threads';
import type { CaptureReport, FrameFilter } from './capture.ts';
import type { TcpManyResult, TcpOptions, TcpResult, UdpOptions, UdpResult } from './client.ts';
import type { EchoOptions, EchoReport } from './echo.ts';
import type { FlowOptions, FlowReport } from './flow.ts';
import { decodeFrame, type Frame } from './frame.ts';
import type { ProbeOptions } from './neighbour.ts';
import type { Direction } from './packet-socket.ts';
import type { PingOptions, PingResult } from './ping.ts';
import { killGroup, type ExecOptions, type ExecResult, type ProgramReport } from './programs.ts';
import type { LinkInfo, LinkOptions, RouteOptions } from './rtnetlink.ts';
import type { Answer, Operations, Request } from './thread.ts';

export interface EchoHandle {
  readonly port: number;
  report(): Promise<EchoReport>;
  close(): Promise<void>;
}

export interface FlowHandle {
  report(): Promise<FlowReport>;
  /** Stops sending and waits up to `drain` ms (default 500) for answers under way. */
  stop(drain?: number): Promise<FlowReport>;
}

export interface CapturedFrame extends Frame {
  readonly direction: Direction;
  /** ms; good for differences within one host. */
  readonly at: number;
}

export interface CaptureHandle {
  /** Rejects, saying what did come, when fewer than `count` (default 1) match within `timeout` (default 2000) ms. */
  wait(
    filter: FrameFilter,
    options?: { readonly count?: number; readonly timeout?: number },
  ): Promise<readonly CapturedFrame[]>;
  /** What matches so far. Rejects when the kernel dropped frames: then nothing can be said. */
  frames(filter?: FrameFilter): Promise<readonly CapturedFrame[]>;
  close(): Promise<void>;
}

export interface ProgramHandle {
  readonly pid: number;
  report(): Promise<ProgramReport>;
  /** Rejects with the output when the text does not appear within `timeout` (default 10000) ms. */
  waitFor(text: string, timeout?: number): Promise<void>;
  /** Default SIGTERM, then SIGKILL after 5000 ms. */
  stop(signal?: NodeJS.Signals, patience?: number): Promise<ProgramReport>;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Every namespace this process ever made, by inode: what is found in one of them later is a leak. */
export const ownNamespaces = new Set<string>();

export class Host {
  readonly name: string;
  /** Thread id: stands for the namespace wherever a process id does (`nsenter -n -t TID`, IFLA_NET_NS_PID). */
  readonly tid: number;
  /** File that stands for the namespace, e.g. for setns. Good for processes of the same user that see this /proc. */
  readonly netns: string;
  /** `net:[4026532177]`, as in `/proc/PID/ns/net`. */
  readonly inode: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #programs = new Set<number>();
  #next = 1;
  #gone: Error | undefined;

  private constructor(name: string, worker: Worker, tid: number, inode: string) {
    this.name = name;
    this.#worker = worker;
    this.tid = tid;
    this.inode = inode;
    this.netns = `/proc/${process.pid}/task/${tid}/ns/net`;
    ownNamespaces.add(inode);
    worker.on('message', (answer: Answer) => this.#settle(answer));
    worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => this.#fail(new Error(`host ${name} is closed`)));
  }

  /** Use `lab.host(name)`. Rejects with EPERM where namespaces may not be made. */
  static open(name: string): Promise<Host> {
    // Not the flags of this process: some (`--eval`) are for its main script only.
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { name: `lab-${name}`, execArgv: [] });
    return new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (answer: Answer) => {
        worker.off('error', reject);
        if ('ready' in answer) resolve(new Host(name, worker, answer.ready.tid, answer.ready.inode));
        else reject(new Error(`host ${name} did not start`));
      });
    });
  }

  /** ICMP or ICMPv6 echo. Never rejects for what the network does: look at the result. */
  ping(target: string, options: PingOptions = {}): Promise<PingResult> {
    return this.#call('ping', target, options);
  }

  /** MACs that answer an ARP request or neighbour solicitation for `target`. */
  whoHas(device: string, target: string, options: ProbeOptions = {}): Promise<readonly string[]> {
    return this.#call('whoHas', device, target, options);
  }

  udp(options: UdpOptions): Promise<UdpResult> {
    return this.#call('udp', options);
  }

  tcp(options: TcpOptions): Promise<TcpResult> {
    return this.#call('tcp', options);
  }

  /** Connections one after another: what a load balancer spreads. */
  tcpMany(options: TcpOptions & { readonly count: number }): Promise<TcpManyResult> {
    return this.#call('tcpMany', options);
  }

  async echo(options: EchoOptions): Promise<EchoHandle> {
    const { id, port } = await this.#call('echoOpen', options);
    return { port, report: () => this.#call('echoReport', id), close: () => this.#call('echoClose', id) };
  }

  /** Resolves once the first answer is there. */
  async flow(options: FlowOptions): Promise<FlowHandle> {
    const id = await this.#call('flowOpen', options);
    return { report: () => this.#call('flowReport', id), stop: (drain = 500) => this.#call('flowStop', id, drain) };
  }

  /** Sends frames as they are; build them with frame.ts. */
  send(device: string, ...frames: readonly Uint8Array[]): Promise<void> {
    return this.#call('sendFrames', device, frames);
  }

  /** Keeps the frames of a device that match, from now on, both directions. */
  async capture(device: string, filter: FrameFilter = {}): Promise<CaptureHandle> {
    const id = await this.#call('captureOpen', device, filter);
    const frames = async (wanted: FrameFilter): Promise<readonly CapturedFrame[]> => {
      const report = await this.#call('captureReport', id, wanted);
      if (report.dropped > 0)
        throw new Error(`${report.dropped} frames were dropped while capturing ${device} of ${this.name}`);
      return decode(report);
    };
    return {
      frames: (wanted = {}) => frames(wanted),
      wait: async (wanted, { count = 1, timeout = 2000 } = {}) => {
        if (await this.#call('captureWait', id, wanted, count, timeout)) return frames(wanted);
        const seen = (await frames({})).map(summary).slice(-20).join('; ');
        throw new Error(
          `${this.name} ${device}: not ${count} frames of ${JSON.stringify(wanted)} in ${timeout} ms; saw: ${seen}`,
        );
      },
      close: () => this.#call('captureClose', id),
    };
  }

  /** Runs a program in the namespace and waits for its end, whatever its exit code. */
  exec(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    return this.#call('exec', argv, options);
  }

  /** Standard output of a program that has to succeed; rejects with its error output otherwise. */
  async run(...argv: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.exec(argv);
    if (status !== 0) throw new Error(`${this.name}: ${argv.join(' ')} ended with ${status}: ${stderr.trim()}`);
    return stdout;
  }

  /** Starts a program that stays; it ends with the lab at the latest. */
  async start(argv: readonly string[], options: ExecOptions = {}): Promise<ProgramHandle> {
    const { id, pid } = await this.#call('programStart', argv, options);
    this.#programs.add(pid);
    return {
      pid,
      report: () => this.#call('programReport', id),
      waitFor: async (text, timeout = 10_000) => {
        if (await this.#call('programWait', id, text, timeout)) return;
        const { output } = await this.#call('programReport', id);
        throw new Error(`${argv.join(' ')} did not print ${JSON.stringify(text)} in ${timeout} ms:\n${output}`);
      },
      stop: async (signal = 'SIGTERM', patience = 5000) => {
        const report = await this.#call('programStop', id, signal, patience);
        this.#programs.delete(pid);
        return report;
      },
    };
  }

  links(): Promise<readonly LinkInfo[]> {
    return this.#call('listLinks');
  }

  async link(name: string): Promise<LinkInfo | undefined> {
    return (await this.links()).find((link) => link.name === name);
  }

  /** A device of a kind without parameters (`bridge`, `dummy`), up. */
  addLink(name: string, kind: string, options: LinkOptions = {}): Promise<void> {
    return this.#call('addLink', name, kind, options);
  }

  /** Changes what is given; `master: ''` takes it out of its bridge. */
  setLink(name: string, options: LinkOptions & { readonly master?: string }): Promise<void> {
    return this.#call('setLink', name, options);
  }

  deleteLink(name: string): Promise<void> {
    return this.#call('deleteLink', name);
  }

  /** Adds addresses (`10.0.0.1/24`, `fd00::1/64`). Resolves when they can be used; on a device that is down, at once. */
  async address(device: string, ...addresses: readonly string[]): Promise<void> {
    for (const address of addresses) await this.#call('addAddress', device, address);
    if ((await this.link(device))?.up !== true) return;
    for (const address of addresses) {
      await this.#until(() => this.#call('isAddressReady', address), `${address} is not usable`);
    }
  }

  /** `default`, `10.1.0.0/16`, `fd00:1::/64`, by gateway or device. */
  route(destination: string, options: RouteOptions): Promise<void> {
    return this.#call('addRoute', destination, options);
  }

  /** Reads (`sysctl('net.ipv4.ip_forward')`) or writes a setting of this namespace. */
  async sysctl(name: string, value?: string | number): Promise<string> {
    if (value !== undefined) await this.#call('writeSysctl', name, String(value));
    return this.#call('readSysctl', name);
  }

  /** Joins with another host by a veth pair; both ends up. Use `lab.link`. */
  async linkTo(device: string, peer: Host, peerDevice: string, mine: LinkOptions, far: LinkOptions): Promise<void> {
    await this.#call('addVeth', device, peerDevice, peer.tid, mine, far);
    await this.setLink(device, { up: mine.up ?? true });
    await peer.setLink(peerDevice, { up: far.up ?? true });
    if (mine.up === false || far.up === false) return;
    await Promise.all([this.running(device), peer.running(peerDevice)]);
  }

  /** Resolves when what is sent on the device really goes out; rejects after 20 s: links come up slowly where many are removed. */
  async running(device: string): Promise<void> {
    await this.#until(async () => (await this.link(device))?.running === true, `${device} is not running`);
  }

  async #until(condition: () => Promise<boolean>, complaint: string): Promise<void> {
    const deadline = performance.now() + 20_000;
    while (!(await condition())) {
      if (performance.now() > deadline) throw new Error(`${this.name}: ${complaint} after 20 s`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Ends programs, sockets, the thread, and with it the namespace. */
  async close(): Promise<void> {
    this.killPrograms();
    this.#gone ??= new Error(`host ${this.name} is closed`);
    await this.#worker.terminate();
  }

  /** For the end of the process, when nothing can be awaited any more. */
  killPrograms(): void {
    for (const pid of this.#programs) killGroup(pid, 'SIGKILL');
    this.#programs.clear();
  }

  #call<K extends keyof Operations>(
    operation: K,
    ...args: Parameters<Operations[K]>
  ): Promise<Awaited<ReturnType<Operations[K]>>> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    const id = this.#next++;
    const request: Request = { id, operation, args };
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(request);
    }) as Promise<Awaited<ReturnType<Operations[K]>>>;
  }

  #settle(answer: Answer): void {
    if ('ready' in answer) return;
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(answer.error);
    else waiting?.resolve(answer.value);
  }

  #fail(error: Error): void {
    this.#gone ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function decode(report: CaptureReport): readonly CapturedFrame[] {
  return report.frames.map(({ bytes, direction, at }) => ({
    ...decodeFrame(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    direction,
    at,
  }));
}

function summary({ bytes: _bytes, payload: _payload, vxlan, ...fields }: CapturedFrame): string {
  return JSON.stringify(vxlan === undefined ? fields : { ...fields, vni: vxlan.vni });
}
