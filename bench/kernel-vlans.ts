/** 1,000 VLAN sub-interfaces of one interface with an address each, against a bare netlink loop that makes the same. Needs VLAN devices. */

import { spawnSync } from 'node:child_process';
import { namespacesIn } from '../src/kernel/namespace/directory.ts';
import { ownNamespace } from '../src/kernel/namespace/switch.ts';
import { addAddress } from '../src/kernel/netlink/address.ts';
import { createLink } from '../src/kernel/netlink/link.ts';
import type { Request } from '../src/kernel/netlink/request.ts';
import { parsePrefix } from '../src/model/address.ts';
import { carryOut } from './bare-requests.ts';
import { type BenchAgent, changesOf, commit, openAgent, removalOf, uniqueName } from './kernel-agent.ts';
import { Missing, type Result, result } from './result.ts';
import { median, timed } from './statistics.ts';

const few = 100;
const many = 1_000;
const runs = 3;
const FIRST_LINK = 1_000;

function address(index: number): string {
  return `10.${64 + (index >> 8)}.${index & 255}.1/24`;
}

function subInterface(index: number): object {
  const sub = { parentName: 'trunk', subId: index + 1 };
  return { name: `vlan${index + 1}`, type: 'SUB_INTERFACE', enabled: true, ipAddresses: [address(index)], sub };
}

export async function benchVlans(): Promise<readonly Result[]> {
  const bare = { few: [] as number[], many: [] as number[] };
  const ours = { few: [] as number[], many: [] as number[] };
  const removals: number[] = [];
  for (let run = 0; run < runs; run++) {
    await using agent = await openAgent();
    const missing = (await agent.kernel.driver.capabilities()).missing('vlan');
    if (missing !== undefined) throw new Missing(missing);
    bare.few.push(bareVlans(few));
    bare.many.push(bareVlans(many));
    await commit(
      agent,
      changesOf(agent.models, 'vpp.interfaces', [{ name: 'trunk', type: 'SOFTWARE_LOOPBACK', enabled: true }]),
    );
    ours.few.push((await divide(agent, few)).create);
    const { create, remove } = await divide(agent, many);
    ours.many.push(create);
    removals.push(remove);
  }
  const growth = (times: { readonly few: readonly number[]; readonly many: readonly number[] }): number =>
    median(times.many) / many / (median(times.few) / few);
  const peer = { value: median(bare.many), from: 'bare netlink loop, same run' };
  return [
    result(
      `${many} VLANs with an address each in one commit`,
      median(ours.many),
      'ms',
      peer,
      `target 1.3, ${runs} runs`,
    ),
    result('- growth of the time for one, from 100', growth(ours), '', { value: growth(bare), from: 'bare loop' }),
    result(`removal of ${many} VLANs`, median(removals), 'ms'),
  ];
}

async function divide(agent: BenchAgent, count: number): Promise<{ readonly create: number; readonly remove: number }> {
  const objects = Array.from({ length: count }, (_, index) => subInterface(index));
  const changes = changesOf(agent.models, 'vpp.interfaces', objects);
  const create = await timed(() => commit(agent, changes));
  const remove = await timed(() => commit(agent, removalOf(changes)));
  return { create, remove };
}

/** ms. */
function bareVlans(count: number): number {
  const name = uniqueName('bare');
  const namespace = namespacesIn('/var/run/netns', () => ownNamespace).create(name);
  try {
    const index = FIRST_LINK - 1;
    carryOut(namespace, 'route', [createLink({ name: 'trunk', kind: { type: 'bridge' }, index, up: true })]);
    return carryOut(namespace, 'route', requests(count, index));
  } finally {
    spawnSync('ip', ['netns', 'delete', name]);
  }
}

function* requests(count: number, link: number): Iterable<Request> {
  for (let id = 1; id <= count; id++) {
    const index = FIRST_LINK + id;
    yield createLink({ name: `vlan${id}`, kind: { type: 'vlan', id }, link, index, up: true }) as Request;
    yield addAddress({ link: index, address: parsePrefix(address(id - 1))! }) as Request;
  }
}
