import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** In a process of its own: flags of V8 hold for the whole process. */
function run(program: string): unknown {
  const heap = JSON.stringify(new URL('./heap.ts', import.meta.url).href);
  const source = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { setImmediate } from 'node:timers/promises';
    import { boundNursery, IdleCollector } from ${heap};
    const nursery = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size;
    ${program}`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', source],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const work = `
  const kept = [];
  let most = 0;
  for (let round = 0; round < 600; round++) {
    for (let index = 0; index < 2_000; index++) kept.push({ index, pair: [index, index + 1] });
    most = Math.max(most, nursery());
    await setImmediate();
  }
  console.log(JSON.stringify(most));`;

test('the young generation stops growing where it is bound', () => {
  const free = run(work) as number;
  const bound = run(`boundNursery(4 * 2 ** 20); ${work}`) as number;
  // It may grow once or twice more before the observer hears of it.
  assert.ok(bound <= free / 2, `${bound} against ${free}`);
});

test('a process that rests on garbage collects it, and only then', () => {
  const looks = run(`
    const used = () => process.memoryUsage().heapUsed;
    await setImmediate();
    const collector = new IdleCollector();
    const looks = { worthless: collector.look() };
    let kept = [];
    for (let index = 0; index < 600_000; index++) kept.push({ index, text: 'x' + index });
    kept = undefined;
    const full = used();
    looks.busy = collector.look();
    for (let tries = 0; tries < 100 && !looks.resting; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      looks.resting = collector.look();
    }
    looks.half = used() < full / 2;
    looks.again = collector.look();
    console.log(JSON.stringify(looks));`);
  assert.deepEqual(looks, { worthless: false, busy: false, resting: true, half: true, again: false });
});
