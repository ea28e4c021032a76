/** Every way to an agent, held to the same answers for objects one by one. */

import { create } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SecurityAssociationSchema } from '../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import { BridgeDomainSchema } from '../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import { InterfaceSchema, Interface_Type } from '../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { ConfigurationClient } from './configuration-client.ts';
import { ClientError } from './errors.ts';
import { grpcClient } from './grpc-client.ts';
import { httpClient } from './http-agent-client.ts';
import { localClient } from './local.ts';
import { startTestAgent, type TestAgent } from './testing.ts';

const loop = (name: string, mtu = 1500) =>
  create(InterfaceSchema, { name, type: Interface_Type.SOFTWARE_LOOPBACK, enabled: true, mtu });
const loopKey = (name: string) => `config/vpp/v2/interfaces/${name}`;

const clients: Readonly<Record<string, (agent: TestAgent) => ConfigurationClient>> = {
  'in process': ({ application }) => localClient(application),
  'over gRPC, by socket': ({ grpcSocketPath: socketPath }) => grpcClient({ socketPath }),
  'over gRPC, by port': ({ grpcPort: port, token }) => grpcClient({ host: '127.0.0.1', port, token }),
  'over HTTP': ({ socketPath }) => httpClient({ socketPath }),
};

for (const [name, open] of Object.entries(clients)) {
  describe(`the client ${name}`, () => {
    test('puts and deletes in one transaction, and says of each object what was done', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      await client.change().put(loop('gone')).put(loop('kept')).send();
      const { seqNum, results } = await client
        .change()
        .put([loop('kept', 9000), create(BridgeDomainSchema, { name: 'bd', interfaces: [{ name: 'absent' }] })])
        .delete({ model: 'vpp.interfaces', name: 'gone' })
        .send({ description: 'Änderung', acknowledge: 'verified' });
      assert.deepEqual(
        results.map(({ key, operation, state }) => [key, operation, state]),
        [
          [loopKey('kept'), 'UPDATE', 'CONFIGURED'],
          ['config/vpp/l2/v2/bridge-domain/bd', 'CREATE', 'CONFIGURED'],
          [loopKey('gone'), 'DELETE', 'NONEXISTENT'],
        ],
      );
      const record = (await localClient(agent.application).history()).at(-1);
      assert.deepEqual([record?.seqNum, record?.description], [seqNum, 'Änderung']);
    });

    test('waits as far as it is asked to', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      for (const acknowledge of ['accepted', 'persisted'] as const) {
        const { seqNum, results } = await client.change().put(loop(acknowledge)).send({ acknowledge });
        assert.deepEqual([seqNum, results.length], [null, 1]);
      }
      await client.change().put(loop('later')).send();
      assert.equal(agent.plane.size, 3);
    });

    test('replaces all that its source wants, and reads what one source wants', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      await client
        .change()
        .put([loop('a'), loop('b')])
        .send({ source: 'one' });
      await client.change().put(loop('b', 9000)).send({ source: 'other' });
      await client.change().put(loop('c')).send({ source: 'one', replace: true });
      assert.deepEqual(
        (await client.items()).map(({ key }) => key),
        [loopKey('b'), loopKey('c')],
      );
      assert.deepEqual(await client.get({ source: 'other' }), [loop('b', 9000)]);
      assert.deepEqual(await client.get({ source: 'nobody' }), []);
      await assert.rejects(client.change().put(loop('d')).delete(loop('c')).send({ replace: true }), { code: 'usage' });
    });

    test('finds objects by model, by name and by labels', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      await client
        .change()
        .put(loop('a'), { labels: { tenant: 'red' } })
        .put(loop('b'), { labels: { tenant: 'blue', old: '' } })
        .put(create(BridgeDomainSchema, { name: 'bd' }))
        .send();
      const names = async (filter: Parameters<typeof client.items>[0]) =>
        (await client.items(filter)).map(({ key }) => key.split('/').at(-1));
      assert.deepEqual(await names({ ids: [{ model: 'vpp.l2.bridge-domain' }] }), ['bd']);
      assert.deepEqual(await names({ ids: [{ model: 'vpp.interfaces', name: 'b' }] }), ['b']);
      assert.deepEqual(await names({ labels: { tenant: '' } }), ['a', 'b']);
      assert.deepEqual(await names({ labels: { tenant: '', '!old': '' } }), ['a']);
      assert.deepEqual((await client.items({ labels: { old: '' } }))[0]?.labels, { tenant: 'blue', old: '' });
      await assert.rejects(client.items({ ids: [{ model: 'vpp.interfaces' }], labels: { a: '' } }), { status: 400 });
      await assert.rejects(client.items({ ids: [{ model: 'vpp.interface' }] }), { code: 'refused', status: 400 });
      assert.deepEqual(
        (await client.dump([{ model: 'vpp.interfaces' }])).map(({ value }) => value),
        [loop('a'), loop('b')],
      );
    });

    test('refuses what is wrong as a whole, and hides secrets', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      await assert.rejects(
        client
          .change()
          .put([loop('fine'), loop('wrong', 70_000)])
          .send(),
        (error) => {
          assert.ok(error instanceof ClientError);
          assert.deepEqual([error.code, error.status, error.problems.length], ['refused', 400, 1]);
          assert.match(error.message, /mtu/);
          return true;
        },
      );
      assert.equal(agent.plane.size, 0);
      const change = client.change().put(
        create(SecurityAssociationSchema, {
          index: 1,
          protocol: 1,
          spi: 7,
          cryptoAlg: 1,
          cryptoKey: 'c0ffee'.padEnd(32, '0'),
        }),
      );
      await change.send();
      await assert.rejects(change.send(), { code: 'usage' });
      for (const found of [await client.items(), await client.dump()])
        assert.doesNotMatch(
          JSON.stringify(found, (_, one: unknown) => (typeof one === 'bigint' ? 0 : one)),
          /c0ffee/,
        );
    });

    test('watches states', async () => {
      await using agent = await startTestAgent();
      const client = open(agent);
      const stop = new AbortController();
      const changes = client.watch({ prefix: loopKey('a') }, stop.signal)[Symbol.asyncIterator]();
      const first = changes.next();
      // A watch begins when its request arrives: make changes until one is seen.
      for (let round = 0, done = false; !done; round++) {
        void first.then(() => (done = true));
        await client
          .change()
          .put([loop('a', 2000 + round), loop('b', 2000 + round)])
          .send();
      }
      const { value } = (await first) as { value: { key: string; state: string } };
      assert.deepEqual([value.key, value.state], [loopKey('a'), 'CONFIGURED']);
      stop.abort();
      let result = await changes.next();
      while (!result.done) result = await changes.next();
    });
  });
}

test('without an agent: unreachable, with what to do; without a token: refused', async () => {
  await assert.rejects(grpcClient({ socketPath: '/nonexistent' }).items(), (error) => {
    assert.ok(error instanceof ClientError);
    assert.equal(error.code, 'unreachable');
    assert.match(error.message, /is the agent running/);
    return true;
  });
  await using agent = await startTestAgent();
  const { grpcPort: port } = agent;
  await assert.rejects(grpcClient({ host: '127.0.0.1', port }).change().put(loop('a')).send(), {
    code: 'refused',
    status: 401,
  });
});
