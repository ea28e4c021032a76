import assert from 'node:assert/strict';
import { it } from 'node:test';
import { controlSocket, stateDirectory } from './directories.ts';

it('is where it was asked for, else a directory of the instance', () => {
  assert.equal(stateDirectory({ label: 'a', stateDirectory: '/x', env: { STATE_DIR: '/y' } }), '/x');
  assert.equal(stateDirectory({ label: 'a', env: { STATE_DIR: '/y' } }), '/y');
  const env = { STATE_DIR: '', HOME: '/home/ann' };
  const expected = process.geteuid?.() === 0 ? '/var/lib/ligature/a' : '/home/ann/.local/state/ligature/a';
  assert.equal(stateDirectory({ label: 'a', env }), expected);
  assert.equal(controlSocket('/x'), '/x/control/http.sock');
});
