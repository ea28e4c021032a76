/** For tests: a datagram socket with a path, which Node has none of. */

import { rmSync } from 'node:fs';
import { bindSocket, closeSocket, openSocket, receive } from '../../../test/lab/syscalls.ts';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;

export class PuntSocket implements Disposable {
  readonly path: string;
  readonly #fd = openSocket(AF_UNIX, SOCK_DGRAM, 0);

  constructor(path: string) {
    this.path = path;
    const family = Buffer.alloc(2);
    family.writeUInt16LE(AF_UNIX);
    bindSocket(this.#fd, Buffer.concat([family, Buffer.from(`${path}\0`)]));
  }

  /** All that came since the last time. */
  read(): readonly Buffer[] {
    const found: Buffer[] = [];
    for (;;) {
      const data = Buffer.alloc(4096);
      const length = receive(this.#fd, data, Buffer.alloc(128));
      if (length === undefined) return found;
      found.push(data.subarray(0, length));
    }
  }

  [Symbol.dispose](): void {
    closeSocket(this.#fd);
    rmSync(this.path, { force: true });
  }
}
