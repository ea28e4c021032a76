// First: devices are those of a namespace of its own.
import '../../../test/stage/own-namespace.ts';

/** On a tree of files like sysfs: a write of the kernel's is played by looking at what was written. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createKernelDriver } from '../../kernel/create.ts';
import { replaceAddress } from '../../kernel/netlink/address.ts';
import { createLink, deleteLink, getLink } from '../../kernel/netlink/link.ts';
import type { Rtnl } from '../../kernel/rtnl/port.ts';
import { parsePrefix } from '../../model/address.ts';
import { Cards } from './cards.ts';
import { readHostDevice } from './host-device.ts';

const address = '0000:00:08.0';
const card = { address, driver: 'vfio-pci' } as const;

function stage(loaded: readonly string[] = ['e1000', 'vfio-pci']) {
  const sysfs = mkdtempSync(join(tmpdir(), 'lg-cards-'));
  const bus = join(sysfs, 'bus/pci');
  const device = join(bus, 'devices', address);
  mkdirSync(device, { recursive: true });
  for (const driver of loaded) {
    mkdirSync(join(bus, 'drivers', driver), { recursive: true });
    for (const file of ['bind', 'unbind']) writeFileSync(join(bus, 'drivers', driver, file), '');
  }
  symlinkSync(join(bus, 'drivers/e1000'), join(device, 'driver'));
  const warned: string[] = [];
  const log = { info() {}, warn: (_fields: object, text: string) => warned.push(text) };
  const open = (rtnl?: Rtnl): Cards =>
    new Cards({ file: join(sysfs, 'state/cards.json'), log: log as never, sysfs, ...(rtnl && { rtnl }) });
  /** The driver has made this device for the card. */
  const hasDevice = (name: string | undefined): void => {
    rmSync(join(device, 'net'), { recursive: true, force: true });
    if (name !== undefined) mkdirSync(join(device, 'net', name), { recursive: true });
  };
  const written = (path: string): string => readFileSync(join(bus, path), 'utf8').trim();
  /** As the kernel does when a driver has taken the card. */
  const bound = (driver: string): void => {
    rmSync(join(device, 'driver'));
    symlinkSync(join(bus, 'drivers', driver), join(device, 'driver'));
  };
  return { open, written, bound, hasDevice, warned, [Symbol.dispose]: () => rmSync(sysfs, { recursive: true }) };
}

test('a card goes to the driver for VPP, and back to the one it had, by another agent, too', async () => {
  using tree = stage();
  assert.deepEqual(await tree.open().take([card], 'refuse'), [card]);
  assert.equal(tree.written('drivers/e1000/unbind'), address);
  assert.equal(tree.written(`devices/${address}/driver_override`), 'vfio-pci');
  assert.equal(tree.written('drivers/vfio-pci/bind'), address);
  tree.bound('vfio-pci');
  // A later agent finds it where it should be.
  const next = tree.open();
  await next.take([card], 'refuse');
  await next.giveBack();
  assert.equal(tree.written('drivers/vfio-pci/unbind'), address);
  assert.equal(tree.written(`devices/${address}/driver_override`), '');
  assert.equal(tree.written('drivers/e1000/bind'), address);
});

test('addresses of its device come back with the card, whatever the kernel calls it then', async () => {
  using tree = stage();
  const driver = await createKernelDriver();
  const rtnl = driver.rtnl(driver.own);
  try {
    const make = (name: string) =>
      rtnl.request(createLink({ name, up: true, kind: { type: 'veth', peer: { name: 'wire' } } }));
    await make('wan');
    const link = (await rtnl.get(getLink({ name: 'wan' })))!.index;
    await rtnl.request(replaceAddress({ link, address: parsePrefix('192.0.2.5/24')! }));
    tree.hasDevice('wan');
    await tree.open(rtnl).take([card], 'refuse');
    // VPP has it: the kernel has no device.
    tree.bound('vfio-pci');
    tree.hasDevice(undefined);
    await rtnl.request(deleteLink({ name: 'wan' }));
    const back = tree.open(rtnl).giveBack();
    await make('eth0');
    tree.hasDevice('eth0');
    await back;
    const found = await readHostDevice(rtnl, 'wan');
    assert.deepEqual(found?.addresses, ['192.0.2.5/24']);
  } finally {
    await driver.close();
  }
});

test('a card that is not there is refused, or left out with a warning', async () => {
  using tree = stage();
  const other = { address: '0000:00:09.0', driver: 'vfio-pci' } as const;
  await assert.rejects(tree.open().take([other], 'refuse'), /cards: 0000:00:09\.0: there is no such card/);
  assert.deepEqual(await tree.open().take([other], 'skip'), []);
  assert.match(tree.warned.join(), /0000:00:09\.0 is not there/);
});

test('a driver that is not loaded is named, and nothing is touched', async () => {
  using tree = stage(['e1000']);
  await assert.rejects(tree.open().take([card], 'refuse'), /vfio-pci is not loaded: modprobe vfio-pci/);
  assert.equal(tree.written('drivers/e1000/unbind'), '');
});

test('a card whose driver may keep it is not touched', async () => {
  using tree = stage();
  const kept = { address, driver: 'keep' } as const;
  assert.deepEqual(await tree.open().take([kept], 'refuse'), [kept]);
  assert.equal(tree.written('drivers/e1000/unbind'), '');
});
