import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface InstanceNames {
  /** Default: `ligature`. */
  readonly name?: string;
  /** The microservice label. */
  readonly label: string;
  /** As given with --state-dir. */
  readonly stateDirectory?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Where an instance keeps what is its own: as asked for, else by label below `/var/lib` for root and below the user's state
 * directory (XDG base directory specification) for others. The agent and its CLI both ask here, so that they meet.
 */
export function stateDirectory({ name = 'ligature', label, stateDirectory: asked, env }: InstanceNames): string {
  const given = nonEmpty(asked) ?? nonEmpty(env['STATE_DIR']);
  if (given !== undefined) return resolve(given);
  if (process.geteuid?.() === 0) return join('/var/lib', name, label);
  const base = nonEmpty(env['XDG_STATE_HOME']) ?? join(env['HOME'] ?? homedir(), '.local/state');
  return join(base, name, label);
}

/** The unix socket by which the own CLI reaches an instance, unless http.conf says otherwise. */
export function controlSocket(directory: string): string {
  return join(directory, 'control', 'http.sock');
}

/** The same for gRPC, unless grpc.conf says otherwise. */
export function grpcSocket(directory: string): string {
  return join(directory, 'control', 'grpc.sock');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
