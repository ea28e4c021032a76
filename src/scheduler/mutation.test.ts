/** Are the properties any good? Seeds realistic bugs into a copy of the scheduler, and each has to be caught. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';

interface Mutant {
  readonly bug: string;
  readonly file: string;
  readonly original: string;
  readonly mutated: string;
  /** Name pattern of the property that has to fail; of a bug that shows in one world of thousands, of the scenario kept of it. */
  readonly caughtBy: string;
  /** What it has to fail with: caught for another reason, the bug itself would go unseen. */
  readonly symptom: RegExp;
}

const mutants: readonly Mutant[] = [
  {
    bug: 'dependants of what goes are forgotten',
    file: 'target.ts',
    original: 'if (dependant.applied !== undefined || this.#draft.get(dependant) !== undefined)',
    mutated: 'if (this.#draft.get(dependant) !== undefined)',
    caughtBy: 'I1 I2',
    symptom: /I1, I2|I3, I5|I7/,
  },
  {
    bug: 'an update where a re-creation is due',
    file: 'replacement.ts',
    original: 'if (handler.recreate?.(node.key, from, to, metadata) === true) return false;',
    mutated: '',
    caughtBy: 'I1 I2',
    symptom: /update \S+: this takes a re-creation/,
  },
  {
    bug: 'who waits is not woken',
    file: 'target.ts',
    original: 'if (!atGoal || item.isSeed || node.failure !== undefined) this.#openWaiting(node);',
    mutated: '',
    caughtBy: 'I1 I2',
    symptom: /I3: what .* waits for|I3, I5/,
  },
  {
    bug: 'parts outlive the re-creation of their base',
    file: 'replacement.ts',
    original: 'for (const part of node.parts)\n          if (part.applied !== undefined) this.#recreate',
    mutated: 'for (const part of node.parts)\n          if (part.applied === undefined) this.#recreate',
    caughtBy: 'I1 I2',
    symptom: /I1, I2|I3, I5/,
  },
  {
    bug: 'a dependency is removed before its dependants',
    file: 'ordering.ts',
    original: 'if (item?.removal !== undefined) item.removal.precede(removal);\n  else if (relied',
    mutated: 'if (item?.removal !== undefined) return;\n  else if (relied',
    caughtBy: 'I1 I2',
    symptom: /remove [^:]*: .* needs it/,
  },
  {
    bug: 'conflicts ignore the priority of sources',
    file: 'claims.ts',
    original: 'return priority !== 0 ? priority :',
    mutated: 'return priority > 1 ? priority :',
    caughtBy: 'I1 I2',
    symptom: /state of (thing|part)|conflict of|I3/,
  },
  {
    bug: 'parts of what lost a claim hold theirs',
    file: 'claims.ts',
    original: 'if (base.conflict !== undefined) return true;',
    mutated: '',
    caughtBy: 'a part of a value that lost a claim',
    symptom: /- +'thing\/c'/,
  },
  {
    bug: 'what failed is taken as not done',
    file: 'runner.ts',
    original: 'const findings = await this.read({ keys }, nodes);',
    mutated: 'const findings = noFindings();',
    caughtBy: 'I3 I11',
    symptom: /it exists|needs it|does not exist|I3, I5/,
  },
  {
    bug: 'operations start on outdated plans',
    file: 'executor.ts',
    original: 'if (this.job.contended) {',
    mutated: 'if (this.job.contended && this.job.halted) {',
    caughtBy: 'I10',
    symptom: /I1, I2/,
  },
  {
    bug: 'what came meanwhile is not looked at again',
    file: 'transaction.ts',
    original: 'if (this.contended) this.#mindLatecomers',
    mutated: 'if (this.contended && this.halted) this.#mindLatecomers',
    caughtBy: 'I10',
    symptom: /I3/,
  },
  {
    bug: 'what vanished from the data plane is not missed',
    file: 'observation.ts',
    original: 'if (node.applied !== undefined && this.#mayTouch(node)) this.#lose(node);',
    mutated: '',
    caughtBy: 'I1 I2',
    symptom: /I3, I5/,
  },
  {
    bug: 'a revert keeps what was new',
    file: 'intake.ts',
    original: 'for (const key of transaction.created) {',
    mutated: 'for (const key of transaction.created.slice(1)) {',
    caughtBy: 'I6',
    symptom: /I3, I5/,
  },
  {
    bug: 'a condition on any-of dependencies is ignored',
    file: 'matching.ts',
    original: 'if (where === undefined) return true;',
    mutated: 'if (where !== null) return true;',
    caughtBy: 'I1 I2',
    symptom: /I3/,
  },
  {
    bug: 'what has to wait for an unknown outcome is carried out all the same',
    file: 'sequence.ts',
    original: "operation.state = 'blocked';",
    mutated: '',
    caughtBy: 'a removal that has to wait',
    symptom: /\+ +'DELETE thing\/c'/,
  },
  {
    bug: 'a plan settles what younger requests have changed',
    file: 'runner.ts',
    original: 'node.wanted !== item.goal ||',
    mutated: '',
    caughtBy: 'what a part waits for, told by a plan',
    symptom: /I3: what part\/c\/p waits for/,
  },
  {
    bug: 'a failure stands for a transaction whatever others find out',
    file: 'transaction.ts',
    original: 'return isFailed(node) && this.refused.has(node);',
    mutated: 'return this.refused.has(node);',
    caughtBy: 'a transaction sees what others',
    symptom: /\+ +'thing\/c',/,
  },
  {
    bug: 'what failed stands for whatever is wanted later',
    file: 'node.ts',
    original: 'return failure !== undefined && failure.aim === wanted;',
    mutated: 'return failure !== undefined;',
    caughtBy: 'what failed for an older request',
    symptom: /\+ +'thing\/f'/,
  },
  {
    bug: 'what is not fit to provide for itself does',
    file: 'admission.ts',
    original: 'satisfies(dependency, node.key, goal!.value)',
    mutated: 'concerns(dependency, node.key)',
    caughtBy: 'what could provide for itself',
    symptom: /I3, I5/,
  },
  {
    bug: 'a change does not ask who has come to rely on the value as it was',
    file: 'admission.ts',
    original: "return verdict === 'go' && verb === 'update' ?",
    mutated: "return verdict === 'go' && verb === 'create' ?",
    caughtBy: 'what one transaction makes relies on',
    symptom: /I3, I5/,
  },
  {
    bug: 'a late reply is thrown away',
    file: 'follow-ups.ts',
    original: 'this.#graph.conclude(node, applied);',
    mutated: 'this.#graph.setAttempt(node, undefined);',
    caughtBy: 'I11: unknown',
    symptom: /it exists|does not exist/,
  },
];

