import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../../model/key.ts';
import type { Rule } from '../../kernel/netlink/rule.ts';
import { markOf, marks } from '../../kernel/pipeline/marks.ts';
import { routeProtocols } from '../../kernel/pipeline/numbers.ts';
import type { KernelEngine } from './engine.ts';
import { SteeringMarks, steeringNumber } from './steering-marks.ts';

const [one, other] = [asKey('one'), asKey('other')];

function rule(table: number, number: number, protocol: number = routeProtocols.abf): Rule {
  const mark = (markOf(marks.abf, number) | markOf(marks.vrf, 7)) >>> 0;
  return { family: 4, priority: 300, action: 'table', flags: 0, table, mark, protocol };
}

test('a table keeps its number until its last user leaves; the rules that are there tell it', () => {
  const numbers = SteeringMarks.of({} as KernelEngine);
  const there = [rule(10, 1), rule(11, 2, routeProtocols.l3CrossConnect), rule(12, 3, 99)];
  assert.equal(steeringNumber(there[1]), 2);
  assert.equal(numbers.take(11, one, there), 2);
  assert.equal(numbers.take(20, one, there), 3, 'rules of others do not count');
  assert.equal(numbers.take(20, other, []), 3);
  numbers.release(20, one);
  assert.equal(numbers.take(21, one, there), 4);
  numbers.release(20, other);
  assert.equal(numbers.take(22, one, there), 3);
});

test('none is left after the last one', () => {
  const numbers = SteeringMarks.of({} as KernelEngine);
  for (let table = 1; table <= SteeringMarks.limit; table += 1) assert.equal(numbers.take(table, one, []), table);
  assert.equal(numbers.take(9_999, one, []), undefined);
  numbers.release(500, one);
  assert.equal(numbers.take(9_999, one, []), 500);
});
