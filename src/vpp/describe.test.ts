import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageTable } from './connection/message-table.ts';
import { describeMessage, listMessages } from './describe.ts';
import { loadSchemaPack } from './schema/pack.ts';

const pack = await loadSchemaPack();
const entries = [
  'ip_route_add_del',
  'ip_route_add_del_reply',
  'sw_interface_dump',
  'sw_interface_details',
  'control_ping_reply',
];
const table = new MessageTable(pack, [
  ...entries.map((name, id) => ({ id, name, crc: pack.crcs(name).at(-1)! })),
  { id: 100, name: 'of_the_future', crc: '12345678' },
]);

test('messages are listed by name, with how they are answered, and why they cannot be used', () => {
  const found = listMessages(table).map(({ name, answer, missing }) => [name, answer, missing === undefined]);
  assert.deepEqual(found, [
    ['control_ping_reply', undefined, true],
    ['ip_route_add_del', 'reply', true],
    ['ip_route_add_del_reply', undefined, true],
    ['of_the_future', undefined, false],
    ['sw_interface_details', undefined, true],
    ['sw_interface_dump', 'list', true],
  ]);
});

test('a message has its fields, its answers, and the types that these need, each once', () => {
  const { fields, replies, types } = describeMessage(table, 'ip_route_add_del')!;
  assert.deepEqual(fields, ['bool is_add=1', 'bool is_multipath', 'ip_route route']);
  assert.deepEqual(
    replies.map(({ name }) => name),
    ['ip_route_add_del_reply'],
  );
  assert.deepEqual(replies[0]?.fields, ['i32 retval', 'u32 stats_index']);
  const names = types.map(({ name }) => name);
  assert.deepEqual([...new Set(names)], names);
  for (const name of ['ip_route', 'prefix', 'fib_path', 'fib_path_type']) assert.ok(names.includes(name), name);
  assert.match(types.find(({ name }) => name === 'fib_path_type')!.text, /^enum u32: FIB_API_PATH_TYPE_NORMAL=0, /);
});

test('a list shows its items; a message that is not there, or not known, is said to be', () => {
  const list = describeMessage(table, 'sw_interface_dump')!;
  assert.deepEqual(
    list.replies.map(({ name }) => name),
    ['sw_interface_details'],
  );
  assert.ok(list.replies[0]!.fields.some((field) => field.endsWith('interface_name[64]')));
  assert.equal(describeMessage(table, 'nothing'), undefined);
  assert.match(describeMessage(table, 'of_the_future')!.missing!, /CRC 12345678; no definition is known/);
});
