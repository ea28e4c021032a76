import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import { duration } from '../config/duration.ts';
import { secret } from '../config/secret.ts';
import { AppError } from '../errors.ts';
import { type ApplicationOptions, printConfig, startApplication } from './application.ts';
import { definePlugin, optional, type Plugin, slot, substitute } from './definition.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lg-app-'));
});
after(() => rm(directory, { recursive: true }));

const silent = { write: (): void => {} };

function start(options: Omit<ApplicationOptions, 'signals'> & Pick<ApplicationOptions, 'signals'>) {
  return startApplication({
    signals: [],
    env: { CONFIG_DIR: directory, STATE_DIR: join(directory, 'state') },
    logDestination: silent,
    ...options,
  });
}

/** A plugin that writes down what is called. */
function recorded(
  name: string,
  calls: string[],
  needs: Record<string, Plugin> = {},
): Plugin<{ readonly name: string }> {
  return definePlugin({
    name,
    needs,
    start: () => {
      calls.push(`start ${name}`);
      return { name };
    },
    started: (api) => {
      calls.push(`started ${api.name}`);
    },
    stopping: () => {
      calls.push(`stopping ${name}`);
    },
    stop: () => {
      calls.push(`stop ${name}`);
    },
  });
}

async function rejection(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return error;
  }
  return assert.fail('expected an AppError');
}

describe('order', () => {
  it('starts what is needed first, has a second phase, stops in reverse', async () => {
    const calls: string[] = [];
    const store = recorded('store', calls);
    const http = recorded('http', calls);
    const agent = recorded('agent', calls, { store, http });
    const application = await start({ plugins: [agent] });
    await application.stop();
    assert.deepEqual(calls, [
      ...['start store', 'start http', 'start agent'],
      ...['started store', 'started http', 'started agent'],
      ...['stopping agent', 'stopping http', 'stopping store'],
      ...['stop agent', 'stop http', 'stop store'],
    ]);
  });

  it('passes typed apis and undefined for an absent optional need', async () => {
    const store = definePlugin({ name: 'store', start: () => ({ get: (key: string) => `${key}!` }) });
    const absent = definePlugin({ name: 'absent', start: () => 1 });
    const reader = definePlugin({
      name: 'reader',
      needs: { store, absent: optional(absent) },
      start: (needs) => {
        const number: number | undefined = needs.absent;
        const text: string = needs.store.get('a');
        return { text, number };
      },
    });
    const application = await start({ plugins: [reader] });
    assert.deepEqual(application.api(reader), { text: 'a!', number: undefined });
    assert.throws(() => application.api(absent), /plugin absent is not part of this application/);
    await application.stop();
  });

  it('starts an optional need that is listed, before its owner', async () => {
    const calls: string[] = [];
    const extra = recorded('extra', calls);
    const owner = definePlugin({
      name: 'owner',
      needs: { extra: optional(extra) },
      start: (needs) => {
        calls.push(`owner sees ${needs.extra?.name}`);
      },
    });
    const application = await start({ plugins: [owner, extra] });
    assert.deepEqual(calls.slice(0, 2), ['start extra', 'owner sees extra']);
    await application.stop();
  });

  it('starts independent plugins concurrently', async () => {
    const first = Promise.withResolvers<void>();
    const a = definePlugin({ name: 'a', start: () => first.promise });
    const b = definePlugin({ name: 'b', start: () => first.resolve() });
    // a waits for b: only possible when both start at the same time.
    const application = await start({ plugins: [a, b] });
    await application.stop();
  });

  it('names the chain of a cycle and of two plugins with one name', async () => {
    const storeSlot = slot<{ readonly name: string }>('store');
    const calls: string[] = [];
    const agent = recorded('agent', calls, { storeSlot });
    const replacement = recorded('backend', calls, { agent });
    const cyclic = start({ plugins: [agent], substitutions: [substitute(storeSlot, replacement)] });
    assert.equal((await rejection(cyclic)).message, 'plugins need each other: agent -> backend -> agent');

    const other = recorded('http', calls);
    const double = await rejection(start({ plugins: [recorded('http', calls), recorded('agent', calls, { other })] }));
    assert.equal(double.message, 'two plugins are named http: http and agent -> http');
    assert.equal(double.code, 'usage');
  });

  it('fills a slot with any plugin of the same api, and says when nobody does', async () => {
    const storeSlot = slot<{ readonly name: string }>('store');
    const user = definePlugin({ name: 'user', needs: { store: storeSlot }, start: ({ store }) => store.name });
    assert.match((await rejection(start({ plugins: [user] }))).message, /nothing provides store \(user -> store\)/);
    const memory = recorded('memory', []);
    const application = await start({ plugins: [user], substitutions: [substitute(storeSlot, memory)] });
    assert.equal(application.api(user), 'memory');
    assert.equal(application.api(storeSlot).name, 'memory');
    await application.stop();
  });
});

