/** Every folder says what it is about, and its examples are right. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseConfiguration } from '../model/config/index.ts';
import { createModelRegistry } from '../model/index.ts';
import { features } from './index.ts';

const room = import.meta.dirname;
const kinds = new Map(features.flatMap((feature) => feature.kinds).map((kind) => [kind.name, kind]));
const registry = createModelRegistry();

/** What the handlers of an engine share. */
const engines = ['kernel', 'vpp'];

test('every feature has a folder of its name, and every folder a feature', () => {
  const folders = readdirSync(room, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(folders.map(({ name }) => name).sort(), [...features.map(({ name }) => name), ...engines].sort());
});

for (const { name } of features) {
  for (const [index, example] of examplesOf(name).entries()) {
    test(`${name}: example ${index + 1} of its README is right`, () => {
      const { values } = parseConfiguration(example, { registry, file: `${name}/README.md` });
      assert.ok(values.length > 0);
      for (const { key, model, value } of values) {
        assert.deepEqual(kinds.get(model.name)?.validate?.(key, value) ?? [], [], key);
      }
    });
  }
}

/** Blocks of YAML that are whole configurations; others show a part of one. */
function examplesOf(name: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(`${room}/${name}/README.md`, 'utf8');
  } catch {
    return [];
  }
  const blocks = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, block]) => block!);
  return blocks.filter((block) => /^(vpp|linux|netalloc)Config:/m.test(block));
}
