/**
 * One agent at a time programs a network namespace: most of what is in one (routes, nftables tables) has no room for the name of
 * an agent, so that a second one would take it for its own and remove it. The lock is an abstract unix socket: such a name
 * belongs to the network namespace, and goes with the process, however that ends.
 */

import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, peerReader } from '../app/index.ts';
import type { Namespace } from '../kernel/namespace/namespace.ts';
import { within } from '../kernel/namespace/switch.ts';

const NAME = '\0ligature-agent';
/** ms for which an agent that is just stopping is waited for. */
const PATIENCE = 3_000;
const STEP = 50;
/** ms for the holder to say who it is. */
const ANSWER = 500;
const MOST = 256;

export interface LockOptions {
  /** Of this agent. */
  readonly label: string;
  readonly log: { warn(details: object, message: string): void };
  readonly patience?: number;
}

/**
 * Resolves with the function that gives the lock back. Rejects with AppError `conflict`, which names the other agent, when the namespace has
 * one. Whoever else has taken the name, a user without rights to the namespace, keeps no agent from starting.
 */
export async function lockNamespace(namespace: Namespace, options: LockOptions): Promise<() => Promise<void>> {
  const { label, log, patience = PATIENCE } = options;
  for (const end = performance.now() + patience; ; ) {
    const server = await listen(namespace, label);
    if (server) return () => closed(server);
    const holder = await askHolder(namespace);
    if (holder && !isTrusted(holder.uid)) {
      log.warn({ uid: holder.uid, pid: holder.pid }, `${NAME.slice(1)} is taken by a user who is no agent: not locked`);
      return () => Promise.resolve();
    }
    if (performance.now() > end) throw taken(namespace, holder);
    await delay(STEP);
  }
}

interface Holder {
  readonly pid: number;
  readonly uid: number;
  readonly label: string;
}

function taken({ label }: Namespace, holder: Holder | undefined): AppError {
  const place = label === 'own' ? "the agent's network namespace" : label.replace(/^netns /, 'network namespace ');
  const who = holder === undefined ? 'another agent' : `the agent ${holder.label} (process ${holder.pid})`;
  return new AppError(
    'conflict',
    `${place} is programmed by ${who} already: one would remove what the other made; stop it, or give this one a namespace of its own with --kernel-namespace`,
    { field: 'namespace', retriable: true },
  );
}

/** Root, or whoever runs this agent. */
function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.geteuid?.();
}

/** Undefined: somebody listens already. */
function listen(namespace: Namespace, label: string): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(label);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    // The name is bound before `listen` returns.
    within(namespace, () => server.listen({ path: NAME }, () => resolve(server)));
    server.unref();
  });
}

/** Undefined: it does not say, or is gone. */
function askHolder(namespace: Namespace): Promise<Holder | undefined> {
  return new Promise((resolve) => {
    const socket: Socket = within(namespace, () => connect({ path: NAME }));
    let label = '';
    let peer: { readonly pid: number; readonly uid: number } | undefined;
    const done = (): void => {
      socket.destroy();
      resolve(peer && { ...peer, label: /^[\w.-]{1,64}$/.test(label) ? label : 'unknown' });
    };
    socket.setTimeout(ANSWER, done);
    socket.on('connect', () => {
      peer = peerReader(true)?.(socket);
    });
    socket.on('data', (bytes) => {
      label += bytes.toString('latin1');
      if (label.length > MOST) done();
    });
    socket.on('end', done);
    socket.on('error', done);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
