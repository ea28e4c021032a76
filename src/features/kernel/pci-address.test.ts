import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pciAddressOfLink } from './pci-address.ts';

test('cards have the PCI address of what is behind them', () => {
  const directory = mkdtempSync(join(tmpdir(), 'virtio-'));
  symlinkSync('../../../devices/pci0000:00/0000:00:03.0/virtio1', join(directory, 'virtio1'));
  symlinkSync('../../../devices/platform/40001000.virtio_mmio/virtio2', join(directory, 'virtio2'));
  const of = (parentBus?: string, parentDevice?: string) =>
    pciAddressOfLink({ ...(parentBus && { parentBus }), ...(parentDevice && { parentDevice }) }, directory);
  assert.equal(of('pci', '0000:0b:00.0'), '0000:0b:00.0');
  assert.equal(of('virtio', 'virtio1'), '0000:00:03.0');
  assert.equal(of('virtio', 'virtio2'), undefined);
  assert.equal(of('virtio', 'virtio9'), undefined);
  assert.equal(of('usb', '1-1'), undefined);
  assert.equal(of(), undefined);
  rmSync(directory, { recursive: true });
});
