import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { untouchedMappings } from './memory.ts';

const smaps = `00400000-00746000 r--p 00000000 fe:00 53                                 /opt/my node/bin/node
Size:               3352 kB
Anonymous:             0 kB
VmFlags: rd mr mw me
0074a000-03044000 r-xp 0034a000 fe:00 53                                 /opt/my node/bin/node
Anonymous:             4 kB
06b56000-06b7d000 rw-p 06755000 fe:00 53                                 /opt/my node/bin/node
Anonymous:             0 kB
7f0000000000-7f0000001000 r--p 00000000 fe:00 53                         /opt/my node/bin/node
Anonymous:             0 kB
7f3c43dc0000-7f3c43fc5000 r-xp 01627000 00:00 0
Anonymous:             0 kB
7f3c44000000-7f3c44001000 r-xp 00000000 fe:00 54                         /usr/lib/libc.so.6
Anonymous:             0 kB
`;

test('only pages of the program that are as they are in its file can be unmapped', () => {
  assert.deepEqual(untouchedMappings(smaps, '/opt/my node/bin/node'), [
    { start: 0x400000, end: 0x746000 },
    { start: 0x7f0000000000, end: 0x7f0000001000 },
  ]);
});

test('a program goes on without the pages that it gave back', () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval'],
      `import { readFileSync } from 'node:fs';
      import { releaseProgramPages } from ${JSON.stringify(new URL('./memory.ts', import.meta.url).href)};
      const resident = () => Number(/^RssFile:\\s+(\\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'))[1]);
      const before = resident();
      const released = await releaseProgramPages();
      const after = resident();
      console.log(JSON.stringify({ released, before, after, works: new Intl.NumberFormat('de').format(1234.5) }));`,
    ],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  const { released, before, after, works } = JSON.parse(stdout) as Record<string, number>;
  assert.ok(released! > 10 * 2 ** 20, `${released} bytes`);
  assert.ok(after! < before! * 0.8, `${after} kB of ${before} kB`);
  assert.equal(works, '1.234,5');
});
