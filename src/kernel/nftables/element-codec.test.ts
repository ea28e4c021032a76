import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { types, type DataType, type Value } from './datatype.ts';
import { ElementCodec } from './element-codec.ts';
import type { RawElement } from './element-reader.ts';
import { readIpv4, readIpv6 } from './ip-text.ts';
import type { Element, NftSet } from './objects.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const values: readonly (readonly [DataType, fc.Arbitrary<Value>])[] = [
  [types.ipv4_addr, bytes(4).map((octets) => readIpv4(octets, 0))],
  [types.ipv6_addr, bytes(16).map((octets) => readIpv6(octets, 0))],
  [
    types.ether_addr,
    bytes(6).map((octets) =>
      Buffer.from(octets)
        .toString('hex')
        .replace(/(..)(?=.)/g, '$1:'),
    ),
  ],
  [types.inet_proto, fc.nat(255)],
  [types.inet_service, fc.nat(65_535)],
  [types.mark, fc.nat(0xffff_ffff)],
  [types.ifname, fc.constantFrom('eth0', 'a', 'fifteen-bytes-x')],
];
const fields = fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 5 });

/** A set and elements for it, all keys different. */
const content = fc.tuple(fields, fc.array(fc.constantFrom(...values), { maxLength: 2 })).chain(([key, data]) => {
  const set: NftSet = {
    name: 's',
    key: key.map(([type]) => type),
    ...(data.length > 0 ? { data: data.map(([type]) => type) } : {}),
  };
  const keys = fc.tuple(...key.map(([, value]) => value));
  const datums = fc.tuple(...data.map(([, value]) => value));
  const comments = fc.constantFrom(undefined, 'why', 'ä comment');
  const element = fc.tuple(keys, datums, comments).map(
    ([one, datum, comment]): Element => ({
      key: one,
      ...(data.length > 0 ? { data: datum } : {}),
      ...(comment === undefined ? {} : { comment }),
    }),
  );
  const codec = new ElementCodec(set);
  return fc.tuple(fc.constant(set), fc.uniqueArray(element, { selector: (one) => codec.idOf(one), maxLength: 20 }));
});

function roundTrip(codec: ElementCodec, elements: readonly Element[]) {
  const raw: RawElement[] = [];
  for (let at = 0; at < elements.length; ) {
    const { bytes: list, next } = codec.encode(elements, at, true);
    assert.ok(list.length < 65_536);
    codec.decode(Buffer.from(list), 0, list.length, (element) => void raw.push(element));
    at = next;
  }
  return codec.join(raw);
}

test('elements of plain sets and maps come back as they were', () => {
  fc.assert(
    fc.property(content, ([set, elements]) => {
      const codec = new ElementCodec(set);
      const back = roundTrip(codec, elements);
      assert.equal(back.length, elements.length);
      back.forEach((listed, at) => {
        const element = elements[at]!;
        assert.deepEqual(listed.key, element.key);
        assert.deepEqual(listed.data, element.data);
        assert.equal(listed.comment, element.comment);
        assert.equal(listed.id, codec.idOf(element));
        assert.equal(listed.content, codec.contentOf(element));
      });
    }),
  );
});

test('many elements are spread over messages below 64 kB', () => {
  const set: NftSet = { name: 's', key: [types.ipv4_addr, types.inet_service], data: [types.ipv6_addr] };
  const elements = Array.from({ length: 5000 }, (_, n) => ({
    key: [`10.0.${n >> 8}.${n & 255}`, 80],
    data: ['fd00::1'],
  }));
  assert.equal(roundTrip(new ElementCodec(set), elements).length, 5000);
});

test('intervals are joined from their halves, neighbours and the last address too', () => {
  const set: NftSet = { name: 's', key: [types.ipv4_addr], interval: true };
  const key = [
    '10.0.0.0/8',
    { from: '11.0.0.0', to: '11.0.0.4' },
    '11.0.0.5',
    { from: '11.0.0.6', to: '11.255.255.255' },
    '255.255.255.0/24',
  ];
  const codec = new ElementCodec(set);
  const elements = key.map((part) => ({ key: [part] }));
  const ids = roundTrip(codec, elements.toReversed()).map(({ id }) => id);
  assert.deepEqual(new Set(ids), new Set(elements.map((element) => codec.idOf(element))));
  assert.deepEqual(codec.keyOf(codec.idOf({ key: ['10.0.0.0/8'] })), [{ from: '10.0.0.0', to: '10.255.255.255' }]);
});

test('ranges in concatenations', () => {
  const set: NftSet = {
    name: 's',
    key: [types.ipv6_addr, types.inet_proto, types.inet_service],
    data: 'verdict',
    interval: true,
  };
  const codec = new ElementCodec(set);
  const element: Element = { key: ['fd00::/8', 'tcp', { from: 1, to: 1023 }], data: { verdict: 'jump', chain: 'c' } };
  const [listed] = roundTrip(codec, [element]);
  assert.deepEqual(listed?.key, [
    { from: 'fd00::', to: 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' },
    6,
    { from: 1, to: 1023 },
  ]);
  assert.deepEqual(listed?.data, { verdict: 'jump', chain: 'c' });
  assert.equal(listed?.content, codec.contentOf(element));
});

test('what does not fit is refused', () => {
  const set = new ElementCodec({
    name: 's',
    key: [types.ipv4_addr, types.inet_service],
    data: [types.mark],
    interval: true,
  });
  const check = (element: Element, reason: RegExp): void => assert.throws(() => set.encode([element], 0, true), reason);
  check({ key: ['10.0.0.1'], data: [1] }, /a key of s is ipv4_addr . inet_service/);
  check({ key: ['10.0.0.1', 65_536], data: [1] }, /65536 is not a value of type inet_service/);
  check({ key: ['fd00::1', 1], data: [1] }, /fd00::1 is not a value of type ipv4_addr/);
  check({ key: ['10.0.0.0/33', 1], data: [1] }, /no prefix/);
  check({ key: ['10.0.0.1', { from: 9, to: 8 }], data: [1] }, /upside down/);
  check({ key: ['10.0.0.1', 1] }, /has no data/);
  check({ key: ['10.0.0.1', 1], data: { verdict: 'drop' } }, /maps to mark/);
  check({ key: ['10.0.0.1', 1], data: [1], comment: 'x'.repeat(128) }, /longer than 127/);
  const host = new ElementCodec({ name: 's', key: [types.mark], interval: true });
  assert.throws(() => host.encode([{ key: [{ from: 1, to: 2 }] }], 0, true), /ranges of mark/);
});
