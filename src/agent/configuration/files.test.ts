import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigurationError, parseConfigurationAsync } from '../../model/config/index.ts';
import { createModelRegistry } from '../../model/index.ts';
import { filesOf, readFiles } from './files.ts';

const registry = createModelRegistry();
const read = (content: string, file: string) => parseConfigurationAsync(content, { file, registry });
const loop = (name: string): string => `vppConfig:\n  interfaces:\n    - { name: ${name}, type: SOFTWARE_LOOPBACK }\n`;

test('a body that is no list of files is refused with the field', () => {
  for (const [body, path] of [
    ['', ''],
    ['{', ''],
    ['{}', ''],
    ['[]', ''],
    ['['.repeat(100_000), ''],
    ['null', ''],
    ['[{"file":"a"}]', '0.content'],
    ['[{"file":"","content":""}]', '0.file'],
    ['[{"file":"a","content":""},{"file":"b","content":{}}]', '1.content'],
    ['[{"file":"a","content":"","mode":7}]', '0'],
  ] as const)
    assert.throws(
      () => filesOf(Buffer.from(body)),
      (error) => error instanceof ConfigurationError && error.problems[0]?.path === path,
      body.slice(0, 80),
    );
  assert.throws(() => filesOf(Buffer.from([0xff, 0xfe])), ConfigurationError);
  assert.deepEqual(filesOf(Buffer.from('[{"file":"a","content":"{}"}]')), [{ file: 'a', content: '{}' }]);
});

test('the objects of all files, each found in its own', async () => {
  const both = await readFiles(
    [
      { file: 'a.yaml', content: loop('one') },
      { file: 'b.yaml', content: `\n${loop('two')}` },
    ],
    read,
  );
  assert.deepEqual(
    both.values.map(({ key }) => both.locate(key)).map((place) => [place?.file, place?.line]),
    [
      ['a.yaml', 3],
      ['b.yaml', 4],
    ],
  );
});

test('what is wrong in any of them is told at once; an object is in one file only', async () => {
  const problemsOf = (...contents: string[]) =>
    readFiles(
      contents.map((content, index) => ({ file: `${index}.yaml`, content })),
      read,
    ).then(
      () => [],
      (error: ConfigurationError) => error.problems.map(({ file, line, message }) => `${file}:${line} ${message}`),
    );
  const wrong = await problemsOf('vppConfig: [', loop('one'), 'vppConfig: { colour: red }');
  assert.deepEqual(
    wrong.map((text) => text.slice(0, 8)),
    ['0.yaml:1', '2.yaml:1'],
  );
  const [twice = ''] = await problemsOf(loop('one'), loop('two'), loop('one'));
  assert.match(twice, /^2\.yaml:3 this object is in 0\.yaml too/);
});
