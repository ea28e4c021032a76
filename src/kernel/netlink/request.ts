import type { Encoder } from './encoder.ts';
import type { MessageView } from './reader.ts';

/** How long the kernel takes for a message, and so where it is sent from. */
export type Lane =
  /** Microseconds: sent from the main thread, in order, many in one send. */
  | 'quick'
  /** Waits for RCU (16-20 ms: moves between namespaces, leaving a bridge): sent from another thread. */
  | 'slow'
  /** Removal of an interface: as slow; many of one namespace are removed together. */
  | 'remove';

/** One rtnetlink message that changes something. Made by the functions of `link.ts`, `route.ts`, ...; says nothing of a namespace. */
export interface Request<S = unknown> {
  /** RTM_... */
  readonly type: number;
  /** NLM_F_... without REQUEST and ACK. */
  readonly flags: number;
  readonly lane: Lane;
  readonly spec: S;
  /** Writes fixed header and attributes. May throw KernelError EINVAL for a spec that cannot be written. */
  encode(encoder: Encoder, spec: S): void;
  /** The operation in words, for errors: `add route 10.0.0.0/8 table 254`. */
  describe(spec: S): string;
  /** Made one after the other once this one succeeded, as parts of it: what the kernel ignores in the first message. */
  readonly followUps?: readonly Request[];
  /** Expected CPU time in µs in the kernel; bounds how many go into one send. */
  readonly cost: number;
}

/** One rtnetlink message that asks for something: one object (`get`), or all that match (`dump`). */
export interface Query<T, S = unknown> {
  readonly type: number;
  readonly flags: number;
  readonly spec: S;
  encode(encoder: Encoder, spec: S): void;
  describe(spec: S): string;
  /** Reads one reply; undefined for a message that is not wanted. */
  decode(message: MessageView, spec: S): T | undefined;
}
