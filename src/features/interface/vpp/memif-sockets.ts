import { SchedulerError } from '../../../scheduler/errors.ts';
import { isVppError } from '../../../vpp/index.ts';
import type { VppClient } from '../../../vpp/index.ts';
import { removed } from '../../vpp/retries.ts';
import { socketFolderProblem } from './memif-folder.ts';

/** VPP names the sockets of memifs by numbers: which file has which, made when it is first needed. They stay until VPP ends. */
export class MemifSockets {
  readonly #client: VppClient;
  #ids = new Map<string, Promise<number>>();

  constructor(client: VppClient) {
    this.#client = client;
    client.onState(({ state }) => {
      if (state === 'disconnected') this.#ids = new Map();
    });
  }

  /** Number of a file's socket; 0 is VPP's own, for an empty name. */
  idOf(filename: string, signal: AbortSignal): Promise<number> {
    if (filename === '') return Promise.resolve(0);
    const ids = this.#ids;
    let id = ids.get(filename);
    if (!id) {
      ids.set(filename, (id = this.#findOrMake(filename, signal)));
      id.catch(() => ids.delete(filename));
    }
    return id;
  }

  /**
   * Makes a memif that listens at a file. VPP forgets that it could not listen: it would take the next memif of that file for one of a
   * socket that is there. So they are made one after the other, and after a failure the file gets a new number.
   */
  async listening<R>(filename: string, signal: AbortSignal, make: (socketId: number) => Promise<R>): Promise<R> {
    if (filename === '') return make(0);
    const turn = (this.#turns.get(filename) ?? Promise.resolve()).then(() => this.#listen(filename, signal, make));
    const over = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(filename, over);
    void over.then(() => this.#turns.get(filename) === over && this.#turns.delete(filename));
    return turn;
  }

  readonly #turns = new Map<string, Promise<void>>();

  async #listen<R>(filename: string, signal: AbortSignal, make: (socketId: number) => Promise<R>): Promise<R> {
    const problem = socketFolderProblem(this.#client.pid, filename);
    if (problem !== undefined) throw cannotListen(filename, problem);
    const socketId = await this.idOf(filename, signal);
    try {
      return await make(socketId);
    } catch (error) {
      if (!isVppError(error, 'SYSCALL_ERROR_4')) throw error;
      await this.#forget(filename, socketId, signal);
      throw cannotListen(
        filename,
        `${error.message}; its folder has to be there, and VPP has to be allowed to write to it`,
        error,
      );
    }
  }

  async #forget(filename: string, socket_id: number, signal: AbortSignal): Promise<void> {
    this.#ids.delete(filename);
    const client = this.#client;
    const message = client.pick('memif_socket_filename_add_del_v2', 'memif_socket_filename_add_del');
    await removed(client.request(message, { is_add: false, socket_id, socket_filename: filename }, { signal }));
  }

  async #findOrMake(filename: string, signal: AbortSignal): Promise<number> {
    const client = this.#client;
    const files = await client.list('memif_socket_filename_dump', {}, { signal });
    const known = files.find(({ socket_filename }) => socket_filename === filename);
    if (known) return known.socket_id;
    if (client.has('memif_socket_filename_add_del_v2')) {
      const fields = { is_add: true, socket_filename: filename };
      return (await client.request('memif_socket_filename_add_del_v2', fields, { signal })).socket_id;
    }
    const socket_id = this.#free(new Set(files.map((file) => file.socket_id)));
    await client.request(
      'memif_socket_filename_add_del',
      { is_add: true, socket_id, socket_filename: filename },
      { signal },
    );
    return socket_id;
  }

  /** Before VPP 23.06 the client chooses the number: never one twice, even while others are being made. */
  #free(taken: ReadonlySet<number>): number {
    let id = Math.max(this.#last, 0) + 1;
    while (taken.has(id)) id++;
    this.#last = id;
    return id;
  }

  #last = 0;
}

function cannotListen(filename: string, why: string, cause?: unknown): SchedulerError {
  return new SchedulerError('failed', `memif.socket_filename: VPP cannot listen at ${filename}: ${why}`, { cause });
}
