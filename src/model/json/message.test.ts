import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DescMessage, fromJson, type JsonValue } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { createModelRegistry } from '../index.ts';
import { SetConfigRequestSchema } from '../gen/ligato/generic/manager_pb.js';
import { ConfigSchema } from '../gen/ligato/configurator/configurator_pb.js';
import { InterfaceStateSchema } from '../gen/ligato/vpp/interfaces/state_pb.js';
import { RouteSchema } from '../gen/ligato/vpp/l3/route_pb.js';
import { InterfaceSchema } from '../gen/ligato/vpp/interfaces/interface_pb.js';
import { arbitraryJson } from '../testing.ts';
import { TooManyValues } from './context.ts';
import { compileDecoder } from './message.ts';

const registry = createModelRegistry();
const schemas: DescMessage[] = [...registry.models().map((model) => model.message), InterfaceStateSchema, ConfigSchema];

for (const schema of schemas) {
  test(`${schema.typeName} is decoded as protobuf-es does`, () => {
    const decode = compileDecoder(schema);
    const numRuns = schema === ConfigSchema ? 30 : 100;
    fc.assert(
      fc.property(arbitraryJson(schema), (json) => {
        fc.pre(!hasBothSpellings(json, schema));
        const decoded = decode(json);
        assert.deepEqual(decoded.problems, []);
        assert.deepStrictEqual(decoded.value, fromJson(schema, json as JsonValue));
      }),
      { numRuns },
    );
  });

  test(`${schema.typeName}: what protobuf-es refuses is refused`, () => {
    const decode = compileDecoder(schema);
    fc.assert(
      fc.property(arbitraryJson(schema), fc.nat(), fc.jsonValue({ maxDepth: 1 }), (json, position, wrong) => {
        const names = Object.keys(json);
        const name = names[position % Math.max(1, names.length)] ?? 'nonsense';
        const changed = { ...json, [name]: wrong };
        if (decode(changed).problems.length === 0) fromJson(schema, changed as JsonValue);
      }),
      { numRuns: 50 },
    );
  });
}

function hasBothSpellings(json: object, schema: DescMessage): boolean {
  return schema.fields.some((field) => field.name !== field.jsonName && field.name in json && field.jsonName in json);
}

test('maps and well-known types', () => {
  const json = { updates: [{ item: { id: { model: 'm' } }, labels: { a: 'x', __proto__x: 'y' } }], overwriteAll: true };
  assert.deepStrictEqual(compileDecoder(SetConfigRequestSchema)(json).value, fromJson(SetConfigRequestSchema, json));
  const hostile = JSON.parse('{"updates":[{"labels":{"__proto__":"x"}}]}') as unknown;
  const { value } = compileDecoder(SetConfigRequestSchema)(hostile);
  assert.deepEqual(Object.keys(value!.updates[0]!.labels), ['__proto__']);
  assert.deepEqual(compileDecoder(SetConfigRequestSchema)({ updates: [{ labels: { a: 1 } }] }).problems, [
    { field: 'updates[0].labels["a"]', message: 'number 1 is no text (in YAML: "1")' },
  ]);
});

function problemsOf(schema: DescMessage, json: unknown): string[] {
  return compileDecoder(schema)(json).problems.map(({ field, message }) => `${field}: ${message}`);
}

test('every problem is reported with its path and what would be accepted', () => {
  const json = {
    name: 5,
    type: 'TAPP',
    enabled: 'yes',
    ip_addresses: ['10.0.0.1/24', 7, null],
    mtu: 4294967296,
    rxModes: { queue: 1 },
    vxlan: { vni: 1.5, gpe: { protocol: 9, x: 1 } },
    nmae: 1,
  };
  assert.deepEqual(problemsOf(InterfaceSchema, json), [
    'name: number 5 is no text (in YAML: "5")',
    `type: text "TAPP" is none of ${InterfaceSchema.field.type.enum!.values.map((one) => one.name).join(', ')}; did you mean \`TAP\`?`,
    'enabled: text "yes" is neither true nor false',
    'ip_addresses[1]: number 7 is no text (in YAML: "7")',
    'ip_addresses[2]: nothing (null) is no list item',
    'mtu: number 4294967296 is no whole number 0 to 4294967295',
    'rx_modes: an object is no list',
    'vxlan.vni: number 1.5 is no whole number 0 to 4294967295',
    'vxlan.gpe.protocol: number 9 is none of UNKNOWN, IP4, IP6, ETHERNET, NSH',
    'vxlan.gpe.x: there is no such field in Gpe',
    'nmae: there is no such field in Interface; did you mean `name`?',
  ]);
});

test('one member of a oneof, one spelling of a name', () => {
  assert.match(
    problemsOf(InterfaceSchema, { tap: {}, vxlan: {} })[0]!,
    /^vxlan: excludes tap: only one of sub, memif, /,
  );
  assert.deepEqual(problemsOf(InterfaceSchema, { tap: {}, vxlan: null }), []);
  assert.deepEqual(problemsOf(RouteSchema, { vrfId: 1, vrf_id: 1 }), [
    'vrf_id: is given twice, as vrf_id and as vrfId',
  ]);
});

test('wrong top level', () => {
  for (const json of [null, [], 'x', 1, true]) {
    assert.match(problemsOf(RouteSchema, json)[0]!, /is no object with the fields of Route$/);
  }
});

test('decoding stops when values multiply', () => {
  const item = { queue: 1 };
  const json = { rxModes: Array.from({ length: 100 }, () => item) };
  assert.throws(() => compileDecoder(InterfaceSchema)(json, 100), TooManyValues);
  assert.equal(compileDecoder(InterfaceSchema)(json, 201).visited, 201);
});
