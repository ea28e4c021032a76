import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../../model/key.ts';
import { Admission } from './admission.ts';

const wanted = (count: number, value: unknown = 1) =>
  Array.from({ length: count }, (_, index) => ({ key: asKey(`k/${index}`), value: value as never }));

/** Refuses the value `bad`; each look takes half a millisecond. */
function admission(): Admission {
  return new Admission((changes) => {
    const end = performance.now() + 0.5 * changes.length;
    while (performance.now() < end);
    const bad = changes.filter(({ value }) => (value as unknown) === 'bad');
    return bad.map(({ key }) => ({ key, problems: [{ field: 'f', message: 'is bad' }] })) as never;
  });
}

test('a small request passes at once, a large one in turns, and what comes behind it waits for it', async () => {
  const checks = admission();
  assert.equal(checks.check({ strict: true, changes: wanted(3) }), undefined);
  const order: string[] = [];
  let turns = 0;
  const count = (): void => {
    turns++;
    if (order.length < 3) setImmediate(count);
  };
  setImmediate(count);
  await Promise.all([
    checks.check({ strict: true, changes: wanted(200) })!.then(() => order.push('large')),
    checks.check({ changes: wanted(1) })!.then(() => order.push('behind')),
    checks.check({ strict: true, changes: wanted(1) })!.then(() => order.push('last')),
  ]);
  assert.deepEqual(order, ['large', 'behind', 'last']);
  assert.ok(turns >= 5, `${turns} turns`);
  assert.equal(checks.check({ changes: wanted(1) }), undefined);
});

test('a large request that is wrong is refused with all that is wrong, and the one behind it passes', async () => {
  const checks = admission();
  const [wrong, behind] = await Promise.allSettled([
    checks.check({ strict: true, changes: [...wanted(100), ...wanted(2, 'bad')] }),
    checks.check({ strict: true, changes: wanted(1) }),
  ]);
  assert.equal(wrong.status, 'rejected');
  assert.match(String(wrong.reason), /k\/0 f: is bad \(and 1 more problem\)/);
  assert.equal(behind.status, 'fulfilled');
});
