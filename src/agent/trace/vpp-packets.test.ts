/** What a trace through VPP says is what happens to the packets of pods. */

// First: a namespace of its own, for VPP and the agent.
import '../../../test/stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { createLab } from '../../../test/lab/lab.ts';
import { named, reaches } from '../../../test/stage/stage.ts';
import { lan, pod } from '../../../test/vpp/pods.ts';
import { liveVppTest } from '../../../test/vpp/stage.ts';
import { readMacs } from './macs.ts';
import { changesOf, objectOf } from './testing.ts';
import { Tracer } from './tracer.ts';
import { vppTraceEngine } from './vpp/engine.ts';

liveVppTest('pods of a bridge domain: what passes and what an access list denies', async (stage) => {
  const lab = await createLab();
  try {
    const [a, b] = [await lab.host('a'), await lab.host('b')];
    const agent = await stage.agent({ host: true });
    const { client, scheduler, host } = agent;
    await agent.commit(
      ...pod('a', named(lab.publish(a)), '10.9.0.1/24'),
      ...pod('b', named(lab.publish(b)), '10.9.0.2/24'),
      lan('a', 'b'),
      ...changesOf(`vppConfig:
  acls:
    - name: no-web
      interfaces: { ingress: [a] }
      rules:
        - { action: DENY, ipRule: { tcp: { destinationPortRange: { lowerPort: 81, upperPort: 81 }, sourcePortRange: { upperPort: 65535 } } } }
        - { action: PERMIT, ipRule: { ip: {} } }`),
    );
    const tracer = new Tracer({
      scheduler,
      engine: () => Promise.resolve(vppTraceEngine({ client }, scheduler)),
      macs: (signal) => readMacs({ scheduler, client, driver: host?.driver }, signal),
    });
    const trace = (to: string) => tracer.trace({ from: 'a-in', to }, AbortSignal.timeout(60_000));
    for (const port of [80, 81]) await b.echo({ protocol: 'tcp', port });
    assert.ok(await reaches(a, '10.9.0.2'));

    const web = await trace('b-in:80');
    assert.equal(web.packet.interface, 'a');
    assert.deepEqual(
      web.hops.filter(({ by }) => by === 'access list').map(objectOf),
      ['config/vpp/acls/v2/acl/no-web #2'],
      JSON.stringify(web),
    );
    assert.equal(web.verdict.text, 'out of b, to Linux interface b-in');
    assert.ok((await a.tcp({ to: '10.9.0.2', port: 80 })).connected);

    const denied = await trace('b-in:81');
    assert.equal(objectOf(denied.verdict), 'config/vpp/acls/v2/acl/no-web #1', JSON.stringify(denied));
    assert.ok(!(await a.tcp({ to: '10.9.0.2', port: 81, timeout: 500 })).connected);

    // The packet is real: the pod gets it.
    const seen = await b.capture('eth0', { direction: 'in', icmp: {} });
    const ping = await trace('b-in');
    assert.equal(ping.verdict.outcome, 'forwarded');
    await seen.wait({ ip: { source: '10.9.0.1' } }, { count: 1, timeout: 10_000 });
  } finally {
    await lab.close();
  }
});
