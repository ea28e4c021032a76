/**
 * Kept cases on the kernel engine, and on VPP where there is one (`LIGATURE_VPP_BIN`); there some new ones are generated as well. More of
 * them: `npm run differential`.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requires } from '../requires.ts';
import { vppBinary } from '../vpp/process.ts';
import { type KeptCase, keptCases } from './cases.ts';
import { compare } from './compare.ts';
import { knownDifferences } from './differences.ts';
import type { KnownDifference } from './known-difference.ts';
import { type Engine, kernelSide, vppSide } from './engines.ts';
import type { Outcome } from './exchange.ts';
import { generate } from './generate/index.ts';
import { normal } from './normal.ts';

const noNamespaces = requires({ netns: true });
const noVpp =
  vppBinary() === undefined ? 'needs VPP (LIGATURE_VPP_BIN)' : requires({ netns: true, commands: ['nsenter'] });

async function outcomeOn(engine: Engine, { config, steps }: KeptCase): Promise<Outcome> {
  return normal(config, steps, await engine.run(config, steps));
}

test('cases name differences that are known, and have an outcome for each step', () => {
  const names = new Set(knownDifferences.map(({ name }) => name));
  const cases = keptCases();
  assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length);
  for (const { name, steps, right, vpp } of cases) {
    assert.equal(right.length, steps.length, name);
    if (!vpp) continue;
    assert.ok(names.has(vpp.difference), `${name}: ${vpp.difference} is not one of ${[...names].join(', ')}`);
    assert.equal(vpp.outcome.length, steps.length, name);
    assert.notDeepEqual(vpp.outcome, right, name);
  }
});

test('a difference that cases show is explained by its name, and by nothing else that comes before', () => {
  for (const { name, config, steps, right, vpp } of keptCases()) {
    if (!vpp) continue;
    for (const [index, step] of steps.entries()) {
      const sides: { readonly kernel: readonly string[]; readonly vpp: readonly string[] } = {
        kernel: right[index]!,
        vpp: vpp.outcome[index]!,
      };
      if (sides.kernel.join('\n') === sides.vpp.join('\n')) continue;
      const found: KnownDifference | undefined = knownDifferences.find((one) =>
        one.explains({ config, step, ...sides }),
      );
      assert.equal(found?.name, vpp.difference, `${name}, step ${index}`);
    }
  }
});

test('kept cases on the kernel engine', { skip: noNamespaces }, async (t) => {
  await using engine = await kernelSide();
  for (const one of keptCases()) {
    await t.test(one.name, async () => assert.deepEqual(await outcomeOn(engine, one), one.right, one.why));
  }
});

test('kept cases on VPP', { skip: noVpp }, async (t) => {
  await using engine = await vppSide();
  for (const one of keptCases()) {
    const expected = one.vpp?.outcome ?? one.right;
    await t.test(one.name, async () => assert.deepEqual(await outcomeOn(engine, one), expected, one.why));
  }
});

test('generated configurations and packets: both engines agree but for known differences', {
  skip: noVpp,
}, async () => {
  await using kernel = await kernelSide();
  await using vpp = await vppSide();
  for (let seed = 1; seed <= 6; seed++) {
    const { config, steps } = generate(seed, ['acl', 'macip', 'xconnect', 'route']);
    const { disagreements, passed } = await compare({ kernel, vpp }, config, steps);
    assert.deepEqual(disagreements, [], `seed ${seed}: ${JSON.stringify(config)}`);
    assert.ok(passed > 0, `seed ${seed}: nothing came through`);
  }
});
