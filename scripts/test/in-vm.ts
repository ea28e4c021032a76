/** Test files in the test VM, as if they had run here. */
import { join } from 'node:path';
import { runInVm, vmObstacle } from '../../test/vm/vm.ts';
import { noTests, type Totals } from './totals.ts';

export interface VmTests {
  readonly root: string;
  readonly files: readonly string[];
  /** Why a file cannot run on the host; part of the reason when it is skipped. */
  readonly why: (file: string) => string;
  readonly only?: string;
  readonly say: (line: string) => void;
}

/**
 * Where processors are emulated V8 aborts in one of three runs when it replaces a WebAssembly function (that of the type
 * stripper is busy) while it walks the stack for it: `Check failed: it->second.Size() > offset` in Runtime_WasmTriggerTierUp.
 * Test processes inherit it.
 */
const steady = ['--liftoff-only'];

/** ms for all files together. */
const timeLimit = 30 * 60_000;

/** Where there can be no VM every file is a skip. A VM that breaks is a failure, not a skip. */
export async function testInVm({ root, files, why, only, say }: VmTests): Promise<Totals> {
  if (files.length === 0) return noTests;
  const obstacle = vmObstacle();
  if (obstacle !== undefined) return skipAll(files, why, obstacle);
  say(`in the test VM: ${files.length} files`);
  let result: Awaited<ReturnType<typeof runInVm>>;
  try {
    result = await runInVm({
      argv: [
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        ...steady,
        join(root, 'scripts/test/inside.ts'),
        ...(only === undefined ? [] : ['--only', only]),
        ...files,
      ],
      cwd: root,
      timeout: timeLimit,
      collect: ['totals.json'],
      onLine: (line) => say(`[vm] ${line}`),
      say,
    });
  } catch (error) {
    // The kernel cannot be downloaded here.
    return skipAll(files, why, `no test VM: ${error instanceof Error ? error.message : String(error)}`);
  }
  const report = result.files['totals.json'];
  if (report !== undefined) return JSON.parse(report) as Totals;
  say(`FAILED the test VM: ${result.problem ?? `the runner in it ended with ${result.status}`}`);
  return { ...noTests, failed: files.length };
}

function skipAll(files: readonly string[], why: (file: string) => string, obstacle: string): Totals {
  return { ...noTests, skips: files.map((name) => ({ name, reason: `${why(name)}; ${obstacle}` })) };
}