describe('failure', () => {
  it('stops what had started and names the culprit', async () => {
    const calls: string[] = [];
    const good = recorded('good', calls);
    const bad = definePlugin({
      name: 'bad',
      needs: { good },
      start: () => {
        throw new Error('no disk');
      },
    });
    const never = recorded('never', calls, { bad });
    const error = await rejection(start({ plugins: [never] }));
    assert.equal(error.code, 'start-failed');
    assert.equal(error.plugin, 'bad');
    assert.match(error.message, /plugin bad did not start: no disk/);
    assert.deepEqual(calls, ['start good', 'stopping good', 'stop good']);
  });

  it('collects all errors, also those of stopping', async () => {
    const stubborn = definePlugin({
      name: 'stubborn',
      start: () => {},
      stop: () => {
        throw new Error('will not');
      },
    });
    const bad = definePlugin({ name: 'bad', needs: { stubborn }, start: () => Promise.reject(new Error('broken')) });
    const error = await rejection(start({ plugins: [bad] }));
    assert.deepEqual(
      error.errors.map((one) => (one as AppError).code),
      ['start-failed', 'stop-failed'],
    );
    assert.match(error.message, /broken.*will not/);
  });

  it('gives up a start that takes too long, aborts it, and stops what it made too late', async () => {
    const stopped = Promise.withResolvers<string>();
    const slow = definePlugin({
      name: 'slow',
      startTimeout: 20,
      start: (_needs, _config, { signal }) =>
        new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('late api'))),
      stop: (api) => stopped.resolve(api),
    });
    const error = await rejection(start({ plugins: [slow] }));
    assert.equal(error.code, 'start-timeout');
    assert.equal(error.message, 'plugin slow did not start within 20ms');
    assert.equal(await stopped.promise, 'late api');
  });

  it('aborts the others that are still starting', async () => {
    const waiting = definePlugin({
      name: 'waiting',
      start: (_needs, _config, { signal }) =>
        new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('gave up')))),
    });
    const bad = definePlugin({ name: 'bad', start: () => Promise.reject(new Error('broken')) });
    const error = await rejection(start({ plugins: [waiting, bad] }));
    assert.equal(error.plugin, 'bad');
    assert.match(error.message, /gave up/);
  });

  it('a plugin that stops knows whether everything had started', async () => {
    const known: string[] = [];
    const calls: string[] = [];
    const maker = definePlugin({
      name: 'maker',
      start: (_needs, _config, { isUp }) => void known.push(`start ${isUp}`),
      started: (_api, { isUp }) => void known.push(`started ${isUp}`),
      stopping: (_api, { isUp }) => void known.push(`stopping ${isUp}`),
      stop: (_api, { isUp }) => void known.push(`stop ${isUp}`),
    });
    const application = await start({ plugins: [maker, recorded('other', calls)] });
    await application.stop();
    assert.deepEqual(known, ['start false', 'started false', 'stopping true', 'stop true']);
    known.length = 0;
    const failing = definePlugin({
      name: 'failing',
      start: () => {},
      started: () => {
        throw new Error('no');
      },
    });
    await rejection(start({ plugins: [maker, failing] }));
    assert.deepEqual(known, ['start false', 'started false', 'stopping false', 'stop false']);
  });

  it('goes on stopping when one plugin fails or hangs at it', async () => {
    const calls: string[] = [];
    const base = recorded('base', calls);
    const hanging = definePlugin({
      name: 'hanging',
      needs: { base },
      start: () => {},
      stop: () => new Promise(() => {}),
      stopTimeout: 20,
    });
    const application = await start({ plugins: [hanging] });
    const report = await application.stop();
    assert.deepEqual(
      report.errors.map(({ code, plugin }) => [code, plugin]),
      [['stop-timeout', 'hanging']],
    );
    assert.equal(calls.at(-1), 'stop base');
  });

  it('stops when a plugin says that it failed', async () => {
    const plugin = definePlugin({ name: 'fragile', start: (_needs, _config, context) => context });
    const application = await start({ plugins: [plugin] });
    application.api(plugin).fail(new Error('lost the device'));
    const report = await application.stopped;
    assert.equal(report.reason, 'failed');
    assert.equal((report.failure as Error).message, 'lost the device');
  });

  it('gives up the start on an abort signal', async () => {
    const calls: string[] = [];
    const abort = new AbortController();
    const plugin = definePlugin({
      name: 'waiting',
      needs: { first: recorded('first', calls) },
      start: (_needs, _config, { signal }) => {
        const given = new Promise<void>((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('gave up'))),
        );
        abort.abort(new Error('changed my mind'));
        return given;
      },
    });
    const error = await rejection(start({ plugins: [plugin], signal: abort.signal }));
    assert.equal(error.code, 'aborted');
    assert.match(error.message, /changed my mind/);
    assert.ok(calls.includes('stop first'));
  });
});

describe('signals', () => {
  it('stops on the first and forces on the second', async () => {
    const stopping = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const slow = definePlugin({
      name: 'slow',
      start: () => {},
      stop: () => {
        stopping.resolve();
        return release.promise;
      },
    });
    const exits: number[] = [];
    const application = await start({ plugins: [slow], signals: ['SIGHUP'], exit: (code) => exits.push(code) });
    process.emit('SIGHUP');
    await stopping.promise;
    process.emit('SIGHUP');
    assert.deepEqual(exits, [128 + 1]);
    release.resolve();
    assert.equal((await application.stopped).reason, 'SIGHUP');
    assert.equal(process.listenerCount('SIGHUP'), 0);
  });
});

