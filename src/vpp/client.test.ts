import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { connectVpp, openVpp } from './client.ts';
import type { VppState } from './client.ts';
import { isVppError, VppError } from './errors.ts';
import type { VppOptions } from './options.ts';
import { startFakeVpp } from './testing/fake-vpp.ts';
import type { FakeVppOptions } from './testing/fake-vpp.ts';

async function open(fakeOptions: FakeVppOptions = {}, options: VppOptions = {}) {
  const fake = await startFakeVpp(fakeOptions);
  const vpp = await connectVpp({ path: fake.path, backoff: { first: 5, most: 20 }, ...options });
  return {
    fake,
    vpp,
    async [Symbol.asyncDispose]() {
      await vpp.close();
      await fake.stop();
    },
  };
}

test('requests and replies', async () => {
  await using world = await open({
    answers: { create_loopback: ({ mac_address }) => ({ sw_if_index: mac_address === '02:fe:00:00:00:01' ? 7 : 8 }) },
  });
  assert.equal(world.vpp.version, '26.06-fake');
  assert.equal(world.vpp.pid, 4711);
  const replies = await Promise.all([
    world.vpp.request('create_loopback', { mac_address: '02:fe:00:00:00:01' }),
    world.vpp.request('create_loopback'),
  ]);
  assert.deepEqual(
    replies.map(({ sw_if_index }) => sw_if_index),
    [7, 8],
  );
});

test('requests of one turn of the event loop go out together', async () => {
  await using world = await open();
  const before = world.fake.reads;
  await Promise.all(Array.from({ length: 100 }, () => world.vpp.request('control_ping')));
  assert.equal(world.fake.reads - before, 1);
});

test('a refusal has VPP`s name and meaning', async () => {
  await using world = await open({ answers: { delete_loopback: () => ({ retval: -2 }) } });
  const error = await world.vpp.request('delete_loopback', { sw_if_index: 3 }).catch((caught: unknown) => caught);
  assert.ok(isVppError(error, 'INVALID_SW_IF_INDEX'));
  assert.equal(error.retval, -2);
  assert.equal(error.message, 'delete_loopback: VPP answered -2 INVALID_SW_IF_INDEX (there is no such interface)');
});

test('what cannot be sent names the field, and nothing is sent', async () => {
  await using world = await open();
  const wrong = [
    [{ prefix: '10.0.0.1' }, 'sw_interface_add_del_address.prefix'],
    [{ sw_if_index: 2 ** 32 }, 'sw_interface_add_del_address.sw_if_index'],
    [{ sw_if_index: 1.5 }, 'sw_interface_add_del_address.sw_if_index'],
    [{ prefxi: '10.0.0.1/24' }, 'sw_interface_add_del_address.prefxi'],
  ] as const;
  for (const [fields, field] of wrong) {
    const error = await world.vpp
      .request('sw_interface_add_del_address', fields as object)
      .catch((caught: unknown) => caught);
    assert.ok(error instanceof VppError && error.code === 'invalid-field' && error.field === field, String(error));
  }
  await world.vpp.request('control_ping');
  assert.deepEqual(world.fake.requests, ['show_version']);
});

test('a list ends with the ping behind it', async () => {
  const items = Array.from({ length: 3 }, (_, index) => ({
    name: 'sw_interface_details',
    fields: { sw_if_index: index, interface_name: `loop${index}` },
  }));
  await using world = await open({ answers: { sw_interface_dump: () => items } });
  const [interfaces, none] = await Promise.all([world.vpp.list('sw_interface_dump'), world.vpp.list('ip_table_dump')]);
  assert.deepEqual(
    interfaces.map(({ interface_name }) => interface_name),
    ['loop0', 'loop1', 'loop2'],
  );
  assert.deepEqual(none, []);
});

