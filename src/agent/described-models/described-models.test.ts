import { create, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file_ligato_vpp_interfaces_interface as interfaceFile } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { createModelRegistry, type ModelRegistry } from '../../model/index.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { openMemoryStore } from '../../store/memory/memory-store.ts';
import type { Store } from '../../store/store.ts';
import { DescribedModels } from './described-models.ts';

const descriptorSet = toBinary(
  FileDescriptorSetSchema,
  create(FileDescriptorSetSchema, {
    file: [
      create(FileDescriptorProtoSchema, {
        name: 'note.proto',
        package: 'acme',
        syntax: 'proto3',
        messageType: [{ name: 'Note', field: [{ name: 'name', number: 1, type: 9, label: 1 }] }, { name: 'Other' }],
      }),
    ],
  }),
);
const note = { message: 'acme.Note', module: 'acme', type: 'note', version: 'v1' };

function open(store: Store) {
  const models = createModelRegistry();
  const kinds: string[] = [];
  const scheduler = { addEngine() {}, register: ({ name }: { name: string }) => kinds.push(name) };
  const wanted = new Set<string>();
  const described = new DescribedModels({
    models,
    scheduler: scheduler as unknown as Scheduler,
    store,
    isWanted: (prefix) => wanted.has(prefix),
  });
  return { models, described, kinds };
}

const has = (models: ModelRegistry) => models.findModel('acme.note') !== undefined;

test('a registered model is there after a restart, until it is forgotten', async () => {
  const store = openMemoryStore();
  const first = open(store);
  await first.described.register({ descriptorSet, models: [note] });
  assert.deepEqual([has(first.models), first.kinds], [true, ['acme.note']]);
  const second = open(store);
  await second.described.restore(assert.fail);
  assert.equal(
    second.models.model('acme.note').keyOf(second.models.model('acme.note').create({ name: 'a' } as never)),
    'config/acme/v1/note/a',
  );
  await second.described.forget('acme.note');
  const third = open(store);
  await third.described.restore(assert.fail);
  assert.equal(has(third.models), false);
});

test('of a set that clashes nothing is taken', async () => {
  const store = openMemoryStore();
  const { described, models } = open(store);
  const other = { message: 'acme.Other', module: 'vpp', type: 'interfaces', version: 'v2' };
  await assert.rejects(described.register({ descriptorSet, models: [note, other] }), { code: 'duplicate' });
  assert.equal(has(models), false);
  assert.equal((await store.list('')).entries.length, 0);
});

test('a set without its imports is refused, and so is what cannot be read at start', async () => {
  const store = openMemoryStore();
  const { described } = open(store);
  const incomplete = toBinary(
    FileDescriptorSetSchema,
    create(FileDescriptorSetSchema, { file: [interfaceFile.proto] }),
  );
  await assert.rejects(described.register({ descriptorSet: incomplete, models: [] }), /--include_imports/);
  await store.transaction([{ type: 'put', key: 'model/acme.bad', value: new TextEncoder().encode('{') }]);
  const failed: string[] = [];
  await described.restore((name) => failed.push(name));
  assert.deepEqual(failed, ['acme.bad']);
});
