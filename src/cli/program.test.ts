import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from './testing.ts';

test('wrong usage is told in one line, with what was probably meant', async () => {
  for (const [args, message] of [
    [['--bogus', 'status'], /^error: unknown option '--bogus' \(add --help for what there is\)\n$/],
    [['config', 'aply'], /^error: unknown command 'aply' \(Did you mean apply\?\) \(add --help for what there is\)\n$/],
    [
      ['dump', 'all', '--view', 'XX'],
      /^error: option '--view <view>' .* choices are SB, NB, cached\. \(add --help.*\)\n$/,
    ],
  ] as const) {
    const { code, stderr, stdout } = await runCommand(args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, message);
  }
});
