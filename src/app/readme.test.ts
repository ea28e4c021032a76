import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, it } from 'node:test';

const room = import.meta.dirname;
let directory = '';
before(async () => {
  // Below the checkout, so that the program finds the packages it imports.
  const cache = join(room, '../../.cache');
  await mkdir(cache, { recursive: true });
  directory = await mkdtemp(join(cache, 'app-readme-'));
  const readme = await readFile(join(room, 'README.md'), 'utf8');
  const program = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  assert.match(program, /definePlugin/);
  await writeFile(join(directory, 'program.ts'), program.replace("'ligature/app'", `'${room}/index.ts'`));
});
after(() => rm(directory, { recursive: true }));

interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the program of the README; `onListening` gets its address, then it is stopped. */
function run(args: readonly string[], onListening?: (url: string) => Promise<void>): Promise<Run> {
  const env = { ...process.env, CONFIG_DIR: directory, STATE_DIR: join(directory, 'state') };
  const child = spawn(process.execPath, [join(directory, 'program.ts'), ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  let asked: Promise<void> | undefined;
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const url = /"url":"([^"]+)"/.exec(output)?.[1];
      if (url === undefined || asked !== undefined) return;
      asked = onListening?.(url) ?? Promise.resolve();
      asked.catch(reject).finally(() => child.kill('SIGTERM'));
    });
    child.on('close', (code) => resolve({ code, output }));
  });
}

it('shows a program that runs', async () => {
  const { code } = await run(['--http-port', '0', '--greeting', 'hi'], async (url) => {
    assert.deepEqual(await (await fetch(`${url}/greet/ann`)).json(), { text: 'hi ann' });
    assert.match(await (await fetch(`${url}/metrics`)).text(), /greeter_greetings_total 1/);
    assert.equal((await fetch(`${url}/readiness`)).status, 200);
  });
  assert.equal(code, 0);
});

it('quotes what the program says of a typing mistake', async () => {
  await writeFile(join(directory, 'greeter.conf'), 'greting: hi\n');
  const { code, output } = await run([]);
  assert.equal(code, 2);
  assert.match(output, /greeter\.conf:1:1: unknown key "greting"; did you mean "greeting"\?/);
});
