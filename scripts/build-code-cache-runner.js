/**
 * Runs a bundle and keeps what V8 has made of it: `BUNDLE ARGUMENTS`. Of the command line's that is all it used until it ends, of the
 * agent's all it used until its parent says that it has started.
 */
import { writeFileSync } from 'node:fs';
import v8 from 'node:v8';
import { codeCacheOf, compileScript, runScript } from '../bin/bundle.js';

const [path, ...args] = process.argv.slice(2);
// A cache is good for the flags of its time, and the agent changes some of V8's while it runs.
v8.setFlagsFromString = () => {};

const script = compileScript(path);
const keep = () => writeFileSync(codeCacheOf(path), script.createCachedData());
if (process.send === undefined) process.once('exit', keep);
else {
  process.once('message', () => {
    keep();
    process.send('kept', () => process.disconnect());
  });
}
// The command line looks for its arguments itself.
process.argv.splice(1, 2, path);
const { runAgent } = runScript(path, script);
if (runAgent) process.exitCode = await runAgent({ args, build: { version: 'build' } });
