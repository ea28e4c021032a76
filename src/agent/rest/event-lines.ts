/** `/api/v1/events`: changes of states, and what happens to the data plane as a whole, one JSON object a line. */

import type { ValueStatus } from '../../scheduler/scheduler.ts';
import type { TimedVppCondition, VppConditions } from '../vpp-process/conditions.ts';
import { statusView } from './status-view.ts';

/** Of VPP; a reader who is too slow for more misses the oldest. */
const keptAtMost = 256;

/** Ends with `changes`. */
export async function* eventLines(
  changes: AsyncIterable<ValueStatus>,
  conditions: VppConditions | undefined,
): AsyncGenerator<string> {
  const told: TimedVppCondition[] = [];
  let wake = (): void => {};
  const stop = conditions?.listen((condition) => {
    if (told.push(condition) > keptAtMost) told.shift();
    wake();
  });
  const iterator = changes[Symbol.asyncIterator]();
  try {
    // An empty line at once: whoever waits for the answer to begin knows that nothing will be missed from here.
    yield '\n';
    for (let next = iterator.next(); ; ) {
      for (let condition = told.shift(); condition !== undefined; condition = told.shift())
        yield `${JSON.stringify(conditionView(condition))}\n`;
      const woken = new Promise<undefined>((resolve) => (wake = () => resolve(undefined)));
      if (told.length > 0) continue;
      const result = await Promise.race([next, woken]);
      if (result === undefined) continue;
      if (result.done === true) return;
      yield `${JSON.stringify(statusView(result.value))}\n`;
      next = iterator.next();
    }
  } finally {
    stop?.();
    await iterator.return?.();
  }
}

function conditionView({ time, ...condition }: TimedVppCondition): object {
  return { event: 'vpp', since: new Date(time).toISOString(), ...condition };
}
