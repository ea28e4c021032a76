import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Feed, type FeedSource, type Topic } from './feed.ts';

/** A source that the test publishes through. */
function source(topic: Topic, snapshot = false) {
  const state = { starts: 0, publish: (_data: unknown): void => assert.fail('the source does not run') };
  const feedSource: FeedSource = {
    topic,
    snapshot,
    start(publish, signal) {
      state.starts++;
      state.publish = publish;
      signal.addEventListener('abort', () => (state.publish = () => assert.fail('the source has ended')));
    },
  };
  return { state, feedSource };
}

const only = (...topics: Topic[]): ReadonlySet<Topic> => new Set(topics);
const numbers = (batch: { events: readonly { data: unknown }[] }): unknown[] => batch.events.map(({ data }) => data);
const never = new AbortController().signal;

test('readers see every event of their topics in order, each from its own place', () => {
  const { state, feedSource } = source('state');
  const feed = new Feed([feedSource]);
  const first = feed.open(only('state'));
  assert.deepEqual(first.take(10), { loss: 'start', events: [], position: feed.position(0) });
  state.publish(1);
  const second = feed.open(only('state'));
  state.publish(2);
  assert.equal(state.starts, 1);
  assert.deepEqual(numbers(first.take(10)), [1, 2]);
  assert.deepEqual([numbers(second.take(10)), first.hasMore], [[2], false]);
});

test('a reader that is too slow is told so, and goes on from now', () => {
  const { state, feedSource } = source('state');
  const feed = new Feed([feedSource], { capacity: 4 });
  const reader = feed.open(only('state'));
  reader.take(10);
  for (let n = 1; n <= 4; n++) state.publish(n);
  assert.deepEqual(numbers(reader.take(2)), [1, 2]);
  for (let n = 5; n <= 9; n++) state.publish(n);
  const late = reader.take(10);
  assert.equal(late.loss, 'lost');
  assert.deepEqual(numbers(late), []);
  state.publish(10);
  assert.deepEqual(numbers(reader.take(10)), [10]);
});

test('a reader that comes back gets what it missed, unless that is gone or from another agent', () => {
  const { state, feedSource } = source('state');
  const feed = new Feed([feedSource], { capacity: 4 });
  const reader = feed.open(only('state'));
  state.publish(1);
  const { position } = reader.take(10);
  reader.close();
  state.publish(2);
  const back = feed.open(only('state'), position).take(10);
  assert.deepEqual([back.loss, numbers(back)], [undefined, [2]]);
  for (let n = 3; n <= 9; n++) state.publish(n);
  assert.equal(feed.open(only('state'), position).take(10).loss, 'lost');
  assert.equal(feed.open(only('state'), 'zzz-1').take(10).loss, 'restarted');
  assert.equal(feed.open(only('state'), 'not a position').take(10).loss, 'restarted');
});

test('a topic that nobody reads ends after a while; who comes back then has missed something, except of snapshots', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const states = source('state');
  const counters = source('counters', true);
  const feed = new Feed([states.feedSource, counters.feedSource], { linger: 1000 });
  const reader = feed.open(only('state', 'counters'));
  states.state.publish(1);
  const { position } = reader.take(10);
  reader.close();
  context.mock.timers.tick(999);
  const back = feed.open(only('state'), position);
  assert.equal(back.take(10).loss, undefined);
  back.close();
  context.mock.timers.tick(1001);
  assert.equal(feed.open(only('counters'), position).take(10).loss, undefined);
  assert.equal(counters.state.starts, 2);
  assert.equal(feed.open(only('state'), position).take(10).loss, 'lost');
});

test('waiting ends with news, with the signal and with the feed', async () => {
  const { state, feedSource } = source('state');
  const feed = new Feed([feedSource]);
  const reader = feed.open(only('state'));
  reader.take(10);
  const news = reader.changed(never);
  state.publish(1);
  await news;
  reader.take(10);
  const stop = new AbortController();
  const stopped = reader.changed(stop.signal);
  stop.abort();
  await stopped;
  const closed = reader.changed(never);
  feed.close();
  await closed;
});
