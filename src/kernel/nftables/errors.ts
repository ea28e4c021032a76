import { KernelError, type KernelErrorDetails } from '../errors.ts';
import { errnoNumber } from '../syscall/errno.ts';

/**
 * One operation of a caller was refused, and with it all operations of that call. `code` is the errno's name: ENOENT and EEXIST
 * speak of the object the operation names, EBUSY: something still refers to it, EMSGSIZE: too much for an unprivileged
 * user's socket buffer, EINTR: others change the rule set faster than it can be read.
 */
export class NftablesError extends KernelError {
  /** Which of the caller's operations, counted from 0; undefined when the kernel named none. */
  readonly index: number | undefined;

  constructor(errno: number, details: KernelErrorDetails, index?: number) {
    super(errno, details);
    this.name = 'NftablesError';
    this.index = index;
  }
}

/** Something that cannot be encoded: a value that does not fit its type, a construct the family does not have. */
export function invalid(operation: string, explanation: string, cause?: unknown): NftablesError {
  return new NftablesError(errnoNumber('EINVAL'), { operation, explanation, cause, retriable: false });
}
