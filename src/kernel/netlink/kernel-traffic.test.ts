import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { getLink } from './link.ts';
import { listRoutes, replaceRoute } from './route.ts';
import { getFamily } from './generic-family.ts';
import { readSeg6, readSeg6Local, seg6, seg6Actions, seg6Local } from './seg6.ts';
import type { Seg6Local } from './seg6.ts';
import { getSegmentSource, SEG6_FAMILY, setSegmentSource } from './seg6-source.ts';
import { addClsact, addMirror, deleteClsact, deleteFilters, listFilters, listQdiscs } from './tc.ts';
import { ip, net, openBench } from './testing.ts';

const { name: NAME, driver, rtnl, port } = await openBench();

test('mirrors and redirections hang on clsact', async () => {
  const target = (await rtnl.get(getLink({ name: 'p1' })))!;
  await rtnl.request(addClsact(port.index));
  assert.ok((await rtnl.dump(listQdiscs({ link: port.index }))).some((q) => q.kind === 'clsact'));
  await rtnl.request(
    addMirror({
      link: port.index,
      direction: 'ingress',
      priority: 5,
      classifier: 'u32',
      action: 'mirror',
      target: target.index,
    }),
  );
  await rtnl.request(
    addMirror({
      link: port.index,
      direction: 'egress',
      priority: 6,
      classifier: 'u32',
      action: 'redirect',
      target: target.index,
    }),
  );
  const seen = execFileSync('tc', ['-n', NAME, 'filter', 'show', 'dev', 'p0', 'ingress'], { encoding: 'utf8' });
  assert.match(seen, /protocol all pref 5 u32[^]*Egress Mirror to device p1/);
  const read = await rtnl.dump(listFilters({ link: port.index, direction: 'egress' }));
  assert.deepEqual(
    read.map((f) => [f.kind, f.direction, f.priority, f.action, f.target]),
    [['u32', 'egress', 6, 'redirect', target.index]],
  );
  await rtnl.request(deleteFilters({ link: port.index, direction: 'ingress', priority: 5 }));
  assert.deepEqual(await rtnl.dump(listFilters({ link: port.index, direction: 'ingress' })), []);
  await rtnl.request(deleteClsact(port.index));
  assert.ok(!(await rtnl.dump(listQdiscs({ link: port.index }))).some((q) => q.kind === 'clsact'));
});

test('segment routing as iproute2 prints it', async () => {
  if (!(await driver.capabilities()).has('seg6')) return;
  const segments = [ip('2001:db8:a::1'), ip('2001:db8:b::1')];
  for (const mode of ['encap', 'inline', 'l2encap', 'encap.red'] as const) {
    await rtnl.request(
      replaceRoute({
        destination: net('2001:db8:9::/64'),
        link: port.index,
        metric: 3,
        encapsulation: seg6({ mode, segments }),
      }),
    );
    const text = execFileSync('ip', ['-6', '-n', NAME, 'route', 'show', '2001:db8:9::/64'], { encoding: 'utf8' });
    assert.match(text, /segs 2 \[ 2001:db8:a::1 2001:db8:b::1 \]|segs 3 \[ 2001:db8:a::1 2001:db8:b::1 :: \]/);
    const found = (await rtnl.dump(listRoutes({ family: 6 }))).find((r) => r.encapsulation)!;
    assert.deepEqual(readSeg6(found.encapsulation!), { mode, segments });
  }
  await rtnl.request(
    replaceRoute({
      destination: net('2001:db8:8::1/128'),
      link: port.index,
      metric: 3,
      encapsulation: seg6Local({ action: 6, nextHop4: ip('10.0.0.2') }),
    }),
  );
  const local = (await rtnl.dump(listRoutes({ family: 6 }))).find((r) => r.encapsulation?.type === 7)!;
  assert.deepEqual(readSeg6Local(local.encapsulation!), { action: 6, nextHop4: ip('10.0.0.2') });
  const psp = (await driver.capabilities()).has('seg6local-psp');
  const shown: readonly (readonly [Seg6Local, RegExp])[] = [
    [{ action: seg6Actions['End.B6'], segments }, /End\.B6 segs 3 \[ 2001:db8:a::1 2001:db8:b::1 :: \]/],
    [{ action: seg6Actions['End.B6.Encaps'], segments }, /End\.B6\.Encaps segs 2 \[ 2001:db8:a::1 2001:db8:b::1 \]/],
    [{ action: seg6Actions['End.T'], table: 5000 }, /End\.T table 5000/],
    ...(psp ? ([[{ action: seg6Actions.End, psp: true }, /End flavors psp/]] as const) : []),
  ];
  for (const [spec, text] of shown) {
    const destination = net('2001:db8:8::2/128');
    await rtnl.request(replaceRoute({ destination, link: port.index, metric: 3, encapsulation: seg6Local(spec) }));
    assert.match(execFileSync('ip', ['-6', '-n', NAME, 'route', 'show', '2001:db8:8::2'], { encoding: 'utf8' }), text);
    const found = (await rtnl.dump(listRoutes({ family: 6 }))).find((one) => one.destination.address.bytes[15] === 2);
    assert.deepEqual(readSeg6Local(found!.encapsulation!), spec);
  }
});

test('the source of segment routing is that of iproute2', async () => {
  if (!(await driver.capabilities()).has('seg6')) return;
  const generic = driver.generic(driver.vswitch);
  assert.equal(await generic.get(getFamily('no such family')), undefined);
  const family = (await generic.get(getFamily(SEG6_FAMILY)))!;
  assert.deepEqual(await generic.get(getSegmentSource(family)), ip('::'));
  await generic.request(setSegmentSource(family, ip('2001:db8::7')));
  assert.match(execFileSync('ip', ['-n', NAME, 'sr', 'tunsrc', 'show'], { encoding: 'utf8' }), /addr 2001:db8::7$/m);
  execFileSync('ip', ['-n', NAME, 'sr', 'tunsrc', 'set', '2001:db8::8']);
  assert.deepEqual(await generic.get(getSegmentSource(family)), ip('2001:db8::8'));
  await generic.request(setSegmentSource(family, ip('::')));
});
