/** VPP's counters under the names of Prometheus that dashboards made for Ligato know. Read when somebody looks, without asking VPP. */

import type { Metrics, Samples } from '../../app/index.ts';
import type { VppHeap, VppInterfaceCounters, VppNodeCounters, VppStats } from '../../vpp/index.ts';

export const telemetryParts = ['runtime', 'memory', 'buffers', 'nodes', 'interfaces'] as const;
export type TelemetryPart = (typeof telemetryParts)[number];

type Labels = Readonly<Record<string, string>>;

export class VppTelemetry {
  readonly #stats: VppStats;
  readonly #agent: string;
  readonly #shared = new Map<string, Promise<unknown>>();
  /** Metrics are made one after the other, each in a turn of the event loop of its own. */
  #turn: Promise<void> = Promise.resolve();

  constructor(stats: VppStats, agent: string) {
    this.#stats = stats;
    this.#agent = agent;
  }

  publish(metrics: Metrics, skipped: readonly TelemetryPart[]): void {
    const parts = telemetryParts.filter((part) => !skipped.includes(part));
    if (parts.includes('interfaces')) this.#interfaces(metrics);
    if (parts.includes('nodes')) this.#nodes(metrics);
    if (parts.includes('runtime')) this.#runtime(metrics);
    if (parts.includes('memory')) this.#memory(metrics);
    if (parts.includes('buffers')) this.#buffers(metrics);
  }

  #interfaces(metrics: Metrics): void {
    const read = () => this.#once('interfaces', () => this.#stats.interfaces());
    for (const [name, [help, valueOf]] of Object.entries(interfaceCounters)) {
      this.#family(metrics, `vpp_interfaces_${name}`, help, async () =>
        (await read()).map((one) => this.#sample({ name: one.name, index: String(one.index) }, valueOf(one))),
      );
    }
  }

  #nodes(metrics: Metrics): void {
    this.#family(
      metrics,
      'vpp_nodes_counter',
      'Why packets were dropped and what else nodes count; not what is 0.',
      async () =>
        (await this.#stats.errors())
          .filter(({ count }) => count > 0n)
          .map(({ node, reason, count }) => this.#sample({ item: node, reason }, count)),
    );
  }

  #runtime(metrics: Metrics): void {
    const read = () => this.#once('runtime', () => this.#threads());
    for (const [name, [help, valueOf]] of Object.entries(nodeCounters)) {
      this.#family(metrics, `vpp_runtime_${name}`, help, async () =>
        (await read()).flatMap(({ labels, nodes }) =>
          nodes.map((node) => this.#sample({ item: node.name, ...labels }, valueOf(node))),
        ),
      );
    }
  }

  /** Nodes that did something, by thread. */
  async #threads(): Promise<readonly { readonly labels: Labels; readonly nodes: readonly VppNodeCounters[] }[]> {
    const { workers } = await this.#stats.runtime();
    const threads = Array.from({ length: workers + 1 }, async (_, thread) => {
      const nodes = await this.#stats.nodes({ thread });
      const labels = { thread: thread === 0 ? 'vpp_main' : `vpp_wk_${thread - 1}`, threadID: String(thread) };
      return { labels, nodes: nodes.filter(({ calls, suspends }) => calls > 0n || suspends > 0n) };
    });
    return Promise.all(threads);
  }

  #memory(metrics: Metrics): void {
    const read = () => this.#once('memory', () => this.#stats.memory());
    for (const [name, [help, valueOf]] of Object.entries(heapCounters)) {
      this.#family(metrics, `vpp_memory_${name}`, help, async () =>
        (await read()).map((heap) => this.#sample({ thread: threadOf(heap), threadID: '0' }, valueOf(heap))),
      );
    }
  }

  #buffers(metrics: Metrics): void {
    const read = () => this.#once('buffers', () => this.#stats.buffers());
    const labelsOf = (pool: string, index: number): Labels => ({ threadID: '0', item: pool, index: String(index) });
    this.#family(metrics, 'vpp_buffers_num_alloc', 'Buffers in use.', async () =>
      (await read()).map(({ pool, used }, index) => this.#sample(labelsOf(pool, index), used)),
    );
    this.#family(metrics, 'vpp_buffers_num_free', 'Free buffers, those kept by threads included.', async () =>
      (await read()).map(({ pool, cached, available }, index) =>
        this.#sample(labelsOf(pool, index), cached + available),
      ),
    );
  }

  #sample(labels: Labels, value: bigint | number) {
    return { labels: { ...labels, agent: this.#agent }, value: Number(value) };
  }

  /** No samples while VPP cannot be read: its health says so. */
  #family(metrics: Metrics, name: string, help: string, read: () => Promise<Samples>): void {
    metrics.family({ name, help }, async () => {
      await this.#next();
      return read().catch(() => []);
    });
  }

  #next(): Promise<void> {
    this.#turn = this.#turn.then(() => new Promise((resolve) => setImmediate(resolve)));
    return this.#turn;
  }

  /** All metrics of one look at them share a reading. */
  #once<T>(part: string, read: () => Promise<T>): Promise<T> {
    const known = this.#shared.get(part);
    if (known) return known as Promise<T>;
    const reading = read();
    this.#shared.set(part, reading);
    setTimeout(() => this.#shared.delete(part), SHARED).unref();
    return reading;
  }
}

