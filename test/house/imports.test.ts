/** Breaks every import rule once, on purpose: a rule that no longer catches anything fails here. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const config = join(root, '.dependency-cruiser.cjs');
const tree = mkdtempSync(join(tmpdir(), 'lg-imports-'));
after(() => rmSync(tree, { recursive: true }));

/** File -> its text. What each violates is in `violations`. */
const files: Readonly<Record<string, string>> = {
  'package.json': '{"type":"module","dependencies":{"koffi":"*"},"devDependencies":{"fast-check":"*"}}',
  'src/model/key.ts': 'export type Key = string;',
  'src/model/up.ts': "import type { S } from '../scheduler/plan.ts'; export type U = S;",
  'src/scheduler/plan.ts': 'export type S = 1;',
  'src/scheduler/knows.ts': "export { handler } from '../features/route/kernel.ts';",
  'src/scheduler/deep.test.ts':
    "async function f() { await using x = await import('../features/route/kernel.ts'); } export { f };",
  'src/kernel/socket.ts': "export const load = () => import('../features/route/kernel.ts');",
  'src/store/memory.ts': "import type { Model } from '../features/route/model.ts'; export type M = Model;",
  'src/features/route/model.ts': 'export type Model = 1;',
  'src/features/route/kernel.ts': 'export const handler = 1;',
  'src/features/vrf/kernel.ts': "import { handler } from '../route/kernel.ts'; export const h = handler;",
  'src/features/vrf/model.ts': "import type { Model } from '../route/model.ts'; export type M = Model;",
  'src/features/vrf/kernel.test.ts': "import '../route/kernel.ts'; import '../../../test/lab/lab.ts';",
  'src/agent/a.ts': "import { b } from './b.ts'; export const a = () => b;",
  'src/agent/b.ts': "import { a } from './a.ts'; export const b = () => a;",
  'src/agent/above.ts': "export * from '../cli/main.ts';",
  'src/agent/tested.ts': "import '../../test/lab/lab.ts';",
  'src/agent/dev.ts': "import fc from 'fast-check'; export const f = fc;",
  'src/agent/lost.ts': "import './nowhere.ts';",
  'src/agent/vague.ts': "import './utils/strings.ts';",
  'src/agent/utils/strings.ts': 'export {};',
  'src/cli/main.ts': "import '../agent/a.ts'; import 'koffi'; export {};",
  'test/lab/lab.ts': 'export {};',
};

const violations: readonly (readonly [rule: string, from: string])[] = [
  ['room-model', 'src/model/up.ts'],
  ['room-scheduler', 'src/scheduler/knows.ts'],
  ['test-scheduler', 'src/scheduler/deep.test.ts'],
  ['room-kernel', 'src/kernel/socket.ts'],
  ['room-store', 'src/store/memory.ts'],
  ['feature-handlers', 'src/features/vrf/kernel.ts'],
  ['no-cycles', 'src/agent/a.ts'],
  ['room-agent', 'src/agent/above.ts'],
  ['production-needs-no-tests', 'src/agent/tested.ts'],
  ['production-needs-no-dev-packages', 'src/agent/dev.ts'],
  ['resolvable', 'src/agent/lost.ts'],
  ['no-utils', 'src/agent/vague.ts'],
];

interface Report {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

function cruise(): readonly string[] {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  const tool = join(root, 'node_modules/.bin/depcruise');
  const result = spawnSync(tool, ['--config', config, '-T', 'json', 'src', 'test'], { cwd: tree, encoding: 'utf8' });
  assert.notEqual(result.status, null, String(result.error));
  const report = JSON.parse(result.stdout) as Report;
  return report.summary.violations.map(({ rule, from }) => `${rule.name} ${from}`);
}

test('each import rule catches its violation, and nothing else is caught', () => {
  const found = [...new Set(cruise())].sort();
  const wanted = violations.map(([rule, from]) => `${rule} ${from}`);
  assert.deepEqual(found, wanted.sort());
});
