/**
 * Network cards that VPP takes from the kernel: bound to a driver that lets a program have them, and given back to the driver they
 * had, with name, addresses and routes of the device. What they had is in a file, so that a later agent can give them back, too.
 */

import { existsSync } from 'node:fs';
import { readdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeDirectory } from '../../app/process/make-directory.ts';
import { AppError, type Logger } from '../../app/index.ts';
import type { Rtnl } from '../../kernel/rtnl/port.ts';
import { type HostDevice, readHostDevice, restoreHostDevice } from './host-device.ts';
import type { Card } from './settings.ts';

/** ms */
const DEVICE_TIMEOUT = 10_000;

export interface CardsOptions {
  /** Remembers which driver a card had. */
  readonly file: string;
  readonly log: Logger;
  /** Default: `/sys`. */
  readonly sysfs?: string;
  /** The host's network; absent: this process may not change it, so addresses and routes of cards are not put back. */
  readonly rtnl?: Rtnl;
}

/** What a card was like, by PCI address. */
type Former = Readonly<Record<string, FormerCard>>;

interface FormerCard {
  /** Empty: it had none. */
  readonly driver: string;
  readonly device?: HostDevice;
}

export class Cards {
  readonly #file: string;
  readonly #log: Logger;
  readonly #bus: string;
  readonly #rtnl: Rtnl | undefined;

  constructor({ file, log, sysfs = '/sys', rtnl }: CardsOptions) {
    this.#rtnl = rtnl;
    this.#file = file;
    this.#log = log;
    this.#bus = join(sysfs, 'bus/pci');
  }

  /** Binds them; returns those that are there. Errors: AppError `process` that names the card and what would help. */
  async take(cards: readonly Card[], missing: 'refuse' | 'skip'): Promise<readonly Card[]> {
    const present: Card[] = [];
    for (const card of cards) {
      if (existsSync(this.#device(card.address))) present.push(card);
      else if (missing === 'refuse') throw refusal(card, 'there is no such card; `lspci -D` lists what there is');
      else this.#log.warn({ address: card.address }, `card ${card.address} is not there: VPP starts without it`);
    }
    for (const card of present) if (card.driver !== 'keep') await this.#bind(card, card.driver);
    return present;
  }

  /** Gives all cards back that were taken, now or by an earlier agent. */
  async giveBack(): Promise<void> {
    for (const [address, { driver, device }] of Object.entries(await this.#former())) {
      if (!existsSync(this.#device(address))) continue;
      await this.#unbind(address);
      await this.#write(join(this.#device(address), 'driver_override'), '\n');
      if (driver !== '') await this.#write(join(this.#bus, 'drivers', driver, 'bind'), address);
      this.#log.info({ address, driver }, `card ${address} is given back to ${driver || 'nobody'}`);
      if (driver !== '' && device) await this.#restore(address, device);
    }
    await rm(this.#file, { force: true });
  }

  async #bind(card: Card, driver: string): Promise<void> {
    const { address } = card;
    const now = await this.#driverOf(address);
    if (now === driver) return;
    if (!existsSync(join(this.#bus, 'drivers', driver))) {
      throw refusal(card, `the kernel driver ${driver} is not loaded: modprobe ${driver}, or choose another driver`);
    }
    // Remembered first: a crash in between must not lose it.
    const device = await this.#hostDevice(address);
    const former = { driver: now, ...(device && { device }) };
    await this.#remember({ [address]: former, ...(await this.#former()) });
    await this.#unbind(address);
    await this.#write(join(this.#device(address), 'driver_override'), driver);
    try {
      await this.#write(join(this.#bus, 'drivers', driver, 'bind'), address);
    } catch (error) {
      await this.giveBack();
      throw refusal(card, `${driver} does not take it: ${(error as Error).message}`, error);
    }
    this.#log.info({ address, driver, former: now }, `card ${address} is taken from ${now || 'nobody'} for VPP`);
  }

  async #hostDevice(address: string): Promise<HostDevice | undefined> {
    const name = await this.#deviceOf(address);
    return name === undefined || !this.#rtnl ? undefined : readHostDevice(this.#rtnl, name);
  }

  /** The driver makes the device some time after it has the card. */
  async #restore(address: string, device: HostDevice): Promise<void> {
    const { name, addresses, routes } = device;
    const end = performance.now() + DEVICE_TIMEOUT;
    let now = await this.#deviceOf(address);
    for (; now === undefined && performance.now() < end; now = await this.#deviceOf(address)) await delay(20);
    try {
      if (now === undefined || !this.#rtnl)
        throw new Error(`card ${address} has no device within ${DEVICE_TIMEOUT} ms`);
      await restoreHostDevice(this.#rtnl, now, device);
      this.#log.info({ name, addresses, routes }, `${name} has its addresses and routes again`);
    } catch (err) {
      this.#log.error({ err, name, addresses, routes }, `${name} does not have its addresses and routes again`);
    }
  }

  /** Name of the card's network device. A virtio card has it one folder deeper. */
  async #deviceOf(address: string): Promise<string | undefined> {
    const folder = this.#device(address);
    const virtio = (await readdir(folder).catch(() => [])).filter((name) => /^virtio\d+$/.test(name));
    for (const place of [folder, ...virtio.map((name) => join(folder, name))]) {
      const [name] = await readdir(join(place, 'net')).catch(() => []);
      if (name !== undefined) return name;
    }
    return undefined;
  }

  async #unbind(address: string): Promise<void> {
    if ((await this.#driverOf(address)) !== '')
      await this.#write(join(this.#device(address), 'driver/unbind'), address);
  }

  async #driverOf(address: string): Promise<string> {
    return basename(await readlink(join(this.#device(address), 'driver')).catch(() => ''));
  }

  #device(address: string): string {
    return join(this.#bus, 'devices', address);
  }

  async #write(path: string, text: string): Promise<void> {
    await writeFile(path, text);
  }

  async #former(): Promise<Former> {
    const text = await readFile(this.#file, 'utf8').catch(() => '{}');
    return JSON.parse(text) as Former;
  }

  async #remember(former: Former): Promise<void> {
    await makeDirectory(dirname(this.#file), 0o700);
    await writeFile(`${this.#file}.new`, JSON.stringify(former), { mode: 0o600 });
    await rename(`${this.#file}.new`, this.#file);
  }
}

function refusal({ address }: Card, reason: string, cause?: unknown): AppError {
  return new AppError('process', `vpp-process.conf: cards: ${address}: ${reason}`, { field: 'cards', cause });
}
