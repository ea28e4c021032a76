import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import * as z from 'zod';
import { startApplication } from './application.ts';
import { definePlugin } from './definition.ts';
import { runApplication } from './run.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lg-settings-'));
});
after(() => rm(directory, { recursive: true }));

const plugin = definePlugin({
  name: 'etcd',
  config: z.strictObject({ port: z.int().default(1) }),
  start: (_needs, config) => config,
});

function start(args: readonly string[], env: Record<string, string> = {}, lines: string[] = []) {
  const logDestination = { write: (line: string): number => lines.push(line) };
  return startApplication({
    plugins: [plugin],
    args,
    env: { CONFIG_DIR: directory, ...env },
    signals: [],
    logDestination,
  });
}

it('refuses labels that could not be part of a key or a path', async () => {
  for (const label of ['../x', 'a/b', '', '.', 'a b', 'x'.repeat(64)]) {
    await assert.rejects(
      start([`--microservice-label=${label}`]),
      /microservice-label .*expected up to 63 letters/,
      label,
    );
  }
  const application = await start([], { MICROSERVICE_LABEL: 'node-1.a' });
  assert.equal(application.info.label, 'node-1.a');
  await application.stop();
});

it('refuses a configuration directory that is not there, and flags that nobody knows', async () => {
  await assert.rejects(
    start(['--config-dir', '/nowhere/at/all']),
    /--config-dir: there is no directory \/nowhere\/at\/all/,
  );
  await assert.rejects(start([], { CONFIG_DIR: '/nowhere/at/all' }), /environment CONFIG_DIR: there is no directory/);
  await assert.rejects(start(['--ectd-config', 'x']), /unknown flag --ectd-config; did you mean --etcd-config\?/);
});

it('warns of a file that is nearly that of a plugin', async () => {
  const lines: string[] = [];
  await writeFile(join(directory, 'ectd.conf'), 'port: 2\n');
  const application = await start([], {}, lines);
  assert.ok(lines.some((line) => line.includes('ectd.conf: belongs to no plugin here; did you mean etcd.conf?')));
  await application.stop();
  await rm(join(directory, 'ectd.conf'));
});

it('refuses two plugins that declare the same flag', async () => {
  const options = [{ key: 'port', flag: 'port', description: 'port' }];
  const config = z.strictObject({ port: z.string().optional() });
  const twins = ['a', 'b'].map((name) => definePlugin({ name, config, options, start: () => {} }));
  await assert.rejects(startApplication({ plugins: twins, env: {}, signals: [] }), /flag --port is declared twice/);
});

it('says by exit code how a run went', async () => {
  const run = (start: () => void, args: readonly string[] = []): Promise<number> => {
    const subject = definePlugin({
      name: 'subject',
      start,
      started: (_api, context) => {
        setImmediate(() => stop.abort(context.name));
      },
    });
    const stop = new AbortController();
    return runApplication({
      plugins: [subject],
      args,
      env: {},
      signals: [],
      signal: stop.signal,
      logDestination: { write: () => {} },
    });
  };
  assert.equal(await run(() => {}), 0);
  assert.equal(
    await run(() => {
      throw new Error('broken on purpose, for the test of exit codes');
    }),
    1,
  );
  assert.equal(await run(() => {}, ['--no-such-flag']), 2);
});
