/** An agent to ask what it offers: all routes and metrics, nothing of the kernel, nothing kept. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentPlugins } from '../../src/agent/agent.ts';
import { kernelPlugin } from '../../src/agent/plugins/kernel.ts';
import { builtInConfigurationStorePlugin } from '../../src/agent/plugins/configuration-store.ts';
import { configurationStoreSlot } from '../../src/agent/plugins/store-source.ts';
import { memoryStorePlugin, storeSlot } from '../../src/agent/plugins/store.ts';
import { type Application, definePlugin, startApplication, substitute } from '../../src/app/index.ts';
import type { KernelEngine } from '../../src/features/kernel-engine.ts';

/** Plugins that need a kernel to start, and have neither routes nor metrics. */
const withKernel = new Set(['kernel-features', 'removal', 'memory']);

const noKernel = definePlugin({
  name: 'kernel',
  start: () => ({ driver: { vswitch: { label: '' } } }) as unknown as KernelEngine,
});

export async function withAgent<T>(ask: (application: Application) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lg-docs-'));
  const application = await startApplication({
    plugins: [...agentPlugins.filter(({ name }) => !withKernel.has(name)), noKernel],
    substitutions: [
      substitute(storeSlot, memoryStorePlugin),
      substitute(configurationStoreSlot, builtInConfigurationStorePlugin),
      substitute(kernelPlugin, noKernel),
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
