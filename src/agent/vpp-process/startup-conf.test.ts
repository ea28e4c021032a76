import assert from 'node:assert/strict';
import { test } from 'node:test';
import { vppProcessSettings } from './settings.ts';
import { startupConf } from './startup-conf.ts';

const places = {
  directory: '/run/lg/vpp',
  apiSocket: '/run/lg/vpp/api.sock',
  statsSocket: '/run/lg/vpp/stats.sock',
  cliSocket: '/run/lg/vpp/cli.sock',
  puntSocket: '/run/lg/vpp/punt.sock',
  startupConf: '/run/lg/vpp/startup.conf',
  output: '/run/lg/vpp/output.log',
  log: '/run/lg/vpp/vpp.log',
  plugins: '/opt/vpp/plugins',
};
const none = new Map<number, number>();
const plenty = new Map([[2 << 20, 1 << 30]]);
const card = { address: '0000:00:08.0', name: 'wan', driver: 'vfio-pci' } as const;

function settings(values: object = {}) {
  return vppProcessSettings.parse({ binary: '/usr/bin/vpp', ...values });
}

test('without huge pages VPP gets pages of 4 kB, and a warning that says what would help', () => {
  const { text, warnings } = startupConf(settings(), places, none, []);
  assert.match(text, /memory \{ main-heap-size 1G main-heap-page-size 4k \}/);
  assert.match(text, /buffers \{ buffers-per-numa 16384 page-size 4k \}/);
  assert.match(text, /poll-sleep-usec 100/);
  assert.match(text, /plugins \{ path \/opt\/vpp\/plugins plugin dpdk_plugin\.so \{ disable \} \}/);
  assert.equal(warnings.length, 1);
  assert.match(
    warnings[0]!,
    /39 MB in huge pages .* are needed for 16384 buffers, 0 MB are free: VPP uses pages of 4 kB/,
  );
  assert.deepEqual(startupConf(settings({ hugepages: 'off' }), places, none, []).warnings, []);
});

test('with huge pages it uses them', () => {
  const { text, warnings } = startupConf(settings({ 'main-core': 1, 'worker-cores': '2-3' }), places, plenty, [card]);
  assert.doesNotMatch(text, /4k/);
  assert.match(text, /cpu \{ main-core 1 corelist-workers 2-3 \}/);
  assert.match(text, /poll-sleep-usec 0 /);
  assert.match(text, /dpdk \{ dev 0000:00:08\.0 \{ name wan \} \}/);
  assert.doesNotMatch(text, /dpdk_plugin\.so \{ disable \}/);
  assert.deepEqual(warnings, []);
});

test('what is required and missing is refused with the remedy', () => {
  const expected = /hugepages: 39 MB .*: reserve them \(sysctl vm\.nr_hugepages=20\)/;
  assert.throws(() => startupConf(settings({ hugepages: 'required' }), places, none, []), expected);
  assert.throws(() => startupConf(settings(), places, none, [card]), /cards: DPDK needs huge pages/);
});

test('what is written into the file cannot be anything else', () => {
  for (const wrong of [
    { heap: '1G } unix { exec /tmp/x' },
    { 'worker-cores': '2 }' },
    { plugins: { path: '/tmp/a b' } },
    { cards: [{ address: '08.0' }] },
    { cards: [{ address: '0000:00:08.0', name: 'a}' }] },
  ])
    assert.equal(vppProcessSettings.safeParse(wrong).success, false, JSON.stringify(wrong));
  assert.match(startupConf(settings({ extra: 'nat { }' }), places, none, []).text, /\nnat \{ \}\n$/);
});
