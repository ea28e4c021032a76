/**
 * Clients of the agent by gRPC, on a data plane that does nothing: what the northbound costs by itself. Clients are a process of
 * their own on the same machine. The empty handler is grpc.health.v1.Health/Check of the same server, past the same guards.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grpcServicesPlugin } from '../src/agent/plugins/grpc-services.ts';
import { schedulerPlugin } from '../src/agent/plugins/scheduler.ts';
import { embeddedStorePlugin, storeSlot } from '../src/agent/plugins/store.ts';
import { type Application, definePlugin, grpcPlugin, startApplication, substitute } from '../src/app/index.ts';
import { features } from '../src/features/index.ts';
import type { Figures, Order } from './northbound-client.ts';
import { type Result, result } from './result.ts';

export const sections = { calls: run };

const target = (value: number): { value: number; from: string } => ({ value, from: 'target' });
/** ms of each measurement. */
const duration = 5000;
const watchers = 1000;
const changes = 50;

/** Says yes to everything. */
const idlePlane = definePlugin({
  name: 'idle-plane',
  needs: { scheduler: schedulerPlugin },
  start({ scheduler }) {
    scheduler.addEngine({ name: 'idle', concurrency: 256, deadline: 60_000 });
    const done = (): Promise<undefined> => Promise.resolve(undefined);
    for (const kind of features.flatMap((feature) => feature.kinds))
      scheduler.register(
        kind,
        kind.name === 'vpp.interfaces'
          ? { kind: kind.name, engine: 'idle', create: done, update: done, remove: done }
          : undefined,
      );
  },
});

async function run(): Promise<readonly Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lg-bench-'));
  const application = await startApplication({
    plugins: [idlePlane, grpcServicesPlugin],
    substitutions: [substitute(storeSlot, embeddedStorePlugin)],
    args: [
      '--state-dir',
      folder,
      '--config-dir',
      folder,
      '--http-port',
      '0',
      '--grpc-port',
      '0',
      '--log-level',
      'error',
    ],
    env: {},
    signals: [],
  });
  try {
    return await measure(application, folder);
  } finally {
    await application.stop();
    rmSync(folder, { recursive: true });
  }
}

async function measure(application: Application, folder: string): Promise<readonly Result[]> {
  const token = readFileSync(join(folder, 'http-token'), 'utf8').trim();
  const baseUrl = `http://127.0.0.1:${application.api(grpcPlugin).address?.port}`;
  const ask = (order: Pick<Order, 'work' | 'clients' | 'amount'> & Partial<Order>): Promise<Figures> =>
    send({ baseUrl, token, acknowledge: 'applied', ...order });

  const alone = await ask({ work: 'update', clients: 1, amount: duration });
  const empty = await ask({ work: 'empty', clients: 50, amount: duration });
  const applied = await ask({ work: 'update', clients: 50, amount: duration });
  const persisted = await ask({ work: 'update', clients: 50, amount: duration, acknowledge: 'persisted' });
  const watched = await ask({ work: 'watch', clients: watchers, amount: changes });
  await ask({ work: 'fill', clients: 1, amount: 10_000 });
  const got = await ask({ work: 'get', clients: 1, amount: duration });
  const same = { value: empty.perSecond, from: 'empty handler, same run' };
  return [
    result(
      'one object to done, p50',
      alone.p50,
      'ms',
      target(2),
      'one client; applied: durable (fsync) and every operation done',
    ),
    result('one object to done, p99', alone.p99, 'ms', target(10)),
    result('empty handler, 50 clients', empty.perSecond, 'calls/s'),
    result('one object, 50 clients, applied', applied.perSecond, 'calls/s', same, 'target: 0.6 of the empty handler'),
    result(
      'one object, 50 clients, persisted',
      persisted.perSecond,
      'calls/s',
      same,
      'fsync on, shared by calls of a moment',
    ),
    result(
      'GetConfig of 10,000 objects, p50',
      got.p50,
      'ms',
      target(200),
      'one message; decoding at the client included',
    ),
    result(
      'watchers that saw every change',
      watched.complete ?? 0,
      'watchers',
      target(watchers),
      `${changes} changes, one by one`,
    ),
    result('a change at all 1,000 watchers, p99', watched.p99, 'ms'),
  ];
}

function send(order: Order): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'northbound-client.ts'));
    child.once('message', (figures) => {
      resolve(figures as Figures);
      child.kill();
    });
    child.once('exit', (code) => reject(new Error(`the clients ended (${code})`)));
    child.send(order);
  });
}
