import type { Key } from '../../../model/key.ts';
import { Users } from '../../../kernel/ownership/users.ts';

/** Which devices we made ports, of which bridge, and for whom. */
export class AttachedPorts {
  readonly #users = new Users<number, Key>();
  /** Index of the bridge by index of the device. */
  readonly #bridges = new Map<number, number>();

  /** Before it is asked for, so that nobody else takes the device out meanwhile. */
  join(device: number, key: Key): void {
    this.#users.join(device, key);
  }

  /** It is there. */
  attached(device: number, bridge: number): void {
    this.#bridges.set(device, bridge);
  }

  /** True when nobody else uses the device as a port. */
  leave(device: number, key: Key): boolean {
    const last = this.#users.leave(device, key);
    if (last) this.#bridges.delete(device);
    return last;
  }

  /** Who else uses the device. */
  *others(device: number, key: Key): Iterable<Key> {
    for (const user of this.#users.of(device)) if (user !== key) yield user;
  }

  /** Who relies on this device being a port of another bridge than it is now. */
  misplaced({ index, master }: { readonly index: number; readonly master?: number }): Iterable<Key> {
    const bridge = this.#bridges.get(index);
    return bridge === undefined || bridge === master ? [] : this.#users.of(index);
  }
}
