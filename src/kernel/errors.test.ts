import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKernelError, KernelError } from './errors.ts';
import { errnoName, errnoNumber } from './syscall/errno.ts';

test('the message says what was tried, the code, what the kernel said and what it usually means', () => {
  const error = new KernelError(errnoNumber('ENETUNREACH'), {
    operation: 'add route 10.0.0.0/8 via 192.0.2.1',
    explanation: 'Nexthop has invalid gateway',
  });
  assert.equal(error.code, 'ENETUNREACH');
  assert.match(
    error.message,
    /^add route 10\.0\.0\.0\/8 via 192\.0\.2\.1: ENETUNREACH: Nexthop has invalid gateway \(the next hop is not reachable/,
  );
  assert.ok(error.retriable);
});

test('codes that repeating does not cure are not retriable, unless the caller knows better', () => {
  for (const code of ['EINVAL', 'EOPNOTSUPP', 'EPERM', 'ENAMETOOLONG', 'EROFS']) {
    assert.equal(new KernelError(errnoNumber(code), { operation: 'x' }).retriable, false, code);
  }
  for (const code of ['EBUSY', 'ENODEV', 'ENOBUFS', 'ENETDOWN', 'EAGAIN']) {
    assert.equal(new KernelError(errnoNumber(code), { operation: 'x' }).retriable, true, code);
  }
  assert.ok(new KernelError(errnoNumber('EINVAL'), { operation: 'x', retriable: true }).retriable);
});

test('names and numbers', () => {
  assert.equal(errnoName(17), 'EEXIST');
  assert.equal(errnoName(-95), 'EOPNOTSUPP');
  assert.equal(errnoName(11), 'EAGAIN');
  assert.equal(errnoName(54), 'EXFULL');
  assert.equal(errnoName(9999), 'errno 9999');
  assert.equal(errnoNumber('EEXIST'), 17);
  const error = new KernelError(17, { operation: 'x' });
  assert.ok(
    isKernelError(error) &&
      isKernelError(error, 'EEXIST', 'ENODEV') &&
      !isKernelError(error, 'ENODEV') &&
      !isKernelError(new Error('x')),
  );
});
