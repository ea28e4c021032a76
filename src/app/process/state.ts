/**
 * | state | meaning |
 * |---|---|
 * | `stopped` | not started yet, or stopped on request |
 * | `starting` | running, not ready yet |
 * | `ready` | running, and the readiness probe has succeeded (or there is none) |
 * | `waiting` | has exited; the next start comes after a delay |
 * | `stopping` | asked to end |
 * | `failed` | given up: exited too often, or could not be run at all |
 */
export type ProcessState = 'stopped' | 'starting' | 'ready' | 'waiting' | 'stopping' | 'failed';

/** How a process ended. Both undefined: it was not our child, so that nobody told. */
export interface ProcessExit {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

export interface ProcessEvent {
  readonly state: ProcessState;
  readonly pid: number | undefined;
  /** How often it has been started again since it last ran for `resetAfter`. */
  readonly restarts: number;
  /** Why it is `waiting` or `failed`. */
  readonly reason: string | undefined;
}

export function describeExit(exit: ProcessExit): string {
  if (exit.signal !== undefined) return `was ended by ${exit.signal}`;
  return exit.code === undefined ? 'has ended' : `exited with code ${exit.code}`;
}
