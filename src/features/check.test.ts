import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as check from './check.ts';

test('names are usable as the tail of a key', () => {
  for (const name of ['tap1', 'a.b', 'GigabitEthernet0/8/0', '...', 'ü', 'a b'])
    assert.equal(check.nameProblem(name), undefined, name);
  for (const name of ['', '/a', 'a/', 'a//b', '.', '..', 'a/../b', 'a\u0000', 'a\u007f']) {
    assert.ok(check.nameProblem(name), JSON.stringify(name));
  }
});

test('names of host interfaces are those that the kernel takes', () => {
  for (const name of ['eth0', 'x'.repeat(15), 'a.b', 'é']) assert.equal(check.hostNameProblem(name), undefined, name);
  for (const name of ['', '.', '..', 'a/b', 'a b', 'a\n', 'a:b', 'x'.repeat(16), 'é'.repeat(8), 'all', 'default']) {
    assert.ok(check.hostNameProblem(name), JSON.stringify(name));
  }
});

test('ranges say what would be accepted', () => {
  assert.equal(check.rangeProblem(9216, 0, 9216, 'bytes'), undefined);
  assert.equal(check.rangeProblem(70_000, 0, 9216, 'bytes'), '70000 is not in 0-9216 (bytes)');
  assert.equal(check.optionalRangeProblem(0, 68, 1450), undefined);
  assert.equal(check.optionalRangeProblem(1, 68, 1450), '1 is not in 68-1450, or 0 for the default');
  assert.equal(check.powerOfTwoProblem(1024, 32_768), undefined);
  assert.match(check.powerOfTwoProblem(65_536, 32_768)!, /up to 32768/);
});

test('enums name what is accepted', () => {
  const colours = { 0: 'NONE', 1: 'RED', NONE: 0, RED: 1 };
  assert.equal(check.enumProblem(1, colours, { zero: false }), undefined);
  assert.equal(check.enumProblem(0, colours), undefined);
  assert.equal(check.enumProblem(0, colours, { zero: false }), 'NONE is not accepted; one of RED is');
  assert.equal(check.enumProblem(7, colours), '7 is not accepted; one of NONE, RED is');
});

test('addresses', () => {
  assert.equal(check.ipProblem('10.0.0.1'), undefined);
  assert.match(check.ipProblem('fd00::1', { family: 4 })!, /IPv4 address.*192\.0\.2\.1/);
  assert.match(check.ipProblem('')!, /missing/);
  assert.match(check.ipProblem('10.0.0.1/24')!, /without a mask/);
  assert.ok(check.ipProblem('0.0.0.0') && !check.ipProblem('0.0.0.0', { unspecified: true }));
  assert.ok(check.ipProblem('ff02::1') && !check.ipProblem('ff02::1', { multicast: true }));
  assert.match(check.prefixProblem('10.0.0.1/8', { network: true })!, /10\.0\.0\.0\/8/);
  assert.equal(check.prefixProblem('10.0.0.1/8'), undefined);
  assert.match(check.prefixProblem('fd00::/129')!, /0-128/);
});

test('MAC addresses', () => {
  assert.equal(check.macProblem('02:fe:00:00:00:01'), undefined);
  assert.match(check.macProblem('01:00:5e:00:00:01')!, /multicast/);
  assert.equal(check.macProblem('ff:ff:ff:ff:ff:ff', true), undefined);
  assert.ok(check.macProblem('00:00:00:00:00:00') && check.macProblem('02fe') && check.macProblem(''));
});

test('every repetition is reported, with the place of the first', () => {
  const problems: { field: string; message: string }[] = [];
  check.reportDuplicates(problems, ['a', 'b', 'a', 'a'], (text) => text, 'list', 'name');
  assert.deepEqual(problems, [
    { field: 'list[2].name', message: 'a is already in list[0]' },
    { field: 'list[3].name', message: 'a is already in list[0]' },
  ]);
});

test('long texts are cut in messages', () => {
  assert.ok(check.ipProblem('x'.repeat(10_000))!.length < 250);
});
