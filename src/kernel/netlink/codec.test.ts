import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Ip, Prefix } from '../../model/address.ts';
import { networkOf } from '../../model/address.ts';
import { readAcknowledgement } from './acknowledgement.ts';
import { addAddress, decodeAddress } from './address.ts';
import { Encoder } from './encoder.ts';
import { createLink, decodeLink } from './link.ts';
import type { LinkKind } from './link-kinds.ts';
import { addFdb, addNeighbour, decodeFdb, decodeNeighbour } from './neighbour.ts';
import { decodeNexthop, replaceNexthop } from './nexthop.ts';
import { Attributes, eachMessage } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Request } from './request.ts';
import { addRoute, decodeRoute } from './route.ts';
import type { RouteSpec } from './route.ts';
import { addRule, decodeRule } from './rule.ts';
import { readSeg6, readSeg6Local, seg6, seg6Local } from './seg6.ts';

const u8 = fc.nat(255);
const u16 = fc.nat(65535);
const u32 = fc.nat(0xffffffff);
const index = fc.integer({ min: 1, max: 0x7fffffff });
const mac = fc.uint8Array({ minLength: 6, maxLength: 6 });
const ip4: fc.Arbitrary<Ip> = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => ({ family: 4, bytes }));
const ip6: fc.Arbitrary<Ip> = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => ({ family: 6, bytes }));
const some = (ip: Ip): boolean => ip.bytes.some((byte) => byte !== 0);
const anyIp = fc.oneof(ip4, ip6);
const network: fc.Arbitrary<Prefix> = anyIp.chain((address) =>
  fc.integer({ min: 0, max: address.bytes.length * 8 }).map((length) => networkOf({ address, length })),
);
const text = fc.string({ minLength: 1, maxLength: 15, unit: 'grapheme-ascii' });

/** Drops fields whose value is undefined: fast-check's optional fields. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, content]) => content !== undefined)) as T;
}

/** The message as it would arrive. */
function message<S>(request: Request<S>): MessageView {
  const encoder = new Encoder(64);
  encoder.beginMessage(request.type, request.flags, 7);
  request.encode(encoder, request.spec);
  encoder.endMessage();
  const found: MessageView[] = [];
  eachMessage(Buffer.from(encoder.bytes), encoder.position, (one) => void found.push(one));
  assert.equal(found.length, 1);
  assert.equal(found[0]!.type, request.type);
  return found[0]!;
}

function assertIncludes(actual: object | undefined, expected: object): void {
  assert.ok(actual);
  for (const [field, value] of Object.entries(expected))
    assert.deepEqual((actual as Record<string, unknown>)[field], value, field);
}

test('attributes of every kind, nested, in a buffer that grows', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), u8, u16, u32, fc.uint8Array({ maxLength: 40 }), text), {
        maxLength: 40,
      }),
      (rows) => {
        const encoder = new Encoder(8);
        encoder.beginMessage(1, 2, 3);
        for (const [type, a, b, c, bytes, name] of rows) {
          const nest = encoder.beginNest(type);
          encoder.attributeU8(1, a);
          encoder.attributeU16(2, b);
          encoder.attributeBe16(3, b);
          encoder.attributeU32(4, c);
          encoder.attributeBe32(5, c);
          encoder.attributeU64(6, BigInt(c) << 20n);
          encoder.attributeBytes(7, bytes);
          encoder.attributeString(8, name);
          encoder.attributeFlag(9);
          encoder.endNest(nest);
        }
        encoder.endMessage();
        eachMessage(Buffer.from(encoder.bytes), encoder.position, (view) => {
          assert.deepEqual([view.type, view.flags, view.sequence], [1, 2, 3]);
          const attributes = Attributes.of(view, 0);
          for (const [type, a, b, c, bytes, name] of rows) {
            assert.ok(attributes.next());
            assert.equal(attributes.type, type);
            const inner = attributes.nested();
            const read = [
              () => inner.u8(),
              () => inner.u16(),
              () => inner.be16(),
              () => inner.u32(),
              () => inner.be32(),
              () => inner.u64(),
              () => inner.bytes(),
              () => inner.string(),
              () => inner.length,
            ];
            const values = read.map((one, at) => (assert.ok(inner.next()), assert.equal(inner.type, at + 1), one()));
            assert.deepEqual(values, [a, b, b, c, c, BigInt(c) << 20n, bytes, name.split('\0')[0], 0]);
            assert.ok(!inner.next());
          }
          assert.ok(!attributes.next());
        });
      },
    ),
  );
});

