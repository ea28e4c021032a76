import type { VppClient } from '../../../vpp/index.ts';

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
