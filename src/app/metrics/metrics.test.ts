import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { measureEventLoop } from './event-loop.ts';
import { Metrics } from './metrics.ts';

it('keeps the metrics of two applications apart', async () => {
  const one = new Metrics();
  const two = new Metrics();
  one.counter({ name: 'things_total', help: 'x', labels: ['kind'] }).inc({ kind: 'a' }, 2);
  two.gauge({ name: 'things_total', help: 'x' }).set(7);
  assert.match(await one.text(), /things_total\{kind="a"\} 2/);
  assert.match(await two.text(), /things_total 7/);
});

it('reads sampled gauges when somebody looks, dropping labels that are gone', async () => {
  const metrics = new Metrics();
  let samples = [{ labels: { name: 'a' }, value: 1 }];
  metrics.gaugeFrom({ name: 'sampled', help: 'x', labels: ['name'] }, () => samples);
  assert.match(await metrics.text(), /sampled\{name="a"\} 1/);
  samples = [{ labels: { name: 'b' }, value: 2 }];
  const text = await metrics.text();
  assert.match(text, /sampled\{name="b"\} 2/);
  assert.doesNotMatch(text, /name="a"/);
});

it('sees how long the event loop was blocked, also right after it began to look', async () => {
  const block = (ms: number): void => {
    for (const end = performance.now() + ms; performance.now() < end; );
  };
  const loop = measureEventLoop(1);
  block(60);
  // Lower bounds only: a busy machine may block for longer, never for less.
  assert.ok(loop.read().max >= 55, `saw ${loop.read().max} ms before the first tick`);
  await delay(5);
  assert.ok(loop.read().max >= 55, `saw ${loop.read().max} ms`);
  loop.reset();
  block(30);
  await delay(5);
  const { max, mean } = loop.stop();
  assert.ok(max >= 25, `saw ${max} ms after a reset`);
  assert.ok(mean <= max);
});
