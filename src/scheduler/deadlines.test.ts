import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Deadlines, type Timed } from './deadlines.ts';

class Operation implements Timed {
  tick = 0;
  expired = 0;
  asked = 0;
  #settled = false;

  get settled(): boolean {
    this.asked++;
    return this.#settled;
  }

  settle(): void {
    this.#settled = true;
  }

  expire(): void {
    this.expired++;
  }
}

test('operations expire after their deadline, those that are over do not', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const deadlines = new Deadlines(1_000);
    const [slow, quick, late] = [new Operation(), new Operation(), new Operation()];
    deadlines.add(slow);
    deadlines.add(quick);
    const pass = (quarters: number): void => {
      for (let quarter = 0; quarter < quarters; quarter++) mock.timers.tick(250);
    };
    const expired = () => [slow, quick, late].map((operation) => operation.expired);
    pass(2);
    deadlines.add(late);
    quick.settle();
    pass(2);
    assert.deepEqual(expired(), [0, 0, 0]);
    pass(1);
    assert.deepEqual(expired(), [1, 0, 0]);
    pass(2);
    assert.deepEqual(expired(), [1, 0, 1]);
    pass(8);
    assert.deepEqual(expired(), [1, 0, 1]);
    deadlines.close();
  } finally {
    mock.timers.reset();
  }
});

test('many at a time are looked at a few times each, also when one ends for each that begins', () => {
  const deadlines = new Deadlines(60_000);
  const waiting = Array.from({ length: 8_191 }, () => new Operation());
  for (const operation of waiting) deadlines.add(operation);
  const later: Operation[] = [];
  for (const operation of waiting) {
    operation.settle();
    const next = new Operation();
    later.push(next);
    deadlines.add(next);
  }
  const asked = [...waiting, ...later].reduce((sum, operation) => sum + operation.asked, 0);
  assert.ok(
    asked <= 4 * (waiting.length + later.length),
    `${asked} looks at ${waiting.length + later.length} operations`,
  );
  deadlines.close();
});
