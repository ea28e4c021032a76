/** Tests that hold for a router, whichever engine makes it. */

// First: VPP and the agents are in a namespace of their own.
import '../stage/own-namespace.ts';
import { test } from 'node:test';
import { requires } from '../requires.ts';
import { vppBinary } from '../vpp/process.ts';
import type { Bench } from './bench.ts';
import { Pair, PAIR_HOSTS } from './pair.ts';
import type { VppBench } from './vpp.ts';

export interface Terms {
  /** Names of the hosts of the bench. */
  readonly hosts: readonly string[];
  /** Programs that the test needs, beside `ip` and `nft` of the kernel's part. */
  readonly commands?: readonly string[];
  /** Features that the kernel's part needs of the kernel, by the names of `scripts/test/kernel.ts`; a test VM has what this one lacks. */
  readonly kernel?: readonly string[];
  readonly timeout?: number;
}

export type EngineName = 'kernel' | 'vpp';

/**
 * Makes two tests: on the kernel engine, and on a VPP when there is one (`LIGATURE_VPP_BIN`).
 *
 * @example onEachEngine('routes forward', { hosts: ['a', 'b'] }, async (bench) => { const agent = await bench.agent(); ... });
 */
export function onEachEngine(
  name: string,
  terms: Terms,
  run: (bench: Bench, engine: EngineName) => Promise<void>,
): void {
  const { hosts, commands = [], kernel = [], timeout } = terms;
  const skip = requires({ netns: true, commands: ['ip', 'nft', ...commands], kernel });
  test(`${name} (kernel)`, { skip, ...(timeout === undefined ? {} : { timeout }) }, async () => {
    const { KernelBench } = await import('./kernel.ts');
    await using bench = await KernelBench.open(...hosts);
    await run(bench, 'kernel');
  });
  onVpp(name, terms, (bench) => run(bench, 'vpp'));
}

/** Makes the half on VPP alone: for what the kernel engine does not make. */
export function onVpp(
  name: string,
  { hosts, commands = [], timeout }: Pick<Terms, 'hosts' | 'commands' | 'timeout'>,
  run: (bench: VppBench) => Promise<void>,
): void {
  const limit = timeout === undefined ? {} : { timeout };
  const vpp = vppBinary() === undefined ? 'needs VPP (LIGATURE_VPP_BIN)' : requires({ netns: true, commands });
  test(`${name} (VPP)`, { skip: vpp, ...limit }, async () => {
    const { VppBench } = await import('./vpp.ts');
    await using bench = await VppBench.open(...hosts);
    await run(bench);
  });
}

/** As `onEachEngine`, with two routers of the same kind that are joined by a wire (`pair.ts`). */
export function onEachPair(
  name: string,
  { commands = [], kernel = [], timeout = 60_000 }: Omit<Terms, 'hosts'>,
  run: (pair: Pair, engine: EngineName) => Promise<void>,
): void {
  const skip = requires({ netns: true, commands: ['ip', 'nft', ...commands], kernel });
  test(`${name} (kernel)`, { skip, timeout }, async () => {
    const { KernelBench } = await import('./kernel.ts');
    await using pair = new Pair(...(await KernelBench.openPair(...PAIR_HOSTS)));
    await run(pair, 'kernel');
  });
  pairOnVpp(name, { commands, timeout }, (pair) => run(pair, 'vpp'));
}

/** Makes the half on VPP alone. */
export function pairOnVpp(
  name: string,
  { commands = [], timeout = 60_000 }: Pick<Terms, 'commands' | 'timeout'>,
  run: (pair: Pair<VppBench>) => Promise<void>,
): void {
  const skip = vppBinary() === undefined ? 'needs VPP (LIGATURE_VPP_BIN)' : requires({ netns: true, commands });
  test(`${name} (two VPPs)`, { skip, timeout }, async () => {
    const { VppBench } = await import('./vpp.ts');
    await using pair = new Pair(...(await VppBench.openPair(...PAIR_HOSTS)));
    await run(pair);
  });
}
