/** What a folder of this room is to those who use it. */

import type { Handler } from '../scheduler/handler.ts';
import type { Kind } from '../scheduler/kind.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { KernelEngine } from './kernel/engine.ts';
import type { VppEngine } from './vpp/engine.ts';

/** What the kernel engine does for a feature: the exports of its `kernel.ts`. */
export interface KernelSide {
  kernelHandlers(engine: KernelEngine): readonly Handler[];
  /**
   * Tells the scheduler what the kernel did on its own (`scheduler.notify`, `scheduler.recheck`) until the signal is aborted.
   * Resolves once it listens and the state of that moment has been told.
   */
  watch?(engine: KernelEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void>;
}

/** What the VPP engine does for a feature: the exports of its `vpp.ts`. */
export interface VppSide {
  vppHandlers(engine: VppEngine): readonly Handler[];
  /** As `KernelSide.watch`, and again on each new connection to VPP. */
  watch?(engine: VppEngine, scheduler: Scheduler, signal: AbortSignal): Promise<void>;
}

/** What some objects are, and how each engine makes them. */
export interface Feature {
  /** The folder's name. */
  readonly name: string;
  readonly kinds: readonly Kind[];
  /**
   * Kinds that are knowledge of the agent alone: no engine has anything to do for them, and their values are there as soon
   * as what they depend on is.
   */
  readonly virtual?: readonly Kind[];
  /**
   * Loaded only when that engine runs, so that users of one engine never load the other. `host`: objects of the Linux host (pods
   * and their wires) that its kernel makes, whichever engine is the switch.
   */
  readonly engines?: {
    readonly kernel?: () => Promise<KernelSide>;
    readonly vpp?: () => Promise<VppSide>;
    readonly host?: () => Promise<KernelSide>;
  };
}
