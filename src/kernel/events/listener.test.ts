import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { formatIp, formatPrefix, parseIp, parseMac, parsePrefix } from '../../model/address.ts';
import { createKernelDriver } from '../create.ts';
import type { KernelDriver } from '../driver.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { addAddress } from '../netlink/address.ts';
import { createLink, getLink } from '../netlink/link.ts';
import { replaceNeighbour } from '../netlink/neighbour.ts';
import { addRoute } from '../netlink/route.ts';
import { addRule } from '../netlink/rule.ts';
import type { KernelEvent } from './events.ts';

const PREFIX = `lg-${process.pid}e`;
let driver: KernelDriver;
let pod: Namespace;

before(async () => {
  driver = await createKernelDriver({ namespace: `${PREFIX}-v` });
  pod = driver.namespaces.create(`${PREFIX}-p`);
});

after(async () => {
  await driver.close();
  for (const name of driver.namespaces.names()) if (name.startsWith(PREFIX)) driver.namespaces.delete(name);
});

function ip(namespace: string, ...args: string[]): void {
  execFileSync('ip', ['-n', namespace, ...args]);
}

/** Makes an event in a namespace. (An alias of a link that is down makes none.) */
function mark(namespace: string, name: string): void {
  ip(namespace, 'link', 'add', name, 'type', 'ifb');
}

/** Resolves with the first event that fits. */
function expectEvent(fits: (event: KernelEvent) => boolean, seen: KernelEvent[] = []): Promise<KernelEvent> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      end();
      reject(
        new Error(
          `no such event among ${seen.length}, the last of them ${seen
            .slice(-5)
            .map((e) => `${e.type} ${'action' in e ? e.action : ''}`)
            .join(', ')}`,
        ),
      );
    }, 5000);
    const end = driver.events.subscribe((event) => {
      seen.push(event);
      if (!fits(event)) return;
      clearTimeout(timer);
      end();
      resolve(event);
    });
  });
}

test('changes by others in the vswitch are told', async () => {
  const linked = expectEvent((e) => e.type === 'link' && e.action === 'set' && e.value.name === 'br0' && e.value.up);
  const addressed = expectEvent((e) => e.type === 'address' && formatPrefix(e.value.address) === '10.0.0.1/24');
  const routed = expectEvent(
    (e) => e.type === 'route' && e.action === 'set' && formatPrefix(e.value.destination) === '10.9.0.0/16',
  );
  const met = expectEvent((e) => e.type === 'neighbour' && formatIp(e.value.address) === '10.0.0.9');
  const forwarded = expectEvent((e) => e.type === 'fdb' && e.value.mac[5] === 0x42);
  ip(`${PREFIX}-v`, 'link', 'add', 'br0', 'up', 'type', 'bridge');
  ip(`${PREFIX}-v`, 'addr', 'add', '10.0.0.1/24', 'dev', 'br0');
  ip(`${PREFIX}-v`, 'link', 'add', 'port0', 'up', 'master', 'br0', 'type', 'veth', 'peer', 'port0-far');
  ip(`${PREFIX}-v`, 'link', 'set', 'port0-far', 'up');
  ip(`${PREFIX}-v`, 'route', 'add', '10.9.0.0/16', 'via', '10.0.0.2');
  ip(`${PREFIX}-v`, 'neigh', 'add', '10.0.0.9', 'lladdr', '02:00:00:00:00:09', 'dev', 'br0');
  execFileSync('bridge', ['-n', `${PREFIX}-v`, 'fdb', 'add', '02:00:00:00:00:42', 'dev', 'port0', 'master', 'static']);
  for (const event of await Promise.all([linked, addressed, routed, met, forwarded])) {
    assert.ok('namespace' in event && event.namespace.id === driver.vswitch.id);
  }
  const ruled = expectEvent((e) => e.type === 'rule' && e.value.priority === 4321);
  ip(`${PREFIX}-v`, 'rule', 'add', 'pref', '4321', 'from', '10.0.0.0/8', 'lookup', '99');
  await ruled;
  const gone = expectEvent((e) => e.type === 'link' && e.action === 'removed' && e.value.name === 'port0');
  ip(`${PREFIX}-v`, 'link', 'del', 'port0');
  await gone;
});

