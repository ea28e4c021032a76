// needs-internet
/** The hello-world of the framework: examples/greeter outside the checkout, on the packed package, as a reader of it would. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, afterEach, before, describe, test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { install, manifest, pack, root, succeed } from './pack.ts';

const folder = mkdtempSync(join(tmpdir(), 'lg-greeter-'));
const project = join(folder, 'greeter');
const example = join(root, 'examples/greeter');
const bin = join(root, 'node_modules/.bin');
after(() => rmSync(folder, { recursive: true }));

let unreachable: string | undefined;

function unlessUnreachable(context: TestContext): boolean {
  if (unreachable !== undefined) context.skip(unreachable);
  return unreachable === undefined;
}

/** The agent of the example as a process, until it is killed. */
class Greeter {
  readonly #process: ChildProcess;
  #log = '';
  #url = '';

  private constructor() {
    const command = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
      scripts: { start: string };
    };
    const [, ...args] = command.scripts.start.split(' ');
    this.#process = spawn(process.execPath, [...args, '--http-port', '0'], {
      cwd: project,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
  }

  static async start(): Promise<Greeter> {
    const greeter = new Greeter();
    await greeter.until('it is ready', () => {
      assert.equal(greeter.#process.exitCode, null, greeter.#log);
      greeter.#url = /"url":"([^"]+)"/.exec(greeter.#log)?.[1] ?? '';
      return greeter.#url !== '' && greeter.#log.includes('"msg":"started"');
    });
    return greeter;
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(this.#url + path);
    assert.equal(answer.status, 200, path);
    return (await answer.json()) as T;
  }

  change(method: string, path: string, body: string | Buffer): Promise<Response> {
    const token = readFileSync(join(project, 'state/http-token'), 'utf8').trim();
    return fetch(this.#url + path, { method, body, headers: { authorization: `Bearer ${token}` } });
  }

  async states(): Promise<Readonly<Record<string, string>>> {
    const values = await this.get<{ model: string; name: string; state: string }[]>('/api/v1/values');
    return Object.fromEntries(values.map(({ model, name, state }) => [`${model} ${name}`, state]));
  }

  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = performance.now() + 20_000;
    while (!(await condition())) {
      assert.ok(performance.now() < deadline, `waited in vain until ${what}; log:\n${this.#log}`);
      await delay(20);
    }
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill(signal);
      await ended;
    }
    return this.#process.exitCode;
  }
}

const file = (path: string): string | undefined =>
  existsSync(join(project, 'greeted', path)) ? readFileSync(join(project, 'greeted', path), 'utf8') : undefined;

