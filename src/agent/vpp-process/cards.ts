/**
 * Network cards that VPP takes from the kernel: bound to a driver that lets a program have them, and given back to the driver they
 * had. What they had is in a file, so that a later agent can give them back, too.
 */

import { existsSync } from 'node:fs';
import { mkdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, type Logger } from '../../app/index.ts';
import type { Card } from './settings.ts';

export interface CardsOptions {
  /** Remembers which driver a card had. */
  readonly file: string;
  readonly log: Logger;
  /** Default: `/sys`. */
  readonly sysfs?: string;
}

/** Driver by PCI address; empty: it had none. */
type Former = Readonly<Record<string, string>>;

export class Cards {
  readonly #file: string;
  readonly #log: Logger;
  readonly #bus: string;

  constructor({ file, log, sysfs = '/sys' }: CardsOptions) {
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
    for (const [address, driver] of Object.entries(await this.#former())) {
      if (!existsSync(this.#device(address))) continue;
      await this.#unbind(address);
      await this.#write(join(this.#device(address), 'driver_override'), '\n');
      if (driver !== '') await this.#write(join(this.#bus, 'drivers', driver, 'bind'), address);
      this.#log.info({ address, driver }, `card ${address} is given back to ${driver || 'nobody'}`);
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
    await this.#remember({ [address]: now, ...(await this.#former()) });
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
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    await writeFile(`${this.#file}.new`, JSON.stringify(former), { mode: 0o600 });
    await rename(`${this.#file}.new`, this.#file);
  }
}

function refusal({ address }: Card, reason: string, cause?: unknown): AppError {
  return new AppError('process', `vpp-process.conf: cards: ${address}: ${reason}`, { field: 'cards', cause });
}
