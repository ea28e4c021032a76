/**
 * Two routers of the same kind with a wire between them, and a host behind each: `a - left - wire - right - b`. Whatever one of them puts
 * on the wire the other one has to understand, and the wire can be looked at.
 */

import type { CaptureHandle, Host } from '../lab/host.ts';
import { type Agent, eventually } from './agent.ts';
import { Bench } from './bench.ts';

/** Names of the hosts of a pair: the wire is one, a bridge. */
export const PAIR_HOSTS = ['a', 'b', 'wire'] as const;

/** ms: a handshake whose first packet is lost (neighbours are asked for) begins anew after seconds. */
const PATIENCE = 40_000;

/** One of the two routers. */
export class Side<B extends Bench = Bench> {
  readonly name: 'left' | 'right';
  readonly bench: B;
  readonly host: Host;
  /** Name of its host. */
  readonly #at: 'a' | 'b';
  #agent: Agent | undefined;

  constructor(name: 'left' | 'right', bench: B) {
    this.name = name;
    this.bench = bench;
    this.#at = name === 'left' ? 'a' : 'b';
    this.host = bench.host(this.#at);
  }

  get agent(): Agent {
    if (!this.#agent) throw new Error(`${this.name} has no agent yet`);
    return this.#agent;
  }

  /** The agent ends, another one takes its place. */
  async restart(): Promise<Agent> {
    await this.#agent?.stop();
    this.#agent = await this.bench.agent();
    return this.#agent;
  }

  /**
   * Its network with `interfaces` and other objects (YAML): the host has 10.1.0.2 and fd01::2 (b: 10.3.0.2, fd03::2), the wire has
   * 192.0.2.1 and fd02::1 (right: .2, ::2).
   */
  network(interfaces: readonly string[] = [], more = ''): string {
    const { bench, name } = this;
    const [at, subnet, end] = name === 'left' ? (['a', 1, 1] as const) : (['b', 3, 2] as const);
    const all = [
      bench.tap(at, `10.${subnet}.0.1/24, "fd0${subnet}::1/64"`),
      bench.tap(name, `192.0.2.${end}/24, "fd02::${end}/64"`),
      ...interfaces,
    ];
    const way = (network: string, gateway: string): string =>
      `\n    - { outgoingInterface: ${Bench.endOf(at)}, scope: GLOBAL, dstNetwork: "${network}", gwAddr: "${gateway}" }`;
    return `
vppConfig:
  interfaces:${all.map((each) => `\n    - ${each}`).join('')}
${more}
linuxConfig:
  interfaces:
    - ${bench.end(at, `10.${subnet}.0.2/24, "fd0${subnet}::2/64"`)}
    - ${bench.end('wire', '', name)}
  routes:${way('0.0.0.0/0', `10.${subnet}.0.1`)}${way('::/0', `fd0${subnet}::1`)}
`;
  }
}

export class Pair<B extends Bench = Bench> implements AsyncDisposable {
  readonly left: Side<B>;
  readonly right: Side<B>;
  readonly #wire: Host;

  constructor(left: B, right: B) {
    this.left = new Side('left', left);
    this.right = new Side('right', right);
    this.#wire = left.host('wire');
  }

  get sides(): readonly [Side<B>, Side<B>] {
    return [this.left, this.right];
  }

  /** Starts the agents, gives each its network with what `more` returns for it, and joins the wire. */
  async start(
    more: (side: Side<B>) => { readonly interfaces?: readonly string[]; readonly more?: string },
  ): Promise<void> {
    for (const side of this.sides) {
      await side.restart();
      const parts = more(side);
      await side.agent.commit(side.network(parts.interfaces, parts.more));
    }
    await this.#wire.addLink('middle', 'bridge');
    for (const { name } of this.sides) await this.#wire.setLink(`eth-${name}`, { master: 'middle' });
    await this.#wire.address('middle', '192.0.2.9/24', 'fd02::9/64');
    for (const end of ['192.0.2.1', '192.0.2.2', 'fd02::1', 'fd02::2'])
      await eventually(async () => (await this.#wire.ping(end, { count: 1, timeout: 500 })).received === 1, PATIENCE);
  }

  /** Waits until the host of a side (default: left) gets an answer. */
  async reach(to: string, { from = this.left }: { readonly from?: Side<B> } = {}): Promise<void> {
    await eventually(() => this.answers(to, { from }), PATIENCE);
  }

  async answers(to: string, { from = this.left }: { readonly from?: Side<B> } = {}): Promise<boolean> {
    return (await from.host.ping(to, { count: 1, timeout: 1_000 })).received === 1;
  }

  /** What goes over the wire: what comes from a side is `in` there. */
  tap(side: Side<B> = this.left): Promise<CaptureHandle> {
    return this.#wire.capture(`eth-${side.name}`);
  }

  /** Puts a frame on the wire to a side once more. */
  replay(to: Side<B>, frame: Uint8Array): Promise<void> {
    return this.#wire.send(`eth-${to.name}`, frame);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.sides.map(({ bench }) => bench[Symbol.asyncDispose]()));
  }
}
