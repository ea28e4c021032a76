/** Both clients, held to the same answers. */

import { create } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InterfaceSchema, Interface_Type } from '../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { SecurityAssociationSchema } from '../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import { asKey } from '../model/key.ts';
import type { AgentClient } from './agent-client.ts';
import { ClientError } from './errors.ts';
import { httpClient } from './http-agent-client.ts';
import { localClient, localClientPlugin } from './local.ts';
import { startTestAgent, type TestAgent } from './testing.ts';

const loop = (name: string, mtu = 1500) =>
  create(InterfaceSchema, { name, type: Interface_Type.SOFTWARE_LOOPBACK, enabled: true, mtu });
const loopKey = (name: string) => asKey(`config/vpp/v2/interfaces/${name}`);
const yaml = 'vppConfig:\n  interfaces:\n    - { name: a, type: SOFTWARE_LOOPBACK }\n';

const clients: Readonly<Record<string, (agent: TestAgent) => AgentClient>> = {
  'in process': ({ application }) => localClient(application),
  'in process, by its plugin': ({ application }) => application.api(localClientPlugin),
  'over HTTP': ({ socketPath }) => httpClient({ socketPath }),
};

for (const [name, open] of Object.entries(clients)) {
  describe(`the client ${name}`, () => {
    test('applies messages and text, each for its own source', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      const { seqNum, values, failures } = await client.apply([loop('b'), loop('a')], { description: 'two loops' });
      assert.deepEqual(failures, []);
      assert.deepEqual(
        values.map(({ key, state }) => [key, state]),
        [
          [loopKey('b'), 'CONFIGURED'],
          [loopKey('a'), 'CONFIGURED'],
        ],
      );
      assert.deepEqual([...agent.plane.keys()].sort(), [loopKey('a'), loopKey('b')]);
      assert.equal((await client.history()).find((one) => one.seqNum === seqNum)?.description, 'two loops');

      await client.apply(yaml, { source: 'other', replace: true });
      assert.deepEqual(await client.get({ source: 'other' }), [
        create(InterfaceSchema, { name: 'a', type: Interface_Type.SOFTWARE_LOOPBACK }),
      ]);
      assert.equal((await client.get()).length, 2);
      assert.equal((await client.explain(loopKey('a'))).wantedBy.length, 2);
      assert.deepEqual((await client.delete([loop('b')])).removed, [loopKey('b')]);
      assert.deepEqual((await client.delete([loop('b')])).removed, []);
      assert.deepEqual([...agent.plane.keys()], [loopKey('a')]);
      await client.apply([], { replace: true });
      assert.equal((await client.get()).length, 1, 'what the other source wants stays');
    });

    test('says what would happen, and lets nothing happen', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      await client.apply([loop('a')]);
      const { operations } = await client.plan([loop('a', 9000), loop('b')], { replace: true });
      assert.deepEqual(operations.map(({ operation, key }) => `${operation} ${key}`).sort(), [
        `CREATE ${loopKey('b')}`,
        `UPDATE ${loopKey('a')}`,
      ]);
      assert.deepEqual(
        (await client.diff([loop('b')], { replace: true })).map(({ key, change }) => [key, change]),
        [
          [loopKey('b'), 'add'],
          [loopKey('a'), 'remove'],
        ],
      );
      assert.deepEqual([...agent.plane.keys()], [loopKey('a')]);
    });

    test('refuses what is wrong, with every problem, and applies nothing of it', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      for (const wrong of [
        [loop('fine'), loop('a', 70_000)],
        'vppConfig: { interfaces: [{ name: fine, type: SOFTWARE_LOOPBACK }, { name: a, type: SOFTWARE_LOOPBACK, mtu: 70000 }] }',
      ]) {
        for (const call of [client.apply(wrong), client.plan(wrong)]) {
          await assert.rejects(call, (error) => {
            assert.ok(error instanceof ClientError);
            assert.equal(error.code, 'refused');
            assert.equal(error.status, 400);
            assert.match(error.message, /mtu/);
            assert.equal(error.problems.length, 1);
            return true;
          });
        }
      }
      assert.equal(agent.plane.size, 0);
      await assert.rejects(client.explain('config/vpp/v2/interfaces/none'), { code: 'refused', status: 404 });
      await assert.rejects(client.rollback(99), { code: 'refused', status: 404 });
    });

    test('tells of values that fail, and of those that come and go', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      agent.broken.add(loopKey('b'));
      const { failures } = await client.apply([loop('a'), loop('b')], { retry: false });
      assert.deepEqual(failures, [{ key: loopKey('b'), operation: 'CREATE', error: 'the plane is broken' }]);
      assert.deepEqual(
        (await client.values({ state: 'FAILED' })).map(({ key, error }) => [key, error]),
        [[loopKey('b'), 'the plane is broken']],
      );
      const stop = new AbortController();
      const changes = client.watch({ model: 'vpp.interfaces' }, stop.signal)[Symbol.asyncIterator]();
      const first = changes.next();
      // Over HTTP the watch begins when its request arrives: make changes until one is seen.
      for (let round = 0, done = false; !done; round++) {
        void first.then(() => (done = true));
        await client.apply([loop('a', 2000 + round)]);
      }
      const seen = await first;
      assert.equal(seen.done === true ? undefined : seen.value.key, loopKey('a'));
      const end = changes.next();
      stop.abort();
      let result = await end;
      while (!result.done) result = await changes.next();
    });

    test('finds and heals what others changed, rolls back, and keeps guarded commits that are confirmed', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      const { seqNum } = await client.apply([loop('a')]);
      agent.plane.delete(loopKey('a'));
      assert.deepEqual(
        (await client.check('vpp.interfaces')).map(({ key, problem }) => [key, problem]),
        [[loopKey('a'), 'missing']],
      );
      assert.deepEqual(await client.retrieve(), []);
      const { executed } = await client.resync();
      assert.deepEqual(
        executed.filter(({ noop }) => !noop).map(({ operation, key }) => [operation, key]),
        [['CREATE', loopKey('a')]],
      );
      assert.deepEqual(
        (await client.retrieve()).map((value) => value.$typeName),
        ['ligato.vpp.interfaces.Interface'],
      );
      const guarded = await client.apply([loop('b')], { confirmWithin: 60_000 });
      await client.confirm(guarded.seqNum ?? -1);
      await client.rollback(seqNum ?? -1);
      assert.deepEqual([...agent.plane.keys()], [loopKey('b')]);
    });

    test('hears of what differs also where something else cannot be read, and of that', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      await client.apply([loop('a')]);
      agent.plane.delete(loopKey('a'));
      agent.unreadable.add('vpp.route').add('vpp.l2.bridge-domain.interface');
      const found = (await client.check()).map(({ key, problem, kind, error }) => [key, problem, kind, error]);
      assert.deepEqual(found, [
        [loopKey('a'), 'missing', undefined, undefined],
        ['vpp.l2.bridge-domain.interface', 'unread', 'vpp.l2.bridge-domain.interface', 'the plane does not answer'],
        ['config/vpp/v2/route/', 'unread', 'vpp.route', 'the plane does not answer'],
      ]);
      await assert.rejects(client.check('vpp.route'), /could not be compared: vpp\.route: the plane does not answer/);
      agent.unreadable.clear();
      assert.equal((await client.check()).length, 1);
    });

    test('waits for a rollback and a resync as far as it is asked to', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      const first = await client.apply([loop('a')]);
      const second = await client.apply([loop('b')]);
      assert.equal(await client.rollback(second.seqNum ?? -1, { acknowledge: 'persisted' }), null);
      assert.deepEqual(
        (await client.get()).map((value) => (value as { name?: string }).name),
        ['a'],
        'durable, so it is what is wanted',
      );
      assert.equal(await client.rollback(first.seqNum ?? -1, { acknowledge: 'accepted' }), null);
      // Commits of one queue: when this one is through, those are.
      await client.apply([loop('c')]);
      assert.deepEqual([...agent.plane.keys()], [loopKey('c')]);
      agent.plane.clear();
      assert.equal(await client.resync({ acknowledge: 'accepted' }), null);
      const { failures } = (await client.resync({ acknowledge: 'verified' })) as { failures?: readonly object[] };
      assert.deepEqual([[...agent.plane.keys()], failures], [[loopKey('c')], []]);
    });

    test('says when what was made is not what is there', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      const { seqNum } = await client.apply([loop('a')]);
      await client.apply([loop('a', 9000)]);
      agent.deaf.add(loopKey('a'));
      const { failures = [] } = await client.rollback((seqNum ?? -1) + 1, { acknowledge: 'verified' });
      assert.match(failures[0]?.error ?? '', /verification: .* is different in mtu/);
    });

    test('never shows secrets, and keeps one when its placeholder comes back', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      const association = {
        index: 1,
        protocol: 1,
        spi: 7,
        cryptoAlg: 1,
        cryptoKey: 'c0ffee'.padEnd(32, '0'),
        cryptoSalt: 4711,
      };
      await client.apply([create(SecurityAssociationSchema, association)]);
      const [shown] = await client.get();
      assert.doesNotMatch(
        JSON.stringify(shown, (_, value: unknown) => (typeof value === 'bigint' ? 0 : value)),
        /c0ffee|4711/,
      );
      await client.apply([{ ...shown, spi: 8 } as never]);
      const made = () => {
        const [{ spi, cryptoKey, cryptoSalt }] = [...agent.plane.values()] as [Required<typeof association>];
        return { spi, cryptoKey, cryptoSalt };
      };
      assert.deepEqual(made(), { spi: 8, cryptoKey: association.cryptoKey, cryptoSalt: 4711 });
      // Who writes the key itself writes the salt, too.
      const next = 'decade'.padEnd(32, '0');
      await client.apply([create(SecurityAssociationSchema, { ...association, cryptoKey: next, cryptoSalt: 0 })]);
      assert.deepEqual(made(), { spi: 7, cryptoKey: next, cryptoSalt: 0 });
      await client.apply([create(SecurityAssociationSchema, { ...association, cryptoKey: '<secret>', cryptoSalt: 9 })]);
      assert.deepEqual(made(), { spi: 7, cryptoKey: next, cryptoSalt: 9 });
    });
  });
}

test('without an agent: unreachable, with what to do', async () => {
  await assert.rejects(httpClient({ socketPath: '/nonexistent' }).values(), (error) => {
    assert.ok(error instanceof ClientError);
    assert.equal(error.code, 'unreachable');
    assert.match(error.message, /is the agent running/);
    return true;
  });
});
