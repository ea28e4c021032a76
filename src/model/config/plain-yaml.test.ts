/** What the fast reader accepts it has to read as the whole parser does; whatever that refuses it must not accept. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CORE_SCHEMA, dump, load, mergeTag } from 'js-yaml';
import { notPlain, readPlainYaml } from './plain-yaml.ts';

const schema = CORE_SCHEMA.withTags(mergeTag);
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 3000);

function agrees(text: string): boolean {
  const value = readPlainYaml(text);
  if (value === notPlain) return false;
  let expected: unknown;
  try {
    expected = load(text, { schema });
  } catch (error) {
    assert.fail(`accepted ${JSON.stringify(text)} as ${JSON.stringify(value)}, but: ${String(error)}`);
  }
  assert.deepStrictEqual(value, expected, JSON.stringify(text));
  return true;
}

const scalars = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    -1,
    4294967295,
    1.5,
    '',
    '~',
    'null',
    'yes',
    'true',
    '1',
    '0x1f',
    '1e3',
  ),
  fc.constantFrom(
    '10.0.0.1/24',
    'fd00::1',
    '02:fe:00:00:00:01',
    'tap1',
    'a b',
    'a: b',
    'a #b',
    '- a',
    '#',
    "it's",
    '"q"',
    'x:',
  ),
  fc.constantFrom(
    'alloc:net1/if1',
    '.inf',
    '.5',
    '+1',
    '-',
    '?',
    'key:',
    '1:2',
    '1_000',
    '0o7',
    '12:30:45',
    '2001-01-01',
    '&a',
    '*a',
    '!t',
    '|',
    '>',
  ),
  fc.string({ maxLength: 6 }),
);
const names = fc.constantFrom('name', 'vrf_id', 'ipAddresses', 'a-b', 'a.b', 'true', 'null', '1', 'x y', '', '<<', 'ü');
const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

const texts = fc
  .tuple(values, fc.constantFrom(-1, 0, 1, 2), fc.boolean(), fc.boolean(), fc.constantFrom('single', 'double'))
  .map(([value, flowLevel, seqNoIndent, isJson, quoteStyle]) =>
    isJson
      ? JSON.stringify(value, null, flowLevel + 1)
      : dump(value, { flowLevel, seqNoIndent, quoteStyle: quoteStyle as 'single' | 'double', lineWidth: 40 }),
  );

test('documents as people and programs write them', () => {
  let accepted = 0;
  fc.assert(
    fc.property(texts, (text) => {
      if (agrees(text)) accepted++;
    }),
    { numRuns },
  );
  assert.ok(accepted > numRuns / 10, `only ${accepted} of ${numRuns} were plain`);
});

const pieces = [
  ' ',
  '  ',
  '\n',
  '\n  ',
  '\t',
  '-',
  '- ',
  ':',
  ': ',
  '#',
  ' #',
  ',',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '\\',
  '&',
  '*',
  '!',
  '|',
  '>',
  '%',
  '@',
  '?',
  '? ',
  '.',
  '...',
  '---',
  '\n---\n',
  '1',
  'a',
  'a: ',
  '\r',
  '\u0000',
  '\uFEFF',
  '~',
  'null',
  '<<: ',
  '\u2028',
  '\u00a0',
  'é',
];

test('documents with something changed', () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.constantFrom('', ...pieces)), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(texts, edits, (text, changes) => {
      let changed = text;
      for (const [position, length, piece] of changes) {
        const at = position % (changed.length + 1);
        changed = changed.slice(0, at) + piece + changed.slice(at + length);
      }
      agrees(changed);
    }),
    { numRuns },
  );
});

test('pieces of YAML in any order', () => {
  const words = fc.array(fc.constantFrom(...pieces, 'b:\n', 'c: d\n', '- e\n', '{f: g}', '[h, 1]'), { maxLength: 12 });
  fc.assert(
    fc.property(words, (parts) => void agrees(parts.join(''))),
    { numRuns },
  );
});

const plain = [
  'a: 1\nb: [x, 10.0.0.1/24, {c: d}]\n',
  '# comment\n\na:   # comment\n  - b: 1 # comment\n    c: "x # y"\n\n  -   d: \'z\'\n  - e\ng:\n- 1\n-\n',
  '---\na:\n  b:\n    c: 2001:db8::1\n',
  '{"a": [1, "x\\n\\u00e9", {"b": null}],\n\t"c":true}\n',
  'a: {"b":1, c: 02:fe:00:00:00:01 , "d": []}',
  '- - 1\n  - 2\n- a: 1\n  b: 2\n',
];

for (const text of plain) {
  test(`is read without the whole parser: ${JSON.stringify(text)}`, () => assert.ok(agrees(text)));
}
