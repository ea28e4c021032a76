import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as numbers from './numbers.ts';
import { stages, type Stage } from './hooks.ts';
import { connectionMarks, markOf, marks } from './marks.ts';
import { isOwnTable, tables } from './tables.ts';

function spans(of: Record<string, number | numbers.NumberRange>): [string, number, number][] {
  return Object.entries(of).map(([name, at]) => (typeof at === 'number' ? [name, at, at] : [name, at.first, at.last]));
}

function assertDisjoint(list: [string, number, number][]): void {
  const sorted = list.toSorted((a, b) => a[1] - b[1]);
  for (const [name, first, last] of sorted) assert.ok(first <= last, `${name} is upside down`);
  sorted.slice(1).forEach(([name, first], at) => {
    const before = sorted[at]!;
    assert.ok(before[2] < first, `${before[0]} (to ${before[2]}) overlaps ${name} (from ${first})`);
  });
}

test('no two users share a number', () => {
  const { defaultVrf, ...routingTables } = numbers.routingTables;
  assert.ok(defaultVrf >= routingTables.kernel.first && defaultVrf <= routingTables.kernel.last);
  for (const space of [
    routingTables,
    numbers.rulePreferences,
    numbers.conntrackZones,
    numbers.routeProtocols,
    numbers.deviceGroups,
    numbers.tcPreferences,
  ]) {
    assertDisjoint(spans(space));
  }
});

test('the overlap check sees an overlap', () => {
  assert.throws(() => assertDisjoint(spans({ one: { first: 1, last: 5 }, two: 5 })), /one .*overlaps two/);
});

test('numbers fit what the kernel stores', () => {
  const widths: [Record<string, number | numbers.NumberRange>, number][] = [
    [numbers.routingTables, 2 ** 32],
    [numbers.rulePreferences, 32_768],
    [numbers.conntrackZones, 2 ** 16],
    [numbers.routeProtocols, 2 ** 8],
    [numbers.deviceGroups, 2 ** 31],
    [numbers.tcPreferences, 2 ** 16],
  ];
  for (const [space, limit] of widths) for (const [name, , last] of spans(space)) assert.ok(last < limit, name);
});

test('route protocols are none that iproute2 knows', () => {
  const known = [0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 42, 84, 99, 186, 187, 188, 189, 192];
  for (const number of Object.values(numbers.routeProtocols)) assert.ok(!known.includes(number));
});

test('mark fields do not overlap and stay in 32 bits', () => {
  for (const fields of [marks, connectionMarks]) {
    let taken = 0n;
    for (const { name, mask, shift, bits } of Object.values(fields)) {
      assert.ok(shift + bits <= 32, name);
      assert.equal(taken & BigInt(mask), 0n, name);
      taken |= BigInt(mask);
    }
  }
});

test('markOf puts a value in place and refuses what does not fit', () => {
  assert.equal(markOf(marks.vrf, 2047), 0xffe0_0000);
  assert.equal(markOf(marks.abf, 5), 5 << 8);
  assert.throws(() => markOf(marks.abf, 1_024), /abf: 1024 is not in 0-1023/);
});

test('every VRF index has a mark and a zone', () => {
  assert.equal(numbers.numberIn(numbers.conntrackZones.vrf, marks.vrf.limit - 1), marks.vrf.limit);
});

test('VRF ids map to tables and back, away from the tables of the kernel', () => {
  for (const id of [0, 1, 252, 253, 254, 255, 100_000, 4_026_530_839]) {
    const table = numbers.tableOfVrf(id);
    assert.equal(numbers.vrfOfTable(table), id);
    if (id > 0) assert.ok(table > 255);
  }
  assert.throws(() => numbers.tableOfVrf(4_026_530_840), RangeError);
  assert.equal(numbers.vrfOfTable(255), undefined);
  assert.equal(numbers.vrfOfTable(numbers.routingTables.abf.first), undefined);
});

test('one priority per hook and family, in the declared order', () => {
  const last = new Map<string, [string, number]>();
  for (const [name, stage] of Object.entries<Stage>(stages)) {
    for (const family of stage.families) {
      const place = `${family} ${stage.hook}`;
      const before = last.get(place);
      if (before) assert.ok(before[1] < stage.priority, `${place}: ${name} does not come after ${before[0]}`);
      last.set(place, [name, stage.priority]);
    }
  }
});

test('the order that VPP has', () => {
  const { inputAcl, crossConnect, macip, destinationNat, sourceNat, outputAcl, zone, mark, localZone } = stages;
  assert.equal(inputAcl.hook, 'ingress');
  assert.equal(outputAcl.hook, 'egress');
  assert.ok(inputAcl.priority < macip.priority && macip.priority < crossConnect.priority);
  assert.equal(destinationNat.priority, -100);
  assert.equal(sourceNat.priority, 100);
  assert.ok(zone.priority < -200 && localZone.priority < -200, 'zones are set before conntrack looks');
  assert.ok(mark.priority > -200 && mark.priority < destinationNat.priority);
});

test('own tables are recognised', () => {
  for (const name of Object.values(tables)) assert.ok(isOwnTable(name));
  assert.ok(!isOwnTable('filter'));
  assert.equal(new Set(Object.values(tables)).size, Object.keys(tables).length);
});
