/** Codecs: of every message in the built-in pack, and of every release whose definitions are at hand. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { VppError } from '../errors.ts';
import { readApiModule } from '../schema/api-json.ts';
import type { MessageDefinition } from '../schema/definition.ts';
import { loadSchemaPack } from '../schema/pack.ts';
import { randomFields, seeded } from '../testing/random-fields.ts';
import { compileMessage, FRAME_HEADER } from './message.ts';
import { Writer } from './writer.ts';

const pack = await loadSchemaPack();

function newest(name: string): MessageDefinition {
  return pack.message(name, pack.crcs(name).at(-1)!)!;
}

function encode(definition: MessageDefinition, fields: object): Buffer {
  const writer = new Writer();
  compileMessage(definition).encode(writer, 0x1234, 0x8000_0001, 7, fields);
  return Buffer.from(writer.finish());
}

function decode(definition: MessageDefinition, frame: Uint8Array): object {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return compileMessage(definition).decode(frame, view, FRAME_HEADER, frame.length);
}

function roundTrip(definition: MessageDefinition, seed: number): void {
  const fields = randomFields(definition, seeded(seed));
  const frame = encode(definition, fields);
  assert.equal(frame.readUInt32BE(8), frame.length - FRAME_HEADER);
  const read = decode(definition, frame);
  // Of a union all members are read, only the one that was written is compared.
  assert.partialDeepStrictEqual(read, fields, `${definition.name}_${definition.crc} seed ${seed}`);
  for (const length of [FRAME_HEADER + 2, frame.length - 1]) {
    if (length >= frame.length) continue;
    try {
      decode(definition, frame.subarray(0, length));
      assert.fail(`${definition.name} cut to ${length} of ${frame.length} bytes was read`);
    } catch (error) {
      assert.ok(error instanceof VppError && error.code === 'malformed', String(error));
    }
  }
}

test('every message of the pack is read as it was written', () => {
  let count = 0;
  for (const name of pack.names()) {
    for (const crc of pack.crcs(name)) roundTrip(pack.message(name, crc)!, count++);
  }
  assert.ok(count > 2_000, `${count} messages`);
});

test('a route in bytes', () => {
  const frame = encode(newest('ip_route_add_del'), {
    is_add: true,
    route: { table_id: 5, prefix: '10.1.0.0/16', paths: [{ sw_if_index: 3, weight: 1, nh: { address: '192.0.2.1' } }] },
  });
  const path = `00000003${'00000000'.repeat(2)}0100${'00000000'.repeat(3)}c0000201${'00'.repeat(12 + 12)}00${'00'.repeat(16 * 7)}`;
  assert.equal(
    frame.subarray(FRAME_HEADER).toString('hex'),
    `1234${'80000001'}${'00000007'}0100${'00000005'}${'00000000'}00${'0a010000'}${'00'.repeat(12)}1001${path}`,
  );
});

test('defaults of VPP stand in for what is left out', () => {
  const { is_add, is_multipath } = decode(newest('ip_route_add_del'), encode(newest('ip_route_add_del'), {})) as Record<
    string,
    unknown
  >;
  assert.deepEqual([is_add, is_multipath], [true, false]);
  assert.deepEqual(decode(newest('sw_interface_dump'), encode(newest('sw_interface_dump'), {})), {
    sw_if_index: 0xffff_ffff,
    name_filter_valid: false,
    name_filter: '',
  });
});

test('numbers without a name stay as they are, flags are given by name', () => {
  const definition = newest('sw_interface_set_flags');
  const read = (flags: unknown): unknown =>
    (decode(definition, encode(definition, { flags })) as Record<string, unknown>)['flags'];
  assert.equal(read(['IF_STATUS_API_FLAG_ADMIN_UP', 'IF_STATUS_API_FLAG_LINK_UP', 64]), 67);
  const path = newest('ip_route_add_del');
  const type = (given: unknown): unknown => {
    const { route } = decode(path, encode(path, { route: { paths: [{ type: given }] } })) as {
      route: { paths: { type: unknown }[] };
    };
    return route.paths[0]!.type;
  };
  assert.equal(type('FIB_API_PATH_TYPE_DROP'), 'FIB_API_PATH_TYPE_DROP');
  assert.equal(type(77), 77);
  assert.throws(
    () => type('FIB_API_PATH_TYPE_DROPP'),
    /FIB_API_PATH_TYPE_DROPP is not one of FIB_API_PATH_TYPE_NORMAL/,
  );
});

test('what does not fit is refused with its field', () => {
  const refused = (name: string, fields: object): string => {
    try {
      encode(newest(name), fields);
    } catch (error) {
      assert.ok(error instanceof VppError && error.code === 'invalid-field');
      return error.message;
    }
    return assert.fail('it was encoded');
  };
  assert.match(
    refused('sw_interface_tag_add_del', { tag: 'x'.repeat(64) }),
    /sw_interface_tag_add_del.tag: 64 bytes of text do not fit, 63 do/,
  );
  assert.match(refused('sw_interface_set_mtu', { mtu: [1, 2, 3, 4, 5] }), /mtu: 5 elements do not fit, 4 do/);
  assert.match(refused('create_loopback', { mac_address: 'dead' }), /mac_address: "dead" is not a MAC address/);
  assert.match(
    refused('ip_route_add_del', { route: { paths: [{ weight: 300 }] } }),
    /fib_path.weight: 300 is not an integer in 0 to 255/,
  );
  assert.match(refused('ip_route_add_del', { route: { paths: 7 } }), /ip_route.paths: 7 is not a list/);
  assert.match(
    refused('punt_socket_register', { punt: { punt: { l4: {}, exception: {} } } }),
    /punt_union: is a union: one member at most/,
  );
});

const folder = process.env['LIGATURE_VPP_API_DIR'] ?? join(import.meta.dirname, '../../../../../shared/vpp-api');
const releases = existsSync(folder) ? globSync('v*.tar.gz', { cwd: folder }) : [];

test('every message of every release at hand', {
  skip: releases.length === 0 && 'needs the definitions of releases (LIGATURE_VPP_API_DIR)',
}, async (context) => {
  for (const release of releases.toSorted()) {
    await context.test(basename(release, '.tar.gz'), () => {
      const unpacked = mkdtempSync(join(tmpdir(), 'vpp-api-'));
      try {
        assert.equal(spawnSync('tar', ['xzf', join(folder, release), '-C', unpacked]).status, 0);
        let count = 0;
        for (const file of globSync('**/*.api.json', { cwd: unpacked })) {
          const module = readApiModule(JSON.parse(readFileSync(join(unpacked, file), 'utf8')));
          for (const definition of module.messages) {
            assert.ok(
              pack.has(`${definition.name}_${definition.crc}`),
              `${definition.name}_${definition.crc} is not in the pack`,
            );
            roundTrip(definition, count++);
          }
        }
        assert.ok(count > 1_500, `${count} messages`);
      } finally {
        rmSync(unpacked, { recursive: true });
      }
    });
  }
});
