/** `ligato.configurator.StatsPollerService`: counters again and again. */

import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type PollStatsResponse,
  PollStatsResponseSchema,
  type StatsPollerService,
} from '../../model/gen/ligato/configurator/statspoller_pb.js';
import type { InterfaceStates } from '../interfaces/interface-states.ts';
import { invalid } from './errors.ts';
import { interfaceStats } from './interface-messages.ts';

export function statsService(interfaces: InterfaceStates): ServiceImpl<typeof StatsPollerService> {
  return {
    async *pollStats({ periodSec, numPolls }, { signal }) {
      if (periodSec === 0 && numPolls > 1)
        throw invalid('num_polls: more than one reading needs a period_sec', [
          { field: 'num_polls', description: 'more than one reading needs a period_sec' },
        ]);
      if (!interfaces.isReadable) throw new ConnectError('this data plane has no counters', Code.Unavailable);
      if (periodSec === 0) {
        yield* reading(interfaces, 0, signal);
        return;
      }
      for (let poll = 1; !signal.aborted; poll++) {
        const next = performance.now() + periodSec * 1000;
        yield* reading(interfaces, poll, signal);
        if (poll === numPolls) return;
        await delay(Math.max(0, next - performance.now()), undefined, { signal }).catch(() => undefined);
      }
    },
  };
}

async function* reading(
  interfaces: InterfaceStates,
  pollSeq: number,
  signal: AbortSignal,
): AsyncGenerator<PollStatsResponse> {
  for (const one of (await interfaces.read(signal)).interfaces) {
    if (one.model === 'vpp.interfaces') yield create(PollStatsResponseSchema, { pollSeq, stats: interfaceStats(one) });
  }
}
