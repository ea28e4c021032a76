/** Server-sent events, over a real socket. */

import { create } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { test } from 'node:test';
import { localClient } from '../../client/local.ts';
import { startTestAgent, type TestAgent } from '../../client/testing.ts';
import { InterfaceSchema, Interface_Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';

interface Event {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

const loop = (name: string, mtu = 1500) =>
  create(InterfaceSchema, { name, type: Interface_Type.SOFTWARE_LOOPBACK, enabled: true, mtu });

function get(agent: TestAgent, path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ socketPath: agent.socketPath, path, headers: { host: 'localhost', ...headers }, agent: false }, resolve)
      .on('error', reject)
      .end();
  });
}

async function json(agent: TestAgent, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await get(agent, path);
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return { status: response.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> };
}

/** Events of a stream, one by one. */
async function* events(response: IncomingMessage): AsyncGenerator<Event> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += String(chunk);
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = (name: string): string | undefined =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const event = field('event');
      if (event !== undefined)
        yield { id: field('id'), event, data: JSON.parse(field('data') ?? '{}') as Record<string, unknown> };
    }
  }
}

async function next(stream: AsyncGenerator<Event>, wanted: (event: Event) => boolean): Promise<Event> {
  for (;;) {
    const result = (await stream.next()) as IteratorResult<Event, undefined>;
    if (result.done === true) throw new Error('the stream has ended');
    if (wanted(result.value)) return result.value;
  }
}

test('states, transactions and log levels arrive, and a client that comes back gets what it missed', async () => {
  await using agent = await startTestAgent();
  const client = localClient(agent.application);
  const response = await get(agent, '/api/v1/watch?topics=state,transaction,log');
  assert.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8');
  const stream = events(response);
  const first = await next(stream, () => true);
  assert.deepEqual([first.event, first.data['reason']], ['resync', 'start']);

  const { seqNum } = await client.apply([loop('a')], { description: 'one loop' });
  const state = await next(stream, ({ event }) => event === 'state');
  assert.deepEqual([state.data.key, state.data.state], ['config/vpp/v2/interfaces/a', 'CONFIGURED']);
  const transaction = await next(stream, ({ event }) => event === 'transaction');
  assert.deepEqual(
    [transaction.data.seqNum, transaction.data.description, transaction.data.failed, transaction.data.operations],
    [seqNum, 'one loop', 0, { CREATE: 1 }],
  );
  agent.application.info.logs.setLevel('kvscheduler', 'debug');
  const log = await next(stream, ({ event }) => event === 'log');
  assert.deepEqual(log.data, { logger: 'kvscheduler', level: 'debug' });
  response.destroy();

  await client.apply([loop('b')]);
  const back = await get(agent, '/api/v1/watch?topics=state,transaction,log', { 'last-event-id': log.id ?? '' });
  const missed = (await events(back).next()).value as Event;
  assert.deepEqual([missed.event, missed.data.key], ['state', 'config/vpp/v2/interfaces/b']);
  back.destroy();
});

test('a client that does not read is told to read everything again, and holds up nobody', async () => {
  await using agent = await startTestAgent();
  const client = localClient(agent.application);
  const slow = await get(agent, '/api/v1/watch?topics=state');
  const quick = events(await get(agent, '/api/v1/watch?topics=state'));
  await quick.next();
  slow.pause();
  const seen = new Set<string>();
  const names = Array.from({ length: 500 }, (_, n) => `loop-${n}`);
  const reading = (async () => {
    while (seen.size < names.length) seen.add(String((await next(quick, ({ event }) => event === 'state')).data.name));
  })();
  // Larger than what the sockets and the ring hold together.
  for (let round = 0; round < 60; round++) await client.apply(names.map((name) => loop(name, 1000 + round)));
  await reading;
  const stream = events(slow);
  assert.equal((await next(stream, ({ event }) => event === 'resync')).data.reason, 'start');
  assert.equal((await next(stream, ({ event }) => event === 'resync')).data.reason, 'lost');
  slow.destroy();
});

test('states can be filtered; what is wrong with a request is said', async () => {
  await using agent = await startTestAgent();
  const client = localClient(agent.application);
  const stream = events(await get(agent, '/api/v1/watch?topics=state&prefix=config/vpp/v2/interfaces/b'));
  await stream.next();
  await client.apply([loop('a'), loop('b')]);
  assert.equal((await next(stream, () => true)).data['name'], 'b');
  const { status, body } = await json(agent, '/api/v1/watch?topics=states');
  assert.equal(status, 400);
  assert.match(String(body['Error']), /topics: there is no topic "states"; accepted: state, transaction/);
  await stream.return(undefined);
});

