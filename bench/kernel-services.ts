/** NAT44 services: 10,000 of five backends each in one commit, one more, and one backend less with its connections ended. */

import type { IntentChange } from '../src/agent/intent/intent.ts';
import type { ModelRegistry } from '../src/model/index.ts';
import { changesOf, commit, longestBlock, openAgent, removalOf } from './kernel-agent.ts';
import { type Result, result } from './result.ts';
import { median, percentile, timed } from './statistics.ts';

const count = 10_000;
const backends = 5;
const runs = 3;
const single = 100;

export async function benchServices(): Promise<readonly Result[]> {
  await using agent = await openAgent();
  const { models } = agent;
  await commit(agent, changesOf(models, 'vpp.nat.nat44-global', [{ forwarding: true }]));
  const all = servicesFrom(models, 0, count);
  const bulk: number[] = [];
  const removals: number[] = [];
  const phases: Record<string, number[]> = {};
  longestBlock();
  for (let run = 0; run < runs; run++) {
    if (run > 0) removals.push(await timed(() => commit(agent, removalOf(all))));
    bulk.push(
      await timed(async () => {
        const { timing } = await commit(agent, all);
        for (const [phase, ms] of Object.entries(timing)) (phases[phase] ??= []).push(ms);
      }),
    );
  }
  const block = longestBlock();
  const more: number[] = [];
  const fewer: number[] = [];
  for (let index = count; index < count + single; index++) {
    const full = servicesFrom(models, index, 1);
    const without = changesOf(models, 'vpp.nat.dnat44', [service(index, backends - 1)]);
    more.push(await timed(() => commit(agent, full)));
    fewer.push(await timed(() => commit(agent, without)));
  }
  return [
    result(`${count} services of ${backends} backends in one commit`, median(bulk) / 1000, 's', {
      value: 0.6,
      from: 'target',
    }),
    ...Object.entries(phases).map(([phase, values]) => result(`- of which ${phase}`, median(values), 'ms')),
    result(`removal of ${count} services`, median(removals) / 1000, 's'),
    result('one more service, p50', percentile(more, 0.5), 'ms', { value: 2, from: 'target' }, `${single} times`),
    result('one more service, p99', percentile(more, 0.99), 'ms'),
    result('one backend less, p50', percentile(fewer, 0.5), 'ms', { value: 5, from: 'target' }, `${single} times`),
    result('one backend less, p99', percentile(fewer, 0.99), 'ms'),
    result('longest block of the event loop, services', block, 'ms', { value: 20, from: 'target' }),
  ];
}

export function servicesFrom(models: ModelRegistry, first: number, many: number): IntentChange[] {
  const services = Array.from({ length: many }, (_, index) => service(first + index, backends));
  return changesOf(models, 'vpp.nat.dnat44', services);
}

function service(index: number, localIps: number): object {
  const low = `${(index >> 8) & 255}.${index & 255}`;
  return {
    label: `service${index}`,
    stMappings: [
      {
        externalIp: `10.96.${low}`,
        externalPort: 80,
        protocol: 'TCP',
        localIps: Array.from({ length: localIps }, (_, backend) => ({
          localIp: `10.${128 + backend}.${low}`,
          localPort: 8080,
          probability: 1,
        })),
      },
    ],
  };
}
