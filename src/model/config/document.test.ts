/** Where things stand: in the text of one object alone as in a map of the whole text, and in texts too large for such a map. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dump, parseEvents } from 'js-yaml';
import { ConfigDocument } from './document.ts';
import { ConfigurationError } from './errors.ts';
import { type DocumentPath, Lines, SourceMap } from './source-map.ts';

const leaf = fc.oneof(
  fc.constantFrom<unknown>(null, 0, 1500, true, '', 'tap1', 'a: b', 'x # y', '10.0.0.1/24', []),
  fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }),
);
const names = fc.constantFrom('name', 'ip_addresses', 'mtu', 'rules', 'deep');
const flat = fc.dictionary(names, leaf, { maxKeys: 4 });
const object = fc.dictionary(names, fc.oneof(leaf, flat, fc.array(flat, { maxLength: 3 })), { maxKeys: 4 });
const document = fc.dictionary(
  fc.constantFrom('vppConfig', 'linuxConfig'),
  fc.dictionary(fc.constantFrom('interfaces', 'acls', 'global'), fc.oneof(fc.array(object, { maxLength: 4 }), object), {
    maxKeys: 3,
  }),
  { maxKeys: 2 },
);
const written: readonly ((value: unknown) => string)[] = [
  (value) => dump(value),
  (value) => dump(value, { seqNoIndent: true }),
  (value) => dump(value, { flowLevel: 3, lineWidth: -1 }),
  (value) => dump(value, { flowLevel: 2, lineWidth: -1 }),
  (value) => dump(value, { indent: 4 }).replaceAll('\n', '\n\n# a comment\n'),
  (value) => JSON.stringify(value, null, 2),
  (value) => JSON.stringify(value),
];

function* pathsOf(value: unknown, path: DocumentPath = []): Iterable<DocumentPath> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  yield [...path, 'no_such_field'];
  for (const [name, inner] of Object.entries(value))
    yield* pathsOf(inner, [...path, Array.isArray(value) ? Number(name) : name]);
}

test('positions are those of a map of the whole text, however it is written', () => {
  fc.assert(
    fc.property(document, fc.constantFrom(...written), (value, write) => {
      const text = write(value);
      const whole = new SourceMap(text, parseEvents(text, {}));
      const lines = new Lines(text);
      const parsed = new ConfigDocument(text, 'a.yaml');
      for (const path of pathsOf(value)) {
        const { name, value: at, complete } = whole.find(path);
        const where = `${JSON.stringify(path)} in\n${text}`;
        assert.deepEqual(parsed.position(path), { file: 'a.yaml', ...lines.position(at) }, where);
        const named = complete ? (name ?? at) : at;
        assert.deepEqual(parsed.position(path, 'name'), { file: 'a.yaml', ...lines.position(named) }, where);
      }
    }),
    { numRuns: 200 },
  );
});

const items = '    - { name: loop, type: SOFTWARE_LOOPBACK, enabled: true, mtu: 1500 }\n'.repeat(70_000);
const lastLine = 70_003;

function refusal(text: string): ConfigurationError {
  try {
    return assert.fail(`accepted: ${new ConfigDocument(text, 'a.yaml').file}`);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

test('in a large text no map of the whole is made', () => {
  const text = `vppConfig:\n  interfaces:\n${items}    - name: last\n      mtuu: 1\nlinuxConfig:\n  routs: 1\n`;
  const large = new ConfigDocument(text, 'a.yaml');
  Object.defineProperty(large, 'map', { get: () => assert.fail('the whole text was mapped') });
  const at = (...path: DocumentPath) => large.position(path, 'name');
  assert.deepEqual(at('vppConfig', 'interfaces', 70_000, 'mtuu'), { file: 'a.yaml', line: lastLine + 1, column: 7 });
  assert.deepEqual(at('vppConfig', 'interfaces', 3, 'mtu'), { file: 'a.yaml', line: 6, column: 61 });
  assert.deepEqual(at('linuxConfig', 'routs'), { file: 'a.yaml', line: lastLine + 3, column: 3 });
  assert.deepEqual(at('vppConfig'), { file: 'a.yaml', line: 1, column: 1 });
});

test('a large text that the fast reader does not take is refused where it gave up', () => {
  const head = `vppConfig:\n  interfaces:\n${items}`;
  for (const [what, end, column] of [
    ['a mistake', '    - { name: a, mtu: 1\n', 5],
    ['a name given twice', '    - { name: a, name: b }\n', 18],
    ['an anchor', '    - &a { name: a }\n', 7],
  ] as const) {
    const { problems } = refusal(head + end);
    assert.equal(problems.length, 1);
    const { line, message, column: found } = problems[0]!;
    assert.equal(line, lastLine, what);
    assert.ok(found >= column, `${what}: ${found}`);
    assert.match(message, /^cannot be read from here on: a mistake, .* up to 4 MB only/);
  }
});

test('a large text of comments is an empty configuration', () => {
  assert.equal(new ConfigDocument('# nothing\n'.repeat(500_000), 'a.yaml').root, undefined);
});
