/** A VPP of the agent's own: started, watched, started again; it outlives the agent and is taken over by the next one. */

import { existsSync, statSync } from 'node:fs';
import { access, constants, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  AppError,
  formatDuration,
  type HealthState,
  type Logger,
  type ProcessEvent,
  supervise,
  type SupervisedProcess,
} from '../../app/index.ts';
import { messageOf } from '../../app/errors.ts';
import { Backoff } from '../../app/process/backoff.ts';
import { ProcessRecord } from '../../app/process/record.ts';
import { adoptProcess, endProcess } from '../../app/process/running.ts';
import { ensurePrivateDirectory } from '../../app/process/private-directory.ts';
import type { Rtnl } from '../../kernel/rtnl/port.ts';
import { connectVpp } from '../../vpp/index.ts';
import { Cards } from './cards.ts';
import { readHugepages } from './hugepages.ts';
import type { VppProcessSettings } from './settings.ts';
import { changedSince, writeStartedWith } from './started-with.ts';
import { startupConf } from './startup-conf.ts';
import type { VppPlaces } from './startup-conf.ts';

export interface VppProcessOptions {
  readonly settings: VppProcessSettings;
  /** Where it is when the settings do not say. */
  readonly directory: string;
  readonly log: Logger;
  /** The host's network, for what cards have in it. */
  readonly rtnl?: Rtnl;
  /** Called with how it is. */
  readonly report?: (state: HealthState, reason?: string) => void;
}

const NAME = 'vpp';
/** Longest path of a socket that is sure to fit. */
const LONGEST_DIRECTORY = 90;
/** Lines of VPP's output that are logged when it ends by itself. */
const LAST_LINES = 12;
const READY_TIMEOUT = 60_000;
const STOP_TIMEOUT = 10_000;
/** What VPP says of a section of startup.conf that it does not know, or has other words in. */
const UNKNOWN_SECTION = /unknown input|parse error|unformat/i;
/** Of a VPP that never answered: as many starts in a row make a round, after which its cards go back until the next one. */
const MOST_ATTEMPTS = 3;

export class VppProcess {
  readonly places: VppPlaces;
  readonly #settings: VppProcessSettings;
  readonly #log: Logger;
  readonly #cards: Cards;
  readonly #process: SupervisedProcess;
  readonly #report: (state: HealthState, reason?: string) => void;
  readonly #answered = Promise.withResolvers<undefined>();
  readonly #end = new AbortController();
  #starting: Promise<void> = Promise.resolve();
  #hasAnswered = false;
  /** An earlier agent has started it. */
  #isAdopted = false;
  #trouble: string | undefined;
  #endsWithAgent: boolean;
  #changed: readonly string[] = [];
  /** Where the output of the one that was started last begins. */
  #outputAt = 0;

