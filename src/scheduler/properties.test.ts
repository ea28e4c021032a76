/**
 * The scheduler's invariants (I1 to I11 of the design), over generated worlds and scripts of failures. PROPERTY_RUNS sets
 * the number of runs of each property, PROPERTY_SEED and PROPERTY_PATH replay a failure.
 */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import { calmSteps, edits, histories, names, troubles } from './testing/generators.ts';
import { arrange, liveThrough, refusals, together, unknownOutcomes } from './testing/lives.ts';
import { thingKey } from './testing/world.ts';
import { Trial, brief, makeTrialScheduler, traits } from './testing/trial.ts';
import type { Trait } from './testing/trial.ts';

const runs = Number(process.env['PROPERTY_RUNS'] ?? 300);
const seed = process.env['PROPERTY_SEED'];
const path = process.env['PROPERTY_PATH'];
const parameters = {
  numRuns: runs,
  endOnFailure: process.env['PROPERTY_SHRINK'] === 'no',
  interruptAfterTimeLimit: Number(process.env['PROPERTY_LIMIT'] ?? 30_000),
  ...(seed === undefined ? undefined : { seed: Number(seed) }),
  ...(path === undefined ? undefined : { path }),
};
const tally = new Map<Trait, number>();
let trials = 0;

async function trial(rhythm: number, body: (trial: Trial) => Promise<void>): Promise<void> {
  const subject = new Trial(makeTrialScheduler());
  try {
    await liveThrough(subject, rhythm, body);
  } finally {
    trials++;
    for (const trait of subject.seen) tally.set(trait, (tally.get(trait) ?? 0) + 1);
  }
}

/** 0, the simplest: everything answers at once. */
const rhythms = fc.oneof(fc.constant(0), fc.nat());

test('I1 I2 I3 I4 I7 I9: steps without failures', async () => {
  await fc.assert(
    fc.asyncProperty(calmSteps, (steps) =>
      trial(0, async (subject) => {
        for (const step of steps) {
          await subject.step(step);
          await subject.settle();
          subject.check();
          for (const { executed } of subject.scheduler.history().slice(-1)) subject.checkOnce(executed);
        }
        const { record } = await subject.scheduler.commit([], { resync: 'DownstreamResync' });
        assert.deepEqual(brief(record.executed), [], 'I9');
      }),
    ),
    { ...parameters, numRuns: runs * 4 },
  );
});

test('I5: order and splitting do not matter', async () => {
  await fc.assert(
    fc.asyncProperty(
      histories(0, 4),
      edits,
      fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
      (history, last, ranks) =>
        trial(0, async (subject) => {
          for (const some of history) await subject.commit(some);
          const order = [...last].sort(
            (left, right) => ranks[names.indexOf(left.name as never)]! - ranks[names.indexOf(right.name as never)]!,
          );
          for (const one of order) await subject.commit([one]);
          await subject.settle();
          subject.check();
        }),
    ),
    parameters,
  );
});

test('I3 I11: refusals are tried again until all is as wanted', async () => {
  await fc.assert(
    fc.asyncProperty(histories(1, 4), troubles('fail', 'fail', 'half'), rhythms, (history, script, rhythm) =>
      trial(rhythm, async (subject) => {
        await refusals(subject, history, script);
        subject.check();
      }),
    ),
    { ...parameters, numRuns: runs * 4 },
  );
});

test('I3 I11: what the engine turns out to lack is UNIMPLEMENTED, is not retried, and is made once it can be', async () => {
  await fc.assert(
    fc.asyncProperty(histories(1, 4), troubles('lack', 'lack', 'fail', 'half'), rhythms, (history, script, rhythm) =>
      trial(rhythm, async (subject) => {
        arrange(subject, script, history);
        for (const some of history) await subject.commit(some);
        await subject.settle();
        const snapshot = subject.scheduler.snapshot();
        for (const { key, state } of snapshot.nodes()) {
          const { error = '', lastOperation } = snapshot.status(key) ?? {};
          if (state === 'FAILED')
            assert.ok(lastOperation === 'DELETE' || !error.startsWith('this engine'), `${key}: ${error}`);
          if (state === 'UNIMPLEMENTED') assert.match(error, /^this engine cannot|^not on this plane/, key);
        }
        subject.plane.faults.clear();
        await subject.scheduler.commit([], { resync: 'DownstreamResync' });
        await subject.settle();
        subject.check();
      }),
    ),
    parameters,
  );
});

