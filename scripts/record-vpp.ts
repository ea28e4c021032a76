/**
 * `npm run record -- VPP... [-- TEST...]`: runs the tests of the VPP side of features on each of these VPPs (paths of `vpp`), and writes
 * down what was said: `cassettes/RELEASE/NAME.cassette` beside each test. Recordings of tests that are gone are removed.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findTests } from './test/files.ts';
import { orphans, usesRecordings } from '../test/vpp/recordings.ts';

const root = join(import.meta.dirname, '..');
const [vpps, tests] = splitAt('--', process.argv.slice(2));

const missing = vpps.filter((path) => !existsSync(path));
if (vpps.length === 0 || missing.length > 0) {
  console.error(
    missing.length > 0 ? `there is no ${missing.join(', ')}` : 'usage: npm run record -- VPP... [-- TEST...]',
  );
  process.exit(2);
}

const files = findTests(root, tests).filter((file) => usesRecordings(readFileSync(join(root, file), 'utf8')));
let failed = false;
for (const vpp of vpps) {
  console.log(`${vpp}: ${files.length} files`);
  const env = { ...process.env, LIGATURE_VPP_BIN: vpp, LIGATURE_VPP_RECORD: '1' };
  const reporter = ['--test-reporter=dot'];
  const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency=1', ...reporter, ...files], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  failed ||= status !== 0;
}
for (const path of orphans(root)) {
  console.log(`removed, its test is gone: ${relative(root, path)}`);
  rmSync(path);
}
process.exit(failed ? 1 : 0);

function splitAt(mark: string, words: readonly string[]): readonly [readonly string[], readonly string[]] {
  const at = words.indexOf(mark);
  return at < 0 ? [words, []] : [words.slice(0, at), words.slice(at + 1)];
}
