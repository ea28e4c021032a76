import { errnoName, errnoText } from './syscall/errno.ts';

export interface KernelErrorDetails {
  /** What was tried, in words: `create link tap1 in netns pod1`. */
  readonly operation: string;
  /** The kernel's own explanation (NLMSGERR_ATTR_MSG), e.g. `Nexthop has invalid gateway`. */
  readonly explanation?: string;
  /** What this code usually means for this operation; replaces the general text of the code. */
  readonly hint?: string;
  readonly retriable?: boolean;
  readonly cause?: unknown;
}

/**
 * The kernel refused. `code` is the errno's name (`EEXIST`); the message says what was tried, what came back, what the
 * kernel said about it and what that usually means. `retriable`: the same call may succeed later without a change of the
 * configuration (the thing it needs may still come), which is so for all but the codes that say "this can never work".
 */
export class KernelError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly operation: string;
  readonly explanation: string | undefined;
  readonly retriable: boolean;

  constructor(errno: number, details: KernelErrorDetails) {
    const code = errnoName(errno);
    const meaning = details.hint ?? errnoText(errno);
    const said = details.explanation ? `: ${details.explanation}` : '';
    super(
      `${details.operation}: ${code}${said}${meaning ? ` (${meaning})` : ''}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.name = 'KernelError';
    this.code = code;
    this.errno = errno;
    this.operation = details.operation;
    this.explanation = details.explanation;
    this.retriable = details.retriable ?? !PERMANENT.has(code);
  }
}

/** Whether `error` is a KernelError, with one of these codes if any are given. */
export function isKernelError(error: unknown, ...codes: string[]): error is KernelError {
  return error instanceof KernelError && (codes.length === 0 || codes.includes(error.code));
}

/** For `catch`: lets errors of these codes pass, and no others. */
export function unless(...codes: string[]): (error: unknown) => void {
  return (error) => {
    if (!isKernelError(error, ...codes)) throw error;
  };
}

/** Codes that repeating does not cure: the request itself or this kernel is at fault. */
const PERMANENT = new Set([
  'EINVAL',
  'EOPNOTSUPP',
  'EAFNOSUPPORT',
  'EPROTONOSUPPORT',
  'ERANGE',
  'ENOSYS',
  'ENAMETOOLONG',
  'EPERM',
  'EACCES',
  'EROFS',
]);
