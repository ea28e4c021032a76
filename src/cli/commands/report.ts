/** `ligature report`: everything that helps others to help, in one archive. Secrets are placeholders in all of it. */

import { writeFileSync } from 'node:fs';
import { arch, cpus, freemem, release, totalmem, uptime } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ClientError } from '../../client/errors.ts';
import type { Call } from '../../client/http.ts';
import { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { withProgress } from '../progress.ts';
import { version } from '../version.ts';

/** File of the archive -> what the agent is asked. */
const questions: Readonly<Record<string, Call>> = {
  'agent-status.json': { path: '/api/v1/status' },
  'software-versions.json': { path: '/info/version' },
  'agent-values.json': { path: '/api/v1/values' },
  'agent-graph-summary.json': { path: '/api/v1/graph/summary' },
  'agent-transaction-history.txt': { path: '/scheduler/txn-history', query: { format: 'text' } },
  'agent-NB-config.yaml': { path: '/api/v1/configuration', query: { format: 'yaml' } },
  'agent-SB-config.yaml': { path: '/api/v1/configuration/retrieved', query: { format: 'yaml' } },
  'agent-drift.json': { method: 'POST', path: '/api/v1/check' },
  'agent-kvscheduler-graph.json': { path: '/scheduler/graph-snapshot' },
  'agent-kvscheduler-stats.json': { path: '/scheduler/stats' },
  'agent-models.json': { path: '/api/v1/models' },
  'agent-metrics.txt': { path: '/metrics' },
  'agent-log-levels.json': { path: '/log/list' },
  'interfaces.json': { path: '/api/v1/interfaces' },
  'topology.json': { path: '/api/v1/topology' },
  'kernel-info.json': { path: '/api/v1/kernel' },
  'kvdb-keys.json': { path: '/api/v1/kvdb', query: { keys_only: true, limit: 10_000 } },
};

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('one archive for support: versions, states, history, configuration, metrics; no secrets')
    .option('-o, --output-directory <dir>', 'where the archive is written', '.')
    .option('-i, --ignore-errors', 'write the archive although a part of it could not be had')
    .action(async (flags: { outputDirectory: string; ignoreErrors?: boolean }, command: Command) => {
      const context = new Context(command);
      const { files, failed } = await withProgress('collecting', collect(context));
      if (failed.length === Object.keys(questions).length) {
        throw new CliError('failed', `the agent at ${context.client.target} answers nothing`, failed);
      }
      if (failed.length > 0 && !flags.ignoreErrors) {
        throw new CliError(
          'failed',
          `${failed.length} parts could not be had; --ignore-errors leaves them out`,
          failed,
        );
      }
      const path = join(resolve(flags.outputDirectory), `ligature-report--${stamp(new Date())}.zip`);
      await writeArchive(path, files);
      await context.show({ path, files: [...files.keys()], failed }, () => `${path}\n`);
    });
}

interface Collected {
  readonly files: ReadonlyMap<string, string>;
  /** One line for each part that is not there. */
  readonly failed: readonly string[];
}

async function collect(context: Context): Promise<Collected> {
  const files = new Map<string, string>();
  const failed: string[] = [];
  for (const [name, question] of Object.entries(questions)) {
    try {
      files.set(name, await context.client.text(question));
    } catch (error) {
      // Nobody answers: the other questions need not be asked.
      if (files.size === 0 && error instanceof ClientError && error.code === 'unreachable') throw error;
      failed.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  files.set('hardware.json', `${JSON.stringify(machine(), null, 2)}\n`);
  if (failed.length > 0) files.set('_failed-reports.txt', `${failed.join('\n')}\n`);
  files.set('_report.txt', `${[`ligature ${version}, ${new Date().toISOString()}`, ...files.keys()].join('\n')}\n`);
  return { files, failed };
}

/** Where the command ran: on the agent's host unless it was asked for another. */
function machine(): object {
  return {
    kernel: release(),
    architecture: arch(),
    processors: cpus().map(({ model }) => model),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    uptimeSeconds: Math.round(uptime()),
    node: process.version,
  };
}

/** `2026-11-28T06-30-00Z`: sorts by time, and is a file name everywhere. */
function stamp(time: Date): string {
  return time
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
}

async function writeArchive(path: string, files: ReadonlyMap<string, string>): Promise<void> {
  const { strToU8, zipSync } = await import('fflate');
  const archive = zipSync(Object.fromEntries([...files].map(([name, text]) => [name, strToU8(text)])));
  try {
    writeFileSync(path, archive, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new CliError(
      'failed',
      `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
