import { VppError } from '../errors.ts';

/** A place in a received message. */
export class Reader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, view: DataView, at: number, end: number) {
    this.bytes = bytes;
    this.view = view;
    this.at = at;
    this.end = end;
  }

  /** Throws unless `count` more bytes follow `at`. */
  need(at: number, count: number, field: string): void {
    if (at + count > this.end) {
      throw new VppError('malformed', `${field}: the message ends ${at + count - this.end} bytes too early`, { field });
    }
  }
}
