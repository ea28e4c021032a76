/** TCP ports of this host that lead to the agents' REST on the stage. */

import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface Door {
  readonly name: string;
  readonly url: string;
  close(): void;
}

export function openDoors(
  wanted: readonly { readonly name: string; readonly port: number; readonly socket: string }[],
): Promise<Door[]> {
  return Promise.all(wanted.map(openDoor));
}

/** Another port when the usual one is taken. */
async function openDoor({
  name,
  port,
  socket,
}: {
  readonly name: string;
  readonly port: number;
  readonly socket: string;
}): Promise<Door> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    const agent = connect(socket);
    clients.add(client);
    client.once('close', () => clients.delete(client));
    client.pipe(agent).pipe(client);
    for (const [one, other] of [
      [client, agent],
      [agent, client],
    ] as const) {
      one.on('error', () => other.destroy());
    }
  });
  await listen(server, port).catch(() => listen(server, 0));
  return {
    name,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      for (const client of clients) client.destroy();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
