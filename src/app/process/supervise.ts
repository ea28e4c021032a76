import { AppError, messageOf } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import { Backoff, type RestartPolicy } from './backoff.ts';
import { dyingWithParent, findCommand } from './command.ts';
import { ProcessRecord } from './record.ts';
import { adoptProcess, endProcess, type OutputStream, type RunningProcess, spawnProcess } from './running.ts';
import { describeExit, type ProcessEvent, type ProcessState } from './state.ts';

export interface SuperviseOptions {
  /** For the log, the record and the errors. */
  readonly name: string;
  /** A path, or a name to be found in PATH. No shell is involved. */
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to the environment of the agent. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: `/`. */
  readonly cwd?: string;
  readonly log: Logger;
  /** Where it is recorded which process runs, so that a crash of the agent leaves no orphan. Default: not recorded. */
  readonly stateDirectory?: string;
  readonly restart?: RestartPolicy;
  /** Throws while the process does not serve yet; asked again every 100 ms. Default: ready as soon as it runs. */
  readonly ready?: (signal: AbortSignal, pid: number) => Promise<void> | void;
  /** ms in which it has to become ready, or it counts as having crashed. Default: 30000. */
  readonly readyTimeout?: number;
  /** Default: SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** ms after which it is killed with all it started. Default: 5000. */
  readonly stopTimeout?: number;
  /** Gets each line of output, beside the log. */
  readonly onOutput?: (line: string, stream: OutputStream) => void;
  /**
   * `die` (default): the kernel ends the process when the agent dies, and what is left nevertheless is ended at the next start.
   * `survive`: it goes on without the agent and is adopted at the next start; needs a `stateDirectory` and an `outputFile`, because
   * nobody would read its pipes.
   */
  readonly withoutAgent?: 'die' | 'survive';
  readonly outputFile?: string;
  /** What the kernel sends when the agent dies. Default: SIGKILL. */
  readonly deathSignal?: NodeJS.Signals;
  /** A process that runs already: it is taken over instead of starting one. */
  readonly pid?: number;
}

/** A process that is kept running. */
export interface SupervisedProcess extends AsyncDisposable {
  readonly name: string;
  readonly state: ProcessState;
  readonly pid: number | undefined;
  /** Starts it and resolves when it is ready. Errors: AppError `not-found`, `process` when it is given up, `aborted` when it is stopped. */
  start(): Promise<void>;
  /** Resolves when it is ready, now or after a restart. Errors as `start`. */
  ready(): Promise<void>;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
  /** Leaves it running and looks after it no more; the next agent adopts it. Errors: AppError `usage` unless it may survive. */
  release(): Promise<void>;
  /** Ends it and starts it again, without a delay and without counting. */
  restart(): Promise<void>;
  /** False: there is no process now. */
  signal(signal: NodeJS.Signals): boolean;
  /** Called at every change of state. Returns how to stop listening. */
  listen(listener: (event: ProcessEvent) => void): () => void;
}

/**
 * Supervises a process: starts it, logs what it writes, waits until it is ready, starts it again when it ends. Programs that put
 * themselves into the background cannot be supervised. Errors: AppError `usage`.
 *
 * @example
 * const charon = supervise({ name: 'charon', command: '/usr/sbin/charon-systemd', log, ready: () => connectVici() });
 * await charon.start();
 */
export function supervise(options: SuperviseOptions): SupervisedProcess {
  if (
    options.withoutAgent === 'survive' &&
    (options.stateDirectory === undefined || options.outputFile === undefined)
  ) {
    throw new AppError(
      'usage',
      `process ${options.name}: to survive the agent it needs a stateDirectory and an outputFile`,
    );
  }
  return new Supervisor(options);
}

/** ms between two questions whether it is ready. */
const readyPeriod = 100;

