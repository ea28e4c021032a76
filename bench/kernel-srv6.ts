/** 10,000 SRv6 steerings into one policy, against a bare netlink loop that makes the same routes. */

import { spawnSync } from 'node:child_process';
import { parseIp, parsePrefix } from '../src/model/address.ts';
import { ownNamespace } from '../src/kernel/namespace/switch.ts';
import { namespacesIn } from '../src/kernel/namespace/directory.ts';
import { createLink } from '../src/kernel/netlink/link.ts';
import type { Request } from '../src/kernel/netlink/request.ts';
import { addRoute } from '../src/kernel/netlink/route.ts';
import { seg6 } from '../src/kernel/netlink/seg6.ts';
import { carryOut } from './bare-requests.ts';
import { type BenchAgent, changesOf, commit, longestBlock, openAgent, removalOf, uniqueName } from './kernel-agent.ts';
import { Missing, type Result, result } from './result.ts';
import { median, timed } from './statistics.ts';

const few = 1_000;
const many = 10_000;
const runs = 3;
const segments = ['fc00:2::1', 'fc00:3::1'];
const policy = { bsid: 'fc00:1::b', srhEncapsulation: true, segmentLists: [{ segments }] };

function prefix(index: number): string {
  return `10.${64 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}/32`;
}

function steerings(count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `steering-${index}`,
    policyBsid: policy.bsid,
    l3Traffic: { prefixAddress: prefix(index) },
  }));
}

export async function benchSrv6(): Promise<readonly Result[]> {
  const bare = { few: [] as number[], many: [] as number[] };
  const ours = { few: [] as number[], many: [] as number[] };
  const removals: number[] = [];
  longestBlock();
  for (let run = 0; run < runs; run++) {
    bare.few.push(bareRoutes(few));
    bare.many.push(bareRoutes(many));
    await using agent = await openAgent();
    const missing = (await agent.kernel.driver.capabilities()).missing('seg6');
    if (missing !== undefined) throw new Missing(missing);
    await commit(agent, changesOf(agent.models, 'vpp.srv6.policy', [policy]));
    ours.few.push((await steer(agent, few)).create);
    const { create, remove } = await steer(agent, many);
    ours.many.push(create);
    removals.push(remove);
  }
  const growth = (times: { readonly few: readonly number[]; readonly many: readonly number[] }): number =>
    median(times.many) / many / (median(times.few) / few);
  const peer = { value: median(bare.many), from: 'bare netlink loop, same run' };
  return [
    result(`${many} SRv6 steerings in one commit`, median(ours.many), 'ms', peer, `target 1.3, ${runs} runs`),
    result('- growth of the time for one, from 1,000', growth(ours), '', { value: growth(bare), from: 'bare loop' }),
    result(`removal of ${many} SRv6 steerings`, median(removals), 'ms'),
    result('longest block of the event loop, SRv6', longestBlock(), 'ms', { value: 20, from: 'target' }),
  ];
}

async function steer(agent: BenchAgent, count: number): Promise<{ readonly create: number; readonly remove: number }> {
  const changes = changesOf(agent.models, 'vpp.srv6.steering', steerings(count));
  const create = await timed(() => commit(agent, changes));
  const remove = await timed(() => commit(agent, removalOf(changes)));
  return { create, remove };
}

/** ms. */
function bareRoutes(count: number): number {
  const name = uniqueName('bare');
  const namespace = namespacesIn('/var/run/netns', () => ownNamespace).create(name);
  try {
    const index = 7;
    carryOut(namespace, 'route', [createLink({ name: 'sr', kind: { type: 'bridge' }, index, up: true })]);
    return carryOut(namespace, 'route', routes(count, index));
  } finally {
    spawnSync('ip', ['netns', 'delete', name]);
  }
}

function* routes(count: number, link: number): Iterable<Request> {
  const list = segments.map((segment) => parseIp(segment)!);
  for (let index = 0; index < count; index++) {
    const encapsulation = seg6({ mode: 'encap', segments: list });
    const destination = parsePrefix(prefix(index))!;
    yield addRoute({ destination, link, metric: 0, table: 254, protocol: 79, encapsulation }) as Request;
  }
}
