import { KernelError } from '../errors.ts';
import type { Query, Request } from '../netlink/request.ts';
import { errnoName } from '../syscall/errno.ts';

/** One request or query on its way, and the promise of who asked. */
export class Entry {
  readonly message: Request | Query<unknown>;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;
  #settled = false;
  /** What a query found. */
  found: unknown;

  constructor(message: Request | Query<unknown>, resolve: (value: unknown) => void, reject: (error: unknown) => void) {
    this.message = message;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get settled(): boolean {
    return this.#settled;
  }

  get cost(): number {
    return 'cost' in this.message ? this.message.cost : 10;
  }

  succeed(): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#resolve(this.found);
  }

  fail(error: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#reject(error);
  }

  /** The kernel's answer. That a thing asked for does not exist is no error of a query. */
  answer(errno: number, explanation: string | undefined, where: string): void {
    if (errno === 0) return this.succeed();
    if ('decode' in this.message && ABSENT.has(errnoName(errno))) return this.succeed();
    this.fail(
      new KernelError(errno, { operation: this.describe(where), ...(explanation !== undefined && { explanation }) }),
    );
  }

  describe(where: string): string {
    return `${this.message.describe(this.message.spec as never)} in ${where}`;
  }
}

const ABSENT = new Set(['ENODEV', 'ENOENT', 'ESRCH']);
