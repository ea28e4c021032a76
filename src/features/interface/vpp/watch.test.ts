import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Key } from '../../../model/key.ts';
import type { Scheduler } from '../../../scheduler/scheduler.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { until } from '../../../../test/vpp/stage.ts';
import { interfaceKey } from '../model/keys.ts';
import { OwnRemovals } from './own-removals.ts';
import { watchInterfaces } from './watch.ts';

/** As much of a VPP as the watch talks to: interfaces by number, and events. */
class Interfaces {
  readonly tags = new Map<number, string>();
  readonly #events: { readonly sw_if_index: number; readonly deleted: boolean }[] = [];
  #wake = (): void => {};

  readonly engine = {
    log: { info() {}, warn() {} },
    client: {
      onState(listener: (state: { readonly state: string }) => void) {
        listener({ state: 'connected' });
        return () => {};
      },
      request: async () => ({ retval: 0 }),
      list: async (_: string, { sw_if_index }: { readonly sw_if_index?: number }) =>
        [...this.tags]
          .filter(([index]) => sw_if_index === undefined || sw_if_index === index)
          .map(([index, tag]) => ({ sw_if_index: index, tag, flags: 0 })),
      events: () => this.#follow(),
    },
  } as unknown as VppEngine;

  tell(sw_if_index: number, deleted: boolean): void {
    this.#events.push({ sw_if_index, deleted });
    this.#wake();
  }

  async *#follow() {
    for (;;) {
      const next = this.#events.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

test('an interface that the agent itself removed is not looked for; one that somebody else removed is', async () => {
  const vpp = new Interfaces();
  vpp.tags.set(1, 'ours').set(2, 'taken');
  const looked: Key[] = [];
  const told: string[] = [];
  const scheduler = {
    notify: (facts: readonly { readonly key: Key; readonly value: unknown }[]) =>
      facts.forEach(({ key, value }) => told.push(`${key} ${value === null ? 'gone' : 'there'}`)),
    snapshot: () => ({ node: () => ({ desired: {}, state: 'CONFIGURED' }) }),
    recheck: (keys: readonly Key[]) => void looked.push(...keys),
  } as unknown as Scheduler;
  const end = new AbortController();
  await watchInterfaces(vpp.engine, scheduler, end.signal);
  await until('both are known', () => told.filter((fact) => fact.endsWith('DOWN there')).length === 2);
  told.length = 0;

  const own = OwnRemovals.of(vpp.engine);
  await own.during(1, async () => void vpp.tags.delete(1));
  // Made again under the number that became free, before VPP told of the end.
  vpp.tags.set(1, 'ours');
  vpp.tell(1, true);
  await until('the new one is told', () =>
    told.some((fact) => /ours\/state\/DOWN there$|ours.*DOWN there$/.test(fact)),
  );
  await assert.rejects(
    own.during(2, () => Promise.reject(new Error('refused'))),
    /refused/,
  );
  vpp.tags.delete(2);
  vpp.tell(2, true);
  await until('the other one is looked for', () => looked.length > 0);
  assert.deepEqual(looked, [interfaceKey('taken')]);

  // The expectation was for one end: the next of that number is somebody else's work.
  vpp.tags.delete(1);
  vpp.tell(1, true);
  await until('its end is noticed', () => looked.length > 1);
  assert.deepEqual(looked.slice(1), [interfaceKey('ours')]);
  end.abort();
});
