/** A router that the kernel engine makes of a namespace, with all features. */

import { createKernelDriver } from '../../src/kernel/create.ts';
import type { KernelDriver } from '../../src/kernel/driver.ts';
import { prepareVswitch } from '../../src/kernel/vswitch/prepare.ts';
import { features } from '../../src/features/index.ts';
import { kernelEngine } from '../../src/features/kernel/engine.ts';
import { register } from '../../src/features/register.ts';
import { createScheduler } from '../../src/scheduler/index.ts';
import type { Scheduler } from '../../src/scheduler/scheduler.ts';
import type { Host } from '../lab/host.ts';
import type { Lab } from '../lab/lab.ts';
import { Agent } from './agent.ts';
import { Bench, type Hosts, openHosts } from './bench.ts';

export class KernelAgent extends Agent {
  readonly driver: KernelDriver;
  readonly scheduler: Scheduler;
  readonly #stop = new AbortController();

  private constructor(driver: KernelDriver, scheduler: Scheduler) {
    super();
    this.driver = driver;
    this.scheduler = scheduler;
  }

  /**
   * `namespace`: of the router; undefined: the one of this process. `without`: capabilities that it does without although this kernel
   * may have them.
   */
  static async start(
    namespace: string | undefined,
    owner = 'test',
    without: readonly string[] = [],
  ): Promise<KernelAgent> {
    const where = namespace === undefined ? {} : { namespace };
    const driver = await createKernelDriver({ ...where, namespaceDirectory: '/run/netns', without });
    await prepareVswitch(driver, { debug() {}, info() {}, warn() {} });
    const scheduler = createScheduler({ engines: [kernelEngine] });
    const agent = new KernelAgent(driver, scheduler);
    const kernel = { driver, owner, adopt: new Set<string>() };
    await register(scheduler, features, { kernel }, agent.#stop.signal);
    return agent;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.scheduler.close();
    await this.driver.close();
  }
}

export class KernelBench extends Bench<KernelAgent> {
  readonly router: Host;
  readonly namespace: string;
  readonly #owner: string;
  /** What agents do without although this kernel may have it; names of the capability probe. */
  without: readonly string[] = [];

  private constructor(lab: Lab, hosts: Hosts, router: Host, owner = 'test') {
    super(lab, hosts);
    this.router = router;
    this.#owner = owner;
    this.namespace = lab.publish(router);
  }

  /** `hosts`: names of hosts; each becomes a namespace that `tap` can connect. */
  static async open(...names: readonly string[]): Promise<KernelBench> {
    const { lab, hosts } = await openHosts(names);
    return new KernelBench(lab, hosts, await lab.host('router'));
  }

  /** Two that know the same hosts. */
  static async openPair(...names: readonly string[]): Promise<readonly [KernelBench, KernelBench]> {
    const { lab, hosts } = await openHosts(names);
    const [one, other] = [await lab.host('router-1'), await lab.host('router-2')];
    return [new KernelBench(lab, hosts, one, 'test1'), new KernelBench(lab, hosts, other, 'test2')];
  }

  protected start(): Promise<KernelAgent> {
    return KernelAgent.start(this.namespace, this.#owner, this.without);
  }

  /** `ip` in the router, as somebody else would call it. */
  ip(command: string): Promise<string> {
    return this.router.run('ip', ...command.split(' '));
  }

  /** Names of the router's namespace and those of all hosts. */
  override get places(): readonly string[] {
    return [this.namespace, ...super.places];
  }
}
