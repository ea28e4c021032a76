/** An agent to ask what it offers: all routes and metrics, nothing of the kernel, nothing kept. */

import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { agentPlugins } from '../../src/agent/agent.ts';
import { kernelPlugin } from '../../src/agent/plugins/kernel.ts';
import { builtInConfigurationStorePlugin } from '../../src/agent/plugins/configuration-store.ts';
import { configurationStoreSlot } from '../../src/agent/plugins/store-source.ts';
import { vppPlugin } from '../../src/agent/plugins/vpp.ts';
import { memoryStorePlugin, storeSlot } from '../../src/agent/plugins/store.ts';
import { VppLife } from '../../src/agent/vpp-process/life.ts';
import { type Application, definePlugin, optional, startApplication, substitute } from '../../src/app/index.ts';
import type { KernelEngine } from '../../src/features/kernel/engine.ts';
import { startFakeVpp } from '../../src/vpp/testing/fake-vpp.ts';

/** Plugins that need a kernel to start, and have no routes. */
const withKernel = new Set(['kernel-features', 'vpp-features', 'removal', 'memory']);

const noKernel = definePlugin({
  name: 'kernel',
  start: () => ({ driver: { vswitch: { label: '' } } }) as unknown as KernelEngine,
});

/** What the features of VPP count, without the features: they need a kernel. */
const vppLifePlugin = definePlugin({
  name: 'vpp-life',
  needs: { vpp: optional(vppPlugin) },
  start({ vpp }, _config, { application: { metrics }, log, report }) {
    if (vpp) new VppLife({ client: vpp.client, process: undefined, metrics, log, report });
  },
});

export async function withAgent<T>(
  ask: (application: Application) => Promise<T>,
  flags: readonly string[] = [],
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lg-docs-'));
  const application = await startApplication({
    plugins: [...agentPlugins.filter(({ name }) => !withKernel.has(name)), noKernel, vppLifePlugin],
    substitutions: [
      substitute(storeSlot, memoryStorePlugin),
      substitute(configurationStoreSlot, builtInConfigurationStorePlugin),
      substitute(kernelPlugin, noKernel),
    ],
    args: [
      ...['--state-dir', folder, '--config-dir', folder, '--http-port', '0', '--grpc-port', '0'],
      ...['--log-level', 'error', ...flags],
    ],
    env: {},
    signals: [],
  });
  try {
    return await ask(application);
  } finally {
    await application.stop();
    rmSync(folder, { recursive: true });
  }
}

/** One that programs a VPP, which is none, and to which somebody has spoken gRPC: parts are loaded when they are needed. */
export async function withVppAgent<T>(ask: (application: Application) => Promise<T>): Promise<T> {
  await using vpp = await startFakeVpp();
  return await withAgent(
    async (application) => {
      await callGrpc(application);
      return ask(application);
    },
    ['--engine', 'vpp', '--vpp-api-socket', vpp.path],
  );
}

async function callGrpc({ info }: Application): Promise<void> {
  const caller = connect(join(info.stateDirectory, 'control', 'grpc.sock'));
  try {
    while (info.metrics.registry.getSingleMetric('grpc_server_handled_total') === undefined) await delay(5);
  } finally {
    caller.destroy();
  }
}
