import assert from 'node:assert/strict';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { errnoOf } from '../../errors.ts';

const BLOCK = Buffer.alloc(4096);

/** Writes `filler` until its file system has just `room` bytes left. */
export function fillDisk(filler: string, room = 0): void {
  let file = openSync(filler, 'w');
  let filled = 0;
  try {
    for (;;) filled += writeSync(file, BLOCK);
  } catch (error) {
    assert.equal(errnoOf(error), 'ENOSPC');
  } finally {
    closeSync(file);
  }
  if (room === 0) return;
  rmSync(filler);
  file = openSync(filler, 'w');
  for (let left = filled - room; left > 0; left -= BLOCK.length) writeSync(file, BLOCK);
  closeSync(file);
}
