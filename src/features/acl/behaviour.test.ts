import assert from 'node:assert/strict';
import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';
import {
  acquaint,
  connects,
  denyAll,
  hosts,
  key,
  list,
  macipRule,
  network,
  only,
  permitAll,
  pings,
  rule,
  tcpRule,
} from './testing.ts';

async function open(bench: Bench) {
  const agent = await bench.agent();
  await agent.commit(network(bench));
  await acquaint(bench);
  return agent;
}

const serve = (bench: Bench, host: string, port: number) => bench.host(host).echo({ protocol: 'tcp', port });

onEachEngine(
  'what a rule permits passes, the rest does not, IPv6 neither; ARP does; read back; gone',
  { hosts },
  async (bench) => {
    const agent = await open(bench);
    for (const port of [80, 81]) await serve(bench, 'b', port);
    const web = list('web', [tcpRule('PERMIT', 80)], { ingress: ['a'] });
    await agent.commit(only(web));
    await eventually(() => connects(bench, 'a', '10.2.0.2', 80));
    assert.equal(await connects(bench, 'a', '10.2.0.2', 81), false);
    assert.equal(await connects(bench, 'a', 'fd02::2', 80), false, 'a list for IPv4 denies IPv6 at its end');
    assert.equal(await pings(bench, 'a', '10.1.0.1'), false, 'what is for the router is filtered, too');
    assert.ok((await bench.host('a').whoHas('eth0', '10.1.0.1', { from: '10.1.0.2' })).length > 0, 'ARP passes');
    assert.deepEqual(await agent.drift(), []);
    await agent.stop();
    const again = await bench.agent();
    assert.deepEqual(await again.resync(network(bench, web)), []);
    assert.equal(await connects(bench, 'a', '10.2.0.2', 81), false);
    await again.remove(only(web));
    for (const to of ['10.2.0.2', 'fd02::2']) await eventually(() => connects(bench, 'a', to, 81));
    assert.deepEqual(await bench.leftOf(again, network(bench)), []);
  },
);

onEachEngine('the first rule that matches decides, over several lists by their names', { hosts }, async (bench) => {
  const agent = await open(bench);
  for (const port of [80, 81]) await serve(bench, 'b', port);
  // Committed in another order than their names have.
  const ingress = { ingress: ['a'] };
  await agent.commit(only(list('c-deny', denyAll, ingress), list('b-permit', permitAll, ingress)));
  await eventually(() => connects(bench, 'a', '10.2.0.2', 80));
  const first = list('a-deny', [tcpRule('DENY', 80)], ingress);
  await agent.commit(only(first));
  assert.equal(await connects(bench, 'a', '10.2.0.2', 80), false);
  await eventually(() => connects(bench, 'a', '10.2.0.2', 81));
  await agent.remove(only(first));
  await eventually(() => connects(bench, 'a', '10.2.0.2', 80));
  await agent.remove(only(list('b-permit', [], {})));
  assert.equal(await connects(bench, 'a', '10.2.0.2', 80), false);
  assert.deepEqual(await agent.drift(), []);
});

onEachEngine('a reflected flow has its replies through a deny, on its own interface only', { hosts }, async (bench) => {
  const agent = await open(bench);
  await serve(bench, 'b', 80);
  await serve(bench, 'a', 90);
  await agent.commit(
    only(
      list('out', [tcpRule('REFLECT', 80), tcpRule('REFLECT', 80, '::/0')], { egress: ['b'] }),
      list('nothing-back', denyAll, { ingress: ['b'] }),
    ),
  );
  await eventually(() => connects(bench, 'a', '10.2.0.2', 80));
  await eventually(() => connects(bench, 'a', 'fd02::2', 80));
  assert.equal(await connects(bench, 'b', '10.1.0.2', 90), false, 'nothing of its own comes back');
  const guard = list('guard', denyAll, { egress: ['a'] });
  await agent.commit(only(guard));
  assert.equal(await connects(bench, 'a', '10.2.0.2', 80), false, "the other interface's deny drops the reply");
  await agent.remove(only(guard));
  await eventually(() => connects(bench, 'a', '10.2.0.2', 80));
  assert.deepEqual(await agent.drift(), []);
});

onEachEngine('ICMP echo is reflected, too', { hosts }, async (bench) => {
  const agent = await open(bench);
  const echo = ', icmp: { icmpTypeRange: { first: 8, last: 8 }, icmpCodeRange: { first: 0, last: 255 } }';
  await agent.commit(
    only(
      list('ping-out', [rule('REFLECT', undefined, echo)], { ingress: ['a'] }),
      list('no-in', denyAll, { egress: ['a'] }),
    ),
  );
  await eventually(() => pings(bench, 'a', '10.2.0.2'));
  assert.equal(await pings(bench, 'b', '10.1.0.2'), false);
});

onEachEngine('new rules take the place of old ones without a hole, and sessions stay', { hosts }, async (bench) => {
  const agent = await open(bench);
  await serve(bench, 'b', 80);
  const ingress = { ingress: ['a'] };
  await agent.commit(only(list('web', [tcpRule('REFLECT', 80)], ingress), list('back', denyAll, { egress: ['a'] })));
  const flow = await bench.host('a').flow({ protocol: 'tcp', to: '10.2.0.2', port: 80 });
  const changed = list('web', [tcpRule('REFLECT', 443), tcpRule('DENY', 80)], ingress);
  assert.deepEqual(await agent.commit(only(changed)), [`UPDATE ${key('web')}`]);
  const seen = (await flow.report()).received;
  await eventually(async () => (await flow.report()).received >= seen + 20);
  assert.equal((await flow.stop()).lost, 0);
  assert.equal(await connects(bench, 'a', '10.2.0.2', 80), false, 'new connections meet the new rules');

  // Without sessions: rules that both permit a stream of datagrams, one after the other, lose none of them.
  await agent.remove(only(changed, list('back', [], {})));
  const udp = await bench.host('b').echo({ protocol: 'udp', port: 53 });
  await agent.commit(only(list('web', permitAll, ingress)));
  const stream = await bench.host('a').flow({ protocol: 'udp', to: '10.2.0.2', port: 53, interval: 1 });
  for (let turn = 0; turn < 10; turn++) {
    const more = turn % 2 === 0 ? [tcpRule('DENY', 80)] : [];
    await agent.commit(only(list('web', [...more, ...permitAll], ingress)));
  }
  assert.equal((await stream.stop()).lost, 0);
  await udp.close();
});

onEachEngine('a MACIP list binds addresses to a MAC, in ARP, too, but for VPP', { hosts }, async (bench, engine) => {
  const agent = await open(bench);
  const { mac } = (await bench.host('a').link('eth0'))!;
  const mine = (hardware: string): string => list('mine', [macipRule('10.1.0.2', hardware)], { ingress: ['a'] });
  const asks = async () =>
    (await bench.host('a').whoHas('eth0', '10.1.0.1', { from: '10.1.0.2', timeout: 500 })).length > 0;
  await agent.commit(only(mine(mac)));
  await eventually(() => pings(bench, 'a', '10.2.0.2'));
  await eventually(asks);
  assert.deepEqual(await agent.drift(), []);
  await agent.commit(only(mine('02:00:00:00:00:99')));
  assert.equal(await pings(bench, 'a', '10.2.0.2'), false);
  assert.equal(await asks(), engine === 'vpp', 'ARP of a foreign MAC');
  await agent.remove(only(mine(mac)));
  await eventually(() => pings(bench, 'a', '10.2.0.2'));
});
