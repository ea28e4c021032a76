import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { basename, dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { FRAME_HEADER } from '../../src/vpp/codec/message.ts';
import { readCassette } from '../../src/vpp/testing/cassette.ts';
import type { Cassette, CassetteLine } from '../../src/vpp/testing/cassette.ts';
import { startReplay } from '../../src/vpp/testing/replay.ts';
import { allCassettes, expectedCassettes, RELEASES } from './recordings.ts';

const root = join(import.meta.dirname, '../..');
const tables = join(import.meta.dirname, 'tables');
const all = allCassettes(root);

test('each recorded test has a recording of each release, and each recording has a test', () => {
  const shown = (paths: readonly string[]) => paths.map((path) => relative(root, path)).toSorted();
  assert.deepEqual(shown(all), shown(expectedCassettes(root)));
});

test('recordings are of the release in whose folder they are', () => {
  for (const path of all) {
    const { release } = readCassette(path, tables);
    assert.ok(release.startsWith(basename(dirname(path))), `${path}: ${release}`);
  }
});

test('a replay refuses a request in which one byte is another, and takes it as it was recorded', async () => {
  for (const path of RELEASES.flatMap((release) => all.filter((each) => each.includes(`/${release}/`)).slice(0, 25))) {
    const cassette = readCassette(path, tables);
    const requests = cassette.connections[0]!.filter((line) => line.kind === 'request');
    const longest = requests.toSorted((left, right) => right.hex.length - left.hex.length)[0]!;
    const length = longest.hex.length / 2;
    const changed = flipped(longest.hex, AFTER_HEADER + ((length - AFTER_HEADER) >> 1));
    assert.deepEqual(await problemsWith(cassette, longest, longest.hex), [], path);
    const [problem] = await problemsWith(cassette, longest, changed);
    assert.equal(problem, `asked, but not recorded: ${longest.name} ${changed}`, path);
  }
});

/** Message id, client, context. */
const AFTER_HEADER = 10;

function flipped(hex: string, at: number): string {
  const bytes = Buffer.from(hex, 'hex');
  bytes[at] = bytes[at]! ^ 1;
  return bytes.toString('hex');
}

/** What the replay has against one request; what was recorded beside it is not asked. */
async function problemsWith(cassette: Cassette, { name }: CassetteLine, hex: string): Promise<readonly string[]> {
  await using replay = await startReplay(cassette);
  assert.ok(replay.problems().length > 0, name);
  const [ping] = cassette.table.find(
    ([, nameCrc]) => nameCrc.startsWith('control_ping_') && !nameCrc.includes('reply'),
  )!;
  const pinged = Buffer.alloc(AFTER_HEADER);
  pinged.writeUInt16BE(ping);
  await new Promise<void>((resolve, reject) => {
    const frames = Buffer.concat([framed(Buffer.from(hex, 'hex')), framed(pinged)]);
    const socket = connect(replay.path, () => socket.write(frames));
    // The ping is answered at the latest; on what it does not know the replay closes.
    socket.once('data', () => resolve(void socket.destroy()));
    socket.once('close', () => resolve());
    socket.once('error', reject);
  });
  return replay.problems().filter((problem) => problem.startsWith('asked'));
}

function framed(message: Buffer): Buffer {
  const header = Buffer.alloc(FRAME_HEADER);
  header.writeUInt32BE(message.length, 8);
  return Buffer.concat([header, message]);
}
