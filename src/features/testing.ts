/** For tests of models: tables of wrong values, and messages made at random from their schema. */

import assert from 'node:assert/strict';
import { create, type DescField, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { asKey, createModelRegistry } from '../model/index.ts';
import type { Kind, Value } from '../scheduler/kind.ts';

/** What is changed of a right value, and the fields that are wrong then (none: it is still right). */
export type Case<D extends DescMessage> = readonly [
  title: string,
  change: MessageInitShape<D>,
  fields: readonly string[],
  /** What the first message has to say. */
  message?: RegExp,
];

const registry = createModelRegistry();

/** The key that the model registry gives to a message. */
export function keyOf(message: object): string {
  return registry.keyOf(message as Parameters<typeof registry.keyOf>[0]);
}

/** Checks that `right` is right and that each change is reported at just these fields, with words about what is accepted. */
export function assertProblems<D extends DescMessage>(
  kind: Kind<MessageShape<D> & Value>,
  schema: D,
  right: MessageInitShape<D>,
  cases: readonly Case<D>[],
): void {
  const validate = (change: MessageInitShape<D>) =>
    kind.validate!(
      asKey('key'),
      create(schema, { ...(right as object), ...(change as object) } as MessageInitShape<D>),
    );
  assert.deepEqual(validate({} as MessageInitShape<D>), [], `the base value of ${kind.name}`);
  for (const [title, change, fields, message] of cases) {
    const problems = validate(change);
    assert.deepEqual([...new Set(problems.map((problem) => problem.field))].sort(), [...fields].sort(), title);
    for (const problem of problems) assert.match(problem.message, /\w{3,}.*\w/, title);
    if (message !== undefined) assert.match(problems[0]?.message ?? '', message, title);
  }
}

/** Checks that a key function makes the key that the registry makes, for right values of a kind. */
export function assertKeys<D extends DescMessage>(
  kind: Kind<MessageShape<D> & Value>,
  schema: D,
  key: (value: MessageShape<D>) => string,
): void {
  const check = fc.property(messages(schema), (value) => {
    if (kind.validate!(asKey('key'), value).length === 0) assert.equal(key(value), keyOf(value));
  });
  fc.assert(check, { numRuns: 2000 });
}

/** Labels of the dependencies of a value; checks that they are unique and that each has a key or prefixes. */
export function labelsOf<V extends Value>(kind: Kind<V>, value: V): readonly string[] {
  const dependencies = kind.dependencies?.(asKey('key'), value) ?? [];
  const labels = dependencies.map((dependency) => dependency.label);
  assert.equal(new Set(labels).size, labels.length, `labels ${labels.join(', ')} are not unique`);
  for (const { key, anyOf } of dependencies) assert.notEqual(key === undefined, anyOf === undefined);
  return labels;
}

/** Keys of the parts of a value, in order. */
export function partKeys<V extends Value>(kind: Kind<V>, value: V): readonly string[] {
  return (kind.parts?.(asKey('key'), value) ?? []).map((part) => part.key);
}

/** The part of a value with this key. */
export function partAt<V extends Value>(kind: Kind<V>, value: V, key: string): object {
  const part = kind.parts?.(asKey('key'), value).find((candidate) => candidate.key === key);
  assert.ok(part, `no part ${key} among ${partKeys(kind, value).join(', ')}`);
  return part.value;
}

/** Texts for fields by what their names say; in every spelling that means the same, and wrong now and then. */
const NAMES = ['tap1', 'tap2', 'eth0', 'words'];
const IPV4 = ['10.0.0.1', '10.0.0.2'];
const IPS = [...IPV4, '10.0.0.1', '2001:db8::1', '2001:0DB8::1', '0.0.0.0', ''];
const NETWORKS = ['10.0.0.0/24', '10.0.1.0/24', '2001:db8::/64', '2001:0DB8:0::/64', '0.0.0.0/0', ''];
const ADDRESSES = ['10.0.0.1/24', '10.0.0.2', '2001:db8::1/64', '2001:0DB8::1/64', 'alloc:net1', 'alloc:net1/tap1'];
const MACS = ['02:fe:00:00:00:01', '02:FE:00:00:00:01', '02:fe:00:00:00:02'];
const BASE64_KEYS = ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='];
const HEX_KEYS = ['', '', '0123456789abcdef', '0123456789ABCDEF'].map((digits) => digits.repeat(2));
const WRONG = [
  '',
  'a-name-that-is-too-long-for-linux',
  '224.0.0.1',
  '-j ACCEPT',
  'words "in quotes',
  '../..',
  'alloc:net1/tap1/GW',
];

const TEXTS_BY_NAME: readonly (readonly [RegExp, readonly string[]])[] = [
  [/mac|phys|hw_/, MACS],
  [/ip_addresses/, ADDRESSES],
  [/network$|prefix_address/, NETWORKS],
  [/first_ip|last_ip|local_ip|external_ip/, IPV4],
  [/crypto_key|integ_key/, HEX_KEYS],
  [/key$/, BASE64_KEYS],
  [/^sid$|bsid|segments|l3_service/, ['2001:db8::1', '2001:0db8::1', '2001:db8::2']],
  [/^tunnel_/, ['', '', '10.0.0.1', '10.0.0.2']],
  [/ip$|addr|gw|next_hop|endpoint|servers|remote_|local_|gateway/, IPS],
  [/reference/, ['pod1', '17', '/proc/1/ns/net', '']],
];
const NUMBERS = [0, 0, 1, 1, 2, 3, 10, 80, 255];
const LARGE = [256, 1023, 4095, 9000, 65_535, 65_536, 70_000, 0xff_ffff, 0xffff_ffff];

function textsOf(name: string): fc.Arbitrary<string> {
  const right = TEXTS_BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? NAMES;
  return fc.oneof(
    { arbitrary: fc.constantFrom(...right), weight: 30 },
    { arbitrary: fc.constantFrom(...WRONG), weight: 1 },
  );
}

/** Messages of a schema: any field may be unset, set right or set wrong. */
export function messages<D extends DescMessage>(schema: D): fc.Arbitrary<MessageShape<D>> {
  return initOf(schema).map((init) => create(schema, init as MessageInitShape<D>));
}

function initOf(schema: DescMessage): fc.Arbitrary<object> {
  const plain = schema.fields.filter((field) => field.oneof === undefined);
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of plain) fields[field.localName] = fc.option(valueOf(field), { nil: undefined, freq: 10 });
  for (const oneof of schema.oneofs) {
    const choices = oneof.fields.map((field) =>
      valueOf(field).map((value) => (value === undefined ? { case: undefined } : { case: field.localName, value })),
    );
    fields[oneof.localName] = fc.oneof(fc.constant({ case: undefined }), ...choices);
  }
  return fc.record(fields).map((init) => {
    return Object.fromEntries(Object.entries(init).filter(([, value]) => value !== undefined));
  });
}

function valueOf(field: DescField): fc.Arbitrary<unknown> {
  switch (field.fieldKind) {
    case 'list':
      return fc.array(field.listKind === 'message' ? initOf(field.message) : scalarOf(field), { maxLength: 3 });
    case 'message':
      return fc.option(initOf(field.message), { nil: undefined });
    case 'enum':
      return scalarOf(field);
    default:
      return scalarOf(field);
  }
}

function scalarOf(field: DescField): fc.Arbitrary<unknown> {
  if (field.enum !== undefined) {
    const known = fc.constantFrom(...field.enum.values.map((value) => value.number));
    return fc.oneof({ arbitrary: known, weight: 40 }, { arbitrary: fc.constant(99), weight: 1 });
  }
  // ScalarType of protobuf: 8 is bool, 9 is string; all other scalars of the contract are numbers.
  if (field.scalar === 8) return fc.boolean();
  if (field.scalar === 9) return textsOf(field.name);
  return fc.oneof(
    { arbitrary: fc.constantFrom(...NUMBERS), weight: 30 },
    { arbitrary: fc.constantFrom(...LARGE), weight: 1 },
  );
}
