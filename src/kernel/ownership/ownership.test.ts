import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deviceName, isDeviceName, maxDeviceName } from './device-name.ts';
import { formatMark, parseMark } from './mark.ts';

test('a name the kernel takes stays as it is', () => {
  assert.equal(deviceName('tap1'), 'tap1');
  assert.equal(deviceName('vpp1.100'), 'vpp1.100');
});

test('any logical name gives a name the kernel takes, always the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 70 }), fc.constantFrom('', 'p'), (name, suffix) => {
      const device = deviceName(name, suffix);
      assert.ok(isDeviceName(device), device);
      assert.ok(device.length <= maxDeviceName);
      assert.equal(deviceName(name, suffix), device);
    }),
  );
});

test('names that the kernel gives a meaning are never used', () => {
  for (const name of ['lo', 'all', 'default', '.', '..', '']) assert.notEqual(deviceName(name), name);
});

test('100,000 long names and their peers do not collide', () => {
  const seen = new Set<string>();
  for (let index = 0; index < 100_000; index++) {
    seen.add(deviceName(`default/some-long-pod-name-${index}`));
    seen.add(deviceName(`default/some-long-pod-name-${index}`, 'p'));
  }
  assert.equal(seen.size, 200_000);
});

test('a mark survives the round trip with any name; foreign aliases are not ours', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (owner, name) => {
      assert.deepEqual(parseMark(formatMark({ owner: owner.toWellFormed(), role: 'interface', name })), {
        owner: owner.toWellFormed(),
        role: 'interface',
        name,
      });
    }),
  );
  for (const alias of [
    undefined,
    '',
    'uplink to rack 7',
    'ligature',
    'ligature:a',
    'ligature:a:b',
    'ligature:%zz:r:n',
  ]) {
    assert.equal(parseMark(alias), undefined);
  }
});
