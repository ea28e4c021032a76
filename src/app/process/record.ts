import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, type ProcessIdentity } from './identity.ts';
import { makeDirectory } from './make-directory.ts';

/** Remembers on disk which process an agent has started, so that the next one finds it after a crash. */
export class ProcessRecord {
  readonly #directory: string;
  readonly #file: string;

  /** `name` becomes the name of a file. */
  constructor(directory: string, name: string) {
    this.#directory = directory;
    this.#file = join(directory, `${name.replaceAll(/[^\w.-]/g, '_')}.json`);
  }

  async write(identity: ProcessIdentity): Promise<void> {
    await makeDirectory(this.#directory, 0o700);
    // Whole or not at all, also when the agent dies here.
    await writeFile(`${this.#file}.new`, JSON.stringify(identity), { mode: 0o600 });
    await rename(`${this.#file}.new`, this.#file);
  }

  async remove(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  /** The recorded process, if it still lives. */
  async living(): Promise<ProcessIdentity | undefined> {
    const identity = parse(await readFile(this.#file, 'utf8').catch(() => ''));
    return identity !== undefined && (await isAlive(identity)) ? identity : undefined;
  }
}

function parse(text: string): ProcessIdentity | undefined {
  try {
    const { pid, startTime, bootId } = JSON.parse(text) as Record<string, unknown>;
    if (!Number.isInteger(pid) || typeof startTime !== 'string' || typeof bootId !== 'string') return undefined;
    return { pid: Number(pid), startTime, bootId };
  } catch {
    // Not there, or not written by us: nothing is known.
    return undefined;
  }
}