describe('configuration of an application', () => {
  const server = definePlugin({
    name: 'test-server',
    config: z.strictObject({ port: z.int().default(1), wait: duration().default(1000), password: secret().optional() }),
    options: [{ key: 'port', flag: 'server-port', env: 'SERVER_PORT', description: 'port' }],
    start: (_needs, config) => config,
  });

  it('is typed and reaches start', async () => {
    const application = await start({ plugins: [server], args: ['--server-port', '7'] });
    const { port, wait }: { port: number; wait: number } = application.api(server);
    assert.deepEqual([port, wait], [7, 1000]);
    await application.stop();
  });

  it('prints what is in effect, without secrets', async () => {
    const file = join(directory, 'server-secret.conf');
    await writeFile(file, 'password: hunter2hunter2\nwait: 1m30s\n');
    const text = await printConfig({
      plugins: [server],
      env: { CONFIG_DIR: directory },
      args: [`--test-server-config=${file}`],
    });
    assert.match(text, /port: 1\n {2}wait: 1m30s\n {2}password: '?\*{8}'?/);
    assert.doesNotMatch(text, /hunter2/);
  });

  it('keeps secrets of the configuration out of every log line', async () => {
    const lines: string[] = [];
    const file = join(directory, 'secret.conf');
    await writeFile(file, 'password: hunter2hunter2\n');
    const leaky = definePlugin({
      name: 'leaky',
      config: z.strictObject({ password: secret() }),
      start: (_needs, config, { log }) =>
        log.info({ url: `http://me:${config.password}@host` }, `using ${config.password}`),
    });
    const application = await start({
      plugins: [leaky],
      args: ['--leaky-config', file],
      logDestination: { write: (line) => lines.push(line) },
    });
    await application.stop();
    assert.ok(lines.some((line) => line.includes('using ********')));
    assert.doesNotMatch(lines.join(''), /hunter2/);
  });

  it('reports the problems of all plugins at once and starts nothing', async () => {
    const calls: string[] = [];
    const error = await rejection(
      start({
        plugins: [recorded('recorded', calls), server],
        args: ['--server-port', 'many'],
        env: { CONFIG_DIR: directory, INITIAL_LOGLVL: 'loud', STATE_DIR: directory },
      }),
    );
    assert.deepEqual(
      error.problems.map(({ source }) => source),
      ['environment INITIAL_LOGLVL', '--server-port'],
    );
    assert.deepEqual(calls, []);
  });

  it('refuses a plugin whose need is off, and gives undefined to one that can do without', async () => {
    const backend = definePlugin({ name: 'backend', config: z.strictObject({}), optionalConfig: true, start: () => 1 });
    const strict = definePlugin({ name: 'strict', needs: { backend }, start: () => {} });
    assert.match(
      (await rejection(start({ plugins: [strict] }))).message,
      /plugin strict needs backend, which is off: there is no backend.conf/,
    );
    const relaxed = definePlugin({ name: 'relaxed', needs: { b: optional(backend) }, start: ({ b }) => ({ b }) });
    const application = await start({ plugins: [relaxed, backend] });
    assert.equal(application.api(relaxed).b, undefined);
    assert.deepEqual(
      application.report.plugins.map(({ plugin, state }) => [plugin, state]),
      [
        ['backend', 'off'],
        ['relaxed', 'started'],
      ],
    );
    await application.stop();
  });
});

describe('instances', () => {
  it('runs two applications side by side', async () => {
    const plugin = definePlugin({ name: 'same', start: (_needs, _config, { application }) => application.label });
    const one = await start({ plugins: [plugin], args: ['--microservice-label', 'one'] });
    const two = await start({ plugins: [plugin], args: ['--microservice-label', 'two'] });
    assert.deepEqual([one.api(plugin), two.api(plugin)], ['one', 'two']);
    one.info.logs.setLevel('same', 'error');
    assert.equal(two.info.logs.logger('same').level, 'info');
    one.info.health.report('same', 'error', 'broken');
    assert.equal(two.info.health.snapshot().state, 'ok');
    await one.stop();
    assert.equal(two.info.health.snapshot().plugins.length, 1);
    await two.stop();
  });

  it('is ok when all have started, by probe when there is one', async () => {
    const probed = Promise.withResolvers<void>();
    const sick = definePlugin({
      name: 'sick',
      start: () => {},
      health: {
        probe: () => {
          probed.resolve();
          throw new Error('no answer');
        },
      },
    });
    const application = await start({ plugins: [sick] });
    const { health } = application.info;
    await probed.promise;
    await new Promise<void>((resolve) => {
      if (health.get('sick')?.state === 'error') resolve();
      else health.listen(() => resolve());
    });
    assert.equal(health.get('sick')?.reason, 'no answer');
    assert.equal(health.snapshot().state, 'error');
    await application.stop();
  });
});
