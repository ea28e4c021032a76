import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import { AppError } from '../errors.ts';
import type { ConfigDeclaration, ConfigInputs } from './declaration.ts';
import { duration } from './duration.ts';
import { type LoadedConfig, loadConfig } from './load.ts';
import { secret } from './secret.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lg-config-'));
});
after(() => rm(directory, { recursive: true }));

const declaration: ConfigDeclaration = {
  plugin: 'my-etcd',
  schema: z.object({
    endpoints: z.array(z.string()).default(['127.0.0.1:2379']),
    'dial-timeout': duration({ nanoseconds: true, min: 1 }).default(1000),
    period: duration().optional(),
    retries: z.int().min(0).default(3),
    mode: z.enum(['fast', 'safe']).default('safe'),
    // Not strict: unknown keys have to be found all the same.
    tls: z.object({ 'ca-file': z.string().optional(), enabled: z.boolean().default(false) }).optional(),
    users: z.array(z.object({ name: z.string(), password: secret() })).default([]),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  options: [
    { key: 'endpoints', env: ['MY_ENDPOINTS', 'OLD_ENDPOINTS'], flag: 'my-endpoints', description: 'servers' },
    { key: 'retries', env: 'MY_RETRIES', flag: 'my-retries', description: 'retries' },
    { key: 'tls.enabled', flag: 'my-tls', boolean: true, description: 'TLS' },
  ],
  legacyKeys: { 'dial-timeuot': 'dial-timeout', stopwatch: { ignored: 'it is always on' } },
  optional: false,
};

interface Given {
  readonly file?: string;
  readonly flags?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly optional?: boolean;
}

async function load(given: Given): Promise<LoadedConfig> {
  const own = await mkdtemp(join(directory, 'case-'));
  if (given.file !== undefined) await writeFile(join(own, 'my-etcd.conf'), given.file);
  const inputs: ConfigInputs = {
    directory: own,
    flags: new Map(Object.entries(given.flags ?? {})),
    env: given.env ?? {},
  };
  return loadConfig({ ...declaration, optional: given.optional ?? false }, inputs);
}

type Value = Record<string, unknown>;

async function value(given: Given): Promise<Value> {
  return (await load(given)).value as Value;
}

/** The lines of the error, each from the name of the file on. */
async function complaint(given: Given): Promise<string[]> {
  try {
    await load(given);
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, 'invalid-config');
    return error.message.split('\n').map((line) => line.replace(/^.*\/(?=[^/]*\.conf)/, ''));
  }
  return assert.fail('expected an error');
}

describe('precedence', () => {
  const file = 'retries: 1\nendpoints: [file]\n';
  it('is flag, environment, file, default', async () => {
    assert.equal((await value({}))['retries'], 3);
    assert.equal((await value({ file }))['retries'], 1);
    assert.equal((await value({ file, env: { MY_RETRIES: '2' } }))['retries'], 2);
    assert.equal((await value({ file, env: { MY_RETRIES: '2' }, flags: { 'my-retries': '4' } }))['retries'], 4);
    assert.equal((await value({ file, env: { MY_RETRIES: '' } }))['retries'], 1);
  });

  it('splits lists at commas and makes the mappings on the way', async () => {
    assert.deepEqual((await value({ file, env: { MY_ENDPOINTS: 'a:1, b:2' } }))['endpoints'], ['a:1', 'b:2']);
    assert.deepEqual((await value({ flags: { 'my-tls': 'true' } }))['tls'], { enabled: true });
  });

  it('accepts older variables with a warning', async () => {
    const loaded = await load({ env: { OLD_ENDPOINTS: 'a:1' } });
    assert.deepEqual((loaded.value as Value)['endpoints'], ['a:1']);
    assert.deepEqual(loaded.warnings, ['environment OLD_ENDPOINTS is an older name: use MY_ENDPOINTS']);
  });
});

describe('errors', () => {
  it('name file, line, column, key, what is accepted, and what was probably meant', async () => {
    assert.deepEqual(await complaint({ file: 'retries: 1\n# a comment\nendpoint: [a]\n' }), [
      'my-etcd.conf:3:1: unknown key "endpoint"; did you mean "endpoints"? (accepted: endpoints, dial-timeout, period, retries, mode, tls, users, labels)',
    ]);
    assert.deepEqual(await complaint({ file: 'tls:\n  enabled: true\n  cafile: x\n' }), [
      'my-etcd.conf:3:3: unknown key "cafile" in tls; did you mean "ca-file"? (accepted: ca-file, enabled)',
    ]);
    assert.deepEqual(await complaint({ file: 'retries: many\n' }), [
      'my-etcd.conf:1:1: retries: expected a number, found the text "many"',
    ]);
    assert.deepEqual(await complaint({ file: '\nmode: fats\n' }), [
      'my-etcd.conf:2:1: mode: expected one of fast, safe, found the text "fats"; did you mean "fast"?',
    ]);
    assert.deepEqual(
      await complaint({ file: 'users:\n  - name: ann\n    password: x\n  - nmae: bob\n    password: y\n' }),
      [
        'my-etcd.conf:4:5: unknown key "nmae" in users[1]; did you mean "name"? (accepted: name, password)',
        'my-etcd.conf:4:5: users[1].name: is required: expected text',
      ],
    );
  });

  it('are reported all at once', async () => {
    const lines = await complaint({ file: 'retries: -1\nperiod: 5\nfoo: bar\n' });
    assert.equal(lines.length, 3);
    assert.ok(
      lines.some((line) => line.startsWith('my-etcd.conf:2:1: period: expected a duration such as 500ms')),
      lines.join('\n'),
    );
    assert.ok(
      lines.some((line) => line.startsWith('my-etcd.conf:1:1: retries: ')),
      lines.join('\n'),
    );
  });

  it('name the flag or variable when that is at fault', async () => {
    assert.deepEqual(await complaint({ file: 'retries: 1\n', env: { MY_RETRIES: 'x' } }), [
      'environment MY_RETRIES: retries: expected a number, found the text "x"',
    ]);
    assert.deepEqual(await complaint({ flags: { 'my-retries': '1.5' } }), [
      '--my-retries: retries: expected a whole number, found the number 1.5',
    ]);
  });

  it('explain YAML that is none, text that is none, and files of other shapes', async () => {
    assert.match((await complaint({ file: 'a: [1,\nb: 2\n' }))[0] ?? '', /^my-etcd.conf:2:\d+: not valid YAML: /);
    assert.match(
      (await complaint({ file: 'retries: 1\nretries: 2\n' }))[0] ?? '',
      /^my-etcd.conf:2:1: not valid YAML: duplicated mapping key/,
    );
    assert.deepEqual(await complaint({ file: '- a\n' }), [
      'my-etcd.conf:1:1: expected "key: value" lines, found a list',
    ]);
    assert.deepEqual(await complaint({ file: 'a: 1\n---\nb: 1\n' }), [
      'my-etcd.conf: has 2 YAML documents; expected one',
    ]);
    const own = await mkdtemp(join(directory, 'bytes-'));
    await writeFile(join(own, 'my-etcd.conf'), Buffer.from([0x61, 0x3a, 0x20, 0xff]));
    await assert.rejects(loadConfig(declaration, { directory: own, flags: new Map(), env: {} }), /is not UTF-8 text/);
  });

  it('never show __proto__ as a way around the schema', async () => {
    assert.match((await complaint({ file: '__proto__: {retries: 9}\n' }))[0] ?? '', /unknown key "__proto__"/);
  });
});

describe('leniency', () => {
  it('takes empty files, comments and keys without a value for nothing said', async () => {
    for (const file of ['', '# nothing\n', 'retries:\n', '{}'])
      assert.equal((await value({ file }))['retries'], 3, file);
  });

  it('reads durations, and bare nanoseconds with a warning where Ligato had them', async () => {
    assert.equal((await value({ file: 'dial-timeout: 1m30s\n' }))['dial-timeout'], 90_000);
    const loaded = await load({ file: '\ndial-timeout: 1500000000\n' });
    assert.equal((loaded.value as Value)['dial-timeout'], 1500);
    assert.match(
      loaded.warnings[0] ?? '',
      /my-etcd.conf:2:1: dial-timeout: 1500000000 without a unit is read as nanoseconds; write 1500ms/,
    );
  });

  it('accepts older spellings with a warning, not beside the present ones', async () => {
    const loaded = await load({ file: 'dial-timeuot: 2s\nstopwatch: true\n' });
    assert.equal((loaded.value as Value)['dial-timeout'], 2000);
    assert.match(loaded.warnings.join('\n'), /my-etcd.conf:1:1: dial-timeuot: is an older name: write "dial-timeout"/);
    assert.match(loaded.warnings.join('\n'), /my-etcd.conf:2:1: stopwatch: is ignored: it is always on/);
    assert.match(
      (await complaint({ file: 'dial-timeuot: 2s\ndial-timeout: 3s\n' }))[0] ?? '',
      /is an older name of "dial-timeout", which is set too/,
    );
  });

  it('leaves keys of free mappings alone', async () => {
    assert.deepEqual((await value({ file: 'labels: {any: thing}\n' }))['labels'], { any: 'thing' });
  });
});

describe('which file', () => {
  it('is found by flag and by both spellings of the variable, as a path or in the directory', async () => {
    const own = await mkdtemp(join(directory, 'which-'));
    await writeFile(join(own, 'other.yaml'), 'retries: 9\n');
    const path = join(own, 'other.yaml');
    for (const [flags, env] of [
      [{ 'my-etcd-config': path }, {}],
      [{ 'my-etcd-config': 'other.yaml' }, {}],
      [{}, { 'MY-ETCD_CONFIG': path }],
      [{}, { MY_ETCD_CONFIG: 'other.yaml' }],
    ] as const) {
      const loaded = await loadConfig(declaration, { directory: own, flags: new Map(Object.entries(flags)), env });
      assert.equal((loaded.value as Value)['retries'], 9);
      assert.equal(loaded.file, path);
    }
  });

  it('must exist when it was asked for', async () => {
    const missing = (given: Given): Promise<LoadedConfig> => load(given);
    await assert.rejects(missing({ flags: { 'my-etcd-config': '/nowhere/x.conf' } }), {
      message: '--my-etcd-config: there is no file /nowhere/x.conf',
    });
    await assert.rejects(
      missing({ optional: true, env: { MY_ETCD_CONFIG: 'etdc.conf' } }),
      /environment MY_ETCD_CONFIG: there is no file .*use the name "disabled"/,
    );
    await assert.rejects(missing({ env: { MY_ETCD_CONFIG: 'disabled' } }), /there is no file/);
  });

  it('may say that an optional plugin is off', async () => {
    for (const name of ['disabled', '', 'none', 'OFF']) {
      assert.match(
        (await load({ optional: true, file: 'retries: 1\n', env: { MY_ETCD_CONFIG: name } })).off ?? 'on',
        /environment MY_ETCD_CONFIG is/,
      );
    }
    assert.match((await load({ optional: true })).off ?? 'on', /there is no my-etcd.conf/);
    assert.equal((await load({ optional: true, env: { MY_RETRIES: '1' } })).off, undefined);
    assert.equal((await load({ optional: true, file: '' })).off, undefined);
  });
});
