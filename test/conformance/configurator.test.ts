import assert from 'node:assert/strict';
import { type ServiceError, status } from '@grpc/grpc-js';
import { describe, test } from 'node:test';
import { interfaceStatesPlugin } from '../../src/agent/plugins/interface-states.ts';
import type { InterfaceState } from '../../src/agent/interfaces/interface-states.ts';
import { startTestAgent, type TestAgent } from '../../src/client/testing.ts';
import { asKey } from '../../src/model/key.ts';
import { type Data, type Fields, GrpcClient, list, text } from './grpc-client.ts';

const service = 'ligato.configurator.ConfiguratorService';
const loop = (name: string, more: Fields = {}): Fields => ({ name, type: 'SOFTWARE_LOOPBACK', enabled: true, ...more });
const update = (...interfaces: Fields[]): Fields => ({ update: { vpp_config: { interfaces } } });

const open = (agent: TestAgent): GrpcClient => new GrpcClient(`unix:${agent.grpcSocketPath}`);
const names = (config: Data | undefined): string[] =>
  list(config?.['vpp_config']?.['interfaces'])
    .map(({ name }) => text(name))
    .sort();

describe('ConfiguratorService', () => {
  test('Update puts, Get and Dump show, Delete removes by what identifies', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    const { headers } = await client.call(`${service}/Update`, update(loop('a', { mtu: 1400 }), loop('b')));
    assert.match(String(headers.get('seqnum')[0]), /^\d+$/);
    assert.deepEqual(names((await client.call(`${service}/Get`)).message['config']), ['a', 'b']);
    const { dump } = (await client.call(`${service}/Dump`)).message;
    assert.deepEqual(names(dump), ['a', 'b']);
    assert.equal(list(dump?.['vpp_config']?.['interfaces']).find(({ name }) => text(name) === 'a')?.['mtu'], 1400);
    await client.call(`${service}/Delete`, { delete: { vpp_config: { interfaces: [{ name: 'a' }] } } });
    assert.deepEqual([...agent.plane.keys()], [asKey('config/vpp/v2/interfaces/b')]);
  });

  test('full_resync replaces what this client wanted, and nothing of other sources', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    await client.call(`${service}/Update`, update(loop('mine'), loop('old')));
    await client.call(`${service}/Update`, update(loop('theirs')), { metadata: { datasrc: 'other' } });
    await client.call(`${service}/Update`, { ...update(loop('mine')), full_resync: true });
    assert.deepEqual(names((await client.call(`${service}/Get`)).message['config']), ['mine', 'theirs']);
  });

  test('wait_done waits until nothing is PENDING, and says at the deadline what is missing', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    const bridge = { update: { vpp_config: { bridge_domains: [{ name: 'bd', interfaces: [{ name: 'late' }] }] } } };
    await client.call(`${service}/Update`, { ...bridge, wait_done: true });
    const unnumbered = update(loop('u', { unnumbered: { interface_with_ip: 'lender' } }));
    await client.call(`${service}/Update`, { ...unnumbered, wait_done: true });
    const route = {
      update: {
        vpp_config: { routes: [{ dst_network: '10.9.0.0/16', next_hop_addr: '10.0.0.1', outgoing_interface: 'late' }] },
      },
    };
    await assert.rejects(client.call(`${service}/Update`, { ...route, wait_done: true }, { deadline: 300 }), {
      code: status.DEADLINE_EXCEEDED,
    });
    const waiting = client.call(`${service}/Update`, { ...route, wait_done: true }, { deadline: 20_000 });
    await client.call(`${service}/Update`, update(loop('late')));
    await waiting;
    assert.ok(agent.plane.has(asKey('config/vpp/v2/route/if/late/vrf/0/dst/10.9.0.0/16/gw/10.0.0.1')));
  });

  test('a call that is given up changes nothing more for the others', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    const stop = new AbortController();
    const call = client.call(
      `${service}/Update`,
      {
        update: { vpp_config: { routes: [{ dst_network: '10.9.0.0/16', outgoing_interface: 'never' }] } },
        wait_done: true,
      },
      { signal: stop.signal },
    );
    stop.abort();
    await assert.rejects(call, { code: status.CANCELLED });
    await client.call(`${service}/Update`, update(loop('a')));
  });

  test('what is wrong is INVALID_ARGUMENT with the fields, what fails FAILED_PRECONDITION with the objects', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    await assert.rejects(
      client.call(`${service}/Update`, update(loop('fine'), loop('a', { mtu: 70_000 }))),
      (error: ServiceError) => {
        assert.equal(error.code, status.INVALID_ARGUMENT);
        assert.match(error.details, /config\/vpp\/v2\/interfaces\/a mtu: .*9216/);
        assert.ok(error.metadata.get('grpc-status-details-bin').length === 1, 'google.rpc.BadRequest');
        return true;
      },
    );
    assert.equal(agent.plane.size, 0);
    agent.broken.add('config/vpp/v2/interfaces/b');
    await assert.rejects(
      client.call(`${service}/Update`, update(loop('a'), loop('b')), { metadata: { 'ligature-retry': 'false' } }),
      {
        code: status.FAILED_PRECONDITION,
        details: /interfaces\/b: the plane is broken/,
      },
    );
    assert.deepEqual([...agent.plane.keys()], [asKey('config/vpp/v2/interfaces/a')], 'what could be done is done');
    await assert.rejects(
      client.call(`${service}/Update`, update(loop('a')), { metadata: { 'ligature-acknowledge': 'soon' } }),
      {
        code: status.INVALID_ARGUMENT,
        details: /accepted, persisted, applied, verified/,
      },
    );
  });

  test('levels of acknowledgement: accepted and persisted do not wait for the data plane', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    for (const level of ['accepted', 'persisted']) {
      const { headers } = await client.call(`${service}/Update`, update(loop(level)), {
        metadata: { 'ligature-acknowledge': level },
      });
      assert.deepEqual(headers.get('seqnum'), []);
    }
    await client.call(`${service}/Update`, update(loop('verified')), {
      metadata: { 'ligature-acknowledge': 'verified' },
    });
    assert.equal(agent.plane.size, 3);
  });

  test('secrets are shown as a placeholder, which keeps them when it comes back', async () => {
    await using agent = await startTestAgent();
    using client = open(agent);
    const key = 'c0ffee'.padEnd(32, '0');
    const association = { index: 1, spi: 7, protocol: 'ESP', crypto_alg: 'AES_CBC_128', crypto_key: key };
    await client.call(`${service}/Update`, { update: { vpp_config: { ipsec_sas: [association] } } });
    for (const [method, field] of [
      ['Get', 'config'],
      ['Dump', 'dump'],
    ] as const) {
      const { message } = await client.call(`${service}/${method}`);
      const [shown] = list(message[field]?.['vpp_config']?.['ipsec_sas']);
      assert.equal(shown?.['crypto_key'], '<secret>', method);
    }
    const { config } = (await client.call(`${service}/Get`)).message;
    await client.call(`${service}/Update`, { update: config });
    assert.equal(([...agent.plane.values()] as unknown as { cryptoKey: string }[])[0]?.cryptoKey, key);
  });

  test('Notify tells of links, the old ones first, and filters', async () => {
    await using agent = await startTestAgent();
    const links = fakeInterfaces(agent);
    using client = open(agent);
    links.set('tap1', 'UP');
    const all = client.stream(`${service}/Notify`, { idx: 0 });
    const first = (await all.next()).value as Data;
    assert.deepEqual(linkOf(first), ['tap1', 'UP']);
    links.set('tap1', 'DOWN');
    const second = (await all.next()).value as Data;
    assert.deepEqual(linkOf(second), ['tap1', 'DOWN']);
    assert.equal(Number(second['next_idx']), Number(first['next_idx']) + 1);
    links.delete('tap1');
    assert.deepEqual(linkOf((await all.next()).value as Data), ['tap1', 'DELETED']);
    await all.return(undefined);
    const filter = { vpp_notification: { interface: { state: { oper_status: 'DOWN' } } } };
    const some = client.stream(`${service}/Notify`, { idx: 0, filters: [filter] });
    assert.deepEqual(linkOf((await some.next()).value as Data), ['tap1', 'DOWN']);
    await some.return(undefined);
  });

  test('PollStats reads once or again and again, and refuses what makes no sense', async () => {
    await using agent = await startTestAgent();
    const poller = 'ligato.configurator.StatsPollerService/PollStats';
    using client = open(agent);
    await assert.rejects(client.stream(poller).next(), { code: status.UNAVAILABLE });
    const links = fakeInterfaces(agent);
    links.set('tap1', 'UP');
    const once = await collect(client.stream(poller));
    assert.deepEqual(
      once.map(({ poll_seq: sequence, stats }) => {
        const counters = stats?.['vpp_stats']?.['interface'];
        return [sequence, counters?.['name'], counters?.['rx']?.['packets']];
      }),
      [[0, 'tap1', '7']],
    );
    const twice = await collect(client.stream(poller, { period_sec: 1, num_polls: 2 }));
    assert.deepEqual(
      twice.map(({ poll_seq: sequence }) => sequence),
      [1, 2],
    );
    await assert.rejects(client.stream(poller, { num_polls: 2 }).next(), { code: status.INVALID_ARGUMENT });
  });
});

