import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { DNSCacheSchema } from '../../model/gen/ligato/vpp/dns/dns_pb.js';
import type { Change } from '../../scheduler/scheduler.ts';
import { gone } from '../../../test/vpp/builders.ts';
import { vppTests } from '../../../test/vpp/stage.ts';
import { DNS_CACHE_KEY } from './model.ts';

const vppTest = vppTests(import.meta.url);

function cache(...upstreamDnsServers: string[]): Change {
  return { key: DNS_CACHE_KEY, value: create(DNSCacheSchema, { upstreamDnsServers }) };
}

const NONE_THERE = /NO_NAME_SERVERS/;

vppTest('the cache is switched on, asks other servers, is healed, and leaves nothing', async (stage) => {
  const agent = await stage.agent();
  const has = async (bytes: readonly number[]) => {
    const server_address = new Uint8Array(16);
    server_address.set(bytes);
    // VPP tells only a removal whether it had a server.
    const fields = { is_ip6: bytes.length === 16 ? 1 : 0, server_address };
    try {
      await agent.client.request('dns_name_server_add_del', { ...fields, is_add: 0 });
    } catch (error) {
      assert.match(String(error), /NAME_SERVER_NOT_FOUND/);
      return false;
    }
    await agent.client.request('dns_name_server_add_del', { ...fields, is_add: 1 });
    return true;
  };
  // VPP's own word on a cache without servers.
  await assert.rejects(agent.client.request('dns_enable_disable', { enable: 1 }), NONE_THERE);

  await agent.commit(cache('192.0.2.53', '192.0.2.54'));
  assert.deepEqual(await agent.drift(), []);
  assert.deepEqual([await has([192, 0, 2, 53]), await has([192, 0, 2, 54])], [true, true]);

  const changed = cache('192.0.2.54', '2001:db8::53');
  assert.deepEqual(await agent.commit(changed), [`UPDATE ${DNS_CACHE_KEY}`]);
  const six = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53];
  assert.deepEqual([await has([192, 0, 2, 53]), await has([192, 0, 2, 54]), await has(six)], [false, true, true]);

  await agent.client.request('dns_enable_disable', { enable: 0 });
  assert.deepEqual(await agent.drift(), [`missing ${DNS_CACHE_KEY}`]);
  assert.deepEqual(await agent.heal(), [`CREATE ${DNS_CACHE_KEY}`]);
  assert.deepEqual(await agent.drift(), []);

  const next = await stage.restart(agent);
  assert.deepEqual(await next.resync(changed), []);
  await next.commit(gone(changed));
  assert.deepEqual(await next.drift(), []);
  await assert.rejects(next.client.request('dns_enable_disable', { enable: 1 }), NONE_THERE);
});