test('a list in pages goes on where the reply says', async () => {
  const cursors: unknown[] = [];
  await using world = await open({
    answers: {
      lcp_itf_pair_get: ({ cursor }) => {
        cursors.push(cursor);
        const page = cursor as number;
        return [
          { name: 'lcp_itf_pair_details', fields: { phy_sw_if_index: page } },
          { name: 'lcp_itf_pair_get_reply', fields: page < 2 ? { retval: -165, cursor: page + 1 } : {} },
        ];
      },
    },
  });
  const pairs = await world.vpp.list('lcp_itf_pair_get');
  assert.deepEqual(
    pairs.map((pair) => pair.phy_sw_if_index),
    [0, 1, 2],
  );
  assert.deepEqual(cursors, [0, 1, 2]);
});

test('a missing reply times out, and is known when it comes late', async () => {
  let answer: (() => void) | undefined;
  await using world = await open({
    answers: {
      delete_loopback: (_fields, connection) => {
        answer = () => connection.send('delete_loopback_reply', {}, context);
        return undefined;
      },
    },
  });
  // The contexts of a connection count from 1: ping and version come first.
  const context = 3;
  const error = await world.vpp.request('delete_loopback', {}, { timeout: 60 }).catch((caught: unknown) => caught);
  assert.ok(isVppError(error, 'timeout') && error.retriable);
  answer!();
  await world.vpp.request('control_ping');
  assert.equal(world.vpp.statistics().late, 1);
  assert.equal(world.vpp.statistics().unmatched, 0);
});

test('an aborted request rejects at once, in flight or waiting', async () => {
  await using world = await open({ answers: { delete_loopback: () => undefined } }, { window: 1 });
  const abort = new AbortController();
  const [flying, waiting] = ['flying', 'waiting'].map(() =>
    world.vpp.request('delete_loopback', {}, { signal: abort.signal }).catch((caught: unknown) => caught),
  );
  const { inFlight, waiting: queued } = world.vpp.statistics();
  assert.deepEqual([inFlight, queued], [1, 1]);
  abort.abort();
  assert.ok(isVppError(await flying, 'aborted'));
  assert.ok(isVppError(await waiting, 'aborted'));
  await world.vpp.request('control_ping');
});

test('requests that share a signal share a listener, and let go of it when they end', async () => {
  await using world = await open({ answers: { sw_interface_dump: () => [] } });
  const abort = new AbortController();
  const { signal } = abort;
  await Promise.all([1, 2, 3].map(() => world.vpp.list('sw_interface_dump', {}, { signal })));
  await world.vpp.request('control_ping', {}, { signal });
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  abort.abort();
  await world.vpp.request('control_ping');
  assert.equal(world.vpp.statistics().late, 0, 'what had ended was not given up');
});

test('never more requests in flight than the window, and all are answered', async () => {
  let open_ = 0;
  let most = 0;
  await using world = await open(
    {
      answers: {
        delete_loopback: (_fields, { socket }) => {
          most = Math.max(most, ++open_);
          setImmediate(() => (open_ -= 1));
          void socket;
          return {};
        },
      },
    },
    { window: 16 },
  );
  await Promise.all(
    Array.from({ length: 1_000 }, (_, index) => world.vpp.request('delete_loopback', { sw_if_index: index })),
  );
  assert.ok(most <= 16, `${most} at a time`);
  assert.equal(world.fake.requests.length, 1_001);
});

test('events are read in order, and end with the connection', async () => {
  await using world = await open();
  const events = world.vpp.events('sw_interface_event');
  const [connection] = [...world.fake.connections];
  for (const sw_if_index of [1, 2])
    connection!.send('sw_interface_event', { sw_if_index, flags: 'IF_STATUS_API_FLAG_LINK_UP' });
  assert.deepEqual(await events.next(), { value: { pid: 0, sw_if_index: 1, flags: 2, deleted: false }, done: false });
  await world.vpp.request('control_ping');
  connection!.socket.destroy();
  assert.equal(((await events.next()).value as { sw_if_index: number }).sw_if_index, 2);
  await assert.rejects(events.next(), (error) => isVppError(error, 'disconnected'));
  assert.equal((await events.next()).done, true);
});

