import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { socketFolderProblem } from './memif-folder.ts';

test('the folder of a memif socket is looked for where VPP runs, and nowhere else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'memif-folder-'));
  // A process called as VPP is.
  symlinkSync('/bin/sh', join(folder, 'vpp_main'));
  const vpp = spawn(join(folder, 'vpp_main'), ['-c', 'echo started; read line'], { argv0: 'sh' });
  try {
    await once(vpp.stdout, 'data');
    const pid = vpp.pid!;
    writeFileSync(join(folder, 'file'), '');
    assert.equal(socketFolderProblem(pid, join(folder, 'm.sock')), undefined);
    const missing = socketFolderProblem(pid, join(folder, 'none', 'm.sock')) ?? '';
    assert.ok(missing.includes(`the folder ${folder}/none is not there: make it`), missing);
    assert.match(socketFolderProblem(pid, join(folder, 'file', 'm.sock')) ?? '', /file is not/);
    assert.equal(socketFolderProblem(pid, '@abstract/none/m.sock'), undefined);
    // This process is no VPP: what VPP sees is not known.
    assert.equal(socketFolderProblem(process.pid, join(folder, 'none', 'm.sock')), undefined);
  } finally {
    vpp.stdin.end();
    await once(vpp, 'close');
    rmSync(folder, { recursive: true });
  }
});
