/** The two engines as something that takes a configuration and packets. Each has a router of its own, and a host with all cables. */

import { type VppProcess, startVpp } from '../vpp/process.ts';
import { VppAgent } from '../vpp/stage.ts';
import { vppInterface } from '../vpp/builders.ts';
import { linuxInterface, type named, Stage, type StageAgent } from '../stage/stage.ts';
import { createLab, type Lab } from '../lab/lab.ts';
import type { Host } from '../lab/host.ts';
import { features } from '../../src/features/index.ts';
import { Interface_Type as LinuxType } from '../../src/model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as Type } from '../../src/model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Change, Scheduler } from '../../src/scheduler/scheduler.ts';
import { type CaseConfig, configurationOf, PORTS, portInterfaces, portName } from './network.ts';
import { deviceOf, exchange, type Outcome, Refused } from './exchange.ts';
import type { Step } from './packets.ts';

export interface Engine extends AsyncDisposable {
  readonly name: 'kernel' | 'vpp';
  /** Rejects with Refused when the engine does not take the configuration. Leaves the engine empty. */
  run(config: CaseConfig, steps: readonly Step[]): Promise<Outcome>;
}

/** Applies, exchanges packets, takes everything away again: sessions go with the interfaces. */
async function runOn(
  scheduler: Scheduler,
  outside: Host,
  ports: readonly Change[],
  config: CaseConfig,
  steps: readonly Step[],
): Promise<Outcome> {
  const changes = [...ports, ...changesOf(config)];
  try {
    await apply(scheduler, changes);
    return await exchange(outside, config, steps);
  } finally {
    await apply(
      scheduler,
      changes.map(({ key }) => ({ key, value: null })),
    );
  }
}

function changesOf(config: CaseConfig): readonly Change[] {
  try {
    return configurationOf(config);
  } catch (error) {
    throw new Refused(String(error), { cause: error });
  }
}

async function apply(scheduler: Scheduler, changes: readonly Change[]): Promise<void> {
  const { failures } = await scheduler.commit(changes, { retry: false });
  const unmade = changes
    .filter(({ value }) => value !== null)
    .map(({ key }) => scheduler.status(key))
    .filter((status) => status !== undefined && status.state !== 'CONFIGURED')
    .map((status) => `${status!.key} ${status!.state} ${status!.error ?? ''} ${status!.details.join(', ')}`);
  const problems = [...failures.map(({ key, error }) => `${key}: ${error.message}`), ...unmade];
  if (problems.length > 0) throw new Refused(problems.join('; '));
}

class KernelSide implements Engine {
  readonly name = 'kernel';
  readonly #stage: Stage;
  readonly #agent: StageAgent;
  readonly #outside: Host;
  readonly #namespace: ReturnType<typeof named>;

  constructor(stage: Stage, agent: StageAgent, outside: Host, namespace: ReturnType<typeof named>) {
    this.#stage = stage;
    this.#agent = agent;
    this.#outside = outside;
    this.#namespace = namespace;
  }

  async run(config: CaseConfig, steps: readonly Step[]): Promise<Outcome> {
    // Connections of before would go on as they were.
    await this.#agent.driver.conntrack(this.#agent.driver.vswitch).end({});
    const ports = portInterfaces(config).flatMap(({ port, physAddress, ipAddresses }) => [
      vppInterface(portName(port), { type: Type.TAP, physAddress, ipAddresses: [...ipAddresses] }),
      linuxInterface(deviceOf(port), {
        type: LinuxType.TAP_TO_VPP,
        hostIfName: deviceOf(port),
        namespace: this.#namespace,
        link: { case: 'tap', value: { vppTapIfName: portName(port) } },
      }),
    ]);
    return runOn(this.#agent.scheduler, this.#outside, ports, config, steps);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stage[Symbol.asyncDispose]();
  }
}

export async function kernelSide(): Promise<Engine> {
  const stage = await Stage.open();
  const { host, namespace } = await stage.pod('outside');
  await quiet(host);
  return new KernelSide(stage, await stage.agent(), host, namespace);
}

class VppSide implements Engine {
  readonly name = 'vpp';
  readonly #lab: Lab;
  readonly #vpp: VppProcess;
  readonly #agent: VppAgent;
  readonly #outside: Host;

  constructor(lab: Lab, vpp: VppProcess, agent: VppAgent, outside: Host) {
    this.#lab = lab;
    this.#vpp = vpp;
    this.#agent = agent;
    this.#outside = outside;
  }

  run(config: CaseConfig, steps: readonly Step[]): Promise<Outcome> {
    const ports = portInterfaces(config).map(({ port, physAddress, ipAddresses }) =>
      vppInterface(portName(port), {
        type: Type.AF_PACKET,
        physAddress,
        ipAddresses: [...ipAddresses],
        link: { case: 'afpacket', value: { hostIfName: `v${port}` } },
      }),
    );
    return runOn(this.#agent.scheduler, this.#outside, ports, config, steps);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.stop();
    await this.#vpp[Symbol.asyncDispose]();
    await this.#lab.close();
  }
}

/** A VPP of its own (`LIGATURE_VPP_BIN`) in a namespace with the other ends of the cables. */
export async function vppSide(): Promise<Engine> {
  const lab = await createLab();
  const [outside, router] = await lab.hosts('outside', 'vpp');
  await quiet(outside);
  await quiet(router);
  for (const port of PORTS) await lab.link(outside, deviceOf(port), router, `v${port}`);
  const vpp = await startVpp({ namespace: router.netns });
  return new VppSide(lab, vpp, await VppAgent.start(vpp.apiSocket, features, {}), outside);
}

/** Hosts that say nothing on their own. */
async function quiet(host: Host): Promise<void> {
  await host.sysctl('net.ipv6.conf.all.disable_ipv6', 1);
  await host.sysctl('net.ipv6.conf.default.disable_ipv6', 1);
}
