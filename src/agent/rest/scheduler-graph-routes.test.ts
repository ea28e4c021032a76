/** The graph of values, now and then. */

import { create } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { HttpClient } from '../../client/http.ts';
import { ClientError } from '../../client/errors.ts';
import { localClient } from '../../client/local.ts';
import { startTestAgent } from '../../client/testing.ts';
import { InterfaceSchema, Interface_Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';

const loop = (name: string, mtu = 1500) =>
  create(InterfaceSchema, { name, type: Interface_Type.SOFTWARE_LOOPBACK, enabled: true, mtu });
const key = (name: string): string => `config/vpp/v2/interfaces/${name}`;

/** A moment after everything that was, and before everything that will be; in Ligato's nanoseconds. */
function moment(): string {
  const now = Date.now();
  while (Date.now() === now);
  const then = Date.now();
  while (Date.now() === then);
  return `${then}000000`;
}

interface Node {
  readonly Key: string;
  readonly Value: { readonly ProtoMsgData: string } | null;
  readonly Flags: Readonly<Record<string, string>>;
  readonly Targets: readonly { readonly Relation: string; readonly Label: string }[];
  readonly Since: string;
  readonly Until?: string;
  readonly Transaction: number;
}

test('a snapshot of then has the values of then; the timeline has every revision', async () => {
  await using agent = await startTestAgent();
  const client = localClient(agent.application);
  const http = new HttpClient({ socketPath: agent.socketPath });
  const atTime = async (time?: string) =>
    (await http.json<Node[]>({ path: '/scheduler/graph-snapshot', query: { time } })).filter(({ Key }) =>
      Key.startsWith('config/'),
    );
  await client.apply([loop('a')]);
  const first = moment();
  await client.apply('vppConfig: { bridgeDomains: [{ name: bd, interfaces: [{ name: gone }] }] }');
  await client.apply([loop('a', 9000)]);
  const second = moment();
  await client.delete([loop('a')]);
  const third = moment();
  await client.apply([loop('a', 2000)]);

  const then = await atTime(first);
  assert.deepEqual(
    then.map((node) => [node.Key, node.Flags['value-state']]),
    [[key('a'), 'CONFIGURED']],
  );
  assert.match(then[0]?.Value?.ProtoMsgData ?? '', /mtu:1500/);
  const middle = await atTime(second);
  assert.match(middle.find(({ Key }) => Key === key('a'))?.Value?.ProtoMsgData ?? '', /mtu:9000/);
  const domain = middle.find(({ Key }) => Key.endsWith('bridge-domain/bd'));
  assert.deepEqual(
    domain?.Targets.map(({ Relation, Label }) => [Relation, Label]),
    [['derives', 'vpp/bd/bd/interface/gone']],
  );
  assert.deepEqual(
    (await atTime(third)).map(({ Key }) => Key),
    ['config/vpp/l2/v2/bridge-domain/bd'],
  );
  assert.deepEqual((await atTime()).length, 2);

  const timeline = await http.json<Node[]>({ path: '/scheduler/key-timeline', query: { key: key('a') } });
  assert.deepEqual(
    timeline.map(({ Value, Until }) => [/mtu:\d+/.exec(Value?.ProtoMsgData ?? '')?.[0], Until === undefined]),
    [
      ['mtu:1500', false],
      ['mtu:9000', false],
      ['mtu:2000', true],
    ],
  );
  assert.equal(timeline[0]?.Until, timeline[1]?.Since);
  const one = (time: string) =>
    http.json<Node | null>({ path: '/scheduler/key-timeline', query: { key: key('a'), time } });
  assert.equal((await one(second))?.Flags['last-update'], `TXN-${timeline[1]?.Transaction}`);
  assert.equal(await one(third), null);
  assert.equal(await one('1'), null);
});

test('the graph comes as graphviz source, and as a picture where graphviz is', async () => {
  await using agent = await startTestAgent();
  const { seqNum } = await localClient(agent.application).apply(
    'vppConfig: { interfaces: [{ name: a, type: SOFTWARE_LOOPBACK }], bridgeDomains: [{ name: bd, interfaces: [{ name: gone }] }] }',
  );
  const http = new HttpClient({ socketPath: agent.socketPath });
  const source = await http.text({ path: '/scheduler/graph', query: { format: 'dot', txn: seqNum ?? -1 } });
  assert.match(source, /"config\/vpp\/v2\/interfaces\/a" \[label="a".*fillcolor="palegreen", color=gold/);
  assert.match(source, /"vpp\/bd\/bd\/interface\/gone" .*style="filled,dashed"/);
  assert.match(source, /-> "missing interface gone" \[color=red/);
  const only = await http.text({ path: '/scheduler/graph', query: { format: 'raw', 'key-prefix': key('a') } });
  assert.doesNotMatch(only, /bridge-domain|color=gold/);
  await assert.rejects(http.text({ path: '/scheduler/graph', query: { txn: 99, format: 'dot' } }), { status: 404 });
  const drawn = http.text({ path: '/scheduler/graph' });
  if (spawnSync('dot', ['-V']).error === undefined) assert.match(await drawn, /<svg/);
  else
    await assert.rejects(
      drawn,
      (error) => error instanceof ClientError && error.status === 501 && /graphviz/.test(error.message),
    );
});

test('proxy ARP is dumped by interface and by range', async () => {
  await using agent = await startTestAgent();
  await localClient(agent.application).apply(
    'vppConfig: { proxyArp: { interfaces: [{ name: a }, { name: b }], ranges: [{ firstIpAddr: 10.0.0.1, lastIpAddr: 10.0.0.9 }] } }',
  );
  const http = new HttpClient({ socketPath: agent.socketPath });
  assert.deepEqual(await http.json({ path: '/dump/vpp/v2/proxyarp/interfaces' }), [
    { interface: { name: 'a' } },
    { interface: { name: 'b' } },
  ]);
  assert.deepEqual(await http.json({ path: '/dump/vpp/v2/proxyarp/ranges' }), [
    { range: { first_ip_addr: '10.0.0.1', last_ip_addr: '10.0.0.9' } },
  ]);
});

test('calls of the configuration are counted; metrics of no model say which there are', async () => {
  await using agent = await startTestAgent();
  const client = localClient(agent.application);
  await client.apply([loop('a')]);
  await assert.rejects(client.apply([loop('b', 70_000)]));
  const http = new HttpClient({ socketPath: agent.socketPath });
  const { Methods } = await http.json<{ Methods: Record<string, { count: number; failed: number; max: number }> }>({
    path: '/stats/configurator',
  });
  assert.deepEqual([Methods['Apply']?.count, Methods['Apply']?.failed], [2, 1]);
  assert.deepEqual(await http.json({ path: '/stats/linux/interfaces' }), []);
  await assert.rejects(http.json({ path: '/metrics/govppmux.stats' }), { status: 404 });
  await assert.rejects(http.json({ path: '/metrics/constructor' }), { status: 404 });
});
