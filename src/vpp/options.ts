/** How a client connects. */

import type { FrameTap } from './connection/connection.ts';

export interface VppOptions {
  /** The API socket. Default `/run/vpp/api.sock`. */
  readonly path?: string;
  /** What VPP calls this client (`show api clients`). Default `ligature`. */
  readonly name?: string;
  /** Requests in flight at a time; others wait. Default 1024. */
  readonly window?: number;
  /** Ms that a request may take unless it says otherwise. Default 10,000. */
  readonly timeout?: number;
  /** Ms that VPP may take to welcome this client. Default 5,000. */
  readonly welcomeTimeout?: number;
  /** Events of one subscription that may wait to be read. Default 65,536. */
  readonly events?: number;
  /** How often the first connection is tried before `connectVpp` rejects; Infinity: until the signal. Default 1. */
  readonly attempts?: number;
  /** Ms until the next attempt: at first, and at most (it is doubled). Default 50 to 1,000. */
  readonly backoff?: { readonly first: number; readonly most: number };
  /** Ms between looks at a silent connection. Default 1,000. */
  readonly probeInterval?: number;
  /** Ms until a VPP that does not answer counts as lost. Default 10,000. */
  readonly probeTimeout?: number;
  /** Where VPP's message definitions are installed. Default `/usr/share/vpp/api`. */
  readonly definitions?: string;
  readonly log?: VppLog;
  /** Sees all frames, e.g. `traceToFile`. */
  readonly tap?: FrameTap;
  readonly signal?: AbortSignal;
}

/** The part of a pino logger that is used. */
export interface VppLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}
