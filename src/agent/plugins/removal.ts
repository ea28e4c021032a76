import * as z from 'zod';
import { definePlugin, optional } from '../../app/index.ts';
import type { KernelEngine } from '../../features/kernel/engine.ts';
import { removeMadeNamespaces } from '../../features/kernel/made-namespaces.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { kernelFeaturesPlugin } from './kernel-features.ts';
import { vppProcessPlugin } from './vpp-process.ts';
import { vppFeaturesPlugin } from './vpp-features.ts';

/** `--remove`: a clean stop takes everything down that the agent made. What is wanted stays in the store for the next start. */
export const removalPlugin = definePlugin({
  name: 'removal',
  description: 'leaves the host as it was found, when asked to',
  config: z.strictObject({
    remove: z
      .boolean()
      .default(false)
      .describe('take down everything at a clean stop; default: traffic goes on without the agent'),
  }),
  options: [
    {
      key: 'remove',
      flag: 'remove',
      env: 'LIGATURE_REMOVE',
      boolean: true,
      description: 'take down everything at a clean stop, kernel parameters and namespaces included',
    },
  ],
  needs: {
    inKernel: optional(kernelFeaturesPlugin),
    inVpp: optional(vppFeaturesPlugin),
    process: optional(vppProcessPlugin),
  },
  start({ inKernel, inVpp, process: vpp }, { remove }) {
    if (remove) vpp?.endWithAgent();
    return { scheduler: (inKernel ?? inVpp)?.scheduler, kernel: (inKernel ?? inVpp)?.kernel, remove };
  },
  async stop({ scheduler, kernel, remove }, { log, isUp }) {
    // What a start that failed has restored into a namespace that was not there before goes with that, programs included.
    const isVain = !isUp && kernel?.isNew === true && wantsAnything(scheduler);
    if ((!remove && !isVain) || !scheduler) return;
    if (scheduler.held !== undefined) {
      log.info(`${scheduler.held}: nothing was made, so nothing is taken down`);
      return;
    }
    const { failed, kept } = await takeDown(scheduler, kernel, isVain ? 'the start failed' : '--remove');
    for (const { name, reason } of kept) log.info({ namespace: name, reason }, `namespace ${name} stays: ${reason}`);
    for (const { key, error } of failed) log.error({ key, err: error }, `${key} could not be removed`);
    log.info({ failed: failed.length }, 'everything this agent made is taken down');
  },
  stopTimeout: 120_000,
});

function wantsAnything(scheduler: Scheduler | undefined): boolean {
  for (const { seqNum } of scheduler?.snapshot().statuses() ?? []) if (seqNum >= 0) return true;
  return false;
}

async function takeDown(scheduler: Scheduler, kernel: KernelEngine | undefined, reason: string) {
  const { failures } = await scheduler.commit([], {
    resync: 'FullResync',
    description: `taking everything down (${reason})`,
    retry: false,
  });
  if (!kernel) return { failed: failures, kept: [] };
  const { driver } = kernel;
  await driver.sysctl(driver.vswitch).restoreAll();
  await driver.idle();
  const kept = await removeMadeNamespaces(kernel);
  if (failures.length === 0) await (await import('../kernel-engine.ts')).removeVswitch(kernel);
  return { failed: failures, kept };
}
