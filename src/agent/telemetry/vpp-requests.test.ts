import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metrics } from '../../app/metrics/metrics.ts';
import { connectVpp } from '../../vpp/index.ts';
import { startFakeVpp } from '../../vpp/testing/fake-vpp.ts';
import { publishLinks, publishRequests } from './vpp-requests.ts';

async function lines(metrics: Metrics): Promise<readonly string[]> {
  return (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test("requests to VPP have Ligato's names and labels", async () => {
  const item = (index: number) => ({ name: 'sw_interface_details', fields: { sw_if_index: index } });
  await using fake = await startFakeVpp({
    answers: { delete_loopback: () => ({ retval: -2 }), sw_interface_dump: () => [item(0), item(1), item(2)] },
  });
  const client = await connectVpp({ path: fake.path });
  try {
    const metrics = new Metrics();
    publishRequests(metrics, client);
    await client.request('create_loopback');
    await client.request('create_loopback');
    await client.list('sw_interface_dump');
    await client.request('delete_loopback', { sw_if_index: 1 }).catch(() => undefined);
    const found = await lines(metrics);
    const prefix = 'ligato_govppmux_';
    for (const line of [
      'channels_created_total 1',
      'channels 1',
      'requests 0',
      'requests_total{message="create_loopback"} 2',
      'requests_total{message="sw_interface_dump"} 1',
      'requests_total{message="delete_loopback"} 1',
      'requests_done_total{message="create_loopback"} 2',
      'requests_done_total{message="sw_interface_dump"} 1',
      'requests_failed_total{message="delete_loopback",error="INVALID_SW_IF_INDEX"} 1',
      'replies_received_total{message="create_loopback_reply"} 2',
      'replies_received_total{message="sw_interface_details"} 3',
      'replies_received_total{message="delete_loopback_reply"} 1',
      'successful_request_duration_seconds_count{message="create_loopback"} 2',
      'successful_request_duration_seconds_bucket{message="create_loopback",le="+Inf"} 2',
      'successful_request_duration_seconds_count{message="sw_interface_dump"} 1',
    ])
      assert.ok(found.includes(prefix + line), `${line}\nis not among\n${found.join('\n')}`);
    assert.ok(!found.some((line) => line.startsWith(`${prefix}requests_done_total{message="delete_loopback"`)));
    const text = await metrics.text();
    assert.match(text, /^# TYPE ligato_govppmux_requests_total counter$/m);
    assert.match(text, /^# TYPE ligato_govppmux_successful_request_duration_seconds histogram$/m);
  } finally {
    await client.close();
  }
});

test('what is counted survives a connection, and times are in their buckets', async () => {
  await using fake = await startFakeVpp({
    answers: {
      create_loopback: () => {
        const end = performance.now() + 12;
        while (performance.now() < end);
        return {};
      },
    },
  });
  const client = await connectVpp({ path: fake.path, backoff: { first: 5, most: 5 } });
  try {
    const metrics = new Metrics();
    publishRequests(metrics, client);
    await client.request('create_loopback');
    const back = new Promise<void>((resolve) => {
      let lost = false;
      client.onState(({ state }) => {
        if (state === 'disconnected') lost = true;
        else if (lost) resolve();
      });
    });
    for (const { socket } of fake.connections) socket.destroy();
    await back;
    const found = await lines(metrics);
    const bucket = (bound: string): number =>
      Number(
        found
          .find((line) => line.includes(`_bucket{message="create_loopback",le="${bound}"}`))
          ?.split(' ')
          .at(-1),
      );
    assert.equal(bucket('0.008'), 0, 'it took 12 ms at least');
    assert.equal(bucket('+Inf'), 1);
    assert.ok(found.includes('ligato_govppmux_channels_created_total 2'), found.join('\n'));
  } finally {
    await client.close();
  }
});

test('links of interfaces, of one reading; none while they cannot be read', async () => {
  const metrics = new Metrics();
  let reads = 0;
  let isLost = false;
  publishLinks(metrics, async () => {
    reads++;
    if (isLost) throw new Error('VPP is lost');
    return [
      { name: 'one', admin: 'UP', operational: 'DOWN' },
      { name: 'two', admin: 'UP', operational: 'UP' },
    ];
  });
  assert.deepEqual(await lines(metrics), [
    'ligato_ifplugin_operational_state{name="one"} 2',
    'ligato_ifplugin_operational_state{name="two"} 1',
    'ligato_ifplugin_admin_state{name="one"} 1',
    'ligato_ifplugin_admin_state{name="two"} 1',
  ]);
  assert.equal(reads, 1);
  isLost = true;
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await lines(metrics), []);
});
