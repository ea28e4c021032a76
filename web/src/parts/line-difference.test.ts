import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineDifference } from './line-difference.ts';

test('lines that came, went and stayed', () => {
  assert.deepEqual(lineDifference('a\nb\nc\n', 'a\nx\nc\nd\n'), [
    ['same', 'a'],
    ['removed', 'b'],
    ['added', 'x'],
    ['same', 'c'],
    ['added', 'd'],
  ]);
  assert.deepEqual(lineDifference('', 'a'), [['added', 'a']]);
  assert.deepEqual(lineDifference('a', ''), [['removed', 'a']]);
});