test('routes', () => {
  const hop = fc.record({
    gateway: fc.option(anyIp, { nil: undefined }),
    link: index,
    weight: fc.integer({ min: 1, max: 256 }),
  });
  const options = fc.record(
    {
      table: fc.integer({ min: 1, max: 0xffffffff }),
      metric: u32,
      tos: fc.integer({ min: 1, max: 255 }),
      type: fc.constantFrom('unicast', 'blackhole', 'unreachable', 'prohibit', 'throw', 'local'),
      protocol: u8,
      scope: u8,
      link: index,
      gateway: anyIp,
      onlink: fc.constant(true),
      mtu: u32,
      mtuLocked: fc.constant(true),
      advertisedMss: u32,
      hopLimit: u8,
      nextHopId: u32,
      nextHops: fc.array(hop, { minLength: 1, maxLength: 4 }),
    },
    { requiredKeys: ['table'] },
  );
  fc.assert(
    fc.property(network, options, (destination, given) => {
      const { nextHops, mtuLocked, ...rest } = given as RouteSpec;
      const spec: RouteSpec = {
        ...rest,
        destination,
        ...(rest.mtu !== undefined && mtuLocked && { mtuLocked }),
        ...(nextHops && { nextHops: nextHops.map(defined) }),
      };
      assertIncludes(decodeRoute(message(addRoute(spec))), spec);
    }),
  );
});

test('addresses, neighbours, forwarding entries', () => {
  fc.assert(
    fc.property(
      anyIp,
      index,
      u8,
      u32,
      mac,
      fc.option(u16, { nil: undefined }),
      (address, link, byte, word, hardware, vlan) => {
        const length = byte % (address.bytes.length * 8 + 1);
        const assigned = { link, address: { address, length }, scope: byte, flags: word, metric: word };
        assertIncludes(decodeAddress(message(addAddress({ ...assigned, broadcast: null }))), assigned);
        const neighbour = { link, address, mac: hardware, state: byte, flags: byte, protocol: byte };
        assertIncludes(decodeNeighbour(message(addNeighbour(neighbour))), neighbour);
        const entry = defined({
          link,
          mac: hardware,
          state: byte,
          flags: byte,
          remote: address,
          port: word & 0xffff,
          vni: word,
          vlan,
        });
        assertIncludes(decodeFdb(message(addFdb(entry as never))), entry);
      },
    ),
  );
});

test('rules', () => {
  const range = fc.record({ first: u16, last: u16 }, { noNullPrototype: true });
  const spec = fc
    .tuple(
      fc.constantFrom(4 as const, 6 as const),
      fc.record(
        {
          priority: u32,
          table: fc.integer({ min: 1, max: 0xffffffff }),
          inputInterface: text.filter((name) => !name.includes('\0')),
          outputInterface: text.filter((name) => !name.includes('\0')),
          mark: u32,
          mask: u32,
          tos: fc.integer({ min: 1, max: 255 }),
          invert: fc.constant(true),
          ipProtocol: u8,
          sourcePorts: range,
          destinationPorts: range,
          l3mdev: fc.constant(true),
          suppressPrefixLength: fc.nat(128),
          protocol: u8,
        },
        { requiredKeys: ['priority', 'table'] },
      ),
      network,
      network,
    )
    .map(([family, rest, from, to]) => ({
      ...rest,
      family,
      action: 'table' as const,
      ...(from.address.family === family && { from }),
      ...(to.address.family === family && { to }),
    }));
  fc.assert(fc.property(spec, (rule) => assertIncludes(decodeRule(message(addRule(rule))), rule)));
});

