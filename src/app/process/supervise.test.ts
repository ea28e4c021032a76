import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Logs } from '../log/logs.ts';
import { Backoff } from './backoff.ts';
import { identify, isAlive } from './identity.ts';
import { LineSplitter, longestLine } from './lines.ts';
import { ProcessRecord } from './record.ts';
import { type SuperviseOptions, type SupervisedProcess, supervise } from './supervise.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lg-process-'));
});
after(() => rm(directory, { recursive: true, force: true }));

interface Subject {
  readonly subject: SupervisedProcess;
  readonly events: string[];
  readonly lines: string[];
  readonly log: string[];
}

/** A process that runs the script in Node. */
function node(script: string, options: Partial<SuperviseOptions> = {}): Subject {
  const events: string[] = [];
  const lines: string[] = [];
  const log: string[] = [];
  const logs = new Logs({ destination: { write: (line) => log.push(line) } });
  const subject = supervise({
    name: 'test',
    command: process.execPath,
    args: ['-e', script],
    log: logs.logger('test'),
    restart: { initialDelay: 1, maxDelay: 4, maxCount: 3 },
    onOutput: (line, stream) => lines.push(`${stream}: ${line}`),
    ...options,
  });
  subject.listen(({ state }) => events.push(state));
  return { subject, events, lines, log };
}

const forever = 'setInterval(() => {}, 1e6);';

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = performance.now() + 10_000; performance.now() < end; await delay(10)) if (await condition()) return;
  assert.fail(`never: ${what}`);
}

function gone(pid: number | undefined): Promise<void> {
  return until(async () => (await identify(pid ?? 0)) === undefined, `process ${pid} ends`);
}

describe('a process that runs', () => {
  it('has its output logged line by line, without a shell', async () => {
    const { subject, lines, log } = node(
      'process.stderr.write("three"); console.log("one $HOME; exit\\ntwo"); ' + forever,
      { env: { EXTRA: 'x' } },
    );
    await subject.start();
    await until(() => lines.length === 2, 'two lines');
    await subject.stop();
    assert.deepEqual(lines.toSorted(), ['stderr: three', 'stdout: one $HOME; exit', 'stdout: two']);
    assert.ok(log.some((line) => line.includes('"stream":"stdout"') && line.includes('two')));
  });

  it('is ready when its probe says so', async () => {
    let asked = 0;
    const { subject, events } = node(forever, {
      ready: () => {
        if (++asked < 3) throw new Error('not yet');
      },
    });
    await subject.start();
    assert.equal(asked, 3);
    assert.equal(subject.state, 'ready');
    await subject.stop();
    assert.deepEqual(events, ['starting', 'ready', 'stopping', 'stopped']);
  });

  it('is asked to end, then killed with everything it started', async () => {
    const script = `
      process.on('SIGTERM', () => console.log('no'));
      const child = require('child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); ${forever}']);
      console.log(child.pid); ${forever}`;
    const { subject, lines } = node(script, { stopTimeout: 100 });
    await subject.start();
    await until(() => lines.length > 0, 'the pid of the child');
    const child = Number(lines[0]?.replace('stdout: ', ''));
    const { pid } = subject;
    await subject.stop();
    assert.equal(subject.pid, undefined);
    await gone(pid);
    await gone(child);
  });

  it('can be started again after it was stopped', async () => {
    const { subject } = node(forever);
    await subject.start();
    const first = subject.pid;
    await subject.restart();
    assert.equal(subject.state, 'ready');
    assert.notEqual(subject.pid, first);
    await subject.stop();
  });
});

describe('a process that ends', () => {
  it('is started again', async () => {
    const { subject } = node(forever);
    await subject.start();
    const first = subject.pid;
    assert.equal(subject.signal('SIGKILL'), true);
    await until(() => subject.state === 'ready' && subject.pid !== first, 'a second process');
    await subject.stop();
  });

  it('is given up when it keeps crashing, with the reason', async () => {
    const { subject, events } = node('process.exit(7)', { ready: () => Promise.reject(new Error('no')) });
    await assert.rejects(subject.start(), /test: exited with code 7/);
    assert.equal(subject.state, 'failed');
    assert.equal(events.filter((state) => state === 'starting').length, 1 + 3);
    await assert.rejects(subject.ready(), { code: 'process' });
  });

  it('counts as crashed when it never becomes ready, also when its probe hangs', async () => {
    for (const ready of [() => Promise.reject(new Error('refused')), () => new Promise<void>(() => {})]) {
      const { subject } = node(forever, { ready, readyTimeout: 50, restart: { maxCount: 1, initialDelay: 1 } });
      await assert.rejects(subject.start(), /was not ready within 50 ms: (refused|no answer)/);
    }
  });

  it('is not started again while it is being stopped or waiting', async () => {
    const { subject } = node('process.exit(1)', {
      restart: { initialDelay: 1e6 },
      ready: () => Promise.reject(new Error('no')),
    });
    const starting = subject.start();
    await until(() => subject.state === 'waiting', 'waiting');
    await Promise.all([subject.stop(), assert.rejects(starting, { code: 'aborted' })]);
    assert.equal(subject.state, 'stopped');
  });

  it('says which program is not there', async () => {
    const { subject } = node('', { command: 'no-such-program-anywhere', restart: { maxCount: 0 } });
    await assert.rejects(subject.start(), /there is no program no-such-program-anywhere in PATH/);
  });
});

