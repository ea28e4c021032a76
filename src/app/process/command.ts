import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { AppError } from '../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The path of a program: as given when it has a slash, else from PATH. Errors: AppError `not-found`. */
export async function findCommand(command: string, env: Environment, cwd: string): Promise<string> {
  const candidates = command.includes('/')
    ? [resolve(cwd, command)]
    : (env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, command));
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
  const where = command.includes('/') ? '' : ` in PATH (${env['PATH'] ?? 'not set'})`;
  throw new AppError('not-found', `there is no program ${command}${where}`, { field: 'command' });
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** A program and its arguments. */
export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * Makes the kernel send the signal to the program when the agent dies, however that happens (PR_SET_PDEATHSIG of prctl(2), which
 * outlives exec). Node cannot call prctl between fork and exec; `setpriv` of util-linux, which every Debian has, does. Undefined
 * where there is no setpriv.
 */
export async function dyingWithParent(
  line: CommandLine,
  signal: NodeJS.Signals,
  env: Environment,
): Promise<CommandLine | undefined> {
  const path = `${env['PATH'] ?? ''}${delimiter}/usr/bin${delimiter}/bin`;
  const setpriv = await findCommand('setpriv', { PATH: path }, '/').catch(() => undefined);
  if (setpriv === undefined) return undefined;
  return { file: setpriv, args: ['--pdeathsig', signal.replace('SIG', ''), '--', line.file, ...line.args] };
}
