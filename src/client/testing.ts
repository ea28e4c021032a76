/** An agent whose data plane is a Map: real models, kinds, intent, REST; nothing of the kernel. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInConfigurationStorePlugin } from '../agent/plugins/configuration-store.ts';
import { grpcServicesPlugin } from '../agent/plugins/grpc-services.ts';
import { memoryStorePlugin, storeSlot } from '../agent/plugins/store.ts';
import { restPlugin } from '../agent/plugins/rest.ts';
import { schedulerPlugin } from '../agent/plugins/scheduler.ts';
import { configurationStoreSlot } from '../agent/plugins/store-source.ts';
import {
  type Application,
  definePlugin,
  grpcPlugin,
  httpPlugin,
  type Plugin,
  probePlugin,
  prometheusPlugin,
  sessionRoutesPlugin,
  startApplication,
  substitute,
} from '../app/index.ts';
import { features } from '../features/index.ts';
import type { Key } from '../model/key.ts';
import type { Handler, Retrieved } from '../scheduler/handler.ts';
import type { Value } from '../scheduler/kind.ts';
import { localClientPlugin } from './local.ts';

export interface TestAgent extends AsyncDisposable {
  readonly application: Application;
  readonly socketPath: string;
  readonly grpcSocketPath: string;
  readonly grpcPort: number;
  /** Admin's. */
  readonly token: string;
  /** What was made, by key. Change it to make drift. */
  readonly plane: Map<Key, Value>;
  /** Keys whose creation fails. */
  readonly broken: Set<string>;
  /** Keys of which the plane says that it did what it was told, and does not. */
  readonly deaf: Set<string>;
  /** Kinds that cannot be read. */
  readonly unreadable: Set<string>;
}

export interface TestAgentOptions {
  readonly args?: readonly string[];
  /** Configuration files by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Besides those of every test agent. */
  readonly plugins?: readonly Plugin[];
}

function handlerOf(
  kind: string,
  { plane, broken, deaf, unreadable }: Pick<TestAgent, 'plane' | 'broken' | 'deaf' | 'unreadable'>,
  prefix = `${kind}/`,
): Handler {
  const write = (key: Key, value: Value): Promise<unknown> => {
    if (broken.has(key)) return Promise.reject(new Error('the plane is broken'));
    if (!deaf.has(key)) plane.set(key, value);
    return Promise.resolve(undefined);
  };
  return {
    kind,
    engine: 'memory',
    create: (_context, key, value) => write(key, value),
    update: (_context, key, _from, to) => write(key, to),
    remove: (_context, key) => Promise.resolve(void plane.delete(key)),
    retrieve: async () => {
      if (unreadable.has(kind)) throw new Error('the plane does not answer');
      return [...plane]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, value]): Retrieved => ({ key, value, metadata: undefined, origin: 'ours' }));
    },
  };
}

/** Kinds that the plane makes, with the prefix of parts. The others are UNIMPLEMENTED, as on a real engine. */
const handlers: Readonly<Record<string, string | undefined>> = {
  'vpp.interfaces': undefined,
  'vpp.ipsec.sa': undefined,
  'vpp.l2.bridge-domain': undefined,
  'vpp.l2.bridge-domain.interface': 'vpp/bd/',
  'vpp.proxyarp-global': undefined,
  'vpp.route': undefined,
};

export async function startTestAgent({
  args = [],
  files = {},
  plugins = [],
}: TestAgentOptions = {}): Promise<TestAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'lg-client-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const world = {
    plane: new Map<Key, Value>(),
    broken: new Set<string>(),
    deaf: new Set<string>(),
    unreadable: new Set<string>(),
  };
  const memoryEngine = definePlugin({
    name: 'memory-engine',
    needs: { scheduler: schedulerPlugin },
    start({ scheduler }) {
      scheduler.addEngine({ name: 'memory', concurrency: 8, deadline: 5000 });
      for (const kind of features.flatMap((feature) => feature.kinds))
        scheduler.register(
          kind,
          kind.name in handlers ? handlerOf(kind.name, world, kind.prefix ?? handlers[kind.name]) : undefined,
        );
    },
  });
  const application = await startApplication({
    plugins: [
      memoryEngine,
      restPlugin,
      httpPlugin,
      grpcServicesPlugin,
      sessionRoutesPlugin,
      probePlugin,
      prometheusPlugin,
      localClientPlugin,
      ...plugins,
    ],
    substitutions: [
      substitute(storeSlot, memoryStorePlugin),
      substitute(configurationStoreSlot, builtInConfigurationStorePlugin),
    ],
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
      ...args,
    ],
    env: {},
    signals: [],
  });
  return {
    ...world,
    application,
    socketPath: join(folder, 'control', 'http.sock'),
    grpcSocketPath: join(folder, 'control', 'grpc.sock'),
    grpcPort: application.api(grpcPlugin).address?.port ?? 0,
    token: readFileSync(join(folder, 'http-token'), 'utf8').trim(),
    async [Symbol.asyncDispose]() {
      await application.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
