/**
 * The device that routes with segments are routes of. The kernel wants one, never sends anything by it, and takes the routes away
 * when it goes down: a device of our own has nobody else who could do that.
 */

import { isKernelError } from '../../../kernel/errors.ts';
import { changeLink, getLink } from '../../../kernel/netlink/link.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import { Users } from '../../../kernel/ownership/users.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import type { Key } from '../../../model/key.ts';
import { makeDevice, markOf, removeMarked } from '../../kernel/device.ts';
import type { KernelEngine } from '../../kernel/engine.ts';

export const SEGMENT_DEVICE = 'lig-srv6';

export class SegmentDevice {
  readonly #engine: KernelEngine;
  readonly #rtnl: Rtnl;
  readonly #users = new Users<'device', Key>();
  #index: Promise<number> | undefined;
  #removal: Promise<void> = Promise.resolve();

  constructor(engine: KernelEngine) {
    this.#engine = engine;
    this.#rtnl = engine.driver.rtnl(engine.driver.vswitch);
  }

  get #alias(): string {
    return markOf(this.#engine, 'srv6', 'segments');
  }

  /** Does something with the index of the device; once more with a new one when somebody removed it or took it down. */
  async use<T>(key: Key, work: (index: number) => Promise<T>): Promise<T> {
    this.join(key);
    const index = (this.#index ??= this.#obtain());
    try {
      return await work(await index);
    } catch (error) {
      if (!isKernelError(error, 'ENODEV', 'ENETDOWN')) throw error;
      if (this.#index === index) this.#index = this.#obtain();
      return work(await this.#index);
    }
  }

  /** The device goes with the last who uses it. */
  async leave(key: Key): Promise<void> {
    if (!this.#users.leave('device', key)) return;
    this.#index = undefined;
    this.#removal = this.#removal.then(() => this.#remove());
    await this.#removal;
  }

  /** What a retrieval found: the index of the device if there can be routes of it. */
  see(links: ReadonlyMap<string, Link>): number | undefined {
    const link = links.get(SEGMENT_DEVICE);
    const whole = link?.alias === this.#alias && link.up;
    this.#index = whole ? Promise.resolve(link.index) : undefined;
    return whole ? link.index : undefined;
  }

  /** A retrieval found something on it. */
  join(key: Key): void {
    this.#users.join('device', key);
  }

  /** What an agent that died has left, if nobody is going to use it. */
  async tidy(): Promise<void> {
    const link = await this.#rtnl.get(getLink({ name: SEGMENT_DEVICE }));
    if (link?.alias === this.#alias) await this.#remove();
  }

  async #obtain(): Promise<number> {
    await this.#removal;
    const known = await this.#rtnl.get(getLink({ name: SEGMENT_DEVICE }));
    if (known?.alias === this.#alias) {
      if (!known.up) await this.#rtnl.request(changeLink({ index: known.index }, { up: true }));
      return known.index;
    }
    // An empty bridge where the kernel has no dummy devices.
    const type = (await this.#engine.driver.capabilities()).has('dummy') ? 'dummy' : 'bridge';
    return (await makeDevice(this.#rtnl, { name: SEGMENT_DEVICE, kind: { type }, up: true, alias: this.#alias })).index;
  }

  async #remove(): Promise<void> {
    const link = await this.#rtnl.get(getLink({ name: SEGMENT_DEVICE }));
    if (link?.alias === this.#alias)
      await removeMarked(this.#rtnl, { ifindex: link.index, name: SEGMENT_DEVICE }, this.#alias);
  }
}
