import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { isLoopback, parseEndpoint, withPort } from './endpoint.ts';
import { RateLimiter } from './limiter.ts';

it('reads endpoints', () => {
  assert.deepEqual(parseEndpoint('127.0.0.1:9191'), { host: '127.0.0.1', port: 9191 });
  assert.deepEqual(parseEndpoint('[::1]:0'), { host: '::1', port: 0 });
  assert.deepEqual(parseEndpoint(':80'), { host: '', port: 80 });
  for (const text of ['', '9191', 'a:b', '::1:80', 'a:65536', 'a:-1'])
    assert.throws(() => parseEndpoint(text), /expected host:port/, text);
  assert.equal(withPort('[::1]:1', '2'), '[::1]:2');
  assert.throws(() => withPort('a:1', '70000'), /expected a port/);
});

it('knows loopback', () => {
  for (const host of ['127.0.0.1', '127.255.0.9', '::1', 'localhost', '::ffff:127.0.0.1'])
    assert.ok(isLoopback(host), host);
  for (const host of ['', '0.0.0.0', '::', '10.0.0.1', '::ffff:10.0.0.1', 'localhost.evil', '128.0.0.1'])
    assert.ok(!isLoopback(host), host);
});

it('never lets more through than burst and rate allow', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 50 }), (pauses) => {
      let now = 0;
      const limiter = new RateLimiter({ limit: 10, burst: 3 }, () => now);
      let taken = 0;
      for (const pause of pauses) {
        now += pause;
        const wait = limiter.take('a');
        if (wait === 0) taken++;
        else assert.ok(wait <= 100);
      }
      return taken <= 3 + (now / 1000) * 10 + 1e-9;
    }),
  );
});

it('forgets the longest unused caller', () => {
  const limiter = new RateLimiter({ limit: 0.001, burst: 1 }, () => 0, 2);
  limiter.take('a');
  limiter.take('b');
  limiter.take('a');
  limiter.take('c');
  assert.equal(limiter.take('b'), 0);
  assert.notEqual(limiter.take('c'), 0);
});
