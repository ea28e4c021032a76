import type { Namespace } from '../namespace/namespace.ts';
import type { Query, Request } from '../netlink/request.ts';

/**
 * Requests to one namespace. Everything asked for in one turn of the event loop is sent together, in order, and each promise
 * settles with its own outcome: an error of one message does not stop the others.
 *
 * Order: quick requests of one namespace are carried out in the order they were made. Slow ones (see Lane) start after what
 * was asked for before them, and nothing waits for them but those who await them.
 */
export interface Rtnl {
  readonly namespace: Namespace;
  /** Settles when the kernel answered. Rejects with KernelError. */
  request(request: Request): Promise<void>;
  /** One object, or undefined when there is none. In order with the requests. */
  get<T>(query: Query<T>): Promise<T | undefined>;
  /** All objects that match. Sees everything that settled before. */
  dump<T>(query: Query<T>): Promise<T[]>;
}
