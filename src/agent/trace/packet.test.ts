import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Ip } from '../../model/address.ts';
import { frameOf, headerOfProbe, headerText, isRewritten, packetOf, readHeader } from './packet.ts';
import { protocols, type Probe } from './trace.ts';

const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);

function address(family: 4 | 6): fc.Arbitrary<Ip> {
  const length = family === 4 ? 4 : 16;
  return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => ({ family, bytes }));
}

const port = fc.integer({ min: 1, max: 65_535 });
const probes = fc.constantFrom(4 as const, 6 as const).chain((family) =>
  fc.record<Probe>({
    source: address(family),
    destination: address(family),
    protocol: fc.constantFrom(...protocols),
    sourcePort: port,
    destinationPort: port,
    ttl: fc.integer({ min: 1, max: 255 }),
    number: port,
    portIsOurs: fc.boolean(),
    vrf: fc.constant(0),
    sourceMac: fc.constant(mac),
    destinationMac: fc.constant(mac),
  }),
);

/** RFC 1071: a right packet sums up to all ones. */
function sum(bytes: Iterable<number>): number {
  let total = 0;
  let odd = false;
  for (const byte of bytes) {
    total += odd ? byte : byte * 256;
    odd = !odd;
  }
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}

test('what is written is read again, with right checksums', () => {
  fc.assert(
    fc.property(probes, (probe) => {
      const packet = packetOf(probe);
      const { family, bytes } = probe.source;
      const start = family === 4 ? 20 : 40;
      const read = readHeader(packet.slice(0, start), packet.slice(start));
      assert.deepEqual(read, { ...headerOfProbe(probe), number: probe.number });
      if (family === 4) assert.equal(sum(packet.slice(0, 20)), 0xffff);
      const body = packet.slice(start);
      const next = packet[family === 4 ? 9 : 6]!;
      const pseudo = [...bytes, ...probe.destination.bytes, 0, body.length, 0, next];
      const covered = probe.protocol === 'icmp' && family === 4 ? body : [...pseudo, ...body];
      assert.equal(sum(covered), 0xffff);
      const frame = frameOf(probe);
      assert.deepEqual(frame.slice(14), packet);
      assert.equal(frame[12]! * 256 + frame[13]!, family === 4 ? 0x0800 : 0x86dd);
    }),
  );
});

test('headers in words', () => {
  const header = {
    source: 'fd00::1',
    destination: 'fd00::2',
    protocol: 'tcp',
    sourcePort: 7,
    destinationPort: 80,
    ttl: 9,
  };
  assert.equal(headerText(header), 'tcp [fd00::1]:7 -> [fd00::2]:80 ttl 9');
  assert.ok(!isRewritten(header, { ...header, ttl: 8 }));
  assert.ok(isRewritten(header, { ...header, destinationPort: 8080 }));
  assert.equal(readHeader(Uint8Array.of(0x45, 0), undefined), undefined);
});