test('events that nobody reads in time are an error, not memory', async () => {
  await using world = await open({}, { events: 10 });
  const events = world.vpp.events('sw_interface_event');
  const [connection] = [...world.fake.connections];
  for (let index = 0; index < 12; index++) connection!.send('sw_interface_event', { sw_if_index: index });
  await world.vpp.request('control_ping');
  for (let index = 0; index < 10; index++) await events.next();
  await assert.rejects(events.next(), (error) => isVppError(error, 'overflow'));
});

test('events stop with their signal', async () => {
  await using world = await open();
  const abort = new AbortController();
  const events = world.vpp.events('sw_interface_event', { signal: abort.signal });
  const next = events.next();
  abort.abort();
  assert.equal((await next).done, true);
});

test('a message with another CRC is named with both, and the rest works', async () => {
  await using world = await open(
    { crcs: { create_loopback: 'deadbeef' }, without: ['get_api_json'] },
    { definitions: '/nonexistent' },
  );
  assert.deepEqual(world.vpp.mismatches, [{ name: 'create_loopback', has: 'deadbeef', known: ['42bb5d22'] }]);
  await assert.rejects(
    world.vpp.request('create_loopback'),
    /this VPP has create_loopback with CRC deadbeef; known are 42bb5d22/,
  );
  assert.equal(world.vpp.pick('create_loopback', 'create_loopback_instance'), 'create_loopback_instance');
  await world.vpp.request('delete_loopback');
});

test('a message that is not there says which plugin has it', async () => {
  await using world = await open({ without: ['abf_policy_add_del'] });
  assert.match(world.vpp.missing('abf_policy_add_del') ?? '', /abf_plugin.so is not loaded/);
  assert.throws(
    () => world.vpp.pick('abf_policy_add_del'),
    (error) => isVppError(error, 'unavailable'),
  );
});

test('VPP tells definitions that the pack does not have', async () => {
  const module = {
    types: [],
    enums: [],
    unions: [],
    aliases: {},
    services: { shiny_new: { reply: 'shiny_new_reply' } },
    messages: [
      [
        'shiny_new',
        ['u16', '_vl_msg_id'],
        ['u32', 'client_index'],
        ['u32', 'context'],
        ['u32', 'shade'],
        { crc: '0x11111111' },
      ],
      ['shiny_new_reply', ['u16', '_vl_msg_id'], ['u32', 'context'], ['i32', 'retval'], { crc: '0x22222222' }],
    ],
  };
  // Another module that cannot be used does no harm.
  const json = JSON.stringify([module, { messages: [['__proto__', { crc: '0x1' }]] }]);
  await using world = await open({
    crcs: { shiny_new: '11111111', shiny_new_reply: '22222222' },
    answers: { get_api_json: () => ({ json }) },
  });
  assert.deepEqual(world.vpp.mismatches, []);
  assert.equal(world.vpp.has('shiny_new' as 'control_ping'), true);
});

test('VPP dies and comes back: in flight fails, the state is told, requests work again', async () => {
  const fake = await startFakeVpp({ answers: { delete_loopback: () => undefined } });
  const vpp = await connectVpp({ path: fake.path, backoff: { first: 5, most: 20 } });
  const states: VppState[] = [];
  let told = (): void => {};
  vpp.onState((state) => {
    states.push(state);
    told();
  });
  const flying = vpp.request('delete_loopback').catch((caught: unknown) => caught);
  await vpp.request('control_ping');
  for (const { socket } of fake.connections) socket.destroy();
  assert.ok(isVppError(await flying, 'disconnected'));
  await new Promise<void>((resolve) => {
    told = () => states.length >= 3 && resolve();
    told();
  });
  assert.deepEqual(
    states.map(({ state }) => state),
    ['connected', 'disconnected', 'connected'],
  );
  assert.equal((states[2] as VppState & { state: 'connected' }).isNew, false);
  await vpp.request('control_ping');

  const lost = new Promise<void>((resolve) => (told = resolve));
  await fake.stop();
  await lost;
  await assert.rejects(vpp.request('control_ping'), (error) => isVppError(error, 'disconnected') && error.retriable);
  await vpp.close();
});

