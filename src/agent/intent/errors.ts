import type { Key } from '../../model/key.ts';
import type { Problem } from '../../scheduler/kind.ts';

/**
 * `invalid`: the values are wrong (see `invalid`), nothing was taken over. `storage`: the intent could not be made durable,
 * nothing was taken over. `away`: it is durable, and is made when the data plane is there. `closed`: the agent is stopping. `usage`: the
 * caller's mistake.
 */
export type IntentErrorCode = 'invalid' | 'storage' | 'away' | 'closed' | 'usage';

export interface InvalidValue {
  readonly key: Key;
  readonly problems: readonly Problem[];
}

export class IntentError extends Error {
  readonly code: IntentErrorCode;
  readonly invalid: readonly InvalidValue[];
  readonly retriable: boolean;

  constructor(
    code: IntentErrorCode,
    message: string,
    details: {
      readonly invalid?: readonly InvalidValue[];
      readonly retriable?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'IntentError';
    this.code = code;
    this.invalid = details.invalid ?? [];
    this.retriable = details.retriable ?? (code === 'storage' || code === 'away');
  }
}