function linkOf({ notification }: Data): unknown[] {
  const state = notification?.['vpp_notification']?.['interface']?.['state'];
  return [state?.['name'], state?.['oper_status']];
}

async function collect(stream: AsyncIterable<Data>): Promise<Data[]> {
  const messages: Data[] = [];
  for await (const message of stream) messages.push(message);
  return messages;
}

/** Interfaces as some engine would read them. */
function fakeInterfaces(agent: TestAgent) {
  const there = new Map<string, 'UP' | 'DOWN'>();
  const listeners = new Set<() => void>();
  const counters = {
    rxPackets: 7n,
    rxBytes: 700n,
    rxErrors: 0n,
    rxDropped: 0n,
    rxMulticast: 0n,
    rxUnhandled: 0n,
    txPackets: 0n,
    txBytes: 0n,
    txErrors: 0n,
    txDropped: 0n,
  };
  agent.application.api(interfaceStatesPlugin).addReader({
    read: () =>
      Promise.resolve(
        [...there].map(
          ([name, operational]): Omit<InterfaceState, 'since'> => ({
            key: `config/vpp/v2/interfaces/${name}`,
            model: 'vpp.interfaces',
            name,
            device: name,
            index: 1,
            place: 'test',
            admin: 'UP',
            operational,
            mac: '02:00:00:00:00:01',
            mtu: 1500,
            shared: false,
            counters,
          }),
        ),
      ),
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
  const tell = (): void => listeners.forEach((listener) => listener());
  return {
    set: (name: string, state: 'UP' | 'DOWN'): void => {
      there.set(name, state);
      tell();
    },
    delete: (name: string): void => {
      there.delete(name);
      tell();
    },
  };
}
