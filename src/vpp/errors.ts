import { describeRetval } from './retval.ts';

/**
 * - `disconnected`: the connection was lost; what was asked for may have been done or not. Retriable.
 * - `unreachable`: nobody answers at the socket. Retriable.
 * - `timeout`, `aborted`: no reply in time; VPP may still carry it out. Retriable.
 * - `refused`: VPP answered with a negative retval; its name is in `reason`.
 * - `unavailable`: this VPP does not have the message (plugin not loaded, other release, other definition).
 * - `invalid-field`: a field cannot be sent as it is; nothing was sent.
 * - `malformed`: what came in is not what its definition says.
 * - `invalid-definition`: a message definition (`.api.json`) cannot be used.
 * - `overflow`: events came faster than they were read.
 * - `closed`: the client was closed.
 */
export type VppErrorCode =
  | 'disconnected'
  | 'unreachable'
  | 'timeout'
  | 'aborted'
  | 'refused'
  | 'unavailable'
  | 'invalid-field'
  | 'malformed'
  | 'invalid-definition'
  | 'overflow'
  | 'closed';

export interface VppErrorDetails {
  /** The message it is about, e.g. `ip_route_add_del`. */
  readonly api?: string;
  /** Path of the field, e.g. `route.paths.weight`. */
  readonly field?: string;
  readonly retval?: number;
  readonly retriable?: boolean;
  readonly cause?: unknown;
}

/** What goes wrong between this process and VPP. `retriable`: the same request may succeed later. */
export class VppError extends Error {
  readonly code: VppErrorCode;
  readonly api: string | undefined;
  readonly field: string | undefined;
  /** VPP's number (negative) when it refused, e.g. -2. */
  readonly retval: number | undefined;
  /** VPP's name of `retval`, e.g. `INVALID_SW_IF_INDEX`. */
  readonly reason: string | undefined;
  readonly retriable: boolean;

  constructor(code: VppErrorCode, message: string, details: VppErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'VppError';
    this.code = code;
    this.api = details.api;
    this.field = details.field;
    this.retval = details.retval;
    this.reason = details.retval === undefined ? undefined : describeRetval(details.retval).name;
    this.retriable = details.retriable ?? RETRIABLE.has(code);
  }
}

const RETRIABLE: ReadonlySet<VppErrorCode> = new Set(['disconnected', 'unreachable', 'timeout', 'aborted', 'overflow']);

/** VPP refused `api`. */
export function refusal(api: string, retval: number): VppError {
  const { name, meaning, permanent } = describeRetval(retval);
  return new VppError('refused', `${api}: VPP answered ${retval} ${name} (${meaning})`, {
    api,
    retval,
    retriable: !permanent,
  });
}

/** Whether `error` is a VppError with one of these codes, or one of VPP's names of a refusal; any if none is given. */
export function isVppError(error: unknown, ...reasons: string[]): error is VppError {
  if (!(error instanceof VppError)) return false;
  return reasons.length === 0 || reasons.includes(error.code) || reasons.includes(error.reason ?? '');
}
