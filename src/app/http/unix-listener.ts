import { chmod, lstat, unlink } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import { ensurePrivateDirectory } from '../process/private-directory.ts';
import { closable, createPlainServer, type Listener, opened } from './listener.ts';

/** sun_path of unix(7) has 108 bytes with the final zero. */
const longestPath = 107;

/**
 * Opens the socket of the own CLI. Peer credentials (SO_PEERCRED) cannot be asked for through node:net; a socket of mode 0600 in a
 * directory of mode 0700, both ours, gives the same guarantee: only this user (and root) can connect. The directory closes the
 * moment between listening and changing the mode. Errors: AppError `insecure`, `conflict` (another agent answers there), `invalid-config`.
 */
export async function listenUnix(path: string, handler: RequestListener, log: Logger): Promise<Listener> {
  if (Buffer.byteLength(path) > longestPath) {
    throw new AppError(
      'invalid-config',
      `socket path ${path} is longer than ${longestPath} bytes: choose another with --http-socket`,
      {
        field: 'socket-path',
      },
    );
  }
  await ensurePrivateDirectory(dirname(path));
  await removeStale(path);
  const server = createPlainServer({}, handler);
  const listener = closable('socket', server);
  await opened(server, { path }, path, log);
  await chmod(path, 0o600);
  return listener;
}

/** Removes what a killed agent left. */
export async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket())
    throw new AppError('conflict', `${path} exists and is no socket`, { field: 'socket-path', file: path });
  if (await answers(path)) {
    throw new AppError(
      'conflict',
      `another agent listens on ${path}: give this one its own --microservice-label or --state-dir`,
      {
        field: 'socket-path',
        file: path,
      },
    );
  }
  await unlink(path);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
