import type { Engine } from '../../scheduler/handler.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import type { MessageName, VppClient, VppLog } from '../../vpp/index.ts';

/** What the VPP side of a feature works with. */
export interface VppEngine {
  readonly client: VppClient;
  /** Label of the agent. */
  readonly owner: string;
  readonly log: VppLog;
  /** The kernel of the host that VPP runs on: makes the Linux models beside VPP. Absent: these are UNIMPLEMENTED. */
  readonly host?: KernelEngine;
}

/**
 * Bounds for the scheduler. Requests of one turn of the event loop go out together, VPP works them off one after the other in
 * microseconds; a few (memif, af_packet) wait for the host's kernel.
 */
export const vppEngine: Engine = { name: 'vpp', concurrency: 4_096, deadline: 30_000 };

/**
 * Why this VPP cannot make something, for `Handler.unsupported`: the reason for the first message of which it has no version.
 * Versions of a message go from the newest to the oldest that will do.
 *
 * @example unsupported: () => lacking(engine, ['memif_create_v2', 'memif_create'], ['memif_delete'])
 */
export function lacking({ client }: VppEngine, ...messages: readonly (readonly MessageName[])[]): string | undefined {
  // One that was never there has not told its messages: nothing follows from that.
  if (client.version === '') return undefined;
  for (const versions of messages) {
    if (versions.some((name) => client.has(name))) continue;
    const reason = versions[0] === undefined ? undefined : client.missing(versions[0]);
    return `vpp: ${reason ?? 'a message is missing'}`;
  }
  return undefined;
}

/** "None" or "all" where VPP wants the index of an interface or table. */
export const NO_INDEX = 0xffff_ffff;
