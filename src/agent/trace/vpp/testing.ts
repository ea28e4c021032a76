/** A VPP with a configuration, and traces through it: for tests. */

import assert from 'node:assert/strict';
import { gone } from '../../../../test/vpp/builders.ts';
import type { VppAgent, VppStage } from '../../../../test/vpp/stage.ts';
import { readMacs } from '../macs.ts';
import { changesOf } from '../testing.ts';
import type { Trace, TraceRequest } from '../trace.ts';
import { Tracer } from '../tracer.ts';
import { vppTraceEngine } from './engine.ts';

/** Features whose objects are in such configurations. */
export const KEPT = [
  ...['acl', 'arp', 'bridge-domain', 'fib', 'nat44', 'route', 'vrf', 'xconnect', 'l3xconnect', 'abf'],
  ...['ipsec', 'srv6', 'wireguard'],
];

export type Ask = (from: string, to: string, more?: Partial<TraceRequest>) => Promise<Trace>;

/** Its packets are the same each time: recordings are compared byte by byte. */
function tracerOf({ client, scheduler }: VppAgent): Ask {
  const engine = vppTraceEngine({ client }, scheduler);
  let packets = 0x4c00;
  const tracer = new Tracer({
    scheduler,
    engine: () => Promise.resolve(engine),
    random: (first) => Math.max(first, ++packets),
    macs: (signal) => readMacs({ scheduler, client }, signal),
  });
  return (from, to, more = {}) => tracer.trace({ from, to, ...more }, AbortSignal.timeout(60_000));
}

export async function withConfiguration(
  stage: VppStage,
  text: string,
  work: (trace: Ask) => Promise<void>,
): Promise<void> {
  const agent = await stage.agent();
  const changes = changesOf(text);
  await agent.commit(...changes);
  await work(tracerOf(agent));
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(...changes.map(gone));
}
