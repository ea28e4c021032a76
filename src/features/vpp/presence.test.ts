import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Handler } from '../../scheduler/handler.ts';
import { VppError } from '../../vpp/index.ts';
import type { VppEngine } from './engine.ts';
import { whilePresent } from './presence.ts';

function stage() {
  const client = { isConnected: true };
  let calls = 0;
  const lose = (): Promise<never> => {
    calls++;
    client.isConnected = false;
    return Promise.reject(new VppError('disconnected', 'closed by VPP'));
  };
  const handler: Handler = {
    kind: 'thing',
    engine: 'vpp',
    create: lose,
    remove: () => Promise.reject(new VppError('refused', 'VPP answered -2')),
    retrieve: () => Promise.resolve([]),
  };
  return { client, handler: whilePresent(handler, { client } as unknown as VppEngine), calls: () => calls };
}

test('what fails because VPP went, or is not asked because it is away, says so', async () => {
  const { client, handler, calls } = stage();
  const create = () => handler.create({} as never, 'thing/a' as never, {});
  for (const _ of [1, 2])
    await assert.rejects(create(), { code: 'away', retriable: true, message: 'VPP is away: made when it is back' });
  assert.equal(calls(), 1, 'a VPP that is away is not asked');
  await assert.rejects(handler.retrieve!({} as never), { code: 'away' });
  client.isConnected = true;
  assert.deepEqual(await handler.retrieve!({} as never), []);
});

test('what a VPP that is there refuses stays its refusal, and no verb is made up', async () => {
  const { handler } = stage();
  await assert.rejects(handler.remove({} as never, 'thing/a' as never, {}, undefined), { code: 'refused' });
  assert.deepEqual([handler.update, handler.refresh, handler.reconcile], [undefined, undefined, undefined]);
});
