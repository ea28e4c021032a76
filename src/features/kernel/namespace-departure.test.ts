import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { Interface_Type as Type } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { gone, linuxInterface, named, Stage } from '../../../test/stage/stage.ts';
import type { StageAgent } from '../../../test/stage/stage.ts';

const skip = process.getuid?.() === 0 ? false : 'needs root';

const lo = (interfaceName: string, namespace: string, address: string) =>
  linuxInterface(interfaceName, { type: Type.LOOPBACK, namespace: named(namespace), ipAddresses: [address] });

const idOf = ({ driver }: StageAgent, name: string) => driver.namespaces.find({ type: 'name', name })?.id;

test('a namespace that was made goes with its last object, not in between, and not before all is known', {
  skip,
}, async (t) => {
  await using stage = await Stage.open();
  const agent = await stage.agent();
  const [first, second, theirs] = ['first', 'second', 'theirs'].map((what) => `${stage.namespace}-${what}`) as [
    string,
    string,
    string,
  ];
  t.after(() => {
    for (const name of [first, second, theirs]) spawnSync('ip', ['netns', 'delete', name]);
  });
  agent.driver.namespaces.create(theirs);
  const one = lo('one', first, '10.9.0.1/32');
  const other = lo('other', second, '10.9.0.2/32');
  const inTheirs = lo('in-theirs', theirs, '10.9.0.3/32');
  await agent.commit(one, other, inTheirs);
  const before = idOf(agent, first);

  // Its only object goes and another one comes; so does the same one, in the next transaction.
  const instead = linuxInterface('dummy', {
    type: Type.VETH,
    namespace: named(first),
    link: { case: 'veth', value: { peerIfName: 'peer' } },
  });
  const peer = linuxInterface('peer', {
    type: Type.VETH,
    namespace: named(first),
    link: { case: 'veth', value: { peerIfName: 'dummy' } },
  });
  await agent.commit(gone(one), instead, peer);
  await agent.commit(gone(instead), gone(peer));
  await agent.commit(one);
  // That of another one goes: by then the first was looked at, too.
  await agent.commit(gone(other), gone(inTheirs));
  await agent.until('removed', () => idOf(agent, second) === undefined, 30_000);
  assert.equal(idOf(agent, first), before);
  assert.notEqual(idOf(agent, theirs), undefined);

  // The next run knows what it made, and waits until it knows what is wanted.
  await agent.commit(other);
  await agent.commit(gone(other));
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(one), []);
  await next.until('what nobody wants any more', () => idOf(next, second) === undefined, 30_000);
  assert.equal(idOf(next, first), before);
  await next.commit(gone(one));
  await next.until('the last', () => idOf(next, first) === undefined, 30_000);
});
