/** For tests of VRFs that are made of rules. */

import assert from 'node:assert/strict';
import { eventually } from '../../../../test/router/agent.ts';
import { KernelBench } from '../../../../test/router/kernel.ts';
import { answers } from '../testing.ts';

/** A router whose kernel has, or is said to have, no vrf devices. */
export async function openWithoutVrfDevices(...hosts: readonly string[]): Promise<KernelBench> {
  const bench = await KernelBench.open(...hosts);
  bench.without = ['vrf'];
  return bench;
}

type Pair = readonly [from: string, to: string];

export async function reached(bench: KernelBench, ...pairs: readonly Pair[]): Promise<void> {
  for (const [from, to] of pairs) await eventually(() => answers(bench.host(from), to));
}

export async function apart(bench: KernelBench, ...pairs: readonly Pair[]): Promise<void> {
  for (const [from, to] of pairs) {
    assert.equal(await answers(bench.host(from), to), false, `${to} is in another VRF than ${from}`);
  }
}
