/** What holds of every kind, whatever it is about. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createModelRegistry, isUnder } from '../model/index.ts';
import { asKey } from '../model/key.ts';
import type { Kind, Part } from '../scheduler/kind.ts';
import { features } from './index.ts';
import { labelsOf, messages } from './testing.ts';

const kinds = features.flatMap((feature) => feature.kinds);
const byName = new Map(kinds.map((kind) => [kind.name, kind]));
const configured = kinds.filter((kind) => kind.prefix !== undefined);
const registry = createModelRegistry();
const KEY = asKey('key');

test('every configured model has a kind with the same name and prefix, and the other way round', () => {
  const models = registry.models('config').map(({ name, prefix }) => `${name} ${prefix}`);
  assert.equal(models.length, 44);
  assert.deepEqual(configured.map(({ name, prefix }) => `${name} ${prefix}`).sort(), models.sort());
});

/** Told of the host, whatever is configured. */
const facts = new Set(['linux.microservice', 'linux.namespaces']);

test('names are unique, and those of parts start with the name of a model or notification family', () => {
  assert.equal(byName.size, kinds.length);
  for (const { name, prefix } of kinds) {
    if (prefix !== undefined || facts.has(name)) continue;
    assert.ok(
      configured.some((model) => name.startsWith(`${model.name}.`)),
      name,
    );
  }
});

test('virtual kinds are kinds of their feature', () => {
  for (const feature of features) for (const kind of feature.virtual ?? []) assert.ok(feature.kinds.includes(kind));
});

for (const kind of configured) {
  const any = messages(registry.model(kind.name).message);
  const wrong = (value: object) => kind.validate !== undefined && kind.validate(KEY, value).length > 0;

  test(`${kind.name}: any value is judged, and problems have words and a field that is spelled as in the contract`, () => {
    const check = fc.property(any, (value) => {
      for (const { field, message } of kind.validate?.(KEY, value) ?? []) {
        assert.match(field, /^([a-z][a-z0-9_]*(\[\d+\])?(\.[a-z][a-z0-9_]*(\[\d+\])?)*)?$/);
        assert.match(message, /\w{2}/);
        assertField(registry.model(kind.name).message, field);
      }
    });
    fc.assert(check, { numRuns: 300 });
  });

  test(`${kind.name}: equivalence is reflexive, and symmetric but for wishes that are not expressed`, () => {
    const check = fc.property(any, any, fc.nat(), (left, other, choice) => {
      const right = withFieldOf(left, other, choice);
      if (kind.equivalent === undefined || wrong(left) || wrong(right)) return;
      assert.ok(kind.equivalent(KEY, left, structuredClone(left)));
      const [one, two] = [withoutWishes(left), withoutWishes(right)];
      assert.equal(kind.equivalent(KEY, one, two), kind.equivalent(KEY, two, one));
    });
    fc.assert(check, { numRuns: 500 });
  });

  test(`${kind.name}: parts and dependencies of a right value are well formed`, () => {
    let right = 0;
    const check = fc.property(any, (value) => {
      if (wrong(value)) return;
      right++;
      assertWellFormed(kind, value);
    });
    fc.assert(check, { numRuns: 5000, seed: 1 });
    assert.ok(right >= 5, `the generator made only ${right} right values in 5000`);
  });

  test(`${kind.name}: secrets are fields of the model`, () => {
    for (const path of kind.secrets ?? []) assertField(registry.model(kind.name).message, path);
  });
}

/** The message with one field as another message has it. */
function withFieldOf(message: object, other: object, choice: number): object {
  const names = Object.keys(message).filter((name) => name !== '$typeName');
  const name = names[choice % names.length] as keyof typeof message;
  return { ...message, [name]: other[name] };
}

/** MAC address and MTU count only when they are asked for. */
function withoutWishes(value: object): object {
  return { ...value, ...('physAddress' in value && 'mtu' in value ? { physAddress: '', mtu: 0 } : {}) };
}

function assertWellFormed(kind: Kind, value: object): void {
  labelsOf(kind, value);
  const claims = kind.claims?.(KEY, value) ?? [];
  assert.equal(new Set(claims).size, claims.length, `claims ${claims.join(', ')}`);
  const parts = kind.parts?.(KEY, value) ?? [];
  assert.equal(new Set(parts.map((part) => part.key)).size, parts.length, 'keys of parts are unique');
  for (const part of parts) assertPart(part);
}

function assertPart(part: Part): void {
  assert.ok(!configured.some((kind) => isUnder(kind.prefix!, part.key)), `${part.key} is no key of a model`);
  if (part.kind === undefined) return;
  const kind = byName.get(part.kind);
  assert.ok(kind, `part ${part.key} is of kind ${part.kind}, which nobody knows`);
  assert.equal(kind.prefix, undefined);
  assertWellFormed(kind, part.value);
}

/** The path leads to a field of the message, by proto names. */
function assertField(
  message: { fields: readonly { name: string; message?: unknown }[] } | undefined,
  path: string,
): void {
  let at = message;
  for (const name of path === '' ? [] : path.replaceAll(/\[\d+\]/g, '').split('.')) {
    const field = at?.fields.find((candidate) => candidate.name === name);
    assert.ok(field, `${path} is no field of the model`);
    at = field.message as typeof message;
  }
}
