/**
 * Sends the packets of a case one after another and notes what came out. That a packet was dropped is known from what was sent behind
 * it: after each packet the same port sends a ping that the router has to answer, and the next packet waits for the answer.
 */

import { ethernet, type Frame, icmp, ip } from '../lab/frame.ts';
import type { CaptureHandle, Host } from '../lab/host.ts';
import { BVI_MAC, type CaseConfig, PORTS, roleOf, routerMac, watch, watchMac } from './network.ts';
import { frameOf, isReply, lineOf, replyOf, type Step, stepOf } from './packets.ts';

/** What became of each step: a line for each frame that came out, sorted. */
export type Outcome = readonly (readonly string[])[];

/** An engine does not take a configuration, or takes it and a port is dead: what it says, and nothing of packets. */
export class Refused extends Error {}

export const NOBODY = 'nobody to answer';

export const deviceOf = (port: number): string => `e${port}`;

/** ms for an answer; a machine may be busy. */
const PATIENCE = 20_000;

export async function exchange(outside: Host, config: CaseConfig, steps: readonly Step[]): Promise<Outcome> {
  const captures = await Promise.all(PORTS.map((port) => outside.capture(deviceOf(port), { direction: 'in' })));
  try {
    const run = new Exchange(outside, config, captures);
    await Promise.all(PORTS.map((port) => run.untilWatched(port)));
    for (const [index, step] of steps.entries()) await run.send(step, index);
    await run.flush();
    return await run.outcome(steps.length);
  } finally {
    await Promise.all(captures.map((capture) => capture.close()));
  }
}

class Exchange {
  readonly #outside: Host;
  readonly #config: CaseConfig;
  readonly #captures: readonly CaptureHandle[];
  readonly #silent = new Set<number>();
  #pings = 0;

  constructor(outside: Host, config: CaseConfig, captures: readonly CaptureHandle[]) {
    this.#outside = outside;
    this.#config = config;
    this.#captures = captures;
  }

  /** Links and programs come up in their own time: a port is asked until it answers. */
  async untilWatched(port: number): Promise<void> {
    if (roleOf(this.#config, port).role === 'unused') return;
    const end = performance.now() + PATIENCE;
    while (!(await this.#isThrough(port, [], 100))) {
      if (performance.now() > end) throw new Refused(`port ${port} does not answer`);
    }
  }

  async send(step: Step, index: number): Promise<void> {
    const made = isReply(step) ? await this.#reply(step.replyTo, step, index) : this.#packet(step, index);
    if (!made) {
      this.#silent.add(index);
      return;
    }
    const isDone = await this.#isThrough(made.port, [made.bytes], PATIENCE);
    if (!isDone) throw new Refused(`after step ${index} port ${made.port} does not answer`);
  }

  /** What one port received and the engine still has in its hands leaves by another: a round later it is out. */
  async flush(): Promise<void> {
    const ports = PORTS.filter((port) => roleOf(this.#config, port).role !== 'unused');
    for (let round = 0; round < 2; round++) {
      const through = await Promise.all(ports.map((port) => this.#isThrough(port, [], PATIENCE)));
      if (through.includes(false)) throw new Refused(`port ${ports[through.indexOf(false)]} does not answer any more`);
    }
  }

  async outcome(steps: number): Promise<Outcome> {
    const lines: string[][] = Array.from({ length: steps }, () => []);
    for (const [port, frame] of await this.#received()) {
      const step = stepOf(frame.bytes);
      if (step !== undefined) lines[step]?.push(lineOf(frame, port));
    }
    for (const step of this.#silent) lines[step]?.push(NOBODY);
    return lines.map((each) => each.sort());
  }

  #packet(step: Exclude<Step, { replyTo: number }>, index: number) {
    return { port: step.from, bytes: frameOf(step, index, this.#config) };
  }

  async #reply(to: number, reply: Extract<Step, { replyTo: number }>, index: number) {
    await this.flush();
    for (const [port, frame] of await this.#received()) {
      if (stepOf(frame.bytes) !== to) continue;
      const bytes = replyOf(frame, port, reply, index);
      if (bytes && roleOf(this.#config, port).role !== 'unused') return { port, bytes };
    }
    return undefined;
  }

  async #received(): Promise<readonly (readonly [number, Frame])[]> {
    const each = await Promise.all(this.#captures.map((capture) => capture.frames()));
    return each.flatMap((frames, port) => frames.map((frame) => [port, frame] as const));
  }

  /** Sends frames, and a ping behind them; whether the ping came back. */
  async #isThrough(port: number, frames: readonly Buffer[], timeout: number): Promise<boolean> {
    this.#pings += 1;
    const text = `watch ${this.#pings};`;
    const role = roleOf(this.#config, port);
    await this.#outside.send(deviceOf(port), ...frames, pingOf(port, role.role === 'bridged', text));
    const at = this.#captures[role.role === 'connected' ? role.to : port];
    return at!.wait({ contains: text }, { timeout }).then(
      () => true,
      () => false,
    );
  }
}

function pingOf(port: number, isBridged: boolean, text: string): Buffer {
  const [source, destination] = isBridged
    ? [watch.bridgeHost(port), watch.bridgeRouter]
    : [watch.host(port), watch.router(port)];
  const message = icmp(8, 0, Buffer.concat([Buffer.from([0, 1, 0, 1]), Buffer.from(text)]));
  return ethernet(
    { source: watchMac(port), destination: isBridged ? BVI_MAC : routerMac(port), etherType: 0x0800 },
    ip({ source, destination, protocol: 1 }, message),
  );
}
