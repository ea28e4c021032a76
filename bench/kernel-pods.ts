/**
 * Pods: a TAP with an address, its far end as a Linux interface in the pod's namespace (made before, as container runtimes do)
 * with an address, a default route, a permanent neighbour, and an access list of its own on the TAP. Against a bare netlink
 * loop and one nftables transaction that make the same kernel objects.
 */

import { listRules } from '../src/features/acl/kernel/rules.ts';
import {
  aclTable,
  interfaceChain,
  interfaceRules,
  listChain,
  rewriteChain,
  sharedOperations,
} from '../src/features/acl/kernel/program.ts';
import type { IntentChange } from '../src/agent/intent/intent.ts';
import { namespacesIn } from '../src/kernel/namespace/directory.ts';
import type { Namespace, Namespaces } from '../src/kernel/namespace/namespace.ts';
import { ownNamespace } from '../src/kernel/namespace/switch.ts';
import { addChain, deleteTable, type Operation, type Table } from '../src/kernel/nftables/index.ts';
import { createNftablesDriver } from '../src/kernel/nftables/nftables.ts';
import type { ACL } from '../src/model/gen/ligato/vpp/acl/acl_pb.js';
import { createModelRegistry, type ModelRegistry } from '../src/model/index.ts';
import { type BarePodsOptions, bareDevice, createBarePods, podNames, removeBarePods } from './bare-pods.ts';
import { type BenchAgent, changesOf, commit, longestBlock, openAgent, removalOf, uniqueName } from './kernel-agent.ts';
import { type Result, result } from './result.ts';
import { median, percentile } from './statistics.ts';

const few = 100;
const many = 1_000;
const extra = 100;
const runs = 3;

interface Times {
  readonly create: number;
  readonly remove: number;
  readonly block: number;
}

export async function benchPods(): Promise<readonly Result[]> {
  const bareFew: Times[] = [];
  const bareMany: Times[] = [];
  const ourFew: Times[] = [];
  const ourMany: Times[] = [];
  let phases: Readonly<Record<string, number>> = {};
  let additional: readonly number[] = [];
  for (let run = 0; run < runs; run++) {
    bareFew.push(await bare(few));
    bareMany.push(await bare(many));
    await using agent = await openAgent();
    ourFew.push((await ours(agent, few)).times);
    const last = await ours(agent, many, run === runs - 1);
    ourMany.push(last.times);
    phases = last.phases;
    additional = [...additional, ...last.additional];
  }
  const from = 'bare netlink loop, same run';
  const of = (times: readonly Times[], what: keyof Times): number => median(times.map((time) => time[what]));
  const growth = (small: readonly Times[], large: readonly Times[]): number =>
    of(large, 'create') / many / (of(small, 'create') / few);
  const blocks = [...ourFew, ...ourMany].map(({ block }) => block);
  return [
    result(
      `${few} pods in one commit`,
      of(ourFew, 'create'),
      'ms',
      { value: of(bareFew, 'create'), from },
      `${runs} runs`,
    ),
    result(
      `${many} pods in one commit`,
      of(ourMany, 'create'),
      'ms',
      { value: of(bareMany, 'create'), from },
      'target 1.5',
    ),
    ...Object.entries(phases).map(([phase, ms]) => result(`- of which ${phase}, last run`, ms, 'ms')),
    result(
      `growth of the time per pod, ${few} to ${many}`,
      growth(ourFew, ourMany),
      'times',
      { value: growth(bareFew, bareMany), from },
      'target 1.2',
    ),
    result(
      `removal of ${many} pods`,
      of(ourMany, 'remove'),
      'ms',
      { value: of(bareMany, 'remove'), from },
      'target 1.5',
    ),
    result(`one more pod on top of ${many}, p50`, percentile(additional, 0.5), 'ms', { value: 3, from: 'target' }),
    result(`one more pod on top of ${many}, p99`, percentile(additional, 0.99), 'ms', { value: 15, from: 'target' }),
    result('longest block of the event loop, pods', Math.max(...blocks), 'ms', { value: 20, from: 'target' }),
  ];
}

async function ours(
  agent: BenchAgent,
  count: number,
  more = false,
): Promise<{ times: Times; phases: Readonly<Record<string, number>>; additional: readonly number[] }> {
  using pods = new PodNamespaces(count + (more ? extra : 0));
  const all = pods.names.map((name, pod) => podChanges(agent.models, name, pod));
  const bulk = all.slice(0, count).flat();
  longestBlock();
  const { timing, took: create } = await commit(agent, bulk);
  const additional: number[] = [];
  for (const one of all.slice(count)) {
    additional.push((await commit(agent, one)).took);
  }
  if (more) await commit(agent, removalOf(all.slice(count).flat()));
  const { took: remove } = await commit(agent, removalOf(bulk));
  return { times: { create, remove, block: longestBlock() }, phases: timing, additional };
}

