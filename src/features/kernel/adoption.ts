/**
 * Devices that somebody else made and the agent uses for a while. What they were like is in the ledger before anything is changed,
 * so that they can be given back also after the agent died.
 */

import { formatMac, formatPrefix, parseMac, parsePrefix } from '../../model/address.ts';
import type { Prefix } from '../../model/address.ts';
import { memoryLedger } from '../../kernel/ledger.ts';
import type { Ledger } from '../../kernel/ledger.ts';
import type { Link, LinkSettings } from '../../kernel/netlink/link.ts';
import type { KernelEngine } from './engine.ts';

export interface FormerState {
  readonly name: string;
  readonly settings: {
    readonly up: boolean;
    readonly mtu: number;
    readonly address: Uint8Array;
    readonly alias: string;
  };
  readonly addresses: readonly Prefix[];
  /** File that leads to the namespace it came from. */
  readonly namespace?: string;
}

const PREFIX = 'adopted/';

export function formerStateOf(link: Link, addresses: readonly Prefix[] = []): FormerState {
  const { name, up, mtu, address, alias = '' } = link;
  return { name, settings: { up, mtu, address, alias }, addresses };
}

/** The state before `id` was adopted; undefined: it is not adopted. */
export function recallState(engine: KernelEngine, id: string): FormerState | undefined {
  const text = ledgerOf(engine).get(PREFIX + id);
  return text === undefined ? undefined : parse(text);
}

/** Former states by what is left of their ids after `prefix`. */
export function adoptions(engine: KernelEngine, prefix: string): ReadonlyMap<string, FormerState> {
  const start = PREFIX + prefix;
  return new Map(
    ledgerOf(engine)
      .entries(start)
      .map(([key, text]) => [key.slice(start.length), parse(text)]),
  );
}

/** Resolves when it is durable. */
export function rememberState(
  engine: KernelEngine,
  id: string,
  { settings, addresses, ...others }: FormerState,
): Promise<void> {
  const text = { ...others, ...settings, address: formatMac(settings.address), addresses: addresses.map(formatPrefix) };
  return ledgerOf(engine).set(PREFIX + id, JSON.stringify(text));
}

export function forgetState(engine: KernelEngine, id: string): Promise<void> {
  return ledgerOf(engine).delete(PREFIX + id);
}

interface Stored {
  readonly name: string;
  readonly up: boolean;
  readonly mtu: number;
  readonly address: string;
  readonly alias: string;
  readonly addresses: readonly string[];
  readonly namespace?: string;
}

function parse(text: string): FormerState {
  const { addresses, address, up, mtu, alias, ...others } = JSON.parse(text) as Stored;
  const settings = { up, mtu, alias, address: parseMac(address) ?? new Uint8Array() };
  return { ...others, settings, addresses: addresses.flatMap((prefix) => parsePrefix(prefix) ?? []) };
}

/** Settings that give a device back what it had. */
export function formerSettings({ settings: { address, ...others } }: FormerState): LinkSettings {
  return address.length > 0 ? { ...others, address } : others;
}

const inMemory = new WeakMap<KernelEngine, Ledger>();

/** Of the engine, or one in memory. */
export function ledgerOf(engine: KernelEngine): Ledger {
  if (engine.ledger) return engine.ledger;
  const ledger = inMemory.get(engine) ?? memoryLedger();
  inMemory.set(engine, ledger);
  return ledger;
}
