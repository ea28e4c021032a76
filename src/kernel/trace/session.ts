/**
 * Sends one packet through a namespace and listens to what becomes of it. The packet comes in by a device as if its other end had
 * sent it (`entrance.ts`), or leaves the namespace's own stack. A table of our own marks it, so that
 * nftables tells of every rule it meets, and has an empty chain at each place it may pass.
 */

import type { KernelDriver } from '../driver.ts';
import { isKernelError, type KernelError } from '../errors.ts';
import { sendIp } from '../syscall/raw-ip.ts';
import { ensureNoTable, listenToTrace, type TraceEvent } from '../nftables/index.ts';
import { openEntrance, type ArrivingProbe } from './entrance.ts';
import { traceOperations, traceTables, type Recognition } from './table.ts';

export type { ArrivingProbe } from './entrance.ts';
export type { Recognition } from './table.ts';

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
    await using entrance = 'frame' in probe ? await openEntrance(driver, probe) : undefined;
    let refused: KernelError | undefined;
    if (entrance) entrance.send();
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