describe('an agent of chosen plugins, with a model, handlers and plugins of its own', () => {
  let greeter: Greeter | undefined;
  before(() => {
    const tarball = pack(join(folder, 'staging'));
    cpSync(example, project, { recursive: true, filter: (path) => !/node_modules|\/state$|\/greeted$/.test(path) });
    cpSync(tarball, join(project, basename(tarball)));
    unreachable = install(project);
  });
  afterEach(async () => {
    await greeter?.end('SIGKILL');
    rmSync(join(project, 'greeted'), { recursive: true, force: true });
    rmSync(join(project, 'state'), { recursive: true, force: true });
  });

  test('installs without anything optional', (context) => {
    if (!unlessUnreachable(context)) return;
    for (const name of Object.keys(manifest.optionalDependencies))
      assert.ok(!existsSync(join(project, 'node_modules', name)), name);
  });

  test('type-checks under strict rules', (context) => {
    if (!unlessUnreachable(context)) return;
    succeed(project, join(bin, 'tsc'), '-p', '.', '--typeRoots', join(root, 'node_modules/@types'));
  });

  test('its messages are those of its .proto', () => {
    const fresh = join(folder, 'fresh');
    cpSync(example, fresh, { recursive: true, filter: (path) => !path.includes('node_modules') });
    rmSync(join(fresh, 'gen'), { recursive: true });
    const template = readFileSync(join(fresh, 'buf.gen.yaml'), 'utf8').replace('node_modules/.bin', bin);
    writeFileSync(join(fresh, 'buf.gen.yaml'), template);
    const path = `PATH=${bin}:${process.env['PATH']}`;
    succeed(fresh, 'env', path, join(bin, 'buf'), 'generate');
    const generated = (place: string) => readFileSync(join(place, 'gen/greeter_pb.ts'), 'utf8');
    assert.equal(generated(example), generated(fresh));
  });

  test('applies what it is told by REST, in order, and says what waits for what', async (context) => {
    if (!unlessUnreachable(context)) return;
    greeter = await Greeter.start();
    const answer = await greeter.change('PUT', '/configuration', readFileSync(join(project, 'greetings.yaml')));
    assert.equal(answer.status, 200, await answer.text());
    assert.deepEqual(await greeter.states(), {
      'greeter.greeting bye': 'PENDING',
      'greeter.greeting hello': 'CONFIGURED',
      'greeter.person ann': 'CONFIGURED',
    });
    const greetings = await greeter.get<{ name: string }[]>('/greetings');
    assert.deepEqual(
      greetings.find(({ name }) => name === 'bye'),
      { name: 'bye', state: 'PENDING', waitsFor: ['person bob'] },
    );
    assert.equal(file('people/ann'), 'Dr.');
    assert.equal(file('greetings/hello'), 'Good morning, ann!\n');
    assert.equal(file('greetings/bye'), undefined);

    await greeter.change('PUT', '/configuration', 'greeterConfig: { people: [{ name: bob }] }');
    assert.equal(file('greetings/bye'), 'See you, bob!\n');
    await greeter.change('DELETE', '/api/v1/configuration?source=grpc', 'greeterConfig: { people: [{ name: ann }] }');
    assert.equal(file('people/ann'), undefined);
    assert.equal(file('greetings/hello'), undefined);
    assert.equal((await greeter.states())['greeter.greeting hello'], 'PENDING');
    assert.equal(await greeter.end('SIGTERM'), 0);
  });

  test('refuses what is wrong, with its place, and applies nothing of it', async (context) => {
    if (!unlessUnreachable(context)) return;
    greeter = await Greeter.start();
    const wrong = 'greeterConfig:\n  people:\n    - { name: ann }\n    - { name: ../bob }\n';
    const answer = await greeter.change('PUT', '/configuration', wrong);
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /4:\d+.*\.\.\/bob/);
    assert.deepEqual(await greeter.states(), {});
    const unknown = await greeter.change('PUT', '/configuration', 'vppConfig: { interfaces: [] }');
    assert.equal(unknown.status, 400, 'models of networks are not part of this agent');
  });

  test('puts back what others change, while it runs and after kill -9', async (context) => {
    if (!unlessUnreachable(context)) return;
    greeter = await Greeter.start();
    const told = await greeter.change('PUT', '/configuration', readFileSync(join(project, 'greetings.yaml')));
    assert.equal(told.status, 200);
    rmSync(join(project, 'greeted/greetings/hello'));
    await greeter.until('the greeting is back', () => file('greetings/hello') === 'Good morning, ann!\n');

    await greeter.end('SIGKILL');
    writeFileSync(join(project, 'greeted/people/ann'), 'Prof.');
    writeFileSync(join(project, 'greeted/people/eve'), 'nobody asked for her');
    greeter = await Greeter.start();
    assert.equal(file('people/ann'), 'Dr.');
    assert.equal(file('people/eve'), undefined);
    const [restored] =
      await greeter.get<{ executed: { key: string; operation: string; noop: boolean }[] }[]>('/api/v1/transactions');
    const done = restored?.executed.filter(({ noop }) => !noop).map(({ key, operation }) => `${operation} ${key}`);
    assert.deepEqual(done?.sort(), ['DELETE config/greeter/v1/person/eve', 'UPDATE config/greeter/v1/person/ann']);
  });

  test('answers the command', async (context) => {
    if (!unlessUnreachable(context)) return;
    greeter = await Greeter.start();
    const command = (...args: string[]) =>
      succeed(project, join(project, 'node_modules/.bin/ligature'), '--state-dir', 'state', ...args);
    command('config', 'apply', 'greetings.yaml');
    assert.match(command('values'), /greeter\.greeting +bye +PENDING.*waits for person bob/);
    assert.match(command('model', 'ls'), /greeter\.person/);
    assert.match(command('explain', 'config/greeter/v1/greeting/hello'), /person ann/);
  });
});
