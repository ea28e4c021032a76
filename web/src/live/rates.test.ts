import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CounterReading, rateText, withReading } from './rates.ts';

const reading = (time: number, rxBytes: string, name = 'tap1'): CounterReading => ({
  time,
  interfaces: [
    {
      key: `config/vpp/v2/interfaces/${name}`,
      name,
      device: `lg-${name}`,
      place: '',
      operational: 'UP',
      counters: {
        rxPackets: '0',
        rxBytes,
        rxErrors: '0',
        rxDropped: '0',
        txPackets: '0',
        txBytes: '7',
        txErrors: '0',
        txDropped: '0',
      },
    },
  ],
});

test('rates are between readings, exact beyond 53 bits', () => {
  let courses = withReading(new Map(), reading(1000, '18446744073709550000'));
  courses = withReading(courses, reading(3000, '18446744073709551000'));
  const course = courses.get('config/vpp/v2/interfaces/tap1');
  assert.deepEqual([course?.rx, course?.tx], [[500], [0]]);
});

test('a counter that was begun anew has no rate for once, and what has gone is forgotten', () => {
  let courses = withReading(new Map(), reading(0, '5000'));
  courses = withReading(courses, reading(1000, '10'));
  courses = withReading(courses, reading(2000, '30'));
  assert.deepEqual(courses.get('config/vpp/v2/interfaces/tap1')?.rx, [20]);
  assert.deepEqual([...withReading(courses, reading(3000, '0', 'other')).keys()], ['config/vpp/v2/interfaces/other']);
});

test('rates for people', () => {
  assert.deepEqual([0, 12, 999, 1234, 56_700_000, 2.5e9].map(rateText), [
    '0 B/s',
    '12 B/s',
    '999 B/s',
    '1.2 kB/s',
    '57 MB/s',
    '2.5 GB/s',
  ]);
});