test('changes in a watched namespace are told with it, and not after the end of the watch', async () => {
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const end = driver.events.watch(pod, resolve);
  await begun;
  const up = expectEvent((e) => e.type === 'link' && e.value.name === 'lo' && e.value.up && e.namespace.id === pod.id);
  ip(`${PREFIX}-p`, 'link', 'set', 'lo', 'up');
  await up;
  end();
  const seen: KernelEvent[] = [];
  const marker = expectEvent((e) => e.type === 'link' && e.value.name === 'marker', seen);
  ip(`${PREFIX}-p`, 'link', 'set', 'lo', 'down');
  mark(`${PREFIX}-v`, 'marker');
  await marker;
  assert.deepEqual(
    seen.filter((e) => 'namespace' in e && e.namespace.id === pod.id),
    [],
  );
});

test('own addresses, routes and neighbours are not told, links are', async () => {
  const rtnl = driver.rtnl(driver.vswitch);
  const seen: KernelEvent[] = [];
  const marker = expectEvent((e) => e.type === 'link' && e.value.name === 'mine', seen);
  const bridge = (await rtnl.get(getLink({ name: 'br0' })))!;
  await Promise.all([
    rtnl.request(addAddress({ link: bridge.index, address: parsePrefix('10.77.0.1/24')! })),
    rtnl.request(addRoute({ destination: parsePrefix('10.78.0.0/24')!, gateway: parseIp('10.77.0.2')! })),
    rtnl.request(
      replaceNeighbour({ link: bridge.index, address: parseIp('10.77.0.3')!, mac: parseMac('02:00:00:00:00:03')! }),
    ),
  ]);
  await rtnl.request(addRule({ family: 4, priority: 555, table: 77 }));
  await rtnl.request(createLink({ name: 'mine', kind: { type: 'ifb' } }));
  await marker;
  assert.ok(!seen.some((e) => e.type === 'route' && formatPrefix(e.value.destination) === '10.78.0.0/24'));
  assert.ok(!seen.some((e) => e.type === 'rule'));
  assert.ok(!seen.some((e) => e.type === 'address' && formatPrefix(e.value.address) === '10.77.0.1/24'));
  assert.ok(!seen.some((e) => e.type === 'neighbour' && formatIp(e.value.address) === '10.77.0.3'));
});

test('a namespace that ends is forgotten, its id may be given to another', async () => {
  const first = driver.namespaces.create(`${PREFIX}-a`);
  driver.events.watch(first);
  await driver.idle();
  driver.namespaces.delete(`${PREFIX}-a`);
  const second = driver.namespaces.create(`${PREFIX}-b`);
  driver.events.watch(second);
  await driver.idle();
  const event = expectEvent(
    (e) => e.type === 'link' && e.value.name === 'lo' && e.value.up && e.namespace.label.endsWith('-b'),
  );
  ip(`${PREFIX}-b`, 'link', 'set', 'lo', 'up');
  const told = await event;
  assert.ok('namespace' in told && told.namespace.id === second.id);
});

test('two drivers in one process do not take events from each other', async () => {
  const other = await createKernelDriver({ namespace: `${PREFIX}-v` });
  try {
    const [first, second] = [
      expectEvent((e) => e.type === 'link' && e.value.name === 'both'),
      new Promise<void>((resolve) => {
        other.events.subscribe((e) => e.type === 'link' && e.value.name === 'both' && resolve());
      }),
    ];
    mark(`${PREFIX}-v`, 'both');
    await Promise.all([first, second]);
  } finally {
    await other.close();
  }
});

test('too many at once: a resync is asked for', async () => {
  const commands = Array.from(
    { length: 60_000 },
    (_, n) => `route ${n % 2 ? 'del' : 'add'} 10.200.0.0/16 dev br0`,
  ).join('\n');
  // The event loop stands still meanwhile, so nobody reads.
  execFileSync('ip', ['-n', `${PREFIX}-v`, '-batch', '-'], { input: commands });
  await expectEvent((e) => e.type === 'resync');
  // And goes on after that.
  const after = expectEvent((e) => e.type === 'link' && e.value.name === 'after');
  mark(`${PREFIX}-v`, 'after');
  await after;
});

test('a process with an open driver ends by itself, and at process.exit', () => {
  const program = (end: string): string => `
    import { createKernelDriver } from '${join(import.meta.dirname, '../create.ts')}';
    import { changeLink } from '${join(import.meta.dirname, '../netlink/link.ts')}';
    const driver = await createKernelDriver({ namespace: '${PREFIX}-v' });
    driver.events.subscribe(() => {});
    await driver.rtnl(driver.vswitch).request(changeLink({ name: 'lo' }, { alias: 'x' }));
    ${end}`;
  for (const end of ['', 'process.exit(0);', 'setTimeout(() => process.exit(0), 20);']) {
    execFileSync(process.execPath, ['--input-type=module', '-e', program(end)], { timeout: 10_000 });
  }
});
