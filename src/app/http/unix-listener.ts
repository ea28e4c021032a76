import { chmod, lstat, unlink } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import { makeDirectory } from '../process/make-directory.ts';
import { ensurePrivateDirectory } from '../process/private-directory.ts';
import { closable, createPlainServer, type Listener, opened } from './listener.ts';

/** sun_path of unix(7) has 108 bytes with the final zero. */
const longestPath = 107;

export interface UnixListenerOptions {
  readonly handler: RequestListener;
  readonly log: Logger;
  /** Others than the own user may connect: each request is judged by what the kernel knows of its caller. */
  readonly isShared: boolean;
}

/**
 * Opens the socket of the own CLI: of mode 0600 in a directory of mode 0700, both ours, so that only this user (and root) can
 * connect, unless it is shared. The directory closes the moment between listening and changing the mode. Errors: AppError `insecure`,
 * `conflict` (another agent answers there), `invalid-config`.
 */
export async function listenUnix(path: string, { handler, log, isShared }: UnixListenerOptions): Promise<Listener> {
  if (Buffer.byteLength(path) > longestPath) {
    throw new AppError(
      'invalid-config',
      `socket path ${path} is longer than ${longestPath} bytes: choose another with --http-socket`,
      {
        field: 'socket-path',
      },
    );
  }
  await ensureSocketDirectory(path, isShared);
  await removeStale(path);
  const server = createPlainServer({}, handler);
  const listener = closable('socket', server);
  await opened(server, { path }, path, log);
  await chmod(path, isShared ? 0o666 : 0o600);
  return listener;
}

/** A shared socket may be in a directory that others can enter. One that is made for it is for everybody to look into. */
export async function ensureSocketDirectory(path: string, isShared: boolean): Promise<void> {
  if (!isShared) return ensurePrivateDirectory(dirname(path));
  await makeDirectory(dirname(path), 0o755);
  await ensurePrivateDirectory(dirname(path), { existing: true });
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
