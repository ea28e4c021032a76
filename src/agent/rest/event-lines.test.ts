import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asKey } from '../../model/key.ts';
import type { ValueStatus } from '../../scheduler/scheduler.ts';
import { VppConditions } from '../vpp-process/conditions.ts';
import { eventLines } from './event-lines.ts';

const status: ValueStatus = {
  key: asKey('config/a'),
  state: 'CONFIGURED',
  label: 'a',
  since: 0,
  lastOperation: 'CREATE',
  problems: [],
  details: [],
  waitingFor: [],
  seqNum: 1,
  parts: [],
};

test('what happens to VPP is told among the changes of states, in order, until these end', async () => {
  const conditions = new VppConditions();
  const go = Promise.withResolvers<void>();
  async function* changes(): AsyncGenerator<ValueStatus> {
    yield status;
    await go.promise;
    yield status;
  }
  const lines = eventLines(changes(), conditions);
  const next = async () => {
    const result = await lines.next();
    if (result.done === true) return 'end';
    const line = JSON.parse(result.value === '\n' ? '{}' : result.value) as Record<string, unknown>;
    return line['event'] === 'vpp' ? { ...line, since: typeof line['since'] } : (line['key'] ?? 'begin');
  };
  assert.deepEqual([await next(), await next()], ['begin', 'config/a']);
  const waiting = next();
  conditions.tell({ condition: 'lost', reason: 'closed by VPP' });
  conditions.tell({ condition: 'back', isNew: true, after: 900 });
  assert.deepEqual(await waiting, { event: 'vpp', since: 'string', condition: 'lost', reason: 'closed by VPP' });
  assert.deepEqual(await next(), { event: 'vpp', since: 'string', condition: 'back', isNew: true, after: 900 });
  go.resolve();
  assert.equal(await next(), 'config/a');
  assert.equal(await next(), 'end');
  conditions.tell({ condition: 'left' });
});

test('who listens only to some values hears of these only', async () => {
  async function* changes(): AsyncGenerator<ValueStatus> {
    yield status;
  }
  const lines: string[] = [];
  for await (const line of eventLines(changes(), undefined)) lines.push(line);
  assert.equal(lines.length, 2);
});
