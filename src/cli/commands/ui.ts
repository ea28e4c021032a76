/** `ligature ui`: the web UI of an agent whose HTTP port no browser reaches, by its unix socket. */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Command } from 'commander';
import { Context, connectionOf } from '../context.ts';
import { CliError } from '../errors.ts';
import { numberIn } from '../parsers.ts';
import { openDoor } from '../web-door.ts';

const help = `
For an agent in a network namespace, or one without an HTTP port: its web UI on a port of this host, until you interrupt it. The address
that is printed has a key in it that lets in whoever has it, with the rights that you have by the socket; other users of this host are
kept out.

  ligature ui
  ligature ui --state-dir playground/state --port 9300`;

export function addUiCommand(program: Command): void {
  program
    .command('ui')
    .description('opens the web UI of an agent that a browser cannot reach otherwise')
    .option('--port <port>', 'port of 127.0.0.1; default: any that is free', numberIn(1, 65_535), 0)
    .addHelpText('after', help)
    .action(async ({ port }: { readonly port: number }, command: Command) => {
      const context = new Context(command);
      const connection = connectionOf(context.options, process.env);
      const { socketPath } = connection;
      if (socketPath === undefined) {
        console.log(`${connection.tls ? 'https' : 'http'}://${connection.host}:${connection.port}/`);
        return;
      }
      // Nobody is sent to a page behind which there is no agent.
      await context.client.json({ path: '/api/v1/status' });
      const door = await open(socketPath, port);
      console.log(door.url);
      const stop = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
      await once(stop.signal, 'abort');
      door.close();
    });
}

async function open(socketPath: string, port: number): Promise<{ readonly url: string; close(): void }> {
  const { server, key } = openDoor(socketPath);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error: unknown) => {
    const why = (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'somebody else has it' : String(error);
    throw new CliError('usage', `--port: cannot listen on 127.0.0.1:${port}: ${why}; leave it out for a free one`);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}/?key=${key}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