// Not under node_modules, where Node strips no types, and inside the checkout, so that packages are found.
const root = join(import.meta.dirname, '..', '..');
const folder = join(root, '.cache', `mutants-${process.pid}`);

after(() => rmSync(folder, { recursive: true, force: true }));

for (const [index, mutant] of mutants.entries()) {
  test(`caught: ${mutant.bug}`, { timeout: 60_000 }, async () => {
    const scheduler = copyOfScheduler(String(index));
    change(join(scheduler, mutant.file), mutant.original, mutant.mutated);
    const { code, output } = await runTests(scheduler, mutant.caughtBy);
    assert.equal(code, 1, `nothing failed with: ${mutant.bug}`);
    const found = output.slice(output.indexOf('failing tests:'));
    assert.match(found, mutant.symptom, `caught for another reason: ${found.slice(0, 3000)}`);
  });
}

test('the properties hold where parts are taken in one at a time, with others in between', {
  timeout: 60_000,
}, async () => {
  const scheduler = copyOfScheduler('one-at-a-time');
  const parts = join(scheduler, 'parts.ts');
  change(parts, 'const many = 256;', 'const many = 1;');
  change(parts, 'const stride = 128;', 'const stride = 1;');
  const { code, output } = await runTests(scheduler, '^I[0-9]', { runs: 100, limit: 5000, patience: 55_000 });
  assert.equal(code, 0, output.slice(output.indexOf('failing tests:'), 5000));
});

function copyOfScheduler(name: string): string {
  const home = join(folder, name);
  mkdirSync(join(home, 'model'), { recursive: true });
  cpSync(import.meta.dirname, join(home, 'scheduler'), { recursive: true });
  cpSync(join(root, 'src', 'model', 'key.ts'), join(home, 'model', 'key.ts'));
  writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
  return join(home, 'scheduler');
}

function change(path: string, original: string, changed: string): void {
  const text = readFileSync(path, 'utf8');
  assert.ok(text.includes(original), `${path} has changed: bring the mutant up to date`);
  writeFileSync(
    path,
    text.replaceAll(original, () => changed),
  );
}

/** `limit`: ms for each property. `patience`: ms for all. */
function runTests(
  home: string,
  pattern: string,
  { runs = 400, limit = 15_000, patience = 25_000 } = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const files = [
    'properties.test.ts',
    join('scenarios', 'claims.test.ts'),
    join('scenarios', 'unfinished.test.ts'),
    join('scenarios', 'concurrent-worlds.test.ts'),
  ].map((file) => join(home, file));
  const env = { ...process.env, PROPERTY_RUNS: `${runs}`, PROPERTY_SHRINK: 'no', PROPERTY_LIMIT: `${limit}` };
  delete (env as Record<string, string | undefined>)['NODE_TEST_CONTEXT'];
  const child = spawn(process.execPath, ['--test', '--test-isolation=none', '--test-name-pattern', pattern, ...files], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const timer = setTimeout(() => child.kill(), patience);
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, output: signal === null ? output : `${output}\n${signal}` });
    });
  });
}
