import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { VppError } from '../errors.ts';
import { FAKE_BASE, type FakeEntry, fakeSegment } from '../testing/fake-segment.ts';
import { VppStats } from './stats.ts';

const entries: Readonly<Record<string, FakeEntry>> = {
  '/sys/heartbeat': { scalar: 12n },
  '/sys/boottime': { scalar: 1_795_852_501n },
  '/sys/num_worker_threads': { scalar: 1n },
  '/sys/vector_rate_per_worker': { simple: [[3n, 4n]] },
  '/sys/loops_per_worker': { simple: [[10n, 20n]] },
  '/if/names': { names: ['local0', undefined, 'deleted', 'loop0'] },
  // Workers have seen fewer interfaces than the main thread.
  '/if/rx': {
    combined: [
      [
        [0n, 0n],
        [0n, 0n],
        [9n, 9n],
        [1n, 100n],
      ],
      [[5n, 50n]],
    ],
  },
  '/if/tx': {
    combined: [
      [],
      [
        [0n, 0n],
        [0n, 0n],
        [0n, 0n],
        [2n, 1n << 60n],
      ],
    ],
  },
  '/if/drops': {
    simple: [
      [0n, 0n, 0n, 7n],
      [1n, 0n, 0n, 8n],
    ],
  },
  '/if/punt': { simple: [[0n, 0n, 0n, 3n]] },
  '/interfaces/loop0/drops': { symlink: ['/if/drops', 3] },
  '/interfaces/loop0/rx': { symlink: ['/if/rx', 3] },
  gone: { empty: true },
  '/sys/node/names': { names: ['ip4-input', 'memif1/0-output'] },
  '/sys/node/calls': {
    simple: [
      [1n, 2n],
      [10n, 20n],
    ],
  },
  '/sys/node/vectors': {
    simple: [
      [3n, 4n],
      [30n, 40n],
    ],
  },
  '/sys/node/clocks': { simple: [[5n, 6n]] },
  '/sys/node/suspends': { simple: [[0n, 0n]] },
  '/node/errors': {
    simple: [
      [0n, 4n],
      [1n, 5n],
    ],
  },
  '/err/ip4-input/ip4 ttl <= 1': { symlink: ['/node/errors', 1] },
  '/err/memif1/0-output/no free tx slots': { symlink: ['/node/errors', 0] },
  '/buffer-pools/default-numa-0/cached': { scalar: 1n },
  '/buffer-pools/default-numa-0/used': { scalar: 2n },
  '/buffer-pools/default-numa-0/available': { scalar: 3n },
  '/mem/main heap': { simple: [[100n, 60n, 40n, 0n, 100n, 5n, 30n]] },
  '/mem/main heap/used': { symlink: ['/mem/main heap', 1] },
};

const fails =
  (code: string, about: RegExp) =>
  (error: unknown): true => {
    assert.ok(error instanceof VppError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, about);
    return true;
  };

