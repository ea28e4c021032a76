/** What a packet through one interface costs when others have access lists, services and VRFs: packets per second with few and with many. */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { IntentChange } from '../src/agent/intent/intent.ts';
import { type BenchAgent, changesOf, commit, openAgent, removalOf, uniqueName } from './kernel-agent.ts';
import { servicesFrom } from './kernel-services.ts';
import { type Result, result } from './result.ts';
import { median } from './statistics.ts';

const many = 1_000;
const rounds = 5;
/** ms of each measurement. */
const duration = 1_000;
const receiver = '10.1.2.2';

export async function benchPackets(): Promise<readonly Result[]> {
  await using agent = await openAgent();
  using hosts = new Hosts(['a', 'b']);
  const { models } = agent;
  const [left, right] = [hosts.name('a'), hosts.name('b')];
  await commit(agent, [
    ...[...host(agent, left, 1), ...host(agent, right, 2)],
    ...changesOf(models, 'vpp.acls.acl', [accessList('tap1')]),
    ...changesOf(models, 'vpp.nat.nat44-global', [{ forwarding: true }]),
    ...changesOf(models, 'vpp.nat.nat44-interface', [{ name: 'tap1', natOutside: true }]),
    ...servicesFrom(models, 0, 1),
  ]);
  const noVrfs = (await agent.kernel.driver.capabilities()).missing('vrf');
  const others = [...othersOf(agent), ...(noVrfs === undefined ? vrfsOf(agent) : [])];
  const few: number[] = [];
  const full: number[] = [];
  await rate(left, right);
  for (let round = 0; round < rounds; round++) {
    few.push(await rate(left, right));
    await commit(agent, others);
    full.push(await rate(left, right));
    await commit(agent, removalOf(others));
  }
  return [
    result('packets per second through one interface, 1 access list and service', median(few), '1/s'),
    result(
      `the same with ${many} of each on others`,
      median(full),
      '1/s',
      { value: median(few), from: 'the row above' },
      noVrfs === undefined ? 'target 0.9' : `target 0.9; without VRFs: ${noVrfs}`,
    ),
  ];
}

/** A TAP with its far end in a namespace that routes all to it. */
function host(agent: BenchAgent, namespace: string, number: number): IntentChange[] {
  const { models } = agent;
  const subnet = `10.1.${number}`;
  return [
    ...changesOf(models, 'vpp.interfaces', [
      { name: `tap${number}`, type: 'TAP', enabled: true, ipAddresses: [`${subnet}.1/24`] },
    ]),
    ...changesOf(models, 'linux.interfaces.interface', [
      {
        name: `host${number}`,
        type: 'TAP_TO_VPP',
        enabled: true,
        hostIfName: 'eth0',
        namespace: { type: 'NSID', reference: namespace },
        ipAddresses: [`${subnet}.2/24`],
        tap: { vppTapIfName: `tap${number}` },
      },
    ]),
    ...changesOf(models, 'linux.l3.route', [
      { outgoingInterface: `host${number}`, scope: 'GLOBAL', dstNetwork: '0.0.0.0/0', gwAddr: `${subnet}.1` },
    ]),
  ];
}

function othersOf({ models }: BenchAgent): IntentChange[] {
  const names = Array.from({ length: many - 1 }, (_, index) => `other${index}`);
  return [
    ...changesOf(
      models,
      'vpp.interfaces',
      names.map((name) => ({ name, type: 'SOFTWARE_LOOPBACK', enabled: true })),
    ),
    ...changesOf(models, 'vpp.acls.acl', names.map(accessList)),
    ...servicesFrom(models, 1, many - 1),
  ];
}

function vrfsOf({ models }: BenchAgent): IntentChange[] {
  const tables = Array.from({ length: many }, (_, index) => ({
    id: index + 1,
    protocol: 'IPV4',
    label: `vrf${index + 1}`,
  }));
  return changesOf(models, 'vpp.vrf-table', tables);
}

function accessList(device: string): object {
  const anywhere = { sourceNetwork: '0.0.0.0/0', destinationNetwork: '0.0.0.0/0' };
  return {
    name: `of-${device}`,
    rules: [
      { action: 'DENY', ipRule: { ip: { ...anywhere, sourceNetwork: '192.0.2.0/24' } } },
      { action: 'PERMIT', ipRule: { ip: anywhere } },
    ],
    interfaces: { ingress: [device], egress: [device] },
  };
}

/** Packets that arrive in a second. */
async function rate(sender: string, to: string): Promise<number> {
  const before = received(to);
  const start = performance.now();
  const script = join(import.meta.dirname, 'kernel-sender.ts');
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', script, receiver, String(duration)];
  const child = spawn('ip', ['netns', 'exec', sender, ...node], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the sender ended with ${code} after ${performance.now() - start} ms`);
  return ((received(to) - before) / duration) * 1000;
}

function received(namespace: string): number {
  const { stdout } = spawnSync('ip', ['-n', namespace, '-s', '-j', 'link', 'show', 'eth0'], { encoding: 'utf8' });
  const [link] = JSON.parse(stdout) as { stats64: { rx: { packets: number } } }[];
  if (!link) throw new Error(`no eth0 in ${namespace}`);
  return link.stats64.rx.packets;
}

class Hosts implements Disposable {
  readonly #prefix = uniqueName('h');
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    this.#names = names;
    for (const name of names) spawnSync('ip', ['netns', 'add', this.name(name)]);
  }

  name(name: string): string {
    return `${this.#prefix}-${name}`;
  }

  [Symbol.dispose](): void {
    for (const name of this.#names) spawnSync('ip', ['netns', 'delete', this.name(name)]);
  }
}
