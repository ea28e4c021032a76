import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Answer, runCommand } from '../testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'lg-config-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'a.yaml');
writeFileSync(file, 'vppConfig: {}\n');

/** An agent that says this of each change. */
function applied(answer: object = {}): Answer {
  return () => ({ seqNum: 7, values: [], removed: [], failures: [], timing: {}, ...answer });
}

test('what is only known in the end needs a call that waits for it', async () => {
  for (const flags of [['--confirm', '3s'], ['--verify'], ['--revert']])
    for (const wait of ['accepted', 'persisted']) {
      const { code, stderr, asked } = await runCommand(['config', 'apply', file, ...flags, '--wait', wait], applied());
      assert.equal(code, 2);
      assert.match(stderr, new RegExp(`^error: ${flags[0]} needs --wait applied or verified: with --wait ${wait} `));
      assert.deepEqual(asked, []);
    }
  const confirmed = await runCommand(['config', 'apply', file, '--confirm', '3s', '--wait', 'verified'], applied());
  assert.equal(confirmed.code, 0);
  assert.match(confirmed.stdout, /ligature config confirm 7/);
  const persisted = await runCommand(['config', 'apply', file, '--wait', 'persisted'], applied({ seqNum: null }));
  assert.equal(persisted.stdout, 'persisted\n');
});

test('a file that is not there, and a directory, are told in words', async () => {
  const words = async (path: string) => (await runCommand(['config', 'apply', path], applied())).stderr;
  const missing = join(folder, 'nosuch.yaml');
  assert.equal(await words(missing), `error: there is no file ${missing}\n`);
  assert.equal(await words(folder), `error: ${folder} is a directory, a file is expected\n`);
});

test('an operation that failed is counted in the singular, and --revert says what it put back', async () => {
  const failures = [{ key: 'config/x', operation: 'CREATE', error: 'no such device' }];
  const args = ['config', 'apply', file, '--confirm', '3s'];
  const reverted = await runCommand([...args, '--revert'], applied({ failures }));
  assert.equal(reverted.code, 1);
  assert.equal(reverted.stdout, 'transaction 7: 1 operation failed; everything is put back as it was\n');
  assert.equal(
    reverted.stderr,
    'error: 1 operation failed: everything is put back as it was\n  config/x: no such device\n',
  );
  const kept = await runCommand(args, applied({ failures: [...failures, ...failures] }));
  assert.match(kept.stdout, /^transaction 7: 2 operations failed\nrolls back in 3s/);
  const values = [{ key: 'config/x', state: 'FAILED', error: 'gone', waitingFor: [], parts: [] }];
  const left = await runCommand([...args, '--revert'], applied({ failures, values }));
  assert.match(left.stdout, /1 FAILED, 1 operation failed; put back as far as the data plane took it\n/);
});

test('check tells what differs, and fails by what could not be read', async () => {
  const differs = { key: 'config/x/a', problem: 'missing', fields: [], applied: {}, retrieved: null };
  const unread = (kind: string, error: string) => ({
    ...{ key: `config/${kind}/`, problem: 'unread', fields: [], kind, error },
    ...{ applied: null, retrieved: null },
  });
  const answer = [differs, unread('x.one', 'it is away'), unread('x.two', 'it is away'), unread('y', 'no memory')];
  const check = (flags: readonly string[], said: readonly object[]) =>
    runCommand(['config', 'check', ...flags], () => said);
  const reason = 'error: could not be compared: x.one, x.two: it is away; y: no memory\n';

  const text = await check([], answer);
  assert.deepEqual([text.code, text.stderr], [1, reason]);
  assert.match(text.stdout, /^KEY +PROBLEM.*\nconfig\/x\/a +missing\s*\n$/);
  const json = await check(['-f', 'json'], answer);
  assert.deepEqual([json.code, json.stderr, JSON.parse(json.stdout)], [1, reason, answer]);
  // That it differs is not known for sure of all, so the exit code does not say so.
  assert.equal((await check(['--exit-code'], answer)).code, 1);
  assert.equal((await check(['--exit-code'], [differs])).code, 3);
  const rest = await check(['--exit-code'], answer.slice(1));
  assert.deepEqual([rest.code, rest.stdout], [1, 'what could be read is as applied\n']);
  assert.equal((await check(['--exit-code'], [])).code, 0);
});
