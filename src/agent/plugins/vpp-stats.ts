import { definePlugin } from '../../app/index.ts';
import { VppStats } from '../../vpp/index.ts';
import { offUnless } from './engine.ts';
import { vppPlugin } from './vpp.ts';

/** The reader of VPP's stats segment; it connects when something is read first. Packets go on without counters: no reason not to be ready. */
export const vppStatsPlugin = definePlugin({
  name: 'vpp-stats',
  description: "reads VPP's counters",
  off: offUnless('vpp'),
  needs: { vpp: vppPlugin },
  start({ vpp }, _config, { log, signal }) {
    const stats = new VppStats({ path: vpp.statsSocket, timeout: 1_000 });
    const look = (): Promise<void> =>
      stats.runtime().then(
        () => undefined,
        (err: unknown) => {
          if (!signal.aborted) log.warn({ err }, `VPP's counters cannot be read, there are none: ${remedy}`);
        },
      );
    // Whoever cannot connect to VPP has been told so.
    void vpp.client.connected.then(look, () => undefined);
    return stats;
  },
  stop: (stats) => stats.close(),
  health: {
    fatal: false,
    timing: { period: 10_000 },
    async probe(stats) {
      await stats.runtime().catch((cause: unknown) => {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`VPP's counters cannot be read: ${reason}; ${remedy}`, { cause });
      });
    },
  },
});

const remedy =
  '--vpp-stats-socket (govpp.conf: stats-socket-path) names their socket, `statseg` of startup.conf where VPP makes it';
