/** The command as a process, against what a test answers in an agent's place. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const main = join(import.meta.dirname, 'main.ts');

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What it asked the agent. */
  readonly asked: readonly Asked[];
}

/** A text is sent as it is, anything else as JSON. */
export type Answer = (asked: Asked, response: ServerResponse) => unknown;

/** Runs `ligature ARGS`. With `reads: 'some'` nobody reads on after the first that it prints. */
export async function runCommand(
  args: readonly string[],
  answer: Answer = () => [],
  reads: 'all' | 'some' = 'all',
): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'lg-cli-'));
  const socket = join(folder, 'http.sock');
  const asked: Asked[] = [];
  const server = createServer(({ method = '', url = '' }, response) => {
    const { pathname: path, searchParams: query } = new URL(url, 'http://agent');
    const one = { method, path, query };
    asked.push(one);
    const said = answer(one, response);
    if (said === undefined) return;
    response.setHeader('content-type', typeof said === 'string' ? 'text/plain' : 'application/json');
    response.end(typeof said === 'string' ? said : JSON.stringify(said));
  });
  try {
    server.listen(socket);
    await once(server, 'listening');
    const env = { ...process.env, NO_COLOR: '1' };
    const command = spawn(process.execPath, [main, '--socket', socket, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    let [stdout, stderr] = ['', ''];
    command.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    command.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (reads === 'some') command.stdout.destroy();
    });
    const [code] = (await once(command, 'close')) as [number | null];
    return { code, stdout, stderr, asked };
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  }
}
