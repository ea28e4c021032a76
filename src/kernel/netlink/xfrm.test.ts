import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { networkOf, parseIp, parsePrefix } from '../../model/address.ts';
import type { Ip } from '../../model/address.ts';
import { requires } from '../../../test/requires.ts';
import { createKernelDriver } from '../create.ts';
import { Encoder } from './encoder.ts';
import { eachMessage } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Request } from './request.ts';
import { decodePolicy, deletePolicy, listPolicies, policyText, setPolicy } from './xfrm-policy.ts';
import type { PolicySpec } from './xfrm-policy.ts';
import { addState, decodeState, deleteState, listStates } from './xfrm-state.ts';
import type { StateSpec } from './xfrm-state.ts';

const NAME = `lg-${process.pid}x`;
const ip = (text: string): Ip => parseIp(text)!;
const shown = (...words: readonly string[]): string => execFileSync('ip', ['-n', NAME, ...words], { encoding: 'utf8' });

function message<S>(request: Request<S>): MessageView {
  const encoder = new Encoder(64);
  encoder.beginMessage(request.type, request.flags, 7);
  request.encode(encoder, request.spec);
  encoder.endMessage();
  const found: MessageView[] = [];
  eachMessage(Buffer.from(encoder.bytes), encoder.position, (one) => void found.push(one));
  return found[0]!;
}

function defined<T extends object>(value: T): T {
  return structuredClone(Object.fromEntries(Object.entries(value).filter(([, content]) => content !== undefined))) as T;
}

const u32 = fc.nat(0xffff_ffff);
const addresses = (family: 4 | 6) =>
  fc
    .uint8Array({ minLength: family === 4 ? 4 : 16, maxLength: family === 4 ? 4 : 16 })
    .map((bytes): Ip => ({ family, bytes }));
const key = fc.uint8Array({ maxLength: 64 });
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const states: fc.Arbitrary<StateSpec> = fc.constantFrom(4 as const, 6 as const).chain((family) =>
  fc
    .record({
      source: addresses(family),
      destination: addresses(family),
      spi: u32,
      protocol: fc.constantFrom(50, 51),
      mode: fc.constantFrom('transport' as const, 'tunnel' as const),
      requestId: u32,
      encryption: maybe(fc.record({ name: fc.constantFrom('cbc(aes)', 'ecb(cipher_null)'), key })),
      authentication: maybe(fc.record({ name: fc.constant('hmac(sha256)'), key, checkBits: fc.constantFrom(96, 128) })),
      combined: maybe(fc.record({ name: fc.constant('rfc4106(gcm(aes))'), key, checkBits: fc.constant(128) })),
      extendedSequence: maybe(fc.constant(true as const)),
      replayWindow: maybe(fc.integer({ min: 1, max: 128 })),
      interfaceId: maybe(fc.integer({ min: 1, max: 0xffff_ffff })),
      udp: maybe(fc.record({ sourcePort: fc.nat(65535), destinationPort: fc.nat(65535) })),
    })
    .map(defined as never),
);

const policies: fc.Arbitrary<PolicySpec> = fc.constantFrom(4 as const, 6 as const).chain((family) => {
  const prefix = fc
    .tuple(addresses(family), fc.integer({ min: 1, max: family === 4 ? 32 : 128 }))
    .map(([address, length]) => networkOf({ address, length }));
  const block = fc.integer({ min: 1, max: 16 }).chain((bits) =>
    fc.nat(65535).map((port) => {
      const mask = 0xffff & ~((1 << (16 - bits)) - 1);
      return { port: port & mask, mask };
    }),
  );
  const template = fc.record({ source: addresses(family), destination: addresses(family), requestId: u32 });
  return fc
    .record({
      direction: fc.constantFrom('in' as const, 'out' as const, 'forward' as const),
      priority: u32,
      interfaceId: maybe(fc.integer({ min: 1, max: 0xffff_ffff })),
      mark: maybe(fc.record({ value: u32, mask: fc.integer({ min: 1, max: 0xffff_ffff }) })),
      action: fc.constantFrom('allow' as const, 'block' as const),
      selector: fc
        .record({
          family: fc.constant(family),
          source: maybe(prefix),
          destination: maybe(prefix),
          protocol: maybe(fc.integer({ min: 1, max: 255 })),
          sourcePorts: maybe(block),
          destinationPorts: maybe(block),
          link: maybe(fc.integer({ min: 1, max: 0x7fff_ffff })),
        })
        .map(defined as never),
      templates: fc.array(
        template.map((ends) => ({ ...ends, family, protocol: 50, mode: 'tunnel' as const })),
        { maxLength: 3 },
      ),
    })
    .map(defined as never) as fc.Arbitrary<PolicySpec>;
});

test('associations are read as they were written', () => {
  fc.assert(
    fc.property(states, (state) => {
      const { packets, bytes, ...read } = decodeState(message(addState(state)))!;
      assert.deepEqual([packets, bytes], [0, 0n]);
      assert.deepEqual(read, state);
    }),
  );
});

test('policies are read as they were written', () => {
  fc.assert(fc.property(policies, (policy) => assert.deepEqual(decodePolicy(message(setPolicy(policy))), policy)));
});

test('no key is ever put into words', () => {
  fc.assert(
    fc.property(states, (state) => {
      const words = [addState(state).describe(state), deleteState(state).describe(state)].join(' ');
      for (const part of [state.encryption, state.authentication, state.combined]) {
        if (part && part.key.length > 3) assert.ok(!words.includes(Buffer.from(part.key).toString('hex')));
      }
    }),
  );
});

