import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { RuleSchema } from '../model/gen/ligato/vpp/stn/stn_pb.js';
import { createScheduler } from '../scheduler/index.ts';
import { kernelEngine } from './kernel/engine.ts';
import { kernelHandlers as puntHandlers } from './punt/kernel.ts';
import { toHost, toHostKey } from './punt/model.ts';
import { kernelHandlers as stnHandlers } from './stn/kernel.ts';
import { stnRule, stnRuleKey } from './stn/model.ts';
import { supportOf } from './support.ts';
import { ToHostSchema, L3Protocol, L4Protocol } from '../model/gen/ligato/vpp/punt/punt_pb.js';

test('what the engine does by itself is CONFIGURED and says so; what it cannot is UNIMPLEMENTED with the reason', async () => {
  const scheduler = createScheduler({ engines: [kernelEngine] });
  scheduler.register({ ...stnRule, dependencies: () => [] }, stnHandlers()[0]);
  scheduler.register(
    toHost,
    puntHandlers().find(({ kind }) => kind === toHost.name),
  );
  const rule = stnRuleKey('tap1', '192.0.2.1');
  const host = toHostKey(L3Protocol.IPV4, L4Protocol.UDP, 53);
  const value = { l3Protocol: L3Protocol.IPV4, l4Protocol: L4Protocol.UDP, port: 53, socketPath: '/run/x' };
  await scheduler.commit([
    { key: rule, value: create(RuleSchema, { ipAddress: '192.0.2.1', interface: 'tap1' }) },
    { key: host, value: create(ToHostSchema, value) },
  ]);
  assert.equal(scheduler.status(rule)?.state, 'CONFIGURED');
  assert.match(scheduler.status(rule)!.details.join(), /^kernel: the card was never taken .* nothing is programmed$/);
  assert.equal(scheduler.status(host)?.state, 'UNIMPLEMENTED');
  assert.match(scheduler.status(host)!.error!, /^kernel: packets to a port are delivered to the program that listens/);
  await scheduler.close();
});

test('grades', () => {
  assert.equal(supportOf(undefined).grade, 'unimplemented');
  assert.equal(supportOf(stnHandlers()[0]).grade, 'explained');
  for (const handler of puntHandlers()) assert.match(supportOf(handler).note ?? '', /./);
});
