/** A router and hosts around it, for tests of what the router does with packets. */

import { createLab, type Lab } from '../lab/lab.ts';
import type { Host } from '../lab/host.ts';
import type { Agent } from './agent.ts';

/** Hosts by name. */
export type Hosts = ReadonlyMap<string, Place>;

interface Place {
  readonly host: Host;
  readonly namespace: string;
}

/**
 * What a test stands on. Hosts are namespaces; `tap` and `end` are the two ends of a wire between the router and a host. A VPP
 * without vhost-net gets a VETH pair and AF_PACKET for it, of the same names.
 */
export abstract class Bench<A extends Agent = Agent> implements AsyncDisposable {
  readonly lab: Lab;
  readonly #hosts: Hosts;
  readonly #agents: A[] = [];
  /**
   * Hosts finish checksums themselves. They leave it to whom they send to otherwise, as pods with VETHs do, and VPP does not finish those of
   * packets that it puts into some kinds of tunnels.
   */
  finishesChecksums = false;

  protected constructor(lab: Lab, hosts: Hosts) {
    this.lab = lab;
    this.#hosts = hosts;
  }

  protected abstract start(): Promise<A>;

  /** One more run of an agent on the same router; ends with the bench at the latest. */
  async agent(): Promise<A> {
    const agent = await this.start();
    this.#agents.push(agent);
    return agent;
  }

  /** Takes all away; returns what the next agent, which wants nothing, still finds and has to remove. */
  async leftOf(agent: A, config: string): Promise<readonly string[]> {
    await agent.remove(config);
    await agent.stop();
    const next = await this.agent();
    return [...(await next.resync('{}')), ...(await next.drift())];
  }

  host(name: string): Host {
    return this.#hosts.get(name)!.host;
  }

  /** Configuration of a TAP of the host's name with these addresses (YAML text `1.2.3.4/24, ...`). */
  tap(name: string, addresses: string, more = ''): string {
    return `{ name: ${name}, type: TAP, enabled: true, ipAddresses: [${addresses}], tap: { version: 2, hostIfName: ${name}-far } ${more} }`;
  }

  /** The name of the Linux interface at the other end of a TAP. */
  static endOf(tap: string): string {
    return `${tap}-end`;
  }

  /** Configuration of `eth0` of the host at the other end of that TAP. */
  end(name: string, addresses: string, tap = name): string {
    const device = tap === name ? 'eth0' : `eth-${tap}`;
    return `{ name: ${Bench.endOf(tap)}, type: TAP_TO_VPP, enabled: true, hostIfName: ${device}, namespace: ${this.placeOf(name)}, ipAddresses: [${addresses}], tap: { vppTapIfName: ${tap} } }`;
  }

  /** Configuration of a host's default routes: by 10.SUBNET.0.1 and fd0SUBNET::1 of the router, items of `linuxConfig.routes`. */
  way(name: string, subnet: number): string {
    return `
    - { outgoingInterface: ${name}-end, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: 10.${subnet}.0.1 }
    - { outgoingInterface: ${name}-end, scope: GLOBAL, dstNetwork: "::/0", gwAddr: "fd0${subnet}::1" }`;
  }

  /** Which of these hosts hear what `from` sends there: one ping, `b`, `b,c` or nothing. */
  async whoGets(
    destination: string,
    {
      from = 'a',
      among = ['b', 'c'],
      timeout = 500,
    }: { from?: string; among?: readonly string[]; timeout?: number } = {},
  ): Promise<string> {
    const captures = await Promise.all(among.map((name) => this.host(name).capture('eth0', { direction: 'in' })));
    await this.host(from).ping(destination, { count: 1, timeout });
    const heard = await Promise.all(captures.map((capture) => capture.frames({ ip: { destination } })));
    await Promise.all(captures.map((capture) => capture.close()));
    return among.filter((_name, index) => heard[index]!.length > 0).join();
  }

  /** The namespace of a host, as Linux objects name it. */
  placeOf(host: string): string {
    return `{ type: NSID, reference: ${this.#hosts.get(host)!.namespace} }`;
  }

  /** Names of the namespaces of all hosts. */
  get places(): readonly string[] {
    return Array.from(this.#hosts.values(), ({ namespace }) => namespace);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const agent of this.#agents) await agent.stop().catch(() => {});
    await this.lab.close();
  }
}

/** Each name becomes a host that `tap` can connect. */
export async function openHosts(names: readonly string[]): Promise<{ readonly lab: Lab; readonly hosts: Hosts }> {
  const lab = await createLab();
  const hosts = new Map<string, Place>();
  for (const name of names) {
    const host = await lab.host(name);
    hosts.set(name, { host, namespace: lab.publish(host) });
  }
  return { lab, hosts };
}
