import { join } from 'node:path';
import { AppError, definePlugin, optional } from '../../app/index.ts';
import { vppProcessSettings } from '../vpp-process/settings.ts';
import type { VppProcess } from '../vpp-process/vpp-process.ts';
import { offUnless } from './engine.ts';
import { kernelPlugin } from './kernel.ts';

const offUnlessVpp = offUnless('vpp');

/** A VPP of the agent's own. Off unless its program is named: VPP is somebody else's then. */
export const vppProcessPlugin = definePlugin({
  name: 'vpp-process',
  description: 'starts VPP and keeps it running',
  config: vppProcessSettings,
  options: [
    {
      key: 'binary',
      flag: 'vpp-bin',
      env: 'LIGATURE_VPP_PROGRAM',
      description: 'VPP program that the agent starts and keeps running (engine vpp)',
    },
  ],
  off: (config, configOf) =>
    offUnlessVpp(config, configOf) ?? (config.binary === '' ? 'VPP is started by somebody else' : undefined),
  needs: { kernel: optional(kernelPlugin) },
  async start({ kernel }, settings, { application, log, report }): Promise<VppProcess> {
    const { VppProcess: Process } = await import('../vpp-process/vpp-process.ts');
    const directory = join(application.stateDirectory, 'vpp');
    const rtnl = kernel && { rtnl: kernel.driver.rtnl(kernel.driver.own) };
    return Process.start({ settings, directory, log, report, ...rtnl });
  },
  stop: (vpp) => vpp.leave(),
  stopTimeout: 30_000,
  health: { reportsItself: true },
});

/** Two VPPs for one agent are a mistake. */
export function refuseForeignSocket(key: string, path: string, usual: string): void {
  if (path === usual) return;
  const text = `the agent starts a VPP of its own (vpp-process.conf, --vpp-bin): leave ${path} or that program out`;
  throw new AppError('usage', `govpp: ${key}: ${text}`);
}
