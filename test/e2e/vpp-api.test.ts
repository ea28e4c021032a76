/** `ligature vpp api` on a real VPP, without an agent. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startVpp, vppBinary } from '../vpp/process.ts';
import { ligature } from './agent-process.ts';

const skip = vppBinary() === undefined && 'needs VPP (LIGATURE_VPP_BIN)';

test('the binary API of a VPP is explored and called from the shell', { skip }, async () => {
  await using vpp = await startVpp();
  const api = (...args: readonly string[]) => ligature('vpp', 'api', ...args, '--vpp-socket', vpp.apiSocket);
  const all = api('ls', 'create_loopback*');
  assert.match(all.stdout, /^create_loopback +[0-9a-f]{8} +reply$/m);
  assert.match(api('show', 'create_loopback').stdout, /mac_address mac_address\nanswered with create_loopback_reply/);
  assert.deepEqual(JSON.parse(api('call', 'create_loopback').stdout), { retval: 0, sw_if_index: 1 });
  const names = JSON.parse(api('call', 'sw_interface_dump').stdout) as { interface_name: string }[];
  assert.deepEqual(
    names.map(({ interface_name }) => interface_name),
    ['local0', 'loop0'],
  );
  const refused = api('call', 'delete_loopback', '{"sw_if_index": 77}');
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /delete_loopback: VPP answered -\d+ INVALID_SW_IF_INDEX/);
  const misspelt = api('call', 'delete_loopback', '{"index": 77}');
  assert.match(misspelt.stderr, /index/);
  assert.equal(misspelt.status, 1);
  assert.equal(api('call', 'delete_loopback', '{').status, 2);
  assert.match(api('show', 'create_loop').stderr, /has no message create_loop; there is create_loopback/);
});
