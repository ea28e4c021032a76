import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import {
  ExceptionSchema,
  IPRedirectSchema,
  L3Protocol,
  L4Protocol,
  ToHostSchema,
} from '../../model/gen/ligato/vpp/punt/punt_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone, loopback } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import { exceptionKey, ipRedirectKey, toHostKey } from './model.ts';

const vppTest = vppTests(import.meta.url);

const ALL = 0xffff_ffff;
const devices = [loopback('one', ['10.1.0.1/24', 'fd01::1/64']), loopback('two', ['10.2.0.1/24'])];

function redirect(l3Protocol: L3Protocol, nextHop: string, rxInterface = ''): Change {
  const value = create(IPRedirectSchema, { l3Protocol, nextHop, rxInterface, txInterface: 'one' });
  return { key: ipRedirectKey(l3Protocol, 'one'), value };
}

function port(l3Protocol: L3Protocol, number: number, socketPath: string): Change {
  const value = create(ToHostSchema, { l3Protocol, l4Protocol: L4Protocol.UDP, port: number, socketPath });
  return { key: toHostKey(l3Protocol, L4Protocol.UDP, number), value };
}

function exception(reason: string, socketPath: string): Change {
  return { key: exceptionKey(reason), value: create(ExceptionSchema, { reason, socketPath }) };
}

vppTest('packets for the router are redirected, otherwise, healed, no more', async (stage) => {
  const agent = await stage.agent();
  const [four, six] = [redirect(L3Protocol.IPV4, '10.1.0.2', 'two'), redirect(L3Protocol.IPV6, 'FD01:0::2')];
  await agent.commit(...devices, four, six);
  assert.deepEqual(await agent.drift(), []);
  const changed = redirect(L3Protocol.IPV4, '10.1.0.3');
  assert.deepEqual(await agent.commit(changed), [`UPDATE ${changed.key}`]);
  assert.deepEqual(await agent.drift(), []);
  const punt = agent.metadata<object>(changed.key);
  await agent.client.request('ip_punt_redirect', { punt, is_add: false });
  assert.deepEqual(await agent.drift(), [`missing ${changed.key}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${changed.key}`]);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...devices, changed, six), []);
  await next.commit(gone(changed), gone(six), ...devices.map(gone));
  for (const is_ipv6 of [false, true]) {
    assert.deepEqual(await next.client.list('ip_punt_redirect_dump', { sw_if_index: ALL, is_ipv6 }), []);
  }
});

vppTest('packets go to sockets, to others, are healed, and go to none', async (stage) => {
  const agent = await stage.agent();
  const both = port(L3Protocol.ALL, 5_353, '/run/one.sock');
  const six = port(L3Protocol.IPV6, 67, '/run/one.sock');
  const reason = exception('ipsec4-no-such-tunnel', '/run/one.sock');
  await agent.commit(both, six, reason);
  assert.deepEqual(await agent.drift(), []);
  const others = [port(L3Protocol.ALL, 5_353, '/run/two.sock'), exception('ipsec4-no-such-tunnel', '/run/two.sock')];
  assert.deepEqual(await agent.commit(...others), others.map(({ key }) => `UPDATE ${key}`).sort());
  assert.deepEqual(await agent.drift(), []);
  const l4 = { af: 'ADDRESS_IP4', protocol: 'IP_API_PROTO_UDP', port: 5_353 } as const;
  await agent.client.request('punt_socket_deregister', { punt: { type: 'PUNT_API_TYPE_L4', punt: { l4 } } });
  assert.ok((await agent.drift()).includes(`missing ${both.key}`));
  await agent.heal();
  assert.deepEqual(await agent.drift(), []);
  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(...others, six), []);
  const unknown = exception('no-such-reason', '/run/one.sock');
  assert.match(
    (await next.failing(unknown))[unknown.key] ?? '',
    /no reason no-such-reason; there are .*ipsec4-no-such-tunnel/,
  );
  await next.commit(gone(unknown), gone(both), gone(six), gone(reason));
  for (const type of ['PUNT_API_TYPE_L4', 'PUNT_API_TYPE_EXCEPTION'] as const) {
    assert.deepEqual(await next.client.list('punt_socket_dump', { type }), []);
  }
});
