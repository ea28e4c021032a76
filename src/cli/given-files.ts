/** Files that the command line names, and what is told when they cannot be read. */

import { readFileSync } from 'node:fs';
import type { Call } from '../client/http.ts';
import { CliError, type CliErrorCode } from './errors.ts';

interface GivenFiles {
  readonly file: string;
  readonly content: Pick<Call, 'body' | 'type'>;
}

/** What a request needs of the files: one as it is, several in an envelope that the agent takes as one configuration. */
export function readConfigurations(files: readonly string[]): GivenFiles {
  const inputs = files.map((file) => ({ file, content: readGiven(file) }));
  const [first] = inputs;
  if (inputs.length === 1 && first) return { file: first.file, content: { body: first.content } };
  const envelope = inputs.map(({ file, content }) => ({ file, content: textOf(content, file) }));
  return {
    file: files.join(' + '),
    content: { body: JSON.stringify(envelope), type: 'application/vnd.ligature.files+json' },
  };
}

function textOf(content: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new CliError('failed', `${file}: it is not UTF-8`);
  }
}

/** The bytes of a file, or of standard input for `-`. Throws CliError. */
export function readGiven(file: string, code: CliErrorCode = 'failed'): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (cause) {
    throw new CliError(code, whyNot(file, cause as NodeJS.ErrnoException));
  }
}

function whyNot(file: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `there is no file ${file}`;
  if (code === 'ENOTDIR') return `there is no file ${file}: a part of its path is no directory`;
  if (code === 'EISDIR') return `${file} is a directory, a file is expected`;
  if (code === 'EACCES' || code === 'EPERM') return `${file} cannot be read: permission denied`;
  return `${file} cannot be read: ${message}`;
}
