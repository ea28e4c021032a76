import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestAgent } from '../../client/testing.ts';
import { asKey } from '../../model/key.ts';
import { reportDrift } from './drift.ts';
import { schedulerPlugin } from './scheduler.ts';

test('what differs is reported also where something else cannot be read, and that with the reason', async () => {
  await using agent = await startTestAgent();
  const scheduler = agent.application.api(schedulerPlugin);
  agent.plane.set(asKey('config/vpp/v2/interfaces/stray'), { name: 'stray' });
  agent.unreadable.add('vpp.route');
  const logged: string[] = [];
  const note = (level: string) => (_fields: object, text: string) => void logged.push(`${level} ${text}`);
  const log = { warn: note('warn'), error: note('error') } as unknown as Parameters<typeof reportDrift>[1];
  await reportDrift(scheduler, log);
  assert.deepEqual(logged, [
    'warn drift: config/vpp/v2/interfaces/stray is unexpected in the data plane',
    'error could not be compared: vpp.route: the plane does not answer',
  ]);
});
