/**
 * Sends one packet through a namespace and listens to what becomes of it. The packet comes in by a device as if its other end had
 * sent it (a tap whose frames tc hands to that device), or leaves the namespace's own stack. A table of our own marks it, so that
 * nftables tells of every rule it meets, and has an empty chain at each place it may pass.
 */

import { close, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { KernelDriver } from '../driver.ts';
import { isKernelError, KernelError } from '../errors.ts';
import { changeLink, getLink } from '../netlink/link.ts';
import { addClsact, addMirror } from '../netlink/tc.ts';
import { tcPreferences } from '../pipeline/index.ts';
import { errnoNumber } from '../syscall/errno.ts';
import { sendIp } from '../syscall/raw-ip.ts';
import { openTap } from '../syscall/tuntap.ts';
import { ensureNoTable, listenToTrace, type TraceEvent } from '../nftables/index.ts';
import { traceOperations, traceTables, type Recognition } from './table.ts';

export type { Recognition } from './table.ts';

/** Comes in by a device. */
export interface ArrivingProbe {
  readonly frame: Uint8Array;
  readonly input: { readonly index: number; readonly name: string };
}

/** Sent by the namespace itself. */
export interface OwnProbe {
  /** IP packet; IPv4: the kernel writes its checksum. */
  readonly packet: Uint8Array;
  readonly destination: Uint8Array;
  /** Name of the device, or of the VRF's, that it has to leave by. */
  readonly device?: string;
}

export interface TraceOptions {
  readonly recognition: Recognition;
  /** Names of the devices at which the packet may come in or leave; at most 256. */
  readonly devices: readonly string[];
  /** Whether all is known that can be. Called after each batch of events. */
  isOver(events: readonly TraceEvent[]): boolean | Promise<boolean>;
  /** ms after which what is known has to do. */
  readonly patience: number;
  readonly signal: AbortSignal;
}

export interface PacketTrace {
  readonly events: readonly TraceEvent[];
  /** The namespace did not take its own packet. */
  readonly refused?: KernelError;
}

const pause = 50;

export async function tracePacket(
  driver: KernelDriver,
  probe: ArrivingProbe | OwnProbe,
  options: TraceOptions,
): Promise<PacketTrace> {
  const nft = driver.nft(driver.vswitch);
  const leftovers = traceTables.flatMap(ensureNoTable);
  await nft.apply([...leftovers, ...traceOperations(options.recognition, options.devices)]);
  try {
    using listener = listenToTrace(driver.vswitch);
    await using way = 'frame' in probe ? await Entrance.open(driver, probe) : undefined;
    let refused: KernelError | undefined;
    if (way) way.send();
    else if ('packet' in probe) refused = sendOwn(driver, probe);
    const events: TraceEvent[] = [];
    const end = performance.now() + options.patience;
    while (!options.signal.aborted) {
      events.push(...listener.take());
      if (refused || (await options.isOver(events)) || performance.now() > end) break;
      await listener.wait(pause);
    }
    options.signal.throwIfAborted();
    return { events, ...(refused && { refused }) };
  } finally {
    await nft.apply(leftovers);
  }
}

function sendOwn(driver: KernelDriver, { packet, destination, device }: OwnProbe): KernelError | undefined {
  try {
    driver.within(driver.vswitch, () => sendIp(packet, destination, device));
    return undefined;
  } catch (error) {
    if (!isKernelError(error)) throw error;
    return error;
  }
}

/** A device of our own whose frames come in by another; it goes with the process at the latest. */
class Entrance implements AsyncDisposable {
  readonly #fd: number;
  readonly #frame: Uint8Array;

  private constructor(fd: number, frame: Uint8Array) {
    this.#fd = fd;
    this.#frame = frame;
  }

  static async open(driver: KernelDriver, { frame, input }: ArrivingProbe): Promise<Entrance> {
    const name = `lgt${process.pid}`;
    const rtnl = driver.rtnl(driver.vswitch);
    const entrance = new Entrance(
      driver.within(driver.vswitch, () => openTap(name)),
      frame,
    );
    try {
      // Frames to this address are the host's own: what decides is the device that they are handed to.
      const address = frame.slice(0, 6);
      // Group addresses are nobody's, and the kernel knows them by themselves.
      const own = (address[0]! & 1) === 1 ? {} : { address };
      await rtnl.request(changeLink({ name }, { ...own, addressGeneration: 1 }));
      await rtnl.request(changeLink({ name }, { up: true }));
      const tap = await rtnl.get(getLink({ name }));
      if (!tap) throw new KernelError(errnoNumber('ENODEV'), { operation: `open ${name} to trace a packet` });
      await rtnl.request(addClsact(tap.index));
      await rtnl.request(
        addMirror({
          link: tap.index,
          direction: 'ingress',
          priority: tcPreferences.trace.first,
          classifier: (await driver.capabilities()).has('tc-matchall') ? 'matchall' : 'u32',
          action: 'deliver',
          target: input.index,
        }),
      );
      return entrance;
    } catch (error) {
      await entrance[Symbol.asyncDispose]();
      throw error;
    }
  }

  send(): void {
    writeSync(this.#fd, this.#frame);
  }

  /** From another thread: the kernel waits for RCU. */
  async [Symbol.asyncDispose](): Promise<void> {
    await promisify(close)(this.#fd);
  }
}
