/** How worlds are lived through: in which rhythm, and with which troubles. */

import type { CommitResult } from '../index.ts';
import type { Edit, Trouble } from './generators.ts';
import { inSimulatedTime } from './event-loop.ts';
import type { Trial } from './trial.ts';
import { thingKey } from './world.ts';

/** `rhythm`: how long operations and the scheduler's own turns take; 0: everything answers at once. */
export async function liveThrough(
  subject: Trial,
  rhythm: number,
  body: (subject: Trial) => Promise<void>,
): Promise<void> {
  const chance = dice(rhythm);
  subject.plane.latency = rhythm === 0 ? undefined : () => chance(4);
  subject.plane.readLatency = rhythm === 0 ? undefined : () => chance(3);
  await inSimulatedTime(
    async () => {
      await body(subject);
      if (!subject.plane.dead) await subject.scheduler.close();
    },
    () => (rhythm === 0 || chance(4) > 0 ? 0.01 : 5),
  );
}

/** Operations are refused, or done and called refused. */
export async function refusals(
  subject: Trial,
  history: readonly (readonly Edit[])[],
  script: readonly Trouble[],
): Promise<void> {
  arrange(subject, script, history);
  for (const some of history) await subject.commit(some);
  await subject.settle();
}

/** Operations are not answered in time. `wait`: each commit waits for the one before. */
export async function unknownOutcomes(
  subject: Trial,
  history: readonly (readonly Edit[])[],
  script: readonly Trouble[],
  wait: boolean,
): Promise<void> {
  arrange(subject, script.slice(0, 3), history);
  for (const some of history) {
    const done = subject.commit(some);
    if (wait) await done;
    else done.catch(() => {});
  }
  await subject.settle();
}

/** Transactions at the same time, some of them bulk. */
export async function together(
  subject: Trial,
  history: readonly (readonly Edit[])[],
  interleaving: number,
  bulk: readonly boolean[],
): Promise<void> {
  const results: Promise<CommitResult>[] = [];
  for (const [i, some] of history.entries()) {
    results.push(subject.commit(some, { lane: bulk[i] ? 'bulk' : 'interactive' }));
    if (interleaving % (i + 2) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(results);
  await subject.settle();
}

/** Trouble with what nobody asks for would be none: it goes to what is asked for, and first to what needs nothing. */
export function arrange(subject: Trial, script: readonly Trouble[], history: readonly (readonly Edit[])[]): void {
  const asked = history.flat().filter(({ value }) => value !== null);
  const free = asked.filter(({ value }) => value!.needs === undefined && value!.anyOf === undefined);
  const likely = (free.length > 0 ? free : asked).map(({ name }) => thingKey(name));
  const known = new Set<string>(likely);
  for (const [i, { action, key, fault }] of script.entries()) {
    const aim = known.has(key) || likely.length === 0 ? key : likely[i % likely.length]!;
    subject.plane.fault(action, key, fault);
    if (aim !== key) subject.plane.fault(action, aim, fault);
  }
}

/** The same numbers below `sides` every time, so that what happened can be replayed. */
function dice(start: number): (sides: number) => number {
  let state = start;
  return (sides) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 16) % sides;
  };
}
