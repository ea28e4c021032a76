import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacedQueue } from './paced-queue.ts';

function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('others are served between the work of many, which is done in order', async () => {
  const queue = new PacedQueue();
  const order: number[] = [];
  let served = 0;
  let isOver = false;
  const serve = (): void => {
    served++;
    if (!isOver) setImmediate(serve);
  };
  setImmediate(serve);
  const work = Array.from({ length: 30 }, (_, index) =>
    queue.run(() => {
      busy(3);
      order.push(index);
      return index;
    }),
  );
  assert.deepEqual(
    await Promise.all(work),
    Array.from({ length: 30 }, (_, index) => index),
  );
  isOver = true;
  assert.deepEqual(
    order,
    [...order].sort((left, right) => left - right),
  );
  assert.ok(served >= 10, `${served} turns`);
});

test('work that throws rejects its caller, and the others go on', async () => {
  const queue = new PacedQueue();
  const [first, second] = await Promise.allSettled([
    queue.run(() => {
      throw new Error('no');
    }),
    queue.run(() => 2),
  ]);
  assert.equal(first.status, 'rejected');
  assert.deepEqual(second, { status: 'fulfilled', value: 2 });
});