test('links of every type', () => {
  const link = fc.record(
    {
      link: index,
      local: fc.oneof(ip4, ip6).filter(some),
      remote: fc.oneof(ip4, ip6).filter(some),
      ttl: u8,
      tos: u8,
      mark: u32,
      collectMetadata: fc.constant(true),
    },
    { requiredKeys: [] },
  );
  const kinds: fc.Arbitrary<LinkKind> = fc.oneof(
    fc.constantFrom<LinkKind>(
      { type: 'dummy' },
      { type: 'ifb' },
      { type: 'wireguard' },
      { type: 'other', name: 'batadv' },
    ),
    fc.record(
      {
        type: fc.constant('bridge' as const),
        ageingTime: u32,
        priority: u16,
        stp: u32,
        vlanFiltering: fc.boolean(),
        multicastSnooping: fc.boolean(),
        groupForwardMask: u16,
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      {
        type: fc.constant('vxlan' as const),
        id: fc.nat(0xffffff),
        local: anyIp.filter(some),
        remote: anyIp.filter(some),
        port: u16,
        ttl: u8,
        learning: fc.boolean(),
        collectMetadata: fc.boolean(),
        vniFilter: fc.boolean(),
        gbp: fc.constant(true),
        flowLabel: u32,
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({ type: fc.constant('vrf' as const), table: u32 }),
    fc.record({ type: fc.constant('vlan' as const), id: fc.nat(4094), protocol: u16 }),
    fc.record({ type: fc.constantFrom('macvlan' as const, 'macvtap' as const), mode: u32 }),
    fc.record(
      { type: fc.constant('bond' as const), mode: u8, miimon: u32, minLinks: u32, lacpRate: u8 },
      { requiredKeys: ['type'] },
    ),
    link.map((rest) => ({ ...rest, type: 'gre' as const, inputKey: 7, outputFlags: 0x2000 })),
    link.map((rest) => ({ ...rest, type: 'ipip' as const, protocol: 4 })),
    link.map(({ tos: _tos, ...rest }) => ({ ...rest, type: 'ip6tnl' as const, flowInfo: 9 })),
    fc.record({ type: fc.constant('xfrm' as const), link: index, id: u32 }),
  );
  const settings = fc.record(
    { mtu: u32, address: mac, master: index, group: u32, txQueueLength: u32 },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      text.filter((name) => !name.includes('\0')),
      kinds,
      settings,
      fc.boolean(),
      (name, kind, rest, up) => {
        const expected = { group: 0, ...defined(rest), name, kind: defined(kind), up };
        assertIncludes(decodeLink(message(createLink({ ...defined(rest), name, kind, up }))), expected);
      },
    ),
  );
});

test('nexthop objects and segment routing', () => {
  fc.assert(
    fc.property(
      u32,
      anyIp,
      index,
      fc.array(ip6, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('inline', 'encap', 'l2encap', 'encap.red', 'l2encap.red'),
      (id, gateway, link, segments, mode) => {
        const encapsulation = seg6({ mode, segments });
        assert.deepEqual(readSeg6(encapsulation), { mode, segments });
        const local = { action: 10, segments, table: id, nextHop6: segments[0]!, outputLink: link };
        assert.deepEqual(readSeg6Local(seg6Local(local)), local);
        for (const other of [
          { action: 9, segments },
          { action: 1, psp: true },
          { action: 8, vrfTable: id },
        ])
          assert.deepEqual(readSeg6Local(seg6Local(other)), other);
        assertIncludes(decodeNexthop(message(replaceNexthop({ id, gateway, link, protocol: 9, encapsulation }))), {
          id,
          gateway,
          link,
          protocol: 9,
          encapsulation,
        });
        const group = [
          { id, weight: 256 },
          { id: 1, weight: 1 },
        ];
        assertIncludes(decodeNexthop(message(replaceNexthop({ id: 5, group }))), { id: 5, group });
      },
    ),
  );
});

test('whatever bytes arrive, decoders come to an end and do not throw', () => {
  const decoders = [
    decodeLink,
    decodeAddress,
    decodeRoute,
    decodeRule,
    decodeNeighbour,
    decodeFdb,
    decodeNexthop,
    readAcknowledgement,
  ];
  const samples = [
    message(
      createLink({
        name: 'x',
        kind: { type: 'vxlan', id: 5, local: { family: 4, bytes: Uint8Array.of(1, 2, 3, 4) } },
        up: true,
      }),
    ),
    message(
      addRoute({
        destination: { address: { family: 6, bytes: new Uint8Array(16) }, length: 0 },
        nextHops: [{ link: 1 }, { link: 2, gateway: { family: 6, bytes: new Uint8Array(16) } }],
      }),
    ),
  ].map((view) => Uint8Array.from(view.buffer.subarray(0, view.end)));
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(200), u8), { maxLength: 8 }))
      .map(([sample, changes]) => {
        const bytes = Uint8Array.from(sample);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        return bytes;
      }),
  );
  fc.assert(
    fc.property(noise, fc.constantFrom(2, 7, 10, 0), (bytes, family) => {
      // Room behind it, as there is in the receive buffer.
      const buffer = Buffer.concat([bytes, Buffer.alloc(64)]);
      eachMessage(buffer, bytes.length, (view) => {
        for (const decode of decoders) decode(view);
      });
      buffer[0] = family;
      for (const decode of decoders)
        decode({ buffer, payload: 0, end: bytes.length, type: 16, flags: 0x300, sequence: 1 });
    }),
    { numRuns: 3000 },
  );
});
