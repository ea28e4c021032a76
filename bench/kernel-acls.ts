/**
 * 1,000 access lists of 100 rules, each on an interface of its own, in one commit, and one rule changed after; both against a bare loop of
 * the same kernel calls: the same nftables operations, made before and handed to the driver.
 */

import { spawnSync } from 'node:child_process';
import type { IntentChange } from '../src/agent/intent/intent.ts';
import {
  aclTable,
  interfaceChain,
  interfaceRules,
  listChain,
  rewriteChain,
  sharedOperations,
} from '../src/features/acl/kernel/program.ts';
import { listRules } from '../src/features/acl/kernel/rules.ts';
import { createKernelDriver } from '../src/kernel/create.ts';
import { addChain, deleteTable, type Operation, type Table } from '../src/kernel/nftables/index.ts';
import type { ACL } from '../src/model/gen/ligato/vpp/acl/acl_pb.js';
import { changesOf, commit, longestBlock, openAgent, removalOf, uniqueName } from './kernel-agent.ts';
import { type Result, result } from './result.ts';
import { median, percentile, timed } from './statistics.ts';

const count = 1_000;
const rulesEach = 100;
const runs = 3;
const single = 100;

export async function benchAcls(): Promise<readonly Result[]> {
  await using agent = await openAgent();
  using bareDevices = new BareDevices();
  const { models } = agent;
  const indices = Array.from({ length: count }, (_, index) => index);
  await commit(agent, changesOf(models, 'vpp.interfaces', indices.map(device)));
  const all = changesOf(
    models,
    'vpp.acls.acl',
    indices.map((index) => list(index)),
  );
  const bulk: number[] = [];
  const removals: number[] = [];
  const bare: number[] = [];
  const phases: Record<string, number[]> = {};
  longestBlock();
  for (let run = 0; run < runs; run++) {
    bulk.push(
      await timed(async () => {
        const { timing } = await commit(agent, all);
        for (const [phase, ms] of Object.entries(timing)) (phases[phase] ??= []).push(ms);
      }),
    );
    removals.push(await timed(() => commit(agent, removalOf(all))));
    bare.push((await bareLoop(bareDevices, all)).bulk);
  }
  const block = longestBlock();
  const reference = await bareLoop(bareDevices, all);
  await commit(agent, all);
  const changed: number[] = [];
  for (let time = 0; time < single; time++) {
    const change = changesOf(models, 'vpp.acls.acl', [list(time * 7, time + 1)]);
    changed.push(await timed(() => commit(agent, change)));
  }
  const against = (value: number): { value: number; from: string } => ({ value, from: 'bare loop' });
  return [
    result(
      `${count} lists of ${rulesEach} rules on ${count} interfaces in one commit`,
      median(bulk),
      'ms',
      against(median(bare)),
      'target: ratio 1.3',
    ),
    ...Object.entries(phases).map(([phase, values]) => result(`- of which ${phase}`, median(values), 'ms')),
    result(`removal of ${count} lists`, median(removals), 'ms'),
    result(
      'one rule changed, p50',
      percentile(changed, 0.5),
      'ms',
      against(percentile(reference.single, 0.5)),
      'target: 5 ms',
    ),
    result('one rule changed, p99', percentile(changed, 0.99), 'ms'),
    result('longest block of the event loop, lists', block, 'ms', { value: 20, from: 'target' }),
  ];
}

interface Bare {
  /** ms */
  readonly bulk: number;
  /** ms each */
  readonly single: readonly number[];
}

/** A namespace with the same devices: in its own the agent would clean up what others write. */
class BareDevices implements Disposable {
  readonly namespace = uniqueName('bare');

  constructor() {
    const pairs = Array.from(
      { length: count },
      (_, index) => `link add loop${index} type veth peer name end${index}\n`,
    );
    this.#ip(['netns', 'add', this.namespace]);
    this.#ip(['-n', this.namespace, '-batch', '-'], pairs.join(''));
  }

  #ip(args: readonly string[], input = ''): void {
    const { status, stderr } = spawnSync('ip', args, { input, encoding: 'utf8' });
    if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
  }

  [Symbol.dispose](): void {
    this.#ip(['netns', 'delete', this.namespace]);
  }
}

async function bareLoop({ namespace }: BareDevices, lists: readonly IntentChange[]): Promise<Bare> {
  const driver = await createKernelDriver({ namespace });
  try {
    const nft = driver.nft(driver.vswitch);
    const operations = lists.map(({ value }, index) => [...write(index, value as ACL), ...bind(index)]);
    const rewrites = Array.from({ length: single }, (_, time) => write(time * 7, lists[time * 7]!.value as ACL));
    const bulk = await timed(async () => {
      const tables = new Map(lists.map((_, index) => [tableOf(index).name, tableOf(index)]));
      for (const table of tables.values()) await nft.apply(sharedOperations(table));
      await Promise.all(operations.map((each) => nft.apply(each)));
    });
    const times: number[] = [];
    for (const rewrite of rewrites) times.push(await timed(() => nft.apply(rewrite)));
    await nft.apply(
      [...new Map(lists.map((_, index) => [tableOf(index).name, tableOf(index)])).values()].map(deleteTable),
    );
    return { bulk, single: times };
  } finally {
    await driver.close();
  }
}

function tableOf(index: number): Table {
  return aclTable(`loop${index}`);
}

function write(index: number, value: ACL): Operation[] {
  const chain = listChain(value.name, 'ingress');
  const table = tableOf(index);
  return [addChain(table, { name: chain }), ...rewriteChain(table, chain, listRules(value, 'ingress'))];
}

function bind(index: number): Operation[] {
  const chain = interfaceChain(`loop${index}`, 'ingress');
  const table = tableOf(index);
  return [addChain(table, chain), ...rewriteChain(table, chain.name, interfaceRules([`list${index}`], 'ingress'))];
}

function device(index: number): object {
  return { name: `loop${index}`, type: 'SOFTWARE_LOOPBACK', enabled: true };
}

/** `variant`: the last rule differs with it. */
function list(index: number, variant = 0): object {
  const rules = Array.from({ length: rulesEach }, (_, rule) => {
    const port = rule === rulesEach - 1 ? 10_000 + variant : 1_000 + rule;
    return {
      action: rule % 3 === 0 ? 'DENY' : 'PERMIT',
      ipRule: {
        ip: { sourceNetwork: `10.${index >> 8}.${index & 255}.0/24`, destinationNetwork: `192.0.${rule}.0/24` },
        tcp: {
          destinationPortRange: { lowerPort: port, upperPort: port },
          sourcePortRange: { lowerPort: 0, upperPort: 65535 },
        },
      },
    };
  });
  return { name: `list${index}`, rules, interfaces: { ingress: [`loop${index}`] } };
}
