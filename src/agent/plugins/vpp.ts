import { dirname, join } from 'node:path';
import * as z from 'zod';
import { AppError, definePlugin, duration, formatDuration, type Logger, optional } from '../../app/index.ts';
import { VppConditions } from '../vpp-process/conditions.ts';
import type { VppProcess } from '../vpp-process/vpp-process.ts';
import type { VppEngine } from '../../features/vpp/engine.ts';
import type { FrameTap, traceToFile as TraceToFile, VppClient } from '../../vpp/index.ts';
import { offUnless } from './engine.ts';
import { refuseForeignSocket, vppProcessPlugin } from './vpp-process.ts';

/** ms that the agent waits for a VPP that was never there, unless attempts are counted. */
const patience = 600_000;
const usualSocket = '/run/vpp/api.sock';
const compatible = 'accepted for compatibility, without effect';

export interface ConnectedVpp extends VppEngine {
  /** The agent's own VPP; undefined: somebody else's. */
  readonly process: VppProcess | undefined;
  /** Make VPP as wanted again when it came back. */
  readonly resyncs: boolean;
  readonly apiSocket: string;
  /** That it was lost, came back and is as wanted. */
  readonly conditions: VppConditions;
  readonly statsSocket: string;
}

/** FD.io VPP as an engine: a client of its binary API. The file is Ligato's `govpp.conf`. */
export const vppPlugin = definePlugin({
  name: 'govpp',
  description: 'programs FD.io VPP',
  off: offUnless('vpp'),
  config: z.strictObject({
    'binapi-socket-path': z.string().default(usualSocket).describe("socket of VPP's binary API"),
    'stats-socket-path': z
      .string()
      .default('')
      .describe("socket of VPP's counters; default: stats.sock beside the socket of the binary API"),
    'retry-connect-count': z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe(
        'how often a VPP that is not there is tried again at the start, before the agent ends; 0: for 10 minutes',
      ),
    'retry-connect-timeout': duration().default(1_000).describe('longest time between attempts to connect'),
    'reply-timeout': duration().default(10_000).describe('time VPP has to answer a request'),
    'health-check-probe-interval': duration().default(1_000).describe('time between looks at a silent VPP'),
    'health-check-reply-timeout': duration().default(10_000).describe('time a silent VPP has to answer'),
    'resync-after-reconnect': z
      .boolean()
      .default(true)
      .describe('make VPP as wanted again when it came back; false: only at the next comparison'),
    'requests-in-flight': z
      .number()
      .int()
      .min(1)
      .max(65_536)
      .default(1_024)
      .describe('requests on their way at a time'),
    'trace-file': z
      .string()
      .default('')
      .describe('file that gets every message, for support; keys and secrets are left out'),
    'connect-via-shm': z.boolean().default(false).describe(compatible),
    'shm-prefix': z.string().default('').describe(compatible),
    'retry-request-count': z.number().default(0).describe(compatible),
    'retry-request-timeout': duration().default(500).describe(compatible),
    'proxy-enabled': z.boolean().default(true).describe(compatible),
    'health-check-threshold': z.number().default(1).describe(compatible),
    'trace-enabled': z.boolean().default(false).describe(compatible),
  }),
  options: [
    {
      key: 'binapi-socket-path',
      flag: 'vpp-api-socket',
      env: 'LIGATURE_VPP_API_SOCKET',
      description: "socket of VPP's binary API",
    },
    {
      key: 'stats-socket-path',
      flag: 'vpp-stats-socket',
      env: 'LIGATURE_VPP_STATS_SOCKET',
      description: "socket of VPP's counters; default: stats.sock beside that of the binary API",
    },
  ],
  needs: { process: optional(vppProcessPlugin) },
  async start({ process: own }, config, { log, application, signal, fail }): Promise<ConnectedVpp> {
    const { openVpp, traceToFile } = await import('../../vpp/index.ts');
    if (own) refuseForeignSocket('binapi-socket-path', config['binapi-socket-path'], usualSocket);
    const otherStats = config['stats-socket-path'];
    if (own && otherStats !== '') refuseForeignSocket('stats-socket-path', otherStats, besideOf(usualSocket));
    const wait = config['retry-connect-timeout'];
    const count = config['retry-connect-count'];
    const apiSocket = own?.places.apiSocket ?? config['binapi-socket-path'];
    const client = await openVpp({
      path: apiSocket,
      name: `ligature-${application.label}`,
      window: config['requests-in-flight'],
      timeout: config['reply-timeout'],
      probeInterval: config['health-check-probe-interval'],
      probeTimeout: config['health-check-reply-timeout'],
      attempts: count === 0 ? Number.POSITIVE_INFINITY : count + 1,
      backoff: { first: Math.min(50, wait), most: wait },
      log,
      signal,
      ...(config['trace-file'] === '' ? {} : { tap: openTrace(traceToFile, config['trace-file'], log) }),
    });
    // One of its own is tried again for as long as the agent is there.
    const limit = count === 0 && !own ? patience : undefined;
    endUnlessConnected(client, limit, signal, fail);
    return {
      client,
      owner: application.label,
      log,
      process: own,
      conditions: new VppConditions(),
      apiSocket,
      resyncs: config['resync-after-reconnect'],
      statsSocket: own?.places.statsSocket ?? (otherStats || besideOf(apiSocket)),
    };
  },
  stop: ({ client }) => client.close(),
});

/** VPP has both sockets in one folder, unless it is told otherwise. */
function besideOf(apiSocket: string): string {
  return join(dirname(apiSocket), 'stats.sock');
}

function openTrace(traceToFile: typeof TraceToFile, path: string, log: Logger): FrameTap {
  try {
    return traceToFile(path, (err) =>
      log.warn({ err }, `the trace in ${path} (govpp.conf: trace-file) ends: it cannot be written`),
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('invalid-config', `govpp.conf: trace-file: ${path} cannot be written: ${reason}`, {
      field: 'trace-file',
      cause,
    });
  }
}

/** The agent waits for a VPP that is not there yet, but not for ever (`retry-connect-count`). */
function endUnlessConnected(
  { connected }: VppClient,
  patience: number | undefined,
  signal: AbortSignal,
  fail: (error: unknown) => void,
): void {
  const end = (reason: string): void => {
    if (signal.aborted) return;
    const hint = 'is VPP running? its socket is --vpp-api-socket, binapi-socket-path in govpp.conf';
    fail(new AppError('start-failed', `no VPP answers: ${reason}; ${hint}`, { plugin: 'govpp' }));
  };
  const timer =
    patience === undefined
      ? undefined
      : setTimeout(() => end(`not within ${formatDuration(patience)}`), patience).unref();
  connected.then(
    () => clearTimeout(timer),
    (error: unknown) => {
      clearTimeout(timer);
      end(error instanceof Error ? error.message : String(error));
    },
  );
}