describe('VppStats', () => {
  const stats = VppStats.of(fakeSegment(entries));

  it('sums counters of interfaces over threads of different lengths, and leaves free places out', async () => {
    const found = await stats.interfaces();
    assert.deepEqual(
      found.map(({ index, name, rx, tx, drops, punts, rxErrors }) => ({ index, name, rx, tx, drops, punts, rxErrors })),
      [
        {
          index: 0,
          name: 'local0',
          rx: { packets: 5n, bytes: 50n },
          tx: { packets: 0n, bytes: 0n },
          drops: 1n,
          punts: 0n,
          rxErrors: 0n,
        },
        {
          index: 3,
          name: 'loop0',
          rx: { packets: 1n, bytes: 100n },
          tx: { packets: 2n, bytes: 1n << 60n },
          drops: 15n,
          punts: 3n,
          rxErrors: 0n,
        },
      ],
    );
  });

  it('reads nodes of all threads and of one', async () => {
    const [, output] = await stats.nodes();
    assert.deepEqual(output, {
      index: 1,
      name: 'memif1/0-output',
      calls: 22n,
      vectors: 44n,
      clocks: 6n,
      suspends: 0n,
    });
    const worker = await stats.nodes({ thread: 1 });
    assert.deepEqual(worker[0], { index: 0, name: 'ip4-input', calls: 10n, vectors: 30n, clocks: 0n, suspends: 0n });
  });

  it('reads errors through symlinks; nodes may have slashes in their names', async () => {
    assert.deepEqual(await stats.errors(), [
      { node: 'ip4-input', reason: 'ip4 ttl <= 1', count: 9n },
      { node: 'memif1/0-output', reason: 'no free tx slots', count: 1n },
    ]);
  });

  it('reads buffers, memory and rates', async () => {
    assert.deepEqual(await stats.buffers(), [{ pool: 'default-numa-0', cached: 1n, used: 2n, available: 3n }]);
    assert.deepEqual(await stats.memory(), [
      {
        heap: 'main heap',
        total: 100n,
        used: 60n,
        free: 40n,
        usedMmap: 0n,
        totalAllocated: 100n,
        freeChunks: 5n,
        releasable: 30n,
      },
    ]);
    const { workers, heartbeat, vectorRates, loops, inputRate } = await stats.runtime();
    assert.deepEqual(
      { workers, heartbeat, vectorRates, loops, inputRate },
      { workers: 1, heartbeat: 12n, vectorRates: [3n, 4n], loops: [10n, 20n], inputRate: 0n },
    );
  });

  it('reads any entry by its name', async () => {
    assert.deepEqual(await stats.value('/interfaces/loop0/drops'), { kind: 'scalar', value: 15n });
    assert.deepEqual(await stats.value('/interfaces/loop0/rx'), {
      kind: 'combined',
      values: [{ packets: 1n, bytes: 100n }],
    });
    assert.deepEqual(await stats.value('/if/names'), {
      kind: 'names',
      values: ['local0', undefined, 'deleted', 'loop0'],
    });
    assert.equal(await stats.value('/nothing'), undefined);
    assert.equal(await stats.value('gone'), undefined);
    assert.deepEqual(await stats.list('/buffer-pools/'), [
      '/buffer-pools/default-numa-0/cached',
      '/buffer-pools/default-numa-0/used',
      '/buffer-pools/default-numa-0/available',
    ]);
  });

  it('reads scalars as they are now: VPP changes them in their place', async () => {
    const segment = fakeSegment({ '/sys/heartbeat': { scalar: 1n }, '/buffer-pools/a/used': { scalar: 3n } });
    const living = VppStats.of(segment);
    assert.equal((await living.runtime()).heartbeat, 1n);
    segment.bytes.writeBigUInt64LE(2n, segment.entry('/sys/heartbeat') + 8);
    segment.bytes.writeBigUInt64LE(4n, segment.entry('/buffer-pools/a/used') + 8);
    assert.equal((await living.runtime()).heartbeat, 2n);
    assert.equal((await living.buffers())[0]?.used, 4n);
    assert.deepEqual(await living.value('/sys/heartbeat'), { kind: 'scalar', value: 2n });
  });

  it('reads errors and names of VPP up to 22.02', async () => {
    const early = VppStats.of(
      fakeSegment(
        {
          '/err/ip4-input/ip4 ttl <= 1': { error: 1 },
          '/if/names': { names: ['local0'] },
          '/if/drops': { simple: [[4n]] },
          '/interfaces/local0/drops': { symlink: ['/if/drops', 0] },
          free: { empty: true },
        },
        {
          errors: [
            [0n, 2n],
            [0n, 3n],
          ],
        },
      ),
    );
    assert.deepEqual(await early.errors(), [{ node: 'ip4-input', reason: 'ip4 ttl <= 1', count: 5n }]);
    assert.deepEqual(
      (await early.interfaces()).map(({ name, drops }) => ({ name, drops })),
      [{ name: 'local0', drops: 4n }],
    );
    assert.deepEqual(await early.value('/interfaces/local0/drops'), { kind: 'scalar', value: 4n });
    assert.equal(await early.value('free'), undefined);
  });
});

describe('a segment that VPP changes meanwhile', () => {
  /** Runs `change` before the read number `when`. */
  function changing(change: (reads: number, segment: ReturnType<typeof fakeSegment>) => void, attempts = 50) {
    const segment = fakeSegment(entries);
    let reads = 0;
    const source = {
      size: segment.size,
      read(target: Uint8Array, at: number): number {
        change(++reads, segment);
        return segment.read(target, at);
      },
    };
    return { stats: VppStats.of(source, { attempts }), segment };
  }

  it('is read again when the epoch moved, even if it looked malformed', async () => {
    let good = 0n;
    const { stats } = changing((reads, { bytes, entry, setEpoch }) => {
      const at = entry('/if/names') + 8;
      if (reads === 1) {
        good = bytes.readBigUInt64LE(at);
        bytes.writeBigUInt64LE(1n, at);
      }
      if (reads === 4) {
        bytes.writeBigUInt64LE(good, at);
        setEpoch(8n);
      }
    });
    assert.equal((await stats.interfaces()).length, 2);
  });

  it('is waited for while it is being changed', async () => {
    const { stats } = changing((reads, segment) => segment.setChanging(reads < 5));
    assert.equal((await stats.interfaces()).length, 2);
  });

  it('is given up when it never holds still', async () => {
    const { stats, segment } = changing(() => undefined, 5);
    segment.setChanging(true);
    await assert.rejects(stats.interfaces(), fails('timeout', /during each of 5 readings/));
    const moving = changing((reads, { setEpoch }) => setEpoch(BigInt(reads)), 5);
    await assert.rejects(moving.stats.interfaces(), fails('timeout', /during each of 5 readings/));
  });

  it('shows new names once the epoch has moved', async () => {
    const segment = fakeSegment(entries);
    const stats = VppStats.of(segment);
    await stats.interfaces();
    const at = segment.bytes.indexOf('loop0\0');
    segment.bytes.write('wan00', at);
    segment.setEpoch(9n);
    assert.deepEqual(
      (await stats.interfaces()).map(({ name }) => name),
      ['local0', 'wan00'],
    );
  });
});

