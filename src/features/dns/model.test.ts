import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { DNSCacheSchema } from '../../model/gen/ligato/vpp/dns/dns_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf } from '../testing.ts';
import { DNS_CACHE_KEY, dnsCache } from './model.ts';

const cache = (...upstreamDnsServers: string[]) => create(DNSCacheSchema, { upstreamDnsServers });

test('there is one cache, which asks a set of servers', () => {
  assert.equal(keyOf(cache('10.0.0.1')), DNS_CACHE_KEY);
  assertProblems(dnsCache, DNSCacheSchema, { upstreamDnsServers: ['10.0.0.1'] }, [
    ['none', { upstreamDnsServers: [] }, ['upstream_dns_servers'], /at least one/],
    ['a name', { upstreamDnsServers: ['example.org'] }, ['upstream_dns_servers[0]']],
    ['one twice', { upstreamDnsServers: ['fd00::1', 'FD00:0::1'] }, ['upstream_dns_servers[1]']],
  ]);
  assert.ok(dnsCache.equivalent!(asKey('key'), cache('10.0.0.1', 'fd00::1'), cache('FD00::1', '10.0.0.1')));
  assert.ok(!dnsCache.equivalent!(asKey('key'), cache('10.0.0.1'), cache('10.0.0.2')));
});