function podChanges(models: ModelRegistry, namespace: string, pod: number): IntentChange[] {
  const subnet = `10.${64 + (pod >> 8)}.${pod & 255}`;
  const mac = (near: number): string => `02:fe:0${near}:00:${hex(pod >> 8)}:${hex(pod & 255)}`;
  const name = `pod${pod}`;
  return [
    ...changesOf(models, 'vpp.interfaces', [
      { name: `tap${pod}`, type: 'TAP', enabled: true, physAddress: mac(1), ipAddresses: [`${subnet}.1/24`] },
    ]),
    ...changesOf(models, 'linux.interfaces.interface', [
      {
        name,
        type: 'TAP_TO_VPP',
        enabled: true,
        hostIfName: 'eth0',
        physAddress: mac(0),
        namespace: { type: 'NSID', reference: namespace },
        ipAddresses: [`${subnet}.2/24`],
        tap: { vppTapIfName: `tap${pod}` },
      },
    ]),
    ...changesOf(models, 'linux.l3.route', [
      { outgoingInterface: name, scope: 'GLOBAL', dstNetwork: '0.0.0.0/0', gwAddr: `${subnet}.1` },
    ]),
    ...changesOf(models, 'linux.l3.arp', [{ interface: name, ipAddress: `${subnet}.1`, hwAddress: mac(1) }]),
    ...changesOf(models, 'vpp.acls.acl', [accessList(pod, `tap${pod}`)]),
  ];
}

function accessList(pod: number, device: string): object {
  const anywhere = { sourceNetwork: '0.0.0.0/0', destinationNetwork: '0.0.0.0/0' };
  const ssh = { lowerPort: 22, upperPort: 22 };
  return {
    name: `acl${pod}`,
    rules: [
      {
        action: 'DENY',
        ipRule: {
          ip: anywhere,
          tcp: { destinationPortRange: ssh, sourcePortRange: { lowerPort: 0, upperPort: 65_535 } },
        },
      },
      { action: 'PERMIT', ipRule: { ip: anywhere } },
    ],
    interfaces: { ingress: [device] },
  };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** The same kernel objects by the bare loop, and the access lists by one transaction. */
async function bare(count: number): Promise<Times> {
  using vswitches = new PodNamespaces(1);
  using pods = new PodNamespaces(count);
  const vswitch = vswitches.all[0]!;
  const options: BarePodsOptions = { vswitch, count, name: pods.prefix, bridges: 0, namespaces: false };
  await using lists = new BareLists(vswitch);
  const model = createModelRegistry().model('vpp.acls.acl');
  const values = Array.from({ length: count }, (_, pod) => model.fromJson(accessList(pod, bareDevice(pod))) as ACL);
  const links = createBarePods(options);
  const create = links + (await lists.add(values));
  const unlinked = removeBarePods(options);
  const remove = unlinked + (await lists.remove());
  return { create, remove, block: 0 };
}

class BareLists implements AsyncDisposable {
  readonly #driver = createNftablesDriver();
  readonly #namespace: Namespace;
  #tables: readonly Table[] = [];

  constructor(namespace: Namespace) {
    this.#namespace = namespace;
  }

  async add(lists: readonly ACL[]): Promise<number> {
    const start = performance.now();
    const tables = lists.map((_, pod) => aclTable(bareDevice(pod)));
    this.#tables = [...new Map(tables.map((table) => [table.name, table])).values()];
    const operations: Operation[] = this.#tables.flatMap(sharedOperations);
    for (const [pod, list] of lists.entries()) {
      const chain = listChain(list.name, 'ingress');
      const device = interfaceChain(bareDevice(pod), 'ingress');
      const table = tables[pod]!;
      operations.push(addChain(table, { name: chain }), ...rewriteChain(table, chain, listRules(list, 'ingress')));
      operations.push(
        addChain(table, device),
        ...rewriteChain(table, device.name, interfaceRules([list.name], 'ingress')),
      );
    }
    await this.#driver.nft(this.#namespace).apply(operations);
    return performance.now() - start;
  }

  async remove(): Promise<number> {
    const start = performance.now();
    await this.#driver.nft(this.#namespace).apply(this.#tables.map(deleteTable));
    return performance.now() - start;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driver.idle();
    this.#driver.close();
  }
}

/** Named namespaces, gone at the end. */
class PodNamespaces implements Disposable {
  readonly prefix = uniqueName('p');
  readonly names: readonly string[];
  readonly all: readonly Namespace[];
  readonly #directory: Namespaces = namespacesIn('/var/run/netns', () => ownNamespace);

  constructor(count: number) {
    this.names = podNames({ name: this.prefix, count });
    this.all = this.names.map((name) => this.#directory.create(name));
  }

  [Symbol.dispose](): void {
    for (const name of this.names) this.#directory.delete(name);
  }
}
