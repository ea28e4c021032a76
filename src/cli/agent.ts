/** Entry point of the agent's own bundle (`ligature agent ...`): nothing of the command line is loaded. */

import { runAgent } from '../agent/agent.ts';
import { version } from './version.ts';

const [first, ...rest] = process.argv.slice(2);
process.exitCode = await runAgent({ args: first === 'agent' ? rest : process.argv.slice(2), build: { version } });
