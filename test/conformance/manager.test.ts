import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { describe, test } from 'node:test';
import { startTestAgent, type TestAgent } from '../../src/client/testing.ts';
import {
  bytes,
  type Data,
  decode,
  entries,
  type Fields,
  fromEntries,
  GrpcClient,
  item,
  list,
  text,
} from './grpc-client.ts';

const service = 'ligato.generic.ManagerService';
const Interface = 'ligato.vpp.interfaces.Interface';
const loop = (name: string, mtu = 1500): Fields =>
  item(Interface, { name, type: 'SOFTWARE_LOOPBACK', enabled: true, mtu });
const id = (name: string): Fields => ({ model: 'vpp.interfaces', name });
const open = (agent: TestAgent): GrpcClient => new GrpcClient(`unix:${agent.grpcSocketPath}`);
const results = ({ message }: { message: Data }): unknown[] =>
  list(message['results']).map(({ id: named, op, status: state }) => [named?.['name'], op, state?.['status']]);

describe('ManagerService', () => {
  test('SetConfig puts and removes, and says of each item what was done', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    const first = await client.call(`${service}/SetConfig`, { updates: [{ item: loop('a') }, { item: loop('b') }] });
    assert.deepEqual(results(first), [
      ['a', 'CREATE', 'CONFIGURED'],
      ['b', 'CREATE', 'CONFIGURED'],
    ]);
    const second = await client.call(`${service}/SetConfig`, {
      updates: [{ item: loop('a', 1400) }, { item: { id: id('b') } }, { item: { ...loop('c'), id: id('c') } }],
    });
    assert.deepEqual(results(second), [
      ['a', 'UPDATE', 'CONFIGURED'],
      ['b', 'DELETE', 'NONEXISTENT'],
      ['c', 'CREATE', 'CONFIGURED'],
    ]);
    await client.call(`${service}/SetConfig`, { updates: [{ item: loop('only') }], overwrite_all: true });
    assert.deepEqual([...agent.plane.keys()], ['config/vpp/v2/interfaces/only']);
  });

  test('one item that fails is told with its error; the others are done', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    agent.broken.add('config/vpp/v2/interfaces/b');
    const answer = await client.call(
      `${service}/SetConfig`,
      { updates: [{ item: loop('a') }, { item: loop('b') }] },
      { metadata: { 'ligature-retry': 'false' } },
    );
    assert.deepEqual(
      results(answer).map((one) => (one as unknown[])[2]),
      ['CONFIGURED', 'FAILED'],
    );
    assert.equal(list(answer.message['results'])[1]?.['status']?.['message'], 'the plane is broken');
  });

  test('items that make no sense are refused with their place, and nothing is done', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    const wrong: [Fields, RegExp][] = [
      [{ item: { id: { model: 'vpp.interface', name: 'a' } } }, /updates\[1\]\.item\.id: .*vpp\.interfaces/],
      [{ item: {} }, /updates\[1\]\.item\.id: .*needs an id/],
      [{ item: { ...loop('a'), id: id('b') } }, /updates\[1\]\.item\.id: the id is that of .*b, the data that of .*a/],
      [{ item: loop('ok') }, /is there twice/],
      [
        { item: { data: { any: { type_url: 'x/y', value: Buffer.of(1) } } } },
        /updates\[1\]\.item\.data: no model has the type/,
      ],
      [
        { item: { data: { any: { type_url: `x/${Interface}`, value: Buffer.of(255, 255) } } } },
        /updates\[1\]\.item\.data/,
      ],
      [{ item: loop('wrong', 99_999) }, /interfaces\/wrong mtu/],
    ];
    for (const [update, message] of wrong) {
      await assert.rejects(client.call(`${service}/SetConfig`, { updates: [{ item: loop('ok') }, update] }), {
        code: status.INVALID_ARGUMENT,
        details: message,
      });
    }
    assert.equal(agent.plane.size, 0);
  });

  test('GetConfig and DumpState find by name and by label', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    const labels = (team: string, more = {}): readonly Fields[] => entries({ team, ...more });
    await client.call(`${service}/SetConfig`, {
      updates: [
        { item: loop('a'), labels: labels('red') },
        { item: loop('b'), labels: labels('blue', { old: 'yes' }) },
        { item: loop('c') },
      ],
    });
    const find = async (request: Fields): Promise<string[]> =>
      list((await client.call(`${service}/GetConfig`, request)).message['items']).map(({ item: one }) =>
        text(one?.['id']?.['name']),
      );
    assert.deepEqual(await find({}), ['a', 'b', 'c']);
    assert.deepEqual(await find({ ids: [id('b')] }), ['b']);
    assert.deepEqual(await find({ ids: [{ model: 'vpp.interfaces' }] }), ['a', 'b', 'c']);
    assert.deepEqual(await find({ labels: entries({ team: 'red' }) }), ['a']);
    assert.deepEqual(await find({ labels: entries({ team: '' }) }), ['a', 'b']);
    assert.deepEqual(await find({ labels: entries({ team: '', '!old': '' }) }), ['a']);
    await assert.rejects(find({ ids: [id('a')], labels: entries({ team: '' }) }), { code: status.INVALID_ARGUMENT });
    await assert.rejects(find({ ids: [{ model: 'vpp.nothing' }] }), { code: status.INVALID_ARGUMENT });
    const { message } = await client.call(`${service}/GetConfig`, { ids: [id('b')] });
    const [found] = list(message['items']);
    assert.deepEqual(
      [fromEntries(found?.['labels']), found?.['status']?.['status']],
      [{ team: 'blue', old: 'yes' }, 'CONFIGURED'],
    );
    assert.equal(decode(Interface, bytes(found?.['item']?.['data']?.['any']?.['value']))['mtu'], 1500);
    const state = list((await client.call(`${service}/DumpState`, { ids: [id('c')] })).message['items']);
    assert.deepEqual(
      state.map(({ item: one }) => one?.['id']?.['name']),
      ['c'],
    );
  });

  test('Subscribe tells what there is, then every change, and what is gone', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    await client.call(`${service}/SetConfig`, { updates: [{ item: loop('a') }, { item: loop('z') }] });
    const stream = client.stream(`${service}/Subscribe`, { subscriptions: [{ id: id('a') }, { id: id('b') }] });
    const next = async (): Promise<unknown[]> => {
      const { value } = (await stream.next()) as IteratorYieldResult<Data>;
      return list(value['notifications']).map(({ item: one, status: state }) => {
        const content = one?.['data']?.['any']?.['value'];
        const mtu = content === undefined ? null : decode(Interface, bytes(content))['mtu'];
        return [one?.['id']?.['name'], state?.['status'], mtu];
      });
    };
    assert.deepEqual(await next(), [['a', 'CONFIGURED', 1500]]);
    await client.call(`${service}/SetConfig`, { updates: [{ item: loop('a', 9000) }, { item: loop('y') }] });
    assert.deepEqual(await next(), [['a', 'CONFIGURED', 9000]]);
    await client.call(`${service}/SetConfig`, { updates: [{ item: { id: id('a') } }] });
    const [[name, , data] = []] = (await next()) as unknown[][];
    assert.deepEqual([name, data], ['a', null]);
    await client.call(`${service}/SetConfig`, { updates: [{ item: loop('b') }] });
    assert.deepEqual(await next(), [['b', 'CONFIGURED', 1500]]);
    await stream.return(undefined);
  });
});