test('another VPP at the same socket is new', async () => {
  const first = await startFakeVpp({ pid: 1 });
  const vpp = await connectVpp({ path: first.path, backoff: { first: 5, most: 20 } });
  const isNew = new Promise<boolean>((resolve) => {
    let isFirst = true;
    vpp.onState((state) => {
      if (state.state === 'connected' && !isFirst) resolve(state.isNew);
      isFirst = false;
    });
  });
  const { path } = first;
  await first.stop();
  mkdirSync(dirname(path), { recursive: true });
  const second = await startFakeVpp({ pid: 2, path });
  assert.equal(await isNew, true);
  assert.equal(vpp.pid, 2);
  await vpp.close();
  await second.stop();
  rmSync(dirname(path), { recursive: true, force: true });
});

test('a VPP that hangs is noticed', async () => {
  let hangs = false;
  await using world = await open(
    { answers: { control_ping: () => (hangs ? undefined : { vpe_pid: 4711 }) } },
    { probeInterval: 10, probeTimeout: 60 },
  );
  const lost = new Promise<VppError>((resolve) => {
    world.vpp.onState((state) => state.state === 'disconnected' && resolve(state.error));
  });
  hangs = true;
  assert.equal((await lost).message, 'VPP does not answer');
});

test('nobody at the socket', async () => {
  await assert.rejects(
    connectVpp({ path: '/tmp/no-such-vpp.sock' }),
    (error) => isVppError(error, 'unreachable') && error.retriable,
  );
});

test('requests that work over shared memory only are refused, as VPP would die of them', async () => {
  await using world = await open();
  for (const name of ['get_node_graph', 'cli', 'memclnt_create_v2']) {
    const listed = world.vpp.messages().find((message) => message.name === name);
    assert.match(listed?.missing ?? '', /works over shared memory only/, name);
    await assert.rejects(world.vpp.call(name), { code: 'unavailable', message: /shared memory/ });
  }
  assert.deepEqual(
    world.fake.requests.filter((name) => name !== 'show_version'),
    [],
  );
});

test('a client that was opened before VPP is there connects when it comes', async () => {
  const fake = await startFakeVpp();
  const { path } = fake;
  await fake.stop();
  mkdirSync(dirname(path), { recursive: true });
  const vpp = await openVpp({ path, attempts: Number.POSITIVE_INFINITY, backoff: { first: 5, most: 20 } });
  try {
    const absent = (error: unknown): boolean =>
      isVppError(error, 'unreachable') && /no such socket/.test(error.message);
    await assert.rejects(vpp.request('show_version'), absent);
    assert.throws(() => vpp.pick('show_version'), absent);
    assert.deepEqual([vpp.isConnected, vpp.version], [false, '']);
    await using _there = await startFakeVpp({ path });
    await vpp.connected;
    assert.equal((await vpp.request('show_version')).program, 'vpe');
  } finally {
    await vpp.close();
    rmSync(dirname(path), { recursive: true, force: true });
  }
});

test('one whose attempts are used up, or that is closed before, says so', async () => {
  const path = '/nonexistent/vpp.sock';
  const vpp = await openVpp({ path, attempts: 2, backoff: { first: 1, most: 1 } });
  await assert.rejects(vpp.connected, /no such socket/);
  await vpp.close();
  const closed = await openVpp({ path, attempts: Number.POSITIVE_INFINITY });
  const rejected = assert.rejects(closed.connected);
  await closed.close();
  await rejected;
});
