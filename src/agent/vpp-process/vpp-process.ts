/** A VPP of the agent's own: started, watched, started again; it outlives the agent and is taken over by the next one. */

import { existsSync, statSync } from 'node:fs';
import { access, constants, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError, type Logger, type ProcessEvent, supervise, type SupervisedProcess } from '../../app/index.ts';
import { ProcessRecord } from '../../app/process/record.ts';
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
}

const NAME = 'vpp';
/** Longest path of a socket that is sure to fit. */
const LONGEST_DIRECTORY = 90;
/** Lines of VPP's output that are logged when it ends by itself. */
const LAST_LINES = 12;
const READY_TIMEOUT = 60_000;
/** What VPP says of a section of startup.conf that it does not know, or has other words in. */
const UNKNOWN_SECTION = /unknown input|parse error|unformat/i;
/** Of a VPP that never answered. */
const MOST_ATTEMPTS = 3;

export class VppProcess {
  readonly places: VppPlaces;
  readonly #settings: VppProcessSettings;
  readonly #log: Logger;
  readonly #cards: Cards;
  readonly #process: SupervisedProcess;
  #endsWithAgent: boolean;
  #changed: readonly string[] = [];
  /** Where the output of the one that was started last begins. */
  #outputAt = 0;

  private constructor({ settings, directory: fallback, log, rtnl }: VppProcessOptions) {
    const binary = resolve(settings.binary);
    const directory = resolve(settings.directory || fallback);
    this.#settings = settings;
    this.#log = log;
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
      stopTimeout: 10_000,
    });
    this.#process.listen((event) => {
      if (event.state === 'starting')
        this.#outputAt = statSync(this.places.output, { throwIfNoEntry: false })?.size ?? 0;
      if (event.state === 'waiting' || event.state === 'failed') void this.#report(event);
    });
  }

  /**
   * Starts VPP, or takes over the one that an earlier agent started. Errors: AppError `process` (also when it ends again and again;
   * with what it said), `not-found`, `aborted`.
   */
  static async start(options: VppProcessOptions, signal: AbortSignal): Promise<VppProcess> {
    const vpp = new VppProcess(options);
    await vpp.#prepare();
    const stop = (): void => void vpp.#process.stop();
    signal.addEventListener('abort', stop, { once: true });
    const unlisten = vpp.#process.listen(({ state, restarts }) => {
      if (state === 'waiting' && restarts >= MOST_ATTEMPTS) stop();
    });
    try {
      await vpp.#process.start();
    } catch (error) {
      // The host may have no other way to the world.
      await vpp.#cards.giveBack();
      if (signal.aborted) throw error;
      throw await vpp.#refusal(error);
    } finally {
      unlisten();
      signal.removeEventListener('abort', stop);
    }
    return vpp;
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

  /** The agent ends: VPP goes on, or ends and gives its cards back. */
  async leave(): Promise<void> {
    if (!this.#endsWithAgent) return this.#process.release();
    await this.#process.stop();
    await this.#cards.giveBack();
    // VPP leaves them behind.
    const { apiSocket, statsSocket, cliSocket, puntSocket } = this.places;
    for (const path of [apiSocket, statsSocket, cliSocket, puntSocket]) await rm(path, { force: true });
  }

  async #prepare(): Promise<void> {
    const { directory } = this.places;
    if (directory.length > LONGEST_DIRECTORY || !/^[\w./-]+$/.test(directory)) {
      const text = `${directory} is too long or has other characters than letters, digits and . / - _`;
      throw new AppError('process', `vpp-process.conf: directory: ${text}`, { field: 'directory' });
    }
    await ensurePrivateDirectory(directory);
    // It has the cards and the huge pages already. What changed in the settings counts when it is started next.
    if ((await new ProcessRecord(directory, NAME).living()) !== undefined) {
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
  async #report({ state, reason, restarts }: ProcessEvent): Promise<void> {
    this.#log.error({ reason, restarts, output: await this.#lastOutput() }, `VPP ${reason ?? 'has ended'}`);
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
