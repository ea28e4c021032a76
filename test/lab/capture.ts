/** Sniffing: frames of one device that match a filter, kept until they are asked for. */
import { decodeFrame, type Frame } from './frame.ts';
import { openPacketSocket, type Direction, type PacketSocket } from './packet-socket.ts';

/**
 * Fields a frame has to have, as `decodeFrame` names them, all of them: `{ arp: { operation: 1 } }`,
 * `{ ip: { source: '10.0.0.1' }, udp: { destination: 53 } }`. `contains` is text in the UDP or TCP payload.
 */
export type FrameFilter = Matching<Omit<Frame, 'bytes' | 'payload' | 'vxlan'>> & {
  readonly vxlan?: { readonly vni?: number; readonly inner?: FrameFilter };
  readonly direction?: Direction;
  readonly contains?: string;
};

type Matching<T> = { readonly [K in keyof T]?: T[K] extends object | undefined ? Matching<NonNullable<T[K]>> : T[K] };

export interface Captured {
  readonly direction: Direction;
  /** ms of the performance clock of the host's thread: good for differences. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

export interface CaptureReport {
  readonly frames: readonly Captured[];
  /** Frames the kernel could not hand over in time; a test of absence has to look at it. */
  readonly dropped: number;
}

export function matches(frame: Frame, direction: Direction, filter: FrameFilter): boolean {
  const { direction: wantedDirection, contains, vxlan, ...fields } = filter;
  if (wantedDirection !== undefined && wantedDirection !== direction) return false;
  if (contains !== undefined && frame.payload?.includes(contains) !== true) return false;
  if (vxlan !== undefined) {
    if (frame.vxlan === undefined || (vxlan.vni !== undefined && vxlan.vni !== frame.vxlan.vni)) return false;
    if (vxlan.inner !== undefined && !matches(frame.vxlan.inner, direction, vxlan.inner)) return false;
  }
  return hasFields(frame, fields);
}

function hasFields(value: object, wanted: object): boolean {
  return Object.entries(wanted).every(([name, part]: [string, unknown]) => {
    const own: unknown = Reflect.get(value, name);
    if (typeof part !== 'object' || part === null) return part === undefined || own === part;
    return typeof own === 'object' && own !== null && hasFields(own, part);
  });
}

/** Keeps at most this many frames: a forgotten capture must not fill the memory. */
const most = 100_000;

export class Capture {
  readonly #socket: PacketSocket;
  readonly #frames: (Captured & { readonly decoded: Frame })[] = [];
  readonly #filter: FrameFilter;
  #wake: () => void = () => {};
  #overflow = 0;
  #dropped = 0;

  constructor(device: string, filter: FrameFilter) {
    this.#filter = filter;
    this.#socket = openPacketSocket(device, (bytes, direction) => this.#take(bytes, direction));
  }

  /** Resolves when `count` matching frames are there, those of before included; false when time is up. */
  async wait(filter: FrameFilter, count: number, timeout: number): Promise<boolean> {
    const deadline = performance.now() + timeout;
    for (;;) {
      if (this.#matching(filter).length >= count) return true;
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  report(filter: FrameFilter): CaptureReport {
    this.#socket.poll();
    this.#dropped += this.#socket.dropped();
    const frames = this.#matching(filter).map(({ direction, at, bytes }) => ({ direction, at, bytes }));
    return { frames, dropped: this.#dropped + this.#overflow };
  }

  close(): void {
    this.#socket.close();
    this.#wake();
  }

  #matching(filter: FrameFilter): (Captured & { readonly decoded: Frame })[] {
    return this.#frames.filter((frame) => matches(frame.decoded, frame.direction, filter));
  }

  #take(bytes: Buffer, direction: Direction): void {
    const decoded = decodeFrame(bytes);
    if (!matches(decoded, direction, this.#filter)) return;
    if (this.#frames.length >= most) {
      this.#overflow += 1;
      return;
    }
    this.#frames.push({ direction, at: performance.now(), bytes, decoded });
    this.#wake();
  }
}
