/**
 * The scheduler alone: real messages of the model registry, keys computed, validation and history on, a data plane in
 * memory. References: the table of the design, and the reference's own scheduler, tuned, on a 2-core machine (recorded).
 */
import { createModelRegistry, type Key } from '../src/model/index.ts';
import { createScheduler, type Change, type Handler, type Kind, type Scheduler } from '../src/scheduler/index.ts';
import type { Interface } from '../src/model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { BridgeDomain } from '../src/model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import { longestBlock } from './event-loop.ts';
import { type Result, result } from './result.ts';
import { fastest, heapInUse, median, percentile, timed } from './statistics.ts';

export const sections = { plane: run };

const models = createModelRegistry();
const interfaceModel = models.model('vpp.interfaces');
const bridgeModel = models.model('vpp.l2.bridge-domain');
interface Port {
  readonly name: string;
}
/** One end of a veth pair: each needs the other. */
interface Pair {
  readonly peer: number;
}

const target = (value: number): { value: number; from: string } => ({ value, from: 'target' });
const recorded = (value: number): { value: number; from: string } => ({
  value,
  from: 'recorded: kvscheduler, tuned, 2 cores',
});
const hung = { name: 'hung' };

interface World {
  readonly scheduler: Scheduler;
  readonly objects: Map<Key, object>;
  /** What the next retrieve returns, made beforehand: reading is not the scheduler's time. */
  dump: readonly { key: Key; value: object; metadata: number; origin: 'ours' }[];
}

function makeWorld(): World {
  const scheduler = createScheduler({ engines: [{ name: 'memory', concurrency: 256, deadline: 60_000 }] });
  const world: World = { scheduler, objects: new Map(), dump: [] };
  let index = 0;
  const handler = (kind: string, canRetrieve: boolean): Handler => ({
    kind,
    engine: 'memory',
    async create(context, key, value) {
      if ((value as Interface).name === hung.name) return new Promise<number>(() => void context.signal);
      world.objects.set(key, value);
      return index++;
    },
    async update(_, key, __, to, metadata) {
      world.objects.set(key, to);
      return metadata as number;
    },
    async remove(_, key) {
      world.objects.delete(key);
    },
    ...(canRetrieve ? { retrieve: async ({ keys }) => world.dump.filter(({ key }) => keys?.has(key) ?? true) } : {}),
  });
  scheduler.register(interfaceKind as Kind, handler('vpp.interfaces', true));
  scheduler.register(bridgeKind as Kind, handler('vpp.l2.bridge-domain', false));
  scheduler.register(
    {
      name: 'port',
      dependencies: (_: Key, value: object) => [
        { label: `interface ${(value as Port).name}`, key: interfaceModel.key((value as Port).name) },
      ],
    },
    handler('port', false),
  );
  scheduler.register(
    {
      name: 'pair',
      prefix: 'pair/',
      dependencies: (_: Key, value: object) => [{ label: 'peer', key: `pair/${(value as Pair).peer}` as Key }],
    },
    handler('pair', false),
  );
  return world;
}

const interfaceKind: Kind<Interface> = {
  name: 'vpp.interfaces',
  prefix: interfaceModel.prefix,
  validate: (_, { name, mtu }) => [
    ...(name.length > 63 ? [{ field: 'name', message: 'longer than 63 characters' }] : []),
    ...(mtu > 9216 ? [{ field: 'mtu', message: `${mtu} is not in 0-9216 (bytes)` }] : []),
  ],
};

const bridgeKind: Kind<BridgeDomain> = {
  name: 'vpp.l2.bridge-domain',
  prefix: bridgeModel.prefix,
  parts: (key, { interfaces }) =>
    interfaces.map(({ name }) => ({ key: `${key}/port/${name}` as Key, kind: 'port', value: { name } })),
};

function interfaces(count: number, mtu = 1500, from = 0): Change[] {
  return Array.from({ length: count }, (_, i) => {
    const value = interfaceModel.create({
      name: `if-${from + i}`,
      type: 1,
      enabled: true,
      mtu,
      ipAddresses: [`10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}/32`],
    });
    return { key: interfaceModel.keyOf(value), value };
  });
}

function bridge(count: number): Change {
  const value = bridgeModel.create({
    name: 'bd-1',
    forward: true,
    learn: true,
    interfaces: Array.from({ length: count }, (_, i) => ({ name: `if-${i}` })),
  });
  return { key: bridgeModel.keyOf(value), value };
}

function pairs(count: number): Change[] {
  return Array.from({ length: 2 * count }, (_, i) => ({ key: `pair/${i}` as Key, value: { peer: i ^ 1 } }));
}

async function filled(count: number): Promise<World> {
  const world = makeWorld();
  await world.scheduler.commit(interfaces(count));
  return world;
}

/** The dump holds equal messages, not the same ones. */
function prepareDump(world: World, count: number): void {
  world.dump = interfaces(count).map(({ key, value }, i) => ({ key, value: value!, metadata: i, origin: 'ours' }));
}

async function oneTransaction(count: number, runs: number): Promise<number> {
  return fastest(runs, async () => {
    const world = makeWorld();
    const changes = interfaces(count);
    globalThis.gc?.();
    const spent = await timed(() => world.scheduler.commit(changes));
    if (world.objects.size !== count) throw new Error(`${world.objects.size} of ${count} objects were made`);
    await world.scheduler.close();
    return spent;
  });
}