test('I11: unknown outcomes, late replies', async () => {
  await fc.assert(
    fc.asyncProperty(
      histories(1, 3),
      troubles('hang', 'mute', 'silent', 'half'),
      rhythms,
      fc.boolean(),
      (history, script, rhythm, wait) =>
        trial(rhythm, async (subject) => {
          await unknownOutcomes(subject, history, script, wait);
          subject.check();
        }),
    ),
    { ...parameters, numRuns: runs * 4 },
  );
});

test('I10: transactions at the same time end as one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(
      histories(2, 6),
      fc.nat(),
      fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
      (history, interleaving, bulk) =>
        trial(interleaving, async (subject) => {
          await together(subject, history, interleaving, bulk);
          subject.check();
        }),
    ),
    { ...parameters, numRuns: runs * 2 },
  );
});

test('I6: a revert leaves everything as it was', async () => {
  await fc.assert(
    fc.asyncProperty(histories(1, 3), edits, troubles('fail', 'half'), rhythms, (history, last, script, rhythm) =>
      trial(rhythm, async (subject) => {
        for (const some of history) await subject.commit(some);
        const before = subject.wishes;
        arrange(subject, script.slice(0, 2), [last]);
        const undone = new Map(before);
        const { failures } = await subject.commit(last, { revert: true });
        subject.plane.faults.clear();
        if (failures.length > 0) subject.wishes = undone;
        await subject.settle();
        subject.check();
      }),
    ),
    parameters,
  );
});

test('I8: a crash at any operation, then a restart', async () => {
  await fc.assert(
    fc.asyncProperty(
      histories(1, 3),
      edits,
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      rhythms,
      (history, last, call, performed, rhythm) =>
        trial(rhythm, async (subject) => {
          for (const some of history) await subject.commit(some);
          const leftovers = new Map([...subject.wishes].map(([name, { value }]) => [thingKey(name), value]));
          subject.plane.dieAt = { call: subject.plane.calls + call, after: performed };
          const dying = subject.commit(last);
          dying.catch(() => {});
          await Promise.race([dying, new Promise<void>((resolve) => void waitForDeath(subject, resolve))]);
          await subject.restart(leftovers);
          await subject.settle();
          subject.check();
          const { record } = await subject.scheduler.commit([], { resync: 'DownstreamResync' });
          assert.deepEqual(brief(record.executed), [], 'I9 after a crash');
        }),
    ),
    parameters,
  );
});

async function waitForDeath(subject: Trial, resolve: () => void): Promise<void> {
  for (let turn = 0; turn < 200 && !subject.plane.dead; turn++) await new Promise((next) => setImmediate(next));
  resolve();
}

/** Least shares of the trials, in percent: what hardly happens is not tested. */
const least: Partial<Record<Trait, number>> = { failure: 15, drift: 5, retry: 8 };

test('troubles are not rare', { skip: path !== undefined || runs < 200 }, (context) => {
  if (trials < 17 * runs)
    return context.skip('the machine is too slow for all the trials, and some properties have more troubles');
  for (const [trait, percent] of Object.entries(least)) {
    const share = ((tally.get(trait as Trait) ?? 0) / trials) * 100;
    assert.ok(share >= percent, `${trait} in ${share.toFixed(1)}% of the trials; there should be ${percent}%`);
  }
});

after(() => {
  const share = (trait: Trait): number => (tally.get(trait) ?? 0) / trials;
  console.log(`${trials} trials: ${traits.map((trait) => `${trait} ${(share(trait) * 100).toFixed(0)}%`).join(', ')}`);
});
