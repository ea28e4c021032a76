import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

/** Everything the driver does, as an ordinary user sees it: a user, network and mount namespace of its own. */
const program = (directory: string): string => `
  import assert from 'node:assert/strict';
  import { parseIp, parsePrefix } from '${import.meta.dirname}/../model/address.ts';
  import { createKernelDriver } from '${import.meta.dirname}/create.ts';
  import { addAddress, listAddresses } from '${import.meta.dirname}/netlink/address.ts';
  import { changeLink, createLink, deleteLink, getLink } from '${import.meta.dirname}/netlink/link.ts';
  import { addRoute } from '${import.meta.dirname}/netlink/route.ts';
  const driver = await createKernelDriver({ namespace: 'vswitch', namespaceDirectory: '${directory}' });
  const pod = driver.namespaces.create('pod');
  const vswitch = driver.rtnl(driver.vswitch);
  const events = [];
  driver.events.subscribe((event) => events.push(event));
  driver.events.watch(pod);
  await driver.idle();
  await vswitch.request(createLink({ name: 'br0', kind: { type: 'bridge' }, up: true }));
  const bridge = await vswitch.get(getLink({ name: 'br0' }));
  await vswitch.request(createLink({ name: 'tap0', kind: { type: 'veth', peer: { name: 'eth0', namespace: pod } }, up: true, master: bridge.index, alias: 'x' }));
  const inside = driver.rtnl(pod);
  const eth0 = await inside.get(getLink({ name: 'eth0' }));
  await inside.request(changeLink(eth0, { up: true }));
  await inside.request(addAddress({ link: eth0.index, address: parsePrefix('10.0.0.2/24') }));
  await inside.request(addRoute({ destination: parsePrefix('0.0.0.0/0'), gateway: parseIp('10.0.0.1') }));
  assert.equal((await inside.dump(listAddresses({ family: 4 }))).length, 1);
  await driver.sysctl(driver.vswitch).write('net/ipv4/ip_forward', 1);
  assert.equal(await driver.sysctl(driver.vswitch).read('net/ipv4/ip_forward'), '1');
  const capabilities = await driver.capabilities();
  assert.ok(capabilities.has('veth') && capabilities.has('nft-ip') && capabilities.has('vxlan'));
  await vswitch.request(deleteLink({ name: 'tap0' }));
  assert.equal(await inside.get(getLink({ name: 'eth0' })), undefined);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(events.some((event) => event.type === 'link' && event.namespace.id === pod.id && event.value.name === 'eth0'));
  await driver.close();
  for (const name of driver.namespaces.names()) driver.namespaces.delete(name);
  console.log('all of it');
`;

test('an unprivileged user can do all of it in a user namespace', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lg-rootless-'));
  try {
    const out = execFileSync('unshare', ['-Urnm', process.execPath, '--input-type=module', '-e', program(directory)], {
      encoding: 'utf8',
    });
    assert.match(out, /all of it/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a user namespace without a network namespace of its own is refused, and the process lives', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lg-rootless-'));
  const attempt = `
    import { createKernelDriver } from '${import.meta.dirname}/create.ts';
    await createKernelDriver({ namespace: 'vswitch', namespaceDirectory: '${directory}' }).catch((error) => console.log(String(error)));
    console.log('alive');
  `;
  try {
    const argv = ['-Urm', process.execPath, '--input-type=module', '-e', attempt];
    const out = execFileSync('unshare', argv, { encoding: 'utf8' });
    assert.match(out, /come back to the network namespace .*EPERM.*unshare --user --map-root-user --net --mount/);
    assert.match(out, /alive/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
