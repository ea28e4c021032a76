import { readdirSync } from 'node:fs';
import type { EventLoopDelay } from './event-loop.ts';
import type { Metrics } from './metrics.ts';

/** What the running program is. */
export interface BuildInfo {
  readonly version: string;
  readonly date: string;
  readonly commit: string;
}

/** Metrics of the process and the build, with the names Prometheus' own clients use. */
export function addProcessMetrics(metrics: Metrics, build: BuildInfo, delay: EventLoopDelay): void {
  const started = Date.now() / 1000 - process.uptime();
  const gauge = (name: string, help: string, read: () => number): void => {
    metrics.gaugeFrom({ name, help }, read);
    // Ligato's names, too.
    if (name.startsWith('process_')) metrics.gaugeFrom({ name: `ligato_${name}`, help }, read);
  };
  gauge('process_cpu_seconds_total', 'User and system CPU time in seconds.', cpuSeconds);
  gauge('process_resident_memory_bytes', 'Resident memory in bytes.', () => process.memoryUsage.rss());
  gauge('process_start_time_seconds', 'Start of the process, seconds since the epoch.', () => started);
  gauge('process_open_fds', 'Open file descriptors.', openFiles);
  gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use, in bytes.', () => process.memoryUsage().heapUsed);
  gauge('nodejs_eventloop_lag_max_seconds', 'Longest the event loop was blocked since the last look.', () => {
    const { max } = delay.read();
    delay.reset();
    return max / 1000;
  });
  for (const name of ['build_info', 'ligato_build_info'])
    metrics.gaugeFrom({ name, help: 'The build that runs.', labels: ['version', 'commit', 'date'] }, () => [
      { labels: { version: build.version, commit: build.commit, date: build.date }, value: 1 },
    ]);
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return Number.NaN;
  }
}
