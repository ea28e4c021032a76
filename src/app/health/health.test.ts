import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Health, type HealthState } from './health.ts';
import { runProbe } from './probe.ts';

describe('state of the agent', () => {
  it('is the worst of the fatal plugins, not that of the last reporter', () => {
    const health = new Health();
    for (const name of ['a', 'b']) health.register(name);
    health.register('c', { fatal: false });
    assert.equal(health.snapshot().state, 'init');
    health.report('a', 'ok');
    health.report('b', 'error', 'no link');
    health.report('a', 'ok');
    assert.equal(health.snapshot().state, 'error');
    health.report('b', 'ok');
    health.report('c', 'error', 'nobody minds');
    assert.equal(health.snapshot().state, 'ok');
    health.setNonFatal(['a']);
    health.report('a', 'error');
    assert.equal(health.snapshot().state, 'ok');
    health.forget('a');
    assert.equal(health.get('a'), undefined);
  });

  it('agrees with its definition after any reports', () => {
    const state = fc.constantFrom<HealthState>('init', 'ok', 'error');
    const report = fc.record({ plugin: fc.constantFrom('a', 'b', 'c'), state });
    fc.assert(
      fc.property(fc.array(report), (reports) => {
        const health = new Health();
        health.register('c', { fatal: false });
        for (const { plugin, state: next } of reports) health.report(plugin, next);
        const fatal = health
          .snapshot()
          .plugins.filter((plugin) => plugin.fatal)
          .map((plugin) => plugin.state);
        const expected = fatal.includes('error') ? 'error' : fatal.includes('init') ? 'init' : 'ok';
        return health.snapshot().state === expected;
      }),
    );
  });

  it('remembers when it changed and when it was last told', () => {
    let now = 1000;
    const health = new Health(() => now);
    health.register('a');
    now = 2000;
    health.report('a', 'ok');
    now = 3000;
    health.report('a', 'ok');
    const { lastChange, lastUpdate, startTime, plugins } = health.snapshot();
    assert.deepEqual(
      [startTime, lastChange, lastUpdate, plugins[0]?.lastChange, plugins[0]?.lastUpdate],
      [1000, 2000, 3000, 2000, 3000],
    );
  });
});

describe('probe', () => {
  it('follows what it finds, keeps the reason, and ends with its signal', async () => {
    const health = new Health();
    health.register('a');
    const abort = new AbortController();
    const answers = ['', 'cable is out', ''];
    const states: string[] = [];
    health.listen(({ state, reason }) => {
      states.push(`${state} ${reason ?? ''}`);
      if (states.length === 3) abort.abort();
    });
    const probe = (): void => {
      const answer = answers.shift();
      if (answer !== '') throw new Error(answer);
    };
    await runProbe(health, 'a', probe, abort.signal, { period: 1 });
    assert.deepEqual(states, ['ok ', 'error cable is out', 'ok ']);
  });

  it('counts no answer as an error and aborts the question', async () => {
    const health = new Health();
    const abort = new AbortController();
    let asked: AbortSignal | undefined;
    health.listen(() => abort.abort());
    const probe = (signal: AbortSignal): Promise<void> => {
      asked = signal;
      return new Promise(() => {});
    };
    await runProbe(health, 'a', probe, abort.signal, { period: 1000, timeout: 5 });
    assert.equal(health.get('a')?.reason, 'no answer within 5 ms');
    assert.equal(asked?.aborted, true);
  });
});