class Supervisor implements SupervisedProcess {
  readonly #options: SuperviseOptions;
  readonly #record: ProcessRecord | undefined;
  readonly #backoff: Backoff;
  readonly #listeners = new Set<(event: ProcessEvent) => void>();
  #state: ProcessState = 'stopped';
  #reason: string | undefined;
  #running: RunningProcess | undefined;
  /** Aborts the loop that keeps it running. */
  #stop = new AbortController();
  #released = Promise.withResolvers<undefined>();
  #loop: Promise<void> = Promise.resolve();
  #wasAdopted = false;

  constructor(options: SuperviseOptions) {
    this.#options = options;
    this.#record =
      options.stateDirectory === undefined ? undefined : new ProcessRecord(options.stateDirectory, options.name);
    this.#backoff = new Backoff(options.restart);
  }

  get name(): string {
    return this.#options.name;
  }

  get state(): ProcessState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#running?.pid;
  }

  async start(): Promise<void> {
    if (this.#state === 'stopped' || this.#state === 'failed') {
      this.#stop = new AbortController();
      this.#released = Promise.withResolvers();
      this.#backoff.reset();
      this.#enter('starting');
      this.#loop = this.#keepRunning(this.#stop.signal);
    }
    await this.ready();
  }

  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): boolean => {
        if (this.#state === 'ready') resolve();
        else if (this.#state === 'failed')
          reject(new AppError('process', `${this.name}: ${this.#reason}`, { retriable: true }));
        else if (this.#state === 'stopped') reject(new AppError('aborted', `${this.name} is stopped`));
        else return false;
        return true;
      };
      if (settle()) return;
      const unlisten = this.listen(() => {
        if (settle()) unlisten();
      });
    });
  }

  async stop(): Promise<void> {
    if (this.#state === 'stopped' || this.#state === 'failed') return;
    this.#enter('stopping');
    this.#stop.abort();
    await this.#loop;
    this.#enter('stopped');
  }

  async release(): Promise<void> {
    if (this.#options.withoutAgent !== 'survive')
      throw new AppError('usage', `${this.name} may not survive the agent: stop it`);
    this.#released.resolve(undefined);
    this.#running?.unref();
    await this.#loop;
    this.#enter('stopped');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  signal(signal: NodeJS.Signals): boolean {
    return this.#running?.signal(signal) ?? false;
  }

  listen(listener: (event: ProcessEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #enter(state: ProcessState, reason?: string): void {
    this.#state = state;
    this.#reason = reason;
    const event: ProcessEvent = { state, pid: this.pid, restarts: this.#backoff.count, reason };
    this.#options.log.debug({ ...event, process: this.name }, 'process state');
    for (const listener of [...this.#listeners]) listener(event);
  }

  async #keepRunning(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const begin = performance.now();
      const reason = await this.#runOnce(stop);
      if (stop.aborted || reason === undefined) return;
      const delay = this.#backoff.next(performance.now() - begin);
      if (delay === undefined) {
        this.#options.log.error({ process: this.name, reason }, 'process is given up');
        return this.#enter('failed', reason);
      }
      this.#options.log.warn({ process: this.name, reason, delay }, 'process will be started again');
      this.#enter('waiting', reason);
      await pause(delay, stop);
      if (!stop.aborted) this.#enter('starting');
    }
  }

  /** Runs it until it ends, and says why it did; undefined when it was released. */
  async #runOnce(stop: AbortSignal): Promise<string | undefined> {
    const { log, name } = this.#options;
    try {
      const running = await this.#obtain();
      this.#running = running;
      if (running.identity !== undefined) await this.#record?.write(running.identity);
      const reason = await this.#watch(running, stop);
      if (reason !== undefined) await this.#record?.remove();
      return reason;
    } catch (error) {
      log.error({ err: error, process: name }, 'process could not be run');
      return messageOf(error);
    } finally {
      this.#running = undefined;
    }
  }

  async #watch(running: RunningProcess, stop: AbortSignal): Promise<string | undefined> {
    const { log, name } = this.#options;
    const ended = new AbortController();
    const onStop = (): void => this.#end(running);
    stop.addEventListener('abort', onStop, { once: true });
    if (stop.aborted) onStop();
    const readiness = this.#awaitReady(running, AbortSignal.any([stop, ended.signal]));
    const exit = await Promise.race([running.exited, this.#released.promise]);
    ended.abort();
    stop.removeEventListener('abort', onStop);
    const unready = await readiness;
    if (exit === undefined) return undefined;
    // What it started has lost its master. An adopted process need not be the leader of its group.
    if (!this.#wasAdopted) running.signalGroup('SIGKILL');
    log.info({ process: name, pid: running.pid, ...exit }, 'process has ended');
    return unready ?? describeExit(exit);
  }

  #end(running: RunningProcess): void {
    const { log, name, stopSignal = 'SIGTERM', stopTimeout = 5000 } = this.#options;
    endProcess(running, stopSignal, stopTimeout).catch((err: unknown) =>
      log.error({ err, process: name }, 'process cannot be ended'),
    );
  }

  /** Takes over what runs, or starts anew. */
  async #obtain(): Promise<RunningProcess> {
    const { log, name, pid, withoutAgent = 'die', stopSignal = 'SIGTERM', stopTimeout = 5000 } = this.#options;
    const recorded = await this.#record?.living();
    const adoptable =
      this.#backoff.count === 0 && pid !== undefined ? pid : withoutAgent === 'survive' ? recorded?.pid : undefined;
    this.#wasAdopted = adoptable !== undefined;
    if (adoptable !== undefined) {
      log.info({ process: name, pid: adoptable }, 'process is adopted');
      return adoptProcess(adoptable);
    }
    if (recorded !== undefined) {
      log.warn({ process: name, pid: recorded.pid }, 'ending the process that an earlier agent left');
      await endProcess(await adoptProcess(recorded.pid), stopSignal, stopTimeout);
    }
    return this.#spawn();
  }

  async #spawn(): Promise<RunningProcess> {
    const { log, name, args = [], cwd = '/', withoutAgent = 'die', deathSignal = 'SIGKILL' } = this.#options;
    const env = { ...process.env, ...this.#options.env };
    const line = { file: await findCommand(this.#options.command, env, cwd), args };
    const bound = withoutAgent === 'die' ? await dyingWithParent(line, deathSignal, env) : undefined;
    if (withoutAgent === 'die' && bound === undefined)
      log.warn({ process: name }, 'no setpriv: the process may outlive a crash of the agent');
    const running = await spawnProcess(bound ?? line, {
      cwd,
      env,
      outputFile: this.#options.outputFile,
      onLine: (text, stream) => {
        log.info({ process: name, stream }, text);
        this.#options.onOutput?.(text, stream);
      },
    });
    log.info({ process: name, pid: running.pid, command: line.file, args }, 'process is started');
    return running;
  }

  /** Resolves when it is ready or has ended; with a reason when it did not become ready in time and is therefore being ended. */
  async #awaitReady(running: RunningProcess, ended: AbortSignal): Promise<string | undefined> {
    const { ready, readyTimeout = 30_000 } = this.#options;
    const deadline = performance.now() + readyTimeout;
    let last = 'no answer';
    while (!ended.aborted) {
      const left = deadline - performance.now();
      if (left <= 0) {
        this.#end(running);
        return `was not ready within ${readyTimeout} ms: ${last}`;
      }
      const limit = AbortSignal.any([ended, AbortSignal.timeout(Math.ceil(left))]);
      try {
        await orAborted(async () => ready?.(limit, running.pid), limit);
        if (!ended.aborted) this.#enter('ready');
        return undefined;
      } catch (error) {
        if (!limit.aborted) last = messageOf(error);
      }
      await pause(readyPeriod, limit);
    }
    return undefined;
  }
}

/** Rejects as soon as the signal aborts, whatever the work does. */
async function orAborted(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([work(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