/** ms for which a reading is used again. */
const SHARED = 200;

function threadOf({ heap }: VppHeap): string {
  return heap === 'main heap' ? 'vpp_main' : heap;
}

type Counters<T> = Readonly<Record<string, readonly [help: string, valueOf: (one: T) => bigint | number]>>;

const interfaceCounters: Counters<VppInterfaceCounters> = {
  rx_packets: ['Packets that came in.', ({ rx }) => rx.packets],
  rx_bytes: ['Bytes that came in.', ({ rx }) => rx.bytes],
  rx_errors: ['Packets that came in broken.', ({ rxErrors }) => rxErrors],
  tx_packets: ['Packets that went out.', ({ tx }) => tx.packets],
  tx_bytes: ['Bytes that went out.', ({ tx }) => tx.bytes],
  tx_errors: ['Packets that could not be sent.', ({ txErrors }) => txErrors],
  drops: ['Packets dropped.', ({ drops }) => drops],
  punts: ['Packets handed to the host.', ({ punts }) => punts],
  ip4: ['IPv4 packets that came in.', ({ ip4 }) => ip4],
  ip6: ['IPv6 packets that came in.', ({ ip6 }) => ip6],
  rx_no_buf: ['Packets lost for want of a buffer.', ({ rxNoBuffer }) => rxNoBuffer],
  rx_miss: ['Packets lost because the queue was full.', ({ rxMiss }) => rxMiss],
};

const nodeCounters: Counters<VppNodeCounters> = {
  calls: ['How often a graph node ran.', ({ calls }) => calls],
  vectors: ['Packets that a graph node worked on.', ({ vectors }) => vectors],
  suspends: ['How often a process node slept.', ({ suspends }) => suspends],
  clocks: ['Processor cycles of a graph node.', ({ clocks }) => clocks],
  vectors_per_call: [
    'Packets each time a graph node ran.',
    ({ calls, vectors }) => (calls === 0n ? 0 : Number(vectors) / Number(calls)),
  ],
};

const heapCounters: Counters<VppHeap> = {
  used: ['Bytes in use.', ({ used }) => used],
  total: ['Bytes of the heap.', ({ total }) => total],
  size: ['Bytes of the heap.', ({ total }) => total],
  free: ['Free bytes.', ({ free }) => free],
  trimmable: ['Bytes that could be given back.', ({ releasable }) => releasable],
  free_chunks: ['Free pieces.', ({ freeChunks }) => freeChunks],
  max_total_allocated: ['The most bytes there ever were.', ({ totalAllocated }) => totalAllocated],
};
