import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Logs } from './logs.ts';

function collect(options: { isTTY?: boolean } = {}): {
  logs: Logs;
  lines: string[];
  records: () => Record<string, unknown>[];
} {
  const lines: string[] = [];
  const logs = new Logs({ destination: { write: (line) => lines.push(line), ...options } });
  return { logs, lines, records: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('levels', () => {
  it('follow the default until they have their own', () => {
    const { logs, records } = collect();
    const a = logs.logger('a');
    const b = logs.logger('b');
    a.debug('no');
    logs.setLevel('a', 'debug');
    a.debug('yes');
    logs.setLevel('default', 'error');
    a.debug('still');
    b.warn('no');
    b.error('yes');
    assert.deepEqual(
      records().map(({ logger, level, msg }) => [logger, level, msg]),
      [
        ['a', 'debug', 'yes'],
        ['a', 'debug', 'still'],
        ['b', 'error', 'yes'],
      ],
    );
  });

  it('of a plugin hold for its children, also for those made later', () => {
    const { logs } = collect();
    const child = logs.logger('plugin').child('early');
    logs.configure('plugin', 'trace');
    assert.equal(child.level, 'trace');
    assert.equal(logs.logger('plugin').child('late').level, 'trace');
    logs.configure('plugin.early', 'warn');
    assert.equal(child.level, 'warn');
    assert.equal(logs.logger('plugin').child('early'), child);
    assert.equal(child.isLevelEnabled('info'), false);
    assert.equal(logs.logger('plugins').level, 'info');
  });

  it('are listed and accept the names of Ligato', () => {
    const { logs } = collect();
    logs.logger('b');
    logs.logger('a');
    logs.setLevel('a', 'WARNING');
    assert.deepEqual(logs.list(), [
      { logger: 'default', level: 'info' },
      { logger: 'a', level: 'warn' },
      { logger: 'b', level: 'info' },
    ]);
    assert.throws(() => logs.setLevel('aa', 'info'), /there is no logger "aa"; did you mean a\?/);
    assert.throws(() => logs.setLevel('a', 'inof'), /unknown log level "inof"; did you mean info\?/);
    assert.throws(() => logs.logger('no spaces'), /must match/);
  });
});

describe('secrets', () => {
  it('are masked by the name of their field, at any depth, without touching the object', () => {
    const { logs, records } = collect();
    const fields = {
      user: 'ann',
      password: 'p1',
      nested: { list: [{ 'private-key': 'p2', psk: 'p3' }] },
      tokens: 5,
      apiToken: 'p4',
    };
    logs.logger('a').info(fields, 'm');
    const [record] = records();
    assert.deepEqual(record?.['nested'], { list: [{ 'private-key': '********', psk: '********' }] });
    assert.deepEqual(
      [record?.['password'], record?.['apiToken'], record?.['tokens'], record?.['user']],
      ['********', '********', 5, 'ann'],
    );
    assert.equal(fields.nested.list[0]?.psk, 'p3');
  });

  it('are masked wherever they turn up once they are known', () => {
    const { logs, lines } = collect();
    logs.addSecret('s3cr"et-value');
    logs.logger('a').error({ err: new Error('cannot log in with s3cr"et-value') }, 'at s3cr"et-value');
    assert.doesNotMatch(lines.join(''), /s3cr/);
    assert.match(lines.join(''), /at \*{8}/);
  });
});

describe('format', () => {
  it('is JSON with time, level, logger and error by default', () => {
    const { logs, records } = collect();
    logs.logger('a').warn({ err: new Error('broken'), ms: 5 }, 'hm');
    const [record] = records();
    assert.deepEqual([record?.['level'], record?.['logger'], record?.['msg'], record?.['ms']], ['warn', 'a', 'hm', 5]);
    assert.ok(!Number.isNaN(Date.parse(String(record?.['time']))));
    assert.match(JSON.stringify(record?.['err']), /"message":"broken"/);
  });

  it('is for people on a terminal, with colours, and without where it was asked for', () => {
    const terminal = collect({ isTTY: true });
    terminal.logs.logger('a').info({ key: 'x y', n: 1 }, 'hello');
    // oxlint-disable-next-line no-control-regex
    assert.match(terminal.lines[0] ?? '', /\u001b\[32mINFO .*hello.*"x y".*1\n$/);
    const file = collect();
    file.logs.setFormat('text');
    file.logs.logger('a').error({ err: new Error('broken') }, 'hello');
    assert.match(file.lines[0] ?? '', /^\d\d:\d\d:\d\d\.\d{3} ERROR a: hello\n {4}Error: broken\n {4} {4}at /);
  });
});