test('whatever bytes arrive, decoders come to an end and do not throw', () => {
  const samples = [
    message(setPolicy({ direction: 'in', selector: { family: 4 }, priority: 1, action: 'allow', templates: [] })),
    message(
      addState({
        source: ip('::1'),
        destination: ip('::2'),
        spi: 1,
        protocol: 50,
        mode: 'tunnel',
        requestId: 1,
        encryption: { name: 'x', key: new Uint8Array(16) },
        replayWindow: 64,
        udp: { sourcePort: 1, destinationPort: 2 },
      }),
    ),
  ].map(({ buffer, payload, end }) => Uint8Array.from(buffer.subarray(payload, end)));
  const noise = fc.tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 8 }),
    fc.nat(400),
  );
  fc.assert(
    fc.property(noise, ([sample, changes, length]) => {
      const bytes = Uint8Array.from(sample).subarray(0, Math.min(sample.length, length));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      const buffer = Buffer.concat([bytes, Buffer.alloc(64)]);
      const view = { buffer, payload: 0, end: bytes.length, type: 16, flags: 0, sequence: 1 };
      decodeState(view);
      decodePolicy(view);
    }),
    { numRuns: 2000 },
  );
});

test('policies are those of iproute2', { skip: requires({ netns: true, commands: ['ip'] }) }, async () => {
  const driver = await createKernelDriver({ namespace: NAME });
  try {
    const xfrm = driver.xfrm(driver.vswitch);
    const tunnel: PolicySpec = {
      direction: 'out',
      selector: {
        family: 4,
        source: parsePrefix('10.1.0.0/24')!,
        destination: parsePrefix('10.9.0.0/16')!,
        protocol: 17,
        destinationPorts: { port: 500, mask: 0xffff },
      },
      priority: 77,
      action: 'allow',
      templates: [
        {
          protocol: 50,
          mode: 'tunnel',
          family: 4,
          source: ip('192.0.2.1'),
          destination: ip('192.0.2.2'),
          requestId: 10,
        },
      ],
    };
    const block: PolicySpec = {
      direction: 'forward',
      selector: { family: 6 },
      priority: 5,
      action: 'block',
      templates: [],
    };
    await Promise.all([tunnel, block].map((policy) => xfrm.request(setPolicy(policy))));
    const text = shown('xfrm', 'policy').replaceAll(/\s+/g, ' ');
    assert.match(text, /src 10\.1\.0\.0\/24 dst 10\.9\.0\.0\/16 proto udp dport 500 dir out priority 77/);
    assert.match(text, /tmpl src 192\.0\.2\.1 dst 192\.0\.2\.2 proto esp reqid 10 mode tunnel/);
    assert.match(text, /src ::\/0 dst ::\/0 dir fwd action block priority 5/);
    const found = await xfrm.dump(listPolicies());
    assert.deepEqual(found.map(policyText).sort(), [tunnel, block].map(policyText).sort());
    assert.deepEqual(
      found.find(({ direction }) => direction === 'out'),
      tunnel,
    );
    // Changed in place, then gone.
    await xfrm.request(setPolicy({ ...block, priority: 6, action: 'allow' }));
    assert.match(shown('xfrm', 'policy'), /dir fwd priority 6/);
    await Promise.all([tunnel, block].map((policy) => xfrm.request(deletePolicy(policy))));
    assert.equal(shown('xfrm', 'policy'), '');
    await assert.rejects(xfrm.request(deletePolicy(block)), /delete security policy forward IPv6/);
  } finally {
    await driver.close();
    driver.namespaces.delete(NAME);
  }
});

test('associations are those of iproute2', {
  skip: requires({ netns: true, commands: ['ip'], kernel: ['esp'] }),
}, async () => {
  const driver = await createKernelDriver({ namespace: NAME });
  try {
    const xfrm = driver.xfrm(driver.vswitch);
    const keyOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index);
    const spec: StateSpec = {
      source: ip('192.0.2.1'),
      destination: ip('192.0.2.2'),
      spi: 0x1001,
      protocol: 50,
      mode: 'tunnel',
      requestId: 10,
      combined: { name: 'rfc4106(gcm(aes))', key: keyOf(20), checkBits: 128 },
      extendedSequence: true,
      replayWindow: 64,
      udp: { sourcePort: 4500, destinationPort: 4501 },
    };
    await xfrm.request(addState(spec));
    const text = shown('xfrm', 'state').replaceAll(/\s+/g, ' ');
    assert.match(text, /src 192\.0\.2\.1 dst 192\.0\.2\.2 proto esp spi 0x00001001 reqid 10 mode tunnel/);
    assert.match(text, /flag af-unspec esn/);
    assert.match(text, /aead rfc4106\(gcm\(aes\)\) 0x000102030405060708090a0b0c0d0e0f10111213 128/);
    assert.match(text, /encap type espinudp sport 4500 dport 4501/);
    const [found] = await xfrm.dump(listStates());
    const { packets, bytes, ...read } = found!;
    assert.deepEqual([packets, bytes], [0, 0n]);
    assert.deepEqual(read, spec);
    await assert.rejects(
      xfrm.request(addState(spec)),
      (error: Error) => /EEXIST/.test(error.message) && !/0a0b0c/.test(error.message),
    );
    await xfrm.request(deleteState(spec));
    assert.equal(shown('xfrm', 'state'), '');
  } finally {
    await driver.close();
    driver.namespaces.delete(NAME);
  }
});
