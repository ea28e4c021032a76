import { join } from 'node:path';
import * as z from 'zod';
import { AppError, definePlugin, type Logger } from '../../app/index.ts';
import type { KernelEngineOptions, OpenKernelEngine } from '../kernel-engine.ts';
import { storeLedger } from '../kernel-ledger.ts';
import { enginePlugin } from './engine.ts';
import { storeSlot } from './store.ts';

/**
 * The Linux kernel as an engine: driver, nftables, ledger, and a namespace made ready to be the vswitch. Where VPP is the switch, it
 * makes the Linux models beside it.
 */
export const kernelPlugin = definePlugin({
  name: 'kernel',
  description: 'programs the Linux kernel',
  config: z.strictObject({
    namespace: z
      .string()
      .default('')
      .describe("network namespace that plays the vswitch; made when missing; default: the agent's own"),
    'namespace-directory': z
      .string()
      .default('/var/run/netns')
      .describe('where named network namespaces are (rootless agents need one of their own)'),
    adopt: z
      .array(z.string())
      .default([])
      .describe('host devices that may be taken although they have addresses or a default route'),
  }),
  options: [
    {
      key: 'namespace',
      flag: 'kernel-namespace',
      env: 'LIGATURE_KERNEL_NAMESPACE',
      description: 'network namespace that plays the vswitch',
    },
    {
      key: 'namespace-directory',
      flag: 'kernel-namespace-directory',
      env: 'LIGATURE_KERNEL_NAMESPACE_DIRECTORY',
      description: 'where named network namespaces are',
    },
  ],
  needs: { store: storeSlot, chosen: enginePlugin },
  async start({ store, chosen }, config, { log, application }): Promise<OpenKernelEngine | undefined> {
    if (chosen === 'vpp' && config.namespace !== '')
      throw new AppError(
        'usage',
        'kernel: namespace: the engine is vpp, so no namespace plays the switch: leave it out',
      );
    const engine = await open({
      owner: application.label,
      isSwitch: chosen === 'kernel',
      ...(config.namespace === '' ? {} : { namespace: config.namespace }),
      namespaceDirectory: config['namespace-directory'],
      adopt: new Set(config.adopt),
      ledger: await storeLedger(store),
      log,
    });
    return (
      engine && {
        ...engine,
        log,
        daemons: { directory: join(application.stateDirectory, 'daemons'), log: log.child('daemon') },
      }
    );
  },
  async stop(engine, { isUp }) {
    // A start that failed leaves the host as it was found: nobody has been told yet that there is an agent.
    if (!isUp && engine?.isNew) await (await import('../kernel-engine.ts')).removeVswitch(engine);
    await engine?.driver.close();
    await engine?.unlock?.();
  },
});

/** Undefined: VPP is the switch, and this process may not change the host's network. VPP can do without. */
async function open(options: KernelEngineOptions & { readonly log: Logger }): Promise<OpenKernelEngine | undefined> {
  const { openKernelEngine } = await import('../kernel-engine.ts');
  try {
    return await openKernelEngine(options);
  } catch (error) {
    if (options.isSwitch || !(error instanceof AppError)) throw error;
    options.log.warn({ err: error }, 'Linux interfaces, routes and rules are UNIMPLEMENTED: no rights for them');
    return undefined;
  }
}
