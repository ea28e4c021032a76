import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration } from './duration.ts';
import { editDistance, suggest } from './suggest.ts';

it('reads what Go writes', () => {
  const cases: Record<string, number> = {
    '500ms': 500,
    '2s': 2000,
    '1.5s': 1500,
    '1h2m3s': 3_723_000,
    '100us': 0.1,
    '100µs': 0.1,
    '5ns': 5e-6,
    '0': 0,
  };
  for (const [text, ms] of Object.entries(cases)) assert.equal(parseDuration(text), ms, text);
});

it('refuses what has no unit or no sense', () => {
  for (const text of ['', '5', '-1s', 's', '1 s', '1s2', '1d', 'NaNs', '1e3s'])
    assert.equal(parseDuration(text), undefined, text);
});

it('reads what it writes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e9 }),
      (ms) => Math.abs((parseDuration(formatDuration(ms)) ?? -1) - ms) < 1e-3,
    ),
  );
});

it('suggests what is near, whatever the spelling, and nothing far-fetched', () => {
  const words = ['dial-timeout', 'endpoints', 'disabled'];
  assert.equal(suggest('dialTimeout', words), 'dial-timeout');
  assert.equal(suggest('endpiont', words), 'endpoints');
  assert.equal(suggest('disable', words), 'disabled');
  assert.equal(suggest('password', words), undefined);
});

it('measures an edit distance that is symmetric and zero only for equals', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
      const distance = editDistance(a, b);
      return (
        distance === editDistance(b, a) && (distance === 0) === (a === b) && distance <= Math.max(a.length, b.length)
      );
    }),
  );
});