describe('without the agent', () => {
  const room = new URL('.', import.meta.url).pathname;
  /** Processes that must not outlive a failed test. */
  const strays: (number | undefined)[] = [];
  after(() => {
    for (const pid of strays) {
      try {
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended, as it should.
      }
    }
  });
  const stray = (detached = false): ChildProcess => {
    const child = spawn(process.execPath, ['-e', forever], { detached, stdio: 'ignore' });
    strays.push(child.pid);
    return child;
  };

  /** An agent of its own process that supervises a process and prints its pid. */
  const agent = (options: string): string => `
    import { supervise } from '${room}supervise.ts';
    import { Logs } from '${room}../log/logs.ts';
    const log = new Logs({ destination: { write() {} } }).logger('x');
    const subject = supervise({ name: 'x', command: process.execPath, args: ['-e', '${forever}'], log, ${options} });
    await subject.start();
    console.log(subject.pid);
    ${forever}`;

  async function runAgentAndKill(options: string): Promise<number> {
    const file = join(directory, `agent-${Math.random()}.ts`);
    await writeFile(file, agent(options));
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const output = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    child.kill('SIGKILL');
    strays.push(Number(output));
    return Number(output);
  }

  it('ends with it, however that ends', async () => {
    assert.equal(spawnSync('setpriv', ['--version']).status, 0, 'setpriv (util-linux) is needed');
    await gone(await runAgentAndKill(''));
  });

  it('may survive, is adopted by the next one, and ends when that says so', async () => {
    const stateDirectory = join(directory, 'survive');
    const outputFile = join(directory, 'survive.log');
    const pid = await runAgentAndKill(
      `withoutAgent: 'survive', stateDirectory: '${stateDirectory}', outputFile: '${outputFile}'`,
    );
    const { subject, log } = node(forever, { name: 'x', withoutAgent: 'survive', stateDirectory, outputFile });
    await subject.start();
    assert.equal(subject.pid, pid);
    assert.ok(log.some((line) => line.includes('adopted')));
    await subject.release();
    assert.notEqual(await identify(pid), undefined);
    await subject.start();
    assert.equal(subject.pid, pid);
    await subject.stop();
    await gone(pid);
    assert.equal(existsSync(join(stateDirectory, 'x.json')), false);
  });

  it('ends at the next start what was left of an earlier one', async () => {
    const stateDirectory = join(directory, 'left');
    const orphan = stray(true);
    const identity = await identify(orphan.pid ?? 0);
    assert.ok(identity);
    await new ProcessRecord(stateDirectory, 'test').write(identity);
    const { subject } = node(forever, { stateDirectory });
    await subject.start();
    assert.equal(await isAlive(identity), false);
    assert.notEqual(subject.pid, identity.pid);
    const recorded = JSON.parse(await readFile(join(stateDirectory, 'test.json'), 'utf8')) as { pid: number };
    assert.equal(recorded.pid, subject.pid);
    await subject.stop();
  });

  it('never touches a process that only has the same pid', async () => {
    const stateDirectory = join(directory, 'reused');
    const innocent = stray();
    const identity = await identify(innocent.pid ?? 0);
    assert.ok(identity);
    await new ProcessRecord(stateDirectory, 'test').write({ ...identity, startTime: '1' });
    const { subject } = node(forever, { stateDirectory });
    await subject.start();
    await subject.stop();
    assert.equal(await isAlive(identity), true);
    innocent.kill('SIGKILL');
  });

  it('can be attached to by pid, and is started anew when that ends', async () => {
    const existing = stray();
    const { subject } = node(forever, { pid: existing.pid ?? 0 });
    await subject.start();
    assert.equal(subject.pid, existing.pid);
    existing.kill('SIGKILL');
    await until(() => subject.state === 'ready' && subject.pid !== existing.pid, 'a new process');
    await subject.stop();
  });
});

describe('parts', () => {
  it('double the delay up to its limit and forget after a long run', () => {
    const backoff = new Backoff({ initialDelay: 100, maxDelay: 350, maxCount: 4, resetAfter: 1000 });
    assert.deepEqual(
      [0, 0, 0, 0, 0].map((ran) => backoff.next(ran)),
      [100, 200, 350, 350, undefined],
    );
    assert.equal(backoff.next(1000), 100);
    assert.equal(new Backoff({ maxCount: 0 }).next(0), undefined);
  });

  it('cut lines wherever the chunks end, and very long ones in pieces', () => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    for (const byte of Buffer.from('ä\r\n\nb')) splitter.push(Uint8Array.of(byte));
    splitter.end();
    assert.deepEqual(lines, ['ä', '', 'b']);
    lines.length = 0;
    splitter.push(Buffer.alloc(longestLine * 2 + 5, 'x'));
    splitter.end();
    assert.ok(lines.every((line) => line.length <= longestLine));
    assert.equal(lines.join('').length, longestLine * 2 + 5);
  });
});
