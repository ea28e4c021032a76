import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { createKernelDriver } from '../create.ts';
import type { KernelDriver } from '../driver.ts';
import { isKernelError } from '../errors.ts';
import { memoryLedger } from '../ledger.ts';

const NAME = `lg-${process.pid}s`;
const ledger = memoryLedger();
let driver: KernelDriver;

before(async () => {
  driver = await createKernelDriver({ namespace: NAME, ledger });
});

after(async () => {
  await driver.close();
  driver.namespaces.delete(NAME);
});

const seen = (name: string): string =>
  execFileSync('ip', ['netns', 'exec', NAME, 'sysctl', '-n', name], { encoding: 'utf8' }).trim();

test('parameters are those of the namespace, and get their original values back', async () => {
  const sysctl = driver.sysctl(driver.vswitch);
  const host = execFileSync('sysctl', ['-n', 'net.ipv4.ip_forward'], { encoding: 'utf8' }).trim();
  const original = await sysctl.read('net/ipv4/ip_forward');
  assert.equal(original, seen('net.ipv4.ip_forward'));
  const other = original === '1' ? '0' : '1';
  await Promise.all([
    sysctl.write('net/ipv4/ip_forward', other),
    sysctl.write('net/ipv6/conf/lo/forwarding', 1),
    sysctl.write('net/ipv4/ip_forward', other),
  ]);
  assert.equal(seen('net.ipv4.ip_forward'), other);
  assert.equal(seen('net.ipv6.conf.lo.forwarding'), '1');
  assert.equal(execFileSync('sysctl', ['-n', 'net.ipv4.ip_forward'], { encoding: 'utf8' }).trim(), host);
  // The original is what was there before the first write, also for another driver with the same ledger.
  await sysctl.write('net/ipv4/ip_forward', original!);
  await sysctl.write('net/ipv4/ip_forward', other);
  const second = await createKernelDriver({ namespace: NAME, ledger });
  await second.sysctl(second.vswitch).restoreAll();
  await second.close();
  assert.equal(seen('net.ipv4.ip_forward'), original);
  assert.equal(seen('net.ipv6.conf.lo.forwarding'), '0');
  assert.deepEqual(ledger.entries(''), []);
});

test('errors are those of the one parameter', async () => {
  const sysctl = driver.sysctl(driver.vswitch);
  const [missing, bad, fine] = await Promise.allSettled([
    sysctl.write('net/ipv4/conf/nothing/forwarding', 1),
    sysctl.write('net/ipv4/ip_forward', 'x'),
    sysctl.write('net/ipv4/conf/all/rp_filter', 2),
  ]);
  assert.ok(missing.status === 'rejected' && isKernelError(missing.reason, 'ENOENT') && missing.reason.retriable);
  assert.match(missing.reason.message, /conf\/nothing\/forwarding to 1 in netns/);
  assert.ok(bad.status === 'rejected' && isKernelError(bad.reason, 'EINVAL'));
  assert.equal(fine.status, 'fulfilled');
  assert.equal(await sysctl.read('net/ipv4/conf/nothing/forwarding'), undefined);
  for (const path of ['../kernel/x', 'net//x', '', '/etc/passwd'])
    await assert.rejects(sysctl.write(path, 1), (e) => isKernelError(e, 'EINVAL'));
  await sysctl.restoreAll();
});

test('the ledger has the original before the kernel has the new value', async () => {
  const order: string[] = [];
  const slow = {
    ...memoryLedger(),
    set: async (key: string) => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`ledger ${key.split('/').at(-1)} while ${seen('net.ipv4.conf.all.log_martians')}`);
    },
  };
  const careful = await createKernelDriver({ namespace: NAME, ledger: slow });
  await careful.sysctl(careful.vswitch).write('net/ipv4/conf/all/log_martians', 1);
  assert.deepEqual(order, ['ledger log_martians while 0']);
  assert.equal(seen('net.ipv4.conf.all.log_martians'), '1');
  await careful.close();
});