describe('a malformed segment', () => {
  const cases: readonly (readonly [string, (segment: ReturnType<typeof fakeSegment>) => void, string, RegExp])[] = [
    ['another version', ({ bytes }) => bytes.writeBigUInt64LE(3n, 0), 'unavailable', /version 3 is not known/],
    ['no directory', ({ bytes }) => bytes.writeBigUInt64LE(0n, 32), 'malformed', /no directory/],
    ['a directory outside', ({ bytes }) => bytes.writeBigUInt64LE(1n, 32), 'malformed', /the directory points to 0x1/],
    [
      'a directory that is longer than all',
      ({ bytes, entry }) => bytes.writeUInt32LE(0xffff_ffff, entry('/sys/heartbeat') - 8),
      'malformed',
      /the directory has 4294967295 items .* beyond the end/,
    ],
    [
      'a counter outside',
      ({ bytes, entry }) => bytes.writeBigUInt64LE(FAKE_BASE + (1n << 20n), entry('/if/rx') + 8),
      'malformed',
      /\/if\/rx points to .* outside/,
    ],
    [
      'a counter at the header',
      ({ bytes, entry }) => bytes.writeBigUInt64LE(FAKE_BASE + 4n, entry('/if/rx') + 8),
      'malformed',
      /before its own length/,
    ],
    [
      'a counter of another kind',
      ({ bytes, entry }) => bytes.writeUInt32LE(2, entry('/if/rx')),
      'malformed',
      /\/if\/rx is of kind simple, not combined/,
    ],
  ];
  for (const [what, spoil, code, about] of cases) {
    it(`${what} is told`, async () => {
      const segment = fakeSegment(entries);
      spoil(segment);
      await assert.rejects(VppStats.of(segment).interfaces(), fails(code, about));
    });
  }

  it('with symlinks in a circle or to nowhere is told', async () => {
    const circle = VppStats.of(fakeSegment({ one: { symlink: ['two', 0] }, two: { symlink: ['one', 0] } }));
    await assert.rejects(circle.value('one'), fails('malformed', /leads to symlink two/));
    const segment = fakeSegment({ one: { symlink: ['one', 0] } });
    segment.bytes.writeUInt32LE(77, segment.entry('one') + 8);
    await assert.rejects(VppStats.of(segment).value('one'), fails('malformed', /entry 77 of 1/));
  });

  it('whose vectors all lead to one long one takes no memory without bounds', async () => {
    const segment = fakeSegment({ loop: { simple: [Array.from({ length: 4_000 }, () => 1n)] } }, { size: 1 << 16 });
    const { bytes } = segment;
    const threads = Number(bytes.readBigUInt64LE(segment.entry('loop') + 8) - FAKE_BASE);
    const long = bytes.readBigUInt64LE(threads);
    bytes.writeUInt32LE(200, threads - 8);
    for (let at = 0; at < 200; at++) bytes.writeBigUInt64LE(long, threads + 8 * at);
    await assert.rejects(VppStats.of(segment).value('loop'), fails('malformed', /more to read/));
  });

  it('of any bytes fails with a VppError or is read, and ends', async () => {
    const change = fc.record({
      at: fc.integer({ min: 0, max: 16_000 }),
      value: fc.oneof(
        fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
        fc.bigInt({ min: 0n, max: 16_384n }).map((at) => FAKE_BASE + at),
        fc.constantFrom(0n, 1n, 0xffff_ffffn),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        const segment = fakeSegment(entries, { size: 1 << 14 });
        for (const { at, value } of changes) segment.bytes.writeBigUInt64LE(value, Math.min(at, segment.size - 8));
        const stats = VppStats.of(segment, { attempts: 1 });
        const names = await stats.list().catch(() => []);
        const all = [
          stats.interfaces(),
          stats.nodes(),
          stats.errors(),
          stats.buffers(),
          stats.memory(),
          stats.runtime(),
          ...names.map((name) => stats.value(name)),
        ];
        for (const outcome of await Promise.allSettled(all)) {
          if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof VppError, String(outcome.reason));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the stats socket', () => {
  it('that nobody listens at, is of another kind or cannot be: a clear error', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lg-stats-'));
    const server = createServer().listen(join(folder, 'stream.sock'));
    try {
      const at = (path: string): Promise<unknown> => new VppStats({ path, timeout: 500 }).interfaces();
      await assert.rejects(at(join(folder, 'none.sock')), fails('unreachable', /none\.sock: ENOENT/));
      await assert.rejects(at(join(folder, 'stream.sock')), fails('unreachable', /EPROTOTYPE; it is another kind/));
      await assert.rejects(at('/'.repeat(200)), fails('unreachable', /at most 107 bytes/));
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is not asked once the reader was closed', async () => {
    const stats = VppStats.of(fakeSegment(entries));
    stats.close();
    await assert.rejects(stats.interfaces(), fails('closed', /was closed/));
  });
});
