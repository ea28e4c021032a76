/**
 * A program of the distribution that does a feature's work in the vswitch's namespace. It outlives the agent (a restart of the agent
 * interrupts nobody) and is taken over by the next one; what it runs with is a file that the agent writes.
 */

import { silentLogger } from '../../app/log/silent.ts';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCommand } from '../../app/process/command.ts';
import { ensurePrivateDirectory } from '../../app/process/private-directory.ts';
import { ProcessRecord } from '../../app/process/record.ts';
import { supervise } from '../../app/process/supervise.ts';
import type { SupervisedProcess } from '../../app/process/supervise.ts';
import type { Key } from '../../model/key.ts';
import { SchedulerError } from '../../scheduler/errors.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import type { KernelEngine } from './engine.ts';

export interface DaemonProgram {
  /** Unique in the agent; names of files. */
  readonly name: string;
  readonly command: string;
  /** The Debian package that has it, for messages. */
  readonly debianPackage: string;
  /** Arguments that make it read this file and stay in the foreground. */
  args(file: string): readonly string[];
  /** Throws while it does not serve yet. */
  ready?(pid: number): void;
  /** A program that becomes this one, as `ip vrf exec` does: its command line up to that of this one. */
  readonly through?: {
    readonly command: string;
    readonly args: readonly string[];
    readonly debianPackage: string;
    /** What it needs, for the message when it does not run. */
    readonly needs: string;
  };
  /** It reads its file again at SIGHUP. Default: it is started anew. */
  readonly reloads?: boolean;
}

export class KernelDaemon {
  readonly #engine: KernelEngine;
  readonly #program: DaemonProgram;
  readonly #directory: string;
  #process: SupervisedProcess | undefined;

  constructor(engine: KernelEngine, program: DaemonProgram) {
    this.#engine = engine;
    this.#program = program;
    const { owner, driver, daemons } = engine;
    this.#directory = daemons?.directory ?? join(tmpdir(), `ligature-${owner}-${driver.vswitch.id.replace(':', '-')}`);
  }

  /** Runs it with just this configuration. Rejects with SchedulerError `unimplemented` where the program is not installed. */
  async run(configuration: string): Promise<void> {
    const { command, through } = this.#program;
    for (const program of through ? [this.#program, through] : [this.#program]) {
      await findCommand(program.command, environment(), '/').catch(() => {
        const message = `kernel: there is no program ${program.command}; install the package ${program.debianPackage} and apply again`;
        throw new SchedulerError('unimplemented', message, { retriable: false });
      });
    }
    await ensurePrivateDirectory(this.#directory);
    const before = await this.running();
    if (before !== configuration) {
      const reload = before !== undefined && this.#program.reloads === true;
      if (reload) await this.adopt();
      else await this.#end();
      await writeFile(`${this.#file}.new`, configuration, { mode: 0o600 });
      await rename(`${this.#file}.new`, this.#file);
      if (reload) this.#supervised().signal('SIGHUP');
    }
    try {
      await this.#supervised().start();
    } catch (error) {
      await this.#end();
      const reason = error instanceof Error ? error.message : 'it ended';
      const message = `${command} does not run: ${reason}${through ? ` (it is started by ${through.command} ${through.args.join(' ')}, which needs ${through.needs})` : ''}`;
      throw new SchedulerError('failed', message, { cause: error, retriable: true });
    }
  }

  /** The configuration of the process that runs now, started by this agent or an earlier one; undefined: none runs. */
  async running(): Promise<string | undefined> {
    if ((await this.#record().living()) === undefined) return undefined;
    return await readFile(this.#file, 'utf8').catch(() => undefined);
  }

  /** Takes over what an earlier agent left running, so that it is started again should it end. */
  async adopt(): Promise<void> {
    if (this.#process === undefined && (await this.running()) !== undefined) await this.#supervised().start();
  }

  async stop(): Promise<void> {
    await this.#end();
    await rm(this.#file, { force: true });
  }

  /** Looks at these objects again when it ends; leaves it running when the signal is aborted. */
  watch(scheduler: Scheduler, kind: string, signal: AbortSignal): void {
    this.#ended = (reason) => {
      const keys: readonly Key[] = Array.from(scheduler.snapshot().nodes({ kind }), ({ key }) => key);
      if (!signal.aborted && keys.length > 0) scheduler.recheck(keys, `${this.#program.command}: ${reason}`);
    };
    signal.addEventListener('abort', () => void this.#process?.release().catch(() => {}), { once: true });
  }

  #ended: (reason: string) => void = () => {};

  get #file(): string {
    return join(this.#directory, `${this.#program.name}.conf`);
  }

  #record(): ProcessRecord {
    return new ProcessRecord(this.#directory, this.#program.name);
  }

  async #end(): Promise<void> {
    if (this.#process === undefined && (await this.#record().living()) === undefined) return;
    const process = this.#supervised();
    if (process.state === 'stopped') await process.start().catch(() => {});
    await process.stop();
    this.#process = undefined;
  }

  #supervised(): SupervisedProcess {
    if (this.#process) return this.#process;
    const { name, command, args, ready, through } = this.#program;
    const { vswitch, own } = this.#engine.driver;
    const line = [...(through ? [through.command, ...through.args] : []), command, ...args(this.#file)];
    const inside = vswitch.id === own.id ? line : ['nsenter', `--net=${vswitch.path}`, '--', ...line];
    const process = supervise({
      name,
      command: inside[0]!,
      args: inside.slice(1),
      env: environment(),
      log: this.#engine.daemons?.log ?? silentLogger,
      stateDirectory: this.#directory,
      outputFile: join(this.#directory, `${name}.log`),
      withoutAgent: 'survive',
      readyTimeout: READY,
      restart: { maxCount: 5 },
      ...(ready ? { ready: (_signal, pid) => ready(pid) } : {}),
    });
    process.listen(({ state, reason }) => {
      if (state === 'waiting' || state === 'failed') this.#ended(reason ?? 'it ended');
    });
    this.#process = process;
    return process;
  }
}

/** ms */
const READY = 10_000;

/** Daemons live in sbin, which is not on every PATH. */
function environment(): Record<string, string> {
  return { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin` };
}
