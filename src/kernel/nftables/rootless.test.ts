/** An unprivileged user in a user namespace of its own, whose socket buffer the kernel limits to net.core.wmem_max. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const allowed = spawnSync('unshare', ['-Urn', 'true']).status === 0;
const skip = allowed ? false : 'needs unprivileged user namespaces';

/** Runs a script with the room's exports as `n` and the port of its own namespace as `nft`; returns what it logs, as JSON. */
function rootless(script: string): unknown {
  const head = `
    import * as n from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    import { ownNamespace } from ${JSON.stringify(new URL('../namespace/switch.ts', import.meta.url).href)};
    const nft = n.createNftablesDriver().nft(ownNamespace);
    const table = { family: 'ip', name: 'ligature-test' };
    const set = { name: 's', key: [n.types.ipv4_addr, n.types.ipv6_addr, n.types.ipv6_addr] };
    const elements = (count) => Array.from({ length: count }, (_, at) =>
      ({ key: ['10.' + (at >> 16) + '.' + ((at >> 8) & 255) + '.' + (at & 255), 'fd00::1', 'fd00::2'] }));
    await nft.apply([n.addTable(table), n.addSet(table, set)]);
  `;
  const node = [process.execPath, '--input-type=module', '-e', head + script];
  return JSON.parse(execFileSync('unshare', ['-Urn', ...node], { encoding: 'utf8' }));
}

/** More elements than fit into one send: each takes 48 bytes, and the kernel doubles what it is asked for. */
const many = Math.ceil((Number(readFileSync('/proc/sys/net/core/wmem_max', 'utf8')) * 2.2) / 48);

test('a call larger than the socket buffer is carried out in several transactions', { skip }, () => {
  const result = rootless(`
    const before = await nft.generation();
    await nft.apply([n.addElements(table, set, elements(${many}))]);
    console.log(JSON.stringify([(await nft.elements(table, set)).length, (await nft.generation()) - before > 1]));
  `);
  assert.deepEqual(result, [many, true]);
});

test('many calls that are too much together are spread, each atomic', { skip }, () => {
  const result = rootless(`
    const all = elements(${many});
    const share = Math.ceil(all.length / 10);
    const calls = Array.from({ length: 10 }, (_, at) =>
      [n.addElements(table, set, all.slice(at * share, at * share + share)), ...(at === 3 ? [n.deleteChain(table, 'none')] : [])]);
    const outcomes = await Promise.allSettled(calls.map((call) => nft.apply(call)));
    console.log(JSON.stringify([outcomes.map(({ status }) => status[0]).join(''), (await nft.elements(table, set)).length === all.length - share]));
  `);
  assert.deepEqual(result, ['fffrffffff', true]);
});