async function bridgeWith(count: number): Promise<number> {
  return fastest(5, async () => {
    const world = makeWorld();
    const changes = [bridge(count), ...interfaces(count)];
    globalThis.gc?.();
    const spent = await timed(() => {
      world.scheduler.plan(changes);
      return world.scheduler.commit(changes);
    });
    if (world.objects.size !== 2 * count + 1) throw new Error(`${world.objects.size} objects were made`);
    await world.scheduler.close();
    return spent;
  });
}

/** µs of each of many one-value changes. */
async function singleChanges(world: World, count: number, pause: boolean): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const [change] = interfaces(1, 1400 + (i % 97), 50_000 + (i % 1000));
    const start = performance.now();
    await world.scheduler.commit([change!]);
    times.push((performance.now() - start) * 1000);
    if (pause) await new Promise((resolve) => setImmediate(resolve));
  }
  return times;
}

/** ms of one-value changes, one after the other, while something else goes on. */
async function changesDuring(world: World, other: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let over = false;
  const running = other().finally(() => (over = true));
  for (let i = 0; !over || i < 20; i++) {
    const [change] = interfaces(1, 1400 + (i % 100), 200_000 + i);
    const start = performance.now();
    await world.scheduler.commit([change!]);
    times.push(performance.now() - start);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await running;
  return times;
}

async function run(): Promise<readonly Result[]> {
  const results: Result[] = [];
  const blocks: number[] = [];
  const watched = async <T>(work: () => Promise<T>): Promise<T> => {
    globalThis.gc?.();
    const { value, longest } = await longestBlock(work);
    blocks.push(longest);
    return value;
  };
  const add = (...args: Parameters<typeof result>): void => void results.push(result(...args));

  await oneTransaction(10_000, 5);
  const tenThousand = await oneTransaction(10_000, 5);
  const hundredThousand = await oneTransaction(100_000, 4);
  add('10,000 independent values, one transaction', tenThousand, 'ms', recorded(116));
  add(
    '100,000 independent values, one transaction, history on',
    hundredThousand,
    'ms',
    target(600),
    'recorded reference: 6,500 ms',
  );
  add('growth from 10,000 to 100,000, per value', hundredThousand / tenThousand / 10, 'x', target(1.3));
  add('bridge domain with 1,000 interfaces, plan + execute', await bridgeWith(1_000), 'ms', recorded(80));
  add(
    'bridge domain with 10,000 interfaces, plan + execute',
    await bridgeWith(10_000),
    'ms',
    target(250),
    'recorded reference: 1,600 ms',
  );

  const changes = interfaces(100_000);
  const before = heapInUse();
  const world = makeWorld();
  await watched(() => world.scheduler.commit(changes));
  add(
    'heap per value, history included, messages not',
    ((heapInUse() - before) * 1e6) / 100_000,
    'B',
    target(1_500),
    'recorded reference: 2.7 KB',
  );

  prepareDump(world, 100_000);
  const again = interfaces(100_000);
  await world.scheduler.commit(again, { resync: 'FullResync' });
  const resync = await fastest(3, () =>
    watched(() =>
      timed(async () => {
        const { record } = await world.scheduler.commit(again, { resync: 'FullResync' });
        if (record.executed.length > 0) throw new Error('the resync did something');
      }),
    ),
  );
  add('full resync of 100,000, nothing to do', resync, 'ms', target(400), 'recorded reference: 8,200 ms');
  add(
    'downstream resync of 100,000, nothing to do',
    await fastest(3, () => watched(() => timed(() => world.scheduler.commit([], { resync: 'DownstreamResync' })))),
    'ms',
  );

  await singleChanges(world, 2_000, true);
  const single = await singleChanges(world, 5_000, true);
  add('one change on top of 100,000 values, median', median(single), 'µs', target(50));
  add('one change on top of 100,000 values, p99', percentile(single, 0.99), 'µs');

  prepareDump(world, 100_000);
  const during = await watched(() =>
    changesDuring(world, () => world.scheduler.commit(interfaces(100_000, 1501), { resync: 'FullResync' })),
  );
  add(
    'one value while a 100,000 resync with all to update runs, p99',
    percentile(during, 0.99),
    'ms',
    target(10),
    `${during.length} changes`,
  );

  const hanging = await filled(1_000);
  const stuck = interfaceModel.create({ name: hung.name });
  hanging.scheduler.commit([{ key: interfaceModel.keyOf(stuck), value: stuck }]).catch(() => {});
  const beside = await watched(() => changesDuring(hanging, () => new Promise((resolve) => setTimeout(resolve, 300))));
  add(
    'one value while another operation hangs, p99',
    percentile(beside, 0.99),
    'ms',
    target(10),
    `${beside.length} changes`,
  );

  const fresh = makeWorld();
  await watched(() => fresh.scheduler.commit(changes));
  add(
    'longest block of the event loop in these',
    Math.max(...blocks),
    'ms',
    target(20),
    'collections of garbage included',
  );
  for (const [what, some] of [
    ['10,000 pairs that need each other', pairs(10_000)],
    ['a bridge domain with 10,000 interfaces', [bridge(10_000), ...interfaces(10_000)]],
  ] as const) {
    const { scheduler } = makeWorld();
    globalThis.gc?.();
    const { longest } = await longestBlock(() => scheduler.commit(some));
    add(`longest block of the event loop by ${what}`, longest, 'ms', target(20));
  }
  return results;
}
