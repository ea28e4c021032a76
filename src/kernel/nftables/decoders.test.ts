/** Decoders of what the kernel sends: a new kernel may send what we have not seen. They end, and fail only by RangeError. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readFlow } from '../conntrack/flow.ts';
import { Attributes } from '../netlink/reader.ts';
import { types } from './datatype.ts';
import { ElementCodec } from './element-codec.ts';
import type { RawElement } from './element-reader.ts';
import { readRule } from './listing.ts';
import { fingerprint, normalForm } from './normal-form.ts';
import { accept, concat, dnat, ip, meta, tcp } from './index.ts';
import { definitionFrom } from './set-definition.ts';

const codec = new ElementCodec({ name: 's', key: [types.ipv4_addr], data: [types.mark], interval: true });

const decoders: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  rule: (bytes) => readRule(new Attributes(bytes, 0, bytes.length)),
  expressions: (bytes) => normalForm(bytes, 0, bytes.length),
  set: (bytes) => definitionFrom(new Attributes(bytes, 0, bytes.length)),
  connection: (bytes) => readFlow(4, new Attributes(bytes, 0, bytes.length)),
  elements: (bytes) => {
    const raw: RawElement[] = [];
    codec.decode(bytes, 0, bytes.length, (element) => void raw.push(element));
    return codec.join(raw);
  },
};

/** Attributes with any content, some nested, some with a length that is wrong. */
const { attributes } = fc.letrec<{ attributes: Buffer }>((tie) => ({
  attributes: fc
    .array(
      fc.tuple(
        fc.nat(20),
        fc.oneof({ depthSize: 'small' }, fc.uint8Array({ maxLength: 24 }), tie('attributes')),
        fc.integer({ min: -6, max: 6 }),
        fc.nat(9),
      ),
      { maxLength: 6 },
    )
    .map((list) =>
      Buffer.concat(
        list.map(([type, content, error, chance]) => {
          const bytes = Buffer.alloc(4 + ((content.length + 3) & ~3));
          bytes.writeUInt16LE(Math.max(0, content.length + 4 + (chance === 0 ? error : 0)), 0);
          bytes.writeUInt16LE(type, 2);
          bytes.set(content, 4);
          return bytes;
        }),
      ),
    ),
}));

for (const [name, decode] of Object.entries(decoders)) {
  test(`${name}: any bytes`, () => {
    fc.assert(
      fc.property(attributes, (bytes) => {
        try {
          decode(bytes);
        } catch (error) {
          assert.ok(error instanceof RangeError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });
}

test('rules that differ in one value have different fingerprints', () => {
  const key = (port: number, chain: string, address: string): string =>
    fingerprint('ip', {
      key: 'k',
      statements: [
        ip.saddr.within('10.0.0.0/8'),
        tcp.dport.eq(port),
        concat(ip.daddr, meta.mark).verdictFrom({ name: chain }),
        dnat({ address }),
        accept,
      ],
    });
  const forms = [
    key(80, 'a', '10.0.0.1'),
    key(81, 'a', '10.0.0.1'),
    key(80, 'b', '10.0.0.1'),
    key(80, 'a', '10.0.0.2'),
  ];
  assert.equal(new Set(forms).size, forms.length);
  assert.equal(key(80, 'a', '10.0.0.1'), forms[0]);
});
