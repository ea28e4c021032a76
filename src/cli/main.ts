/** Entry point of the command `ligature`. */

import { bearGoneReaders } from './output.ts';
import { run } from './program.ts';
import { version } from './version.ts';

void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === 'agent') {
    // The agent's flags are its own; nothing of the command line's is loaded for it.
    const { runAgent } = await import('../agent/agent.ts');
    process.exitCode = await runAgent({ args: args.slice(1), build: { version } });
  } else {
    bearGoneReaders();
    process.exitCode = await run(args, version);
  }
}
