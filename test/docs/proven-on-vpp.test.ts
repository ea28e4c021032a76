/** What the support table calls proven on VPP is configured where it says, and what behaviour tests configure is in the table. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { provenOnVpp } from '../../scripts/docs/proven-on-vpp.ts';
import { supportByModel } from '../../scripts/docs/support.ts';
import { features } from '../../src/features/index.ts';
import { createModelRegistry } from '../../src/model/index.ts';
import { keptCases } from '../differential/cases.ts';
import { configurationOf } from '../differential/network.ts';

const root = join(import.meta.dirname, '../..');
const registry = createModelRegistry();
const inCases = new Set(
  keptCases()
    .flatMap(({ config }) => configurationOf(config))
    .map(({ key }) => registry.modelForKey(key)?.name),
);

/** Behaviour tests of a folder with what they share; empty when it has none. */
function textOf(folder: string): string {
  const files = readdirSync(join(root, folder));
  const tests = files.filter((file) => /^behaviour.*\.test\.ts$/.test(file));
  const all = tests.length === 0 ? [] : [...tests, ...files.filter((file) => file === 'testing.ts')];
  return all.map((file) => readFileSync(join(root, folder, file), 'utf8')).join('\n');
}

/** As a list of a configuration in YAML, or by the bench (`bench.tap` and `bench.end` are interfaces). */
function isConfigured(model: string, text: string): boolean {
  const { field, jsonField, aliases } = registry.model(model).config!;
  return [field, jsonField, ...aliases].some((name) => new RegExp(String.raw`\b${name}:`).test(text));
}

for (const [model, { by }] of provenOnVpp) {
  test(`${model} is configured in ${by}`, () => {
    assert.notEqual(supportByModel.get(model)?.vpp.grade, undefined, `${model} is no model of an engine`);
    const found = by === 'test/differential' ? inCases.has(model) : isConfigured(model, textOf(by));
    assert.ok(found, `${by} has no test that configures it`);
  });
}

for (const { name, kinds } of features) {
  const text = textOf(`src/features/${name}`);
  for (const kind of text === '' ? [] : kinds.filter((one) => registry.findModel(one.name) !== undefined)) {
    if (!isConfigured(kind.name, text)) continue;
    test(`${kind.name}, which its behaviour test configures, is in the table`, () =>
      assert.ok(provenOnVpp.has(kind.name), 'add it to scripts/docs/proven-on-vpp.ts'));
  }
}
