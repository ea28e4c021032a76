// First: what is done to devices is done in a namespace of its own.
import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createKernelDriver } from '../../kernel/create.ts';
import { changeLink, createLink, deleteLink } from '../../kernel/netlink/link.ts';
import { readHostDevice, restoreHostDevice } from './host-device.ts';

const driver = await createKernelDriver();
const rtnl = driver.rtnl(driver.own);
after(() => driver.close());

/** As a driver does when it gets a card: a device without addresses, perhaps under another name. */
async function appear(name: string): Promise<void> {
  await rtnl.request(createLink({ name, kind: { type: 'veth', peer: { name: `${name}-peer` } } }));
  await rtnl.request(changeLink({ name: `${name}-peer` }, { up: true }));
}

const before = {
  name: 'card0',
  up: true,
  mtu: 1400,
  addresses: ['192.0.2.5/24', '2001:db8::5/64'],
  routes: [
    { destination: '0.0.0.0/0', gateway: '192.0.2.1', metric: 100, protocol: 4 },
    { destination: '198.51.100.0/24', gateway: '', metric: 0, protocol: 4 },
  ],
};

test('a device that comes back under another name has its name, addresses and routes again', async () => {
  await appear('eth7');
  await restoreHostDevice(rtnl, 'eth7', before);
  const now = await readHostDevice(rtnl, 'card0');
  const byDestination = <T extends { readonly destination: string }>(routes: readonly T[]) =>
    routes.toSorted((left, right) => (left.destination < right.destination ? -1 : 1));
  assert.deepEqual({ ...now, routes: byDestination(now!.routes) }, { ...before, routes: byDestination(before.routes) });
  assert.equal(await readHostDevice(rtnl, 'eth7'), undefined);
  // What was read can be put back.
  await rtnl.request(deleteLink({ name: 'card0' }));
  await appear('card0');
  await restoreHostDevice(rtnl, 'card0', now!);
  assert.deepEqual(await readHostDevice(rtnl, 'card0'), now);
});

test('one that was down stays down', async () => {
  await appear('down0');
  await restoreHostDevice(rtnl, 'down0', { name: 'down0', up: false, mtu: 1500, addresses: [], routes: [] });
  assert.equal((await readHostDevice(rtnl, 'down0'))?.up, false);
  await assert.rejects(restoreHostDevice(rtnl, 'nothing', before), /there is no device nothing/);
});