test('the graph comes in pages with its edges, and around a value', async () => {
  await using agent = await startTestAgent();
  const client = localClient(agent.application);
  await client.apply(
    'vppConfig: { interfaces: [{ name: a, type: SOFTWARE_LOOPBACK, ipAddresses: [10.0.0.1/24] }], bridgeDomains: [{ name: bd, interfaces: [{ name: a }, { name: gone }] }] }',
  );
  const page = await json(agent, '/api/v1/graph/nodes?model=vpp.l2.bridge-domain');
  assert.equal(page.body['total'], 1);
  const edges = page.body['edges'] as { from: string; to: string; type: string }[];
  assert.ok(
    edges.some(({ type, to }) => type === 'part' && to.endsWith('/bd/interface/a')),
    JSON.stringify(edges),
  );
  assert.ok((page.body['outside'] as object[]).length > 0);
  const around = await json(agent, '/api/v1/graph/nodes?around=config/vpp/v2/interfaces/a&depth=2');
  const keys = (around.body['nodes'] as { key: string }[]).map(({ key }) => key);
  assert.ok(keys.includes('config/vpp/l2/v2/bridge-domain/bd'), keys.join());
  const waiting = await json(agent, '/api/v1/graph/nodes?q=GONE');
  assert.equal((waiting.body['nodes'] as { key: string }[])[0]?.key.endsWith('/bd/interface/gone'), true);
  const none = await json(agent, '/api/v1/graph/nodes?around=config/none');
  assert.equal(none.status, 404);
  const summary = await json(agent, '/api/v1/graph/summary');
  assert.equal(summary.body['total'], 2);
});

test('the topology has places, ports, cables and tunnels; routes come in pages', async () => {
  await using agent = await startTestAgent();
  await localClient(agent.application).apply(`
vppConfig:
  interfaces:
    - { name: tap, type: TAP, enabled: true }
    - { name: vx, type: VXLAN_TUNNEL, vxlan: { srcAddress: 10.0.0.1, dstAddress: 10.0.0.2, vni: 7 } }
  bridgeDomains:
    - { name: bd, interfaces: [{ name: tap }, { name: vx, splitHorizonGroup: 1 }] }
  routes:
    - { dstNetwork: 10.1.0.0/16, nextHopAddr: 10.0.0.9, outgoingInterface: tap }
    - { dstNetwork: 10.2.0.0/16, nextHopAddr: 10.0.0.9, outgoingInterface: tap }
linuxConfig:
  interfaces:
    - { name: pod, type: TAP_TO_VPP, namespace: { type: NSID, reference: pod1 }, tap: { vppTapIfName: tap } }
`);
  const { body } = await json(agent, '/api/v1/topology');
  const links = (body['links'] as { type: string; from: string; to: string; label: string }[]).map(
    ({ type, from, to, label }) => [type, from.split('/').at(-1), to.split('/').at(-1), label].join(' '),
  );
  assert.deepEqual(links.sort(), [
    'bridge bd tap ',
    'bridge bd vx ',
    'cable pod tap TAP',
    'tunnel vx 10.0.0.2 VXLAN 7',
  ]);
  assert.deepEqual(
    (body['places'] as { id: string }[]).map(({ id }) => id),
    ['vswitch', '10.0.0.2', 'namespace pod1'],
  );
  const [domain] = body['bridgeDomains'] as { ports: { interface: string; splitHorizonGroup: number }[] }[];
  assert.deepEqual(
    domain?.ports.map((port) => [port.interface, port.splitHorizonGroup]),
    [
      ['tap', 0],
      ['vx', 1],
    ],
  );
  const routes = await json(agent, '/api/v1/topology/routes?q=10.2.&limit=1');
  assert.equal(routes.body['total'], 1);
  assert.equal((routes.body['routes'] as { destination: string }[])[0]?.destination, '10.2.0.0/16');
});

test('an object shows what is wanted, applied and there, and how it came to that', async () => {
  await using agent = await startTestAgent();
  const client = localClient(agent.application);
  const key = 'config/vpp/v2/interfaces/a';
  await client.apply([loop('a')]);
  await client.apply([loop('a', 9000)]);
  agent.plane.set(key as never, loop('a', 1400));
  const { body } = await json(agent, `/api/v1/object?key=${key}`);
  const mtus = ['desired', 'applied', 'retrieved'].map((view) => (body[view] as { mtu: number }).mtu);
  assert.deepEqual(mtus, [9000, 9000, 1400]);
  assert.deepEqual(body['drift'], [{ key, problem: 'different', fields: ['mtu'] }]);
  const timeline = (await json(agent, `/api/v1/timeline?key=${key}`)).body as unknown as {
    operation: string;
    newValue: { mtu: number };
    prevValue: { mtu: number } | null;
  }[];
  assert.deepEqual(
    timeline.map(({ operation, newValue, prevValue }) => [operation, prevValue?.mtu, newValue.mtu]),
    [
      ['UPDATE', 1500, 9000],
      ['CREATE', undefined, 1500],
    ],
  );
});
