import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { definePlugin, slot } from '../../app/index.ts';
import type { Store } from '../../store/store.ts';

/** Where the agent keeps its intent. Filled by `embeddedStorePlugin` unless an application substitutes another store. */
export const storeSlot = slot<Store>('agent-store', 'keeps what the agent was told');

/** The default: durable files in the state directory. */
export const embeddedStorePlugin = definePlugin({
  name: 'embedded-store',
  description: 'durable store in files of its own',
  config: z.strictObject({
    path: z.string().default('').describe('directory of the store; default: store/ in the state directory'),
  }),
  async start(_needs, { path }, { application, log, report, signal }): Promise<Store> {
    const directory = path === '' ? join(application.stateDirectory, 'store') : path;
    const { openEmbeddedStore } = await import('../../store/embedded/embedded-store.ts');
    log.debug({ path: directory }, 'opening the store');
    const watch = new DiskWatch(directory, () => report('ok'), signal);
    return openEmbeddedStore({
      path: directory,
      onProblem: (problem) => log.warn({ reason: problem.message }, problem.message),
      onWritable(problem) {
        if (problem) {
          log.error({ reason: problem.message }, `nothing can be stored: ${problem.message}`);
          report('error', `the last change was refused: ${problem.message}`);
          if (problem.code === 'no-space') watch.begin();
        } else {
          watch.end();
          log.info({}, 'the store can be written again');
          report('ok');
        }
      },
    });
  },
  stop: (store) => store.close(),
});

/** Forgets everything at the end of the process: for tests and throw-away agents. */
export const memoryStorePlugin = definePlugin({
  name: 'memory-store',
  description: 'store in memory, lost at the end of the process',
  async start(): Promise<Store> {
    const { openMemoryStore } = await import('../../store/memory/memory-store.ts');
    return openMemoryStore();
  },
  stop: (store) => store.close(),
});

/** ms between looks at a disk that was full. */
const period = 5_000;
/** Bytes with which writing is likely to go on. */
const enough = 1024 * 1024;

/** A disk that was full may have room again long before somebody changes the configuration: health is not to tell of it until then. */
class DiskWatch {
  readonly #directory: string;
  readonly #hasRoom: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(directory: string, hasRoom: () => void, signal: AbortSignal) {
    this.#directory = directory;
    this.#hasRoom = hasRoom;
    signal.addEventListener('abort', () => this.end(), { once: true });
  }

  begin(): void {
    this.#timer ??= setInterval(() => void this.#look(), period).unref();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const room = await statfs(this.#directory).catch(() => undefined);
    if (this.#timer === undefined || !room || room.bavail * room.bsize < enough) return;
    this.end();
    this.#hasRoom();
  }
}
