/**
 * `npm run differential -- --vpp VPP [--seed N] [--runs N] [--topic NAME]... [--minutes N] [--out FILE]`: generated configurations and packets
 * through both engines; every disagreement is made small and printed as a case (test/differential/README.md).
 */

import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compare, type Comparison, type Engines } from '../test/differential/compare.ts';
import { kernelSide, vppSide } from '../test/differential/engines.ts';
import { generate, type Topic, topics } from '../test/differential/generate/index.ts';
import { type Case, shrink } from '../test/differential/shrink.ts';

const { values } = parseArgs({
  options: {
    vpp: { type: 'string' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '20' },
    topic: { type: 'string', multiple: true },
    minutes: { type: 'string', default: '5' },
    out: { type: 'string' },
    whole: { type: 'boolean', default: false },
  },
});
const binary = values.vpp ?? process.env['LIGATURE_VPP_BIN'];
if (binary === undefined) {
  console.log('skipped: needs VPP (--vpp /usr/bin/vpp, or LIGATURE_VPP_BIN)');
  process.exit(0);
}
process.env['LIGATURE_VPP_BIN'] = binary;
const unknown = (values.topic ?? []).filter((name) => !topics.some((topic) => topic === name));
const [seed, runs, minutes] = [values.seed, values.runs, values.minutes].map(Number) as [number, number, number];
if (unknown.length > 0 || [seed, runs, minutes].some((number) => !Number.isFinite(number) || number < 0)) {
  console.error(`--topic is one of ${topics.join(', ')}; --seed, --runs and --minutes are numbers`);
  process.exit(2);
}

const chosen = (values.topic as readonly Topic[] | undefined) ?? topics;
const known = new Map<string, number>();
const totals = { runs: 0, packets: 0, passed: 0, refused: 0, disagreeing: 0 };
const end = performance.now() + minutes * 60_000;
// VPP and namespaces go before the script does.
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (isStopped = true));
{
  await using kernel = await kernelSide();
  await using vpp = await vppSide();
  for (let at = seed; at < seed + runs && performance.now() < end && !isStopped; at++) await one({ kernel, vpp }, at);
}
console.log(
  `${totals.runs} configurations, ${totals.packets} packets (${totals.passed} the same way through both), ` +
    `${totals.refused} configurations refused, ${totals.disagreeing} with disagreements`,
);
for (const [name, count] of known) console.log(`known difference ${name}: ${count} packets`);
process.exit(totals.disagreeing > 0 ? 1 : 0);

async function one(engines: Engines, at: number): Promise<void> {
  const { topic, config, steps } = generate(at, chosen);
  const found = await compare(engines, config, steps);
  totals.runs += 1;
  totals.packets += steps.length;
  totals.passed += found.passed;
  if (found.refused) totals.refused += 1;
  for (const name of found.known) known.set(name, (known.get(name) ?? 0) + 1);
  if (found.disagreements.length === 0) return;
  // Once more: what happens once only is no case.
  const again = await compare(engines, config, steps);
  if (again.disagreements.length === 0) {
    console.log(`seed ${at} (${topic}): not again: ${JSON.stringify(found.disagreements)}`);
    return;
  }
  totals.disagreeing += 1;
  const small = values.whole ? { config, steps } : await smaller(engines, { config, steps }, again);
  const last = await compare(engines, small.config, small.steps);
  report({ seed: at, topic, ...small, disagreements: last.disagreements });
}

function smaller(engines: Engines, from: Case, { disagreements }: Comparison): Promise<Case> {
  const isRefusal = disagreements[0]!.step === undefined;
  return shrink(from, disagreements[0]!.step, async ({ config, steps }) => {
    const { disagreements: still, refused } = await compare(engines, config, steps);
    return still.length > 0 && refused === isRefusal;
  });
}

interface Found extends Case {
  readonly seed: number;
  readonly topic: Topic;
  readonly disagreements: Comparison['disagreements'];
}

function report(found: Found): void {
  const { seed: number, topic, config, steps, disagreements } = found;
  console.log(`seed ${number} (${topic}): ${JSON.stringify(config)}`);
  for (const { step, kernel, vpp } of disagreements) {
    console.log(`  step ${step}: ${step === undefined ? 'configuration' : JSON.stringify(steps[step])}`);
    console.log(`    kernel: ${kernel.join(' | ') || 'nothing'}\n    vpp:    ${vpp.join(' | ') || 'nothing'}`);
  }
  if (values.out !== undefined) appendFileSync(values.out, `${JSON.stringify(found)}\n`);
}
