import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from './testing.ts';

test('a reader that has gone (`| head -1`) is no error', async () => {
  const { code, stderr } = await runCommand(['schema'], undefined, 'some');
  assert.deepEqual([code, stderr], [0, '']);
});

test('what would go on for ever ends when nobody reads any more', async () => {
  let timer: NodeJS.Timeout | undefined;
  try {
    const { code, stderr, stdout } = await runCommand(
      ['-f', 'json', 'events'],
      (_asked, response) => {
        timer = setInterval(() => response.write('{"key":"a","state":"CONFIGURED"}\n'), 20);
      },
      'some',
    );
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /CONFIGURED/);
  } finally {
    clearInterval(timer);
  }
});
