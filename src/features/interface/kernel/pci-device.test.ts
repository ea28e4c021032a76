import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { deviceAtPci, pciAddressOf } from './pci-device.ts';

test('PCI addresses are read from the names that VPP gives to cards', () => {
  const cases: Record<string, string | undefined> = {
    'GigabitEthernet0/8/0': '0000:00:08.0',
    'TenGigabitEthernet3/1f/7': '0000:03:1f.7',
    'HundredGigabitEthernet1/ff/0/1': '0001:ff:00.1',
    'vmxnet3-0/b/0/0': '0000:0b:00.0',
    'vmxnet3-ffff/ff/1f/7': 'ffff:ff:1f.7',
    'GigabitEthernet0/20/0': undefined,
    'GigabitEthernet100/0/0': undefined,
    'GigabitEthernet0/8/8': undefined,
    'GigabitEthernet0/8': undefined,
    eth0: undefined,
    'lan/0/8/0': undefined,
  };
  for (const [name, address] of Object.entries(cases)) assert.equal(pciAddressOf(name), address, name);
});

test('the device of a PCI address is found, also behind virtio', () => {
  const directory = mkdtempSync(join(tmpdir(), 'pci-'));
  try {
    const devices = {
      lo: undefined,
      ens1: '../../../0000:0b:00.0',
      ens2: '../../../../devices/pci0000:00/0000:00:03.0/virtio0',
    };
    for (const [name, target] of Object.entries(devices)) {
      mkdirSync(join(directory, name));
      if (target) symlinkSync(target, join(directory, name, 'device'));
    }
    assert.equal(deviceAtPci('0000:0b:00.0', directory), 'ens1');
    assert.equal(deviceAtPci('0000:00:03.0', directory), 'ens2');
    assert.equal(deviceAtPci('0000:00:04.0', directory), undefined);
    assert.equal(deviceAtPci('0000:0b:00.0', join(directory, 'none')), undefined);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
