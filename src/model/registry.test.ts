import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, equals, toJson } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { ModelDetailSchema } from './gen/ligato/generic/model_pb.js';
import { InterfaceStateSchema } from './gen/ligato/vpp/interfaces/state_pb.js';
import { InterfaceSchema } from './gen/ligato/vpp/interfaces/interface_pb.js';
import { ReasonSchema } from './gen/ligato/vpp/punt/punt_pb.js';
import { createModelRegistry, modelDetail, type ModelDefinition, ModelRegistry } from './index.ts';
import { arbitraryJson } from './testing.ts';

const own = { spec: { module: 'example.demo', version: 'v1', type: 'reason' }, message: ReasonSchema } as const;

test('an application registers a model of its own', () => {
  const registry = createModelRegistry([own]);
  const model = registry.model('example.demo.reason');
  const value = create(ReasonSchema, { name: 'r1' });
  assert.equal(registry.keyOf(value), 'config/example/demo/v1/reason/r1');
  assert.equal(registry.modelForKey('config/example/demo/v1/reason/r1'), model);
  assert.deepEqual(model.config, {
    group: 'exampleConfig',
    field: 'Reason_list',
    jsonField: 'Reason_list',
    aliases: [],
  });
});

test('a singleton without name template', () => {
  const registry = new ModelRegistry();
  const model = registry.register({ ...own, nameTemplate: null });
  assert.equal(model.keyOf(model.create({ name: 'x' })), 'config/example/demo/v1/reason');
  assert.equal(registry.modelForKey('config/example/demo/v1/reason')?.name, model.name);
  assert.equal(registry.modelForKey('config/example/demo/v1/reason/x'), undefined);
  assert.throws(() => model.key('x'), { code: 'invalid-key' });
});

test('what is registered twice or overlaps is refused', () => {
  const clash = (definition: ModelDefinition) =>
    assert.throws(() => createModelRegistry([definition]), { code: 'duplicate' });
  clash({ spec: { module: 'vpp', version: 'v2', type: 'interfaces' }, message: ReasonSchema });
  clash({ spec: { module: 'other', type: 'x' }, message: InterfaceSchema });
  clash({ spec: { module: 'vpp.v2', version: 'v1', type: 'x', class: 'config' }, message: InterfaceSchema });
  clash({ spec: { module: 'vpp', version: 'v2', type: 'interfaces.state' }, message: InterfaceStateSchema });
});

test('wrong definitions are refused', () => {
  const wrong = (definition: ModelDefinition) =>
    assert.throws(() => createModelRegistry([definition]), { code: 'usage' });
  wrong({ ...own, spec: { module: 'a/b', type: 'x' } });
  wrong({ ...own, spec: { module: 'a.b.c', type: 'x' } });
  wrong({ ...own, spec: { module: 'a', type: 'x', version: '2' } });
  wrong({ ...own, spec: { module: 'a', type: 'X' } });
  wrong({ ...own, nameTemplate: '{{.Nope}}' });
});

const registry = createModelRegistry();

test('values survive JSON and binary, told apart by their first byte', () => {
  for (const model of registry.models()) {
    fc.assert(
      fc.property(arbitraryJson(model.message), (json) => {
        const { value } = model.decoder(json);
        fc.pre(value !== undefined);
        const text = registry.encode(value, 'json');
        for (const encoded of [text, new TextEncoder().encode(text), registry.encode(value, 'binary')]) {
          assert.ok(equals(model.message, registry.decode(model, encoded), value));
        }
      }),
      { numRuns: 20 },
    );
  }
});

test('Any carries the type by its full name', () => {
  const value = create(InterfaceSchema, { name: 'tap1' });
  const any = registry.toAny(value);
  assert.equal(any.typeUrl, 'models.ligato.io/ligato.vpp.interfaces.Interface');
  assert.deepEqual(registry.fromAny(any), value);
  assert.deepEqual(registry.fromAny({ ...any, typeUrl: 'type.googleapis.com/ligato.vpp.interfaces.Interface' }), value);
  assert.throws(() => registry.fromAny({ ...any, typeUrl: 'models.ligato.io/x.Y' }), { code: 'unknown-model' });
  assert.throws(() => registry.fromAny({ ...any, value: Uint8Array.of(0x0a, 200) }), { code: 'invalid-value' });
});

test('what clients are told of a model', () => {
  assert.deepEqual(toJson(ModelDetailSchema, modelDetail(registry.model('vpp.span'))), {
    spec: { module: 'vpp', version: 'v2', type: 'span', class: 'config' },
    protoName: 'ligato.vpp.interfaces.Span',
    options: [
      { key: 'nameTemplate', values: ['{{.InterfaceFrom}}/to/{{.InterfaceTo}}'] },
      { key: 'protoFile', values: ['ligato/vpp/interfaces/span.proto'] },
    ],
  });
  assert.deepEqual(
    modelDetail(registry.model('vpp.nat.nat44-global')).options.map((one) => one.key),
    ['protoFile'],
  );
});

test('errors say what was wrong', () => {
  const key = 'config/vpp/v2/interfaces/tap1';
  assert.throws(() => registry.model('vpp.interface'), {
    code: 'unknown-model',
    message: /did you mean `vpp.interfaces`/,
  });
  assert.throws(() => registry.decode('config/nope', '{}'), { code: 'unknown-model' });
  assert.throws(() => registry.decode(key, '{"name":'), { code: 'invalid-value', message: /is no JSON/ });
  assert.throws(() => registry.decode(key, Uint8Array.of(0x7b, 0xff)), { code: 'invalid-value', message: /not UTF-8/ });
  assert.throws(
    () => registry.decode(key, '{"nme":"x"}'),
    (error: { problems: unknown }) => {
      assert.deepEqual(error.problems, [
        { field: 'nme', message: 'there is no such field in Interface; did you mean `name`?', about: 'name' },
      ]);
      return true;
    },
  );
  assert.throws(() => registry.keyOf(create(ReasonSchema)), { code: 'unknown-model' });
});
