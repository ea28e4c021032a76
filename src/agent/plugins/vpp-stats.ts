import { definePlugin } from '../../app/index.ts';
import { VppStats } from '../../vpp/index.ts';
import { offUnless } from './engine.ts';
import { vppPlugin } from './vpp.ts';

/** The reader of VPP's stats segment; it connects when something is read first. */
export const vppStatsPlugin = definePlugin({
  name: 'vpp-stats',
  description: "reads VPP's counters",
  off: offUnless('vpp'),
  needs: { vpp: vppPlugin },
  start: ({ vpp }) => new VppStats({ path: vpp.statsSocket, timeout: 1_000 }),
  stop: (stats) => stats.close(),
});
