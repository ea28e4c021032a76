/**
 * The clients of the northbound bench, in a process of their own. Takes one order by IPC and answers with figures.
 */
import { create } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import { type Client, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { createModelRegistry } from '../src/model/index.ts';
import { Health } from '../src/model/gen/grpc/health/v1/health_pb.js';
import { ManagerService, type UpdateItem, UpdateItemSchema } from '../src/model/gen/ligato/generic/manager_pb.js';
import { percentile } from './statistics.ts';

export interface Order {
  readonly baseUrl: string;
  readonly token: string;
  readonly work: 'update' | 'empty' | 'fill' | 'get' | 'watch';
  readonly clients: number;
  /** ms of measuring, or number of objects or changes. */
  readonly amount: number;
  readonly acknowledge: 'applied' | 'persisted';
}

export interface Figures {
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  /** Of `watch`: watchers that saw every change. */
  readonly complete?: number;
}

const models = createModelRegistry();
const interfaces = models.model('vpp.interfaces');

process.on('message', (order: Order) => {
  carryOut(order).then(
    (figures) => process.send?.(figures),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

function carryOut(order: Order): Promise<Figures> {
  switch (order.work) {
    case 'watch':
      return watch(order);
    case 'fill':
      return fill(order);
    default:
      return load(order);
  }
}

function item(name: string, mtu: number): UpdateItem {
  const any = models.toAny(interfaces.create({ name, type: 3, enabled: true, mtu } as never));
  return create(UpdateItemSchema, { item: { data: { union: { case: 'any', value: create(AnySchema, any) } } } });
}

const managerOf = ({ baseUrl }: Order): Client<typeof ManagerService> =>
  createClient(ManagerService, createGrpcTransport({ baseUrl }));

async function fill(order: Order): Promise<Figures> {
  const updates = Array.from({ length: order.amount }, (_, n) => item(`loop${n}`, 1500));
  const start = performance.now();
  await managerOf(order).setConfig({ updates, overwriteAll: true }, { headers: headersOf(order) });
  return { p50: performance.now() - start, p99: 0, perSecond: 0 };
}

/** Each client has a connection of its own and asks again when it has its answer. */
async function load(order: Order): Promise<Figures> {
  const times: number[] = [];
  const warm = performance.now() + 1000;
  const end = warm + order.amount;
  const headers = headersOf(order);
  await Promise.all(
    Array.from({ length: order.clients }, async (_, client) => {
      const transport = createGrpcTransport({ baseUrl: order.baseUrl });
      const [manager, health] = [createClient(ManagerService, transport), createClient(Health, transport)];
      for (let round = 0; performance.now() < end; round++) {
        const start = performance.now();
        if (order.work === 'empty') await health.check({}, { headers });
        else if (order.work === 'get') await manager.getConfig({}, { headers });
        else await manager.setConfig({ updates: [item(`client${client}`, 1000 + (round % 8000))] }, { headers });
        if (start > warm) times.push(performance.now() - start);
      }
    }),
  );
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), perSecond: (times.length / order.amount) * 1000 };
}

/** Watchers of ten connections; changes come one after the other, each with a value of its own. */
async function watch(order: Order): Promise<Figures> {
  const stop = new AbortController();
  const headers = headersOf(order);
  const seen = Array.from({ length: order.clients }, () => new Set<number>());
  const ready = seen.map(() => Promise.withResolvers<void>());
  const done = seen.map(() => Promise.withResolvers<void>());
  const sent = new Map<number, number>();
  const delays: number[] = [];
  const managers = Array.from({ length: 10 }, () => managerOf(order));
  for (const [index, known] of seen.entries()) {
    void (async () => {
      const manager = managers[index % managers.length];
      const subscriptions = [{ id: { model: 'vpp.interfaces', name: 'watched' } }];
      for await (const { notifications } of manager?.subscribe({ subscriptions }, { headers, signal: stop.signal }) ??
        []) {
        ready[index]?.resolve();
        for (const { item: changed } of notifications) {
          if (changed?.data?.union.case !== 'any') continue;
          const { mtu } = models.fromAny(changed.data.union.value) as unknown as { mtu: number };
          const at = sent.get(mtu);
          if (at !== undefined && !known.has(mtu)) delays.push(performance.now() - at);
          known.add(mtu);
        }
        if (known.has(1000 + order.amount - 1)) done[index]?.resolve();
      }
    })().catch(() => undefined);
  }
  await Promise.all(ready.map(({ promise }) => promise));
  const [changer] = managers;
  for (let n = 0; n < order.amount; n++) {
    sent.set(1000 + n, performance.now());
    await changer?.setConfig({ updates: [item('watched', 1000 + n)] }, { headers });
  }
  await Promise.all(done.map(({ promise }) => promise));
  stop.abort();
  const complete = seen.filter((known) => known.size === order.amount).length;
  return { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99), perSecond: 0, complete };
}

function headersOf({ token, acknowledge }: Order): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    ...(acknowledge === 'applied' ? {} : { 'ligature-acknowledge': acknowledge }),
  };
}