  private constructor({ settings, directory: fallback, log, rtnl, report }: VppProcessOptions) {
    const binary = resolve(settings.binary);
    const directory = resolve(settings.directory || fallback);
    this.#settings = settings;
    this.#log = log;
    this.#report = report ?? (() => {});
    this.#endsWithAgent = settings['stop-with-agent'];
    this.places = placesIn(directory, binary);
    this.#cards = new Cards({ file: join(directory, 'cards.json'), log, ...(rtnl && { rtnl }) });
    this.#process = supervise({
      name: NAME,
      command: binary,
      args: ['-c', this.places.startupConf],
      env: libraryPath(binary),
      log,
      stateDirectory: directory,
      withoutAgent: 'survive',
      outputFile: this.places.output,
      restart: { initialDelay: settings['restart-delay'], maxDelay: settings['restart-delay-limit'] },
      ready: (signal) => answers(this.places.apiSocket, signal),
      readyTimeout: READY_TIMEOUT,
      stopTimeout: STOP_TIMEOUT,
    });
    this.#process.listen((event) => {
      if (event.state === 'starting')
        this.#outputAt = statSync(this.places.output, { throwIfNoEntry: false })?.size ?? 0;
      if (event.state === 'ready') this.#report('ok');
      if (event.state === 'waiting' || event.state === 'failed') void this.#tell(event);
    });
  }

  /**
   * Begins to start VPP, or to take over the one that an earlier agent started, and goes on until one answers, with a growing pause in
   * between. Errors: AppError `process`, when there is no place for it.
   */
  static async start(options: VppProcessOptions): Promise<VppProcess> {
    const vpp = new VppProcess(options);
    const { directory } = vpp.places;
    if (directory.length > LONGEST_DIRECTORY || !/^[\w./-]+$/.test(directory)) {
      const text = `${directory} is too long or has other characters than letters, digits and . / - _`;
      throw new AppError('process', `vpp-process.conf: directory: ${text}`, { field: 'directory' });
    }
    await ensurePrivateDirectory(directory);
    await vpp.#lookForLiving();
    vpp.#report('init', 'VPP is being started');
    vpp.#starting = vpp.#startUntilItAnswers(vpp.#end.signal);
    return vpp;
  }

  /** It has answered once. Never resolves when the agent leaves it before. */
  get answered(): Promise<void> {
    return this.#answered.promise;
  }

  /** Why it could not be started; undefined: it could, or is being started for the first time. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Settings (`heap`, `workers`) that are not used until VPP is started again. */
  get waiting(): readonly string[] {
    return this.#changed;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** ms that it may run without answering; 0: for ever. */
  get hangTimeout(): number {
    return this.#settings['hang-timeout'];
  }

  listen(listener: (event: ProcessEvent) => void): () => void {
    return this.#process.listen(listener);
  }

  /** Ends it at once, as it does not answer: it is started again. */
  kill(): void {
    this.#process.signal('SIGKILL');
  }

  /** Nothing of it is to be left when the agent ends. */
  endWithAgent(): void {
    this.#endsWithAgent = true;
  }

  /** The agent ends: VPP goes on, or ends and gives its cards back. So does one that was started and never answered. */
  async leave(): Promise<void> {
    this.#end.abort();
    const goesOn = !this.#endsWithAgent && (this.#hasAnswered || this.#isAdopted);
    if (goesOn) await this.#process.release();
    else await this.#process.stop();
    await this.#starting;
    if (goesOn) return;
    await this.#endLiving();
    await this.#cards.giveBack();
    // VPP leaves them behind.
    const { apiSocket, statsSocket, cliSocket, puntSocket } = this.places;
    for (const path of [apiSocket, statsSocket, cliSocket, puntSocket]) await rm(path, { force: true });
  }

  /** The agent has not begun before VPP answers for the first time, rather than failed. */
  #tellUnready(reason: string): void {
    this.#report(this.#hasAnswered ? 'error' : 'init', reason);
  }

  async #startUntilItAnswers(signal: AbortSignal): Promise<void> {
    const { 'restart-delay': first, 'restart-delay-limit': maxDelay } = this.#settings;
    const pauses = new Backoff({ initialDelay: first * 2 ** MOST_ATTEMPTS, maxDelay });
    while (!signal.aborted) {
      try {
        await this.#startRound(signal);
        if (signal.aborted) return;
        this.#hasAnswered = true;
        this.#trouble = undefined;
        return this.#answered.resolve(undefined);
      } catch (error) {
        if (signal.aborted) return;
        this.#trouble = messageOf(error);
        const pause = pauses.next(0) ?? maxDelay;
        this.#tellUnready(this.#trouble);
        this.#log.error({ err: error }, `${this.#trouble}; tried again in ${formatDuration(pause)}`);
        await delay(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** A few attempts. Errors: AppError `process` (with what VPP said), `not-found`. */
  async #startRound(signal: AbortSignal): Promise<void> {
    const unlisten = this.#process.listen(({ state, restarts }) => {
      if (state === 'waiting' && restarts >= MOST_ATTEMPTS) void this.#process.stop();
    });
    try {
      await this.#prepare();
      if (signal.aborted) return;
      let refused: unknown;
      await this.#process.start().catch((error: unknown) => (refused = error));
      if (refused !== undefined) throw await this.#refusal(refused);
    } catch (error) {
      // The host may have no other way to the world.
      if (!signal.aborted) await this.#cards.giveBack();
      throw error;
    } finally {
      unlisten();
    }
  }

  /** One of an earlier agent that was not taken over yet. */
  async #endLiving(): Promise<void> {
    const record = new ProcessRecord(this.places.directory, NAME);
    const living = await record.living();
    if (living === undefined) return;
    await endProcess(await adoptProcess(living.pid), 'SIGTERM', STOP_TIMEOUT);
    await record.remove();
  }

  async #lookForLiving(): Promise<boolean> {
    this.#isAdopted = (await new ProcessRecord(this.places.directory, NAME).living()) !== undefined;
    return this.#isAdopted;
  }

  async #prepare(): Promise<void> {
    const { directory } = this.places;
    // It has the cards and the huge pages already. What changed in the settings counts when it is started next.
    if (await this.#lookForLiving()) {
      this.#changed = await changedSince(directory, this.#settings);
      if (this.#changed.length > 0)
        this.#log.warn(
          { settings: this.#changed },
          `vpp-process.conf: ${this.#changed.join(', ')}: VPP runs with what it was started with; it counts when VPP is started again`,
        );
      return;
    }
    await requireProgram(this.#settings.binary);
    const cards = await this.#cards.take(this.#settings.cards, this.#settings['missing-cards']);
    const { text, warnings } = startupConf(this.#settings, this.places, await readHugepages(), cards);
    for (const warning of warnings) this.#log.warn(warning);
    await writeFile(this.places.startupConf, text, { mode: 0o600 });
    await writeStartedWith(directory, this.#settings);
    this.#changed = [];
  }

  async #lastOutput(): Promise<readonly string[]> {
    const output = await readFile(this.places.output).catch(() => Buffer.alloc(0));
    const text = output.subarray(this.#outputAt).toString();
    return text.split('\n').filter(Boolean).slice(-LAST_LINES);
  }

  /** Why none ever answered. */
  async #refusal(cause: unknown): Promise<AppError> {
    const { startupConf: file, output, log } = this.places;
    const last = (await this.#lastOutput()).join('; ');
    const isExtra = this.#settings.extra !== '' && UNKNOWN_SECTION.test(last);
    const field = isExtra ? 'vpp-process.conf: extra: VPP does not take it. ' : '';
    const said = last === '' ? 'it said nothing' : `it said: ${last}`;
    const text = `${field}VPP ended ${MOST_ATTEMPTS} times in a row before it answered; ${said} (started with ${file}; output: ${output}, log: ${log})`;
    return new AppError('process', text, { cause, ...(isExtra && { field: 'extra' }) });
  }

  /** What it said last, when it ended by itself. */
  async #tell({ state, reason, restarts }: ProcessEvent): Promise<void> {
    const text = `VPP ${reason ?? 'has ended'}`;
    // What is known of a whole round says more.
    if (this.#trouble === undefined) this.#tellUnready(text);
    this.#log.error({ reason, restarts, output: await this.#lastOutput() }, text);
    if (state === 'waiting')
      await this.#prepare().catch((err: unknown) => this.#log.error({ err }, 'VPP is started as before'));
  }
}

/** A name without a slash is looked for in PATH, when it is started. */
async function requireProgram(binary: string): Promise<void> {
  if (!binary.includes('/')) return;
  await access(resolve(binary), constants.X_OK).catch((cause: unknown) => {
    const text = `vpp-process.conf: binary (--vpp-bin): ${binary} is not a program that can be run`;
    throw new AppError('not-found', text, { field: 'binary', cause });
  });
}

function placesIn(directory: string, binary: string): VppPlaces {
  const library = join(dirname(dirname(binary)), 'lib');
  const plugins = ['x86_64-linux-gnu', 'aarch64-linux-gnu', '.'].map((place) => join(library, place, 'vpp_plugins'));
  return {
    directory,
    apiSocket: join(directory, 'api.sock'),
    statsSocket: join(directory, 'stats.sock'),
    cliSocket: join(directory, 'cli.sock'),
    puntSocket: join(directory, 'punt.sock'),
    startupConf: join(directory, 'startup.conf'),
    output: join(directory, 'output.log'),
    log: join(directory, 'vpp.log'),
    plugins: plugins.find((path) => existsSync(path)),
  };
}

/** A VPP that is not installed in the system's folders has its libraries beside it. */
function libraryPath(binary: string): Readonly<Record<string, string>> {
  const library = join(dirname(dirname(binary)), 'lib');
  const folders = ['x86_64-linux-gnu', 'aarch64-linux-gnu', '.'].map((place) => join(library, place));
  const found = folders.filter((folder) => existsSync(join(folder, 'libvppinfra.so')));
  const known = process.env['LD_LIBRARY_PATH'];
  return found.length === 0 ? {} : { LD_LIBRARY_PATH: [...found, ...(known ? [known] : [])].join(':') };
}

async function answers(path: string, signal: AbortSignal): Promise<void> {
  const client = await connectVpp({ path, name: 'ligature-probe', timeout: 2_000, signal });
  await client.close();
}
