/** 5,000 associations with a rule for each, against a bare netlink loop that makes the same states and policies. Needs ESP (the test VM). */

import { spawnSync } from 'node:child_process';
import { policiesOf } from '../src/features/ipsec/kernel/rules.ts';
import { requestIdOf, specOf, tunnelOf } from '../src/features/ipsec/kernel/associations.ts';
import { namespacesIn } from '../src/kernel/namespace/directory.ts';
import { ownNamespace } from '../src/kernel/namespace/switch.ts';
import { changeLink } from '../src/kernel/netlink/link.ts';
import type { Request } from '../src/kernel/netlink/request.ts';
import { setPolicy } from '../src/kernel/netlink/xfrm-policy.ts';
import { addState, IPPROTO_ESP } from '../src/kernel/netlink/xfrm-state.ts';
import type { SecurityAssociation, SecurityPolicy } from '../src/model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import { createModelRegistry } from '../src/model/index.ts';
import { carryOut } from './bare-requests.ts';
import { type BenchAgent, changesOf, commit, openAgent, removalOf, uniqueName } from './kernel-agent.ts';
import { Missing, type Result, result } from './result.ts';
import { median, timed } from './statistics.ts';

const few = 500;
const many = 5_000;
const runs = 3;

function association(index: number): object {
  return {
    index: index + 1,
    spi: 1000 + index,
    protocol: 'ESP',
    cryptoAlg: 'AES_GCM_128',
    cryptoKey: '000102030405060708090a0b0c0d0e0f',
    tunnelSrcAddr: '192.0.2.1',
    tunnelDstAddr: `198.18.${index >> 8}.${index & 255}`,
  };
}

function rule(index: number): object {
  const remote = `10.${64 + (index >> 8)}.${index & 255}`;
  return {
    spdIndex: 1,
    saIndex: index + 1,
    priority: 10,
    isOutbound: true,
    action: 'PROTECT',
    remoteAddrStart: `${remote}.0`,
    remoteAddrStop: `${remote}.255`,
  };
}

export async function benchIpsec(): Promise<readonly Result[]> {
  const bare = { few: [] as number[], many: [] as number[] };
  const ours = { few: [] as number[], many: [] as number[] };
  for (let run = 0; run < runs; run++) {
    await using agent = await openAgent();
    const missing = (await agent.kernel.driver.capabilities()).missing('esp');
    if (missing !== undefined) throw new Missing(missing);
    bare.few.push(bareIpsec(few));
    bare.many.push(bareIpsec(many));
    await commit(agent, [
      ...changesOf(agent.models, 'vpp.interfaces', [{ name: 'loop1', type: 'SOFTWARE_LOOPBACK', enabled: true }]),
      ...changesOf(agent.models, 'vpp.ipsec.spd', [{ index: 1, interfaces: [{ name: 'loop1' }] }]),
    ]);
    ours.few.push(await protect(agent, few));
    ours.many.push(await protect(agent, many));
  }
  const growth = (times: { readonly few: readonly number[]; readonly many: readonly number[] }): number =>
    median(times.many) / many / (median(times.few) / few);
  const peer = { value: median(bare.many), from: 'bare netlink loop, same run' };
  return [
    result(
      `${many} associations with a rule each, in one commit`,
      median(ours.many),
      'ms',
      peer,
      `target 1.3, ${runs} runs`,
    ),
    result('- growth of the time for one, from 500', growth(ours), '', { value: growth(bare), from: 'bare loop' }),
  ];
}

async function protect(agent: BenchAgent, count: number): Promise<number> {
  const indices = Array.from({ length: count }, (_, index) => index);
  const changes = [
    ...changesOf(agent.models, 'vpp.ipsec.sa', indices.map(association)),
    ...changesOf(agent.models, 'vpp.ipsec.sp', indices.map(rule)),
  ];
  const took = await timed(() => commit(agent, changes));
  await commit(agent, removalOf(changes));
  return took;
}

/** ms. */
function bareIpsec(count: number): number {
  const name = uniqueName('bare');
  const namespace = namespacesIn('/var/run/netns', () => ownNamespace).create(name);
  try {
    carryOut(namespace, 'route', [changeLink({ index: 1 }, { up: true }) as Request]);
    const values = valuesOf(count);
    return carryOut(namespace, 'xfrm', requests(values));
  } finally {
    spawnSync('ip', ['netns', 'delete', name]);
  }
}

function valuesOf(count: number): readonly (readonly [SecurityAssociation, SecurityPolicy])[] {
  const models = createModelRegistry();
  const [sa, sp] = [models.model('vpp.ipsec.sa'), models.model('vpp.ipsec.sp')];
  return Array.from({ length: count }, (_, index) => [
    sa.fromJson(association(index)) as SecurityAssociation,
    sp.fromJson(rule(index)) as SecurityPolicy,
  ]);
}

function* requests(values: ReturnType<typeof valuesOf>): Iterable<Request> {
  for (const [value, policy] of values) {
    const use = tunnelOf(value)!;
    yield addState(specOf(value, use)) as Request;
    const template = { protocol: IPPROTO_ESP, family: 4, requestId: requestIdOf(value.index), ...use } as const;
    for (const spec of policiesOf(policy, { links: [1], number: 1 }, template)) yield setPolicy(spec) as Request;
  }
}
