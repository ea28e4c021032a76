import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Schema, schemaAt, suggestions } from './schema.ts';

const schema: Schema = {
  properties: { interfaces: { type: 'array', items: { $ref: '#/$defs/Interface' } } },
  $defs: {
    Interface: {
      properties: {
        name: { type: 'string', description: 'Logical name.' },
        type: { $ref: '#/$defs/Type' },
        enabled: { type: 'boolean' },
      },
    },
    Type: { enum: ['TAP', 'MEMIF'], description: 'What it is.' },
  },
};

test('fields of the element of a list, with type and description', () => {
  const place = schemaAt(schema, ['interfaces', '-']);
  assert.ok(place);
  assert.deepEqual(suggestions(schema, place), [
    { label: 'name', kind: 'field', detail: 'string', description: 'Logical name.' },
    { label: 'type', kind: 'field', detail: 'one of a list', description: 'What it is.' },
    { label: 'enabled', kind: 'field', detail: 'boolean', description: '' },
  ]);
});

test('values of an enumeration and of a boolean', () => {
  const type = schemaAt(schema, ['interfaces', '-', 'type']);
  const enabled = schemaAt(schema, ['interfaces', '-', 'enabled']);
  assert.ok(type && enabled);
  assert.deepEqual(
    suggestions(schema, type).map(({ label }) => label),
    ['TAP', 'MEMIF'],
  );
  assert.deepEqual(
    suggestions(schema, enabled).map(({ label }) => label),
    ['true', 'false'],
  );
});

test('a place that the schema does not know', () => {
  assert.equal(schemaAt(schema, ['interfaces', '-', 'colour']), undefined);
});
