/** The DNS cache of VPP's plugin `dns`: servers to ask, then the switch. */

import { create } from '@bufbuild/protobuf';
import { parseIp } from '../../model/address.ts';
import { DNSCacheSchema } from '../../model/gen/ligato/vpp/dns/dns_pb.js';
import type { DNSCache } from '../../model/gen/ligato/vpp/dns/dns_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import { spelledIp } from '../equality.ts';
import { lacking } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { removed } from '../vpp/retries.ts';
import { DNS_CACHE_KEY } from './model.ts';

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [cacheHandler(engine) as Handler];
}

function cacheHandler(engine: VppEngine): Handler<DNSCache, undefined> {
  const { client } = engine;

  function add({ signal }: OperationContext, servers: readonly string[]): Promise<unknown>[] {
    return servers.map((server) =>
      client.request('dns_name_server_add_del', { ...fieldsOf(server), is_add: 1 }, { signal }),
    );
  }

  function withdraw({ signal }: OperationContext, servers: readonly string[]): Promise<void>[] {
    return servers.map((server) =>
      removed(
        client.request('dns_name_server_add_del', { ...fieldsOf(server), is_add: 0 }, { signal }),
        'NAME_SERVER_NOT_FOUND',
      ),
    );
  }

  return {
    kind: 'vpp.dns.dnscache',
    engine: 'vpp',
    support: { grade: 'proven', note: 'whether it is on is read back, its servers are not' },
    unsupported: () => lacking(engine, ['dns_enable_disable'], ['dns_name_server_add_del'], ['cli_inband']),
    async create(context, _key, { upstreamDnsServers }) {
      // VPP works requests off in order, and is not switched on without a server.
      await Promise.all([
        ...add(context, upstreamDnsServers),
        client.request('dns_enable_disable', { enable: 1 }, { signal: context.signal }),
      ]);
      return undefined;
    },
    async update(context, _key, from, to) {
      const kept = new Set(to.upstreamDnsServers.map(spelledIp));
      const left = from.upstreamDnsServers.filter((server) => !kept.has(spelledIp(server)));
      await Promise.all([...add(context, to.upstreamDnsServers), ...withdraw(context, left)]);
      return undefined;
    },
    async remove(context, _key, { upstreamDnsServers }) {
      await Promise.all([
        client.request('dns_enable_disable', { enable: 0 }, { signal: context.signal }),
        ...withdraw(context, upstreamDnsServers),
      ]);
    },
    retrieve: (context) => retrieve(engine, context),
  };
}

function fieldsOf(server: string): { readonly is_ip6: number; readonly server_address: Uint8Array } {
  const { family, bytes } = parseIp(server)!;
  const server_address = new Uint8Array(16);
  server_address.set(bytes);
  return { is_ip6: family === 6 ? 1 : 0, server_address };
}

/**
 * VPP has no message that tells; `show dns cache` begins with whether the cache is on. `show dns servers` must not be asked: with servers
 * of IPv6 alone it reads the empty list of the IPv4 ones (26.06 and before), which is the end of VPP.
 */
async function retrieve(
  { client }: VppEngine,
  { expected, signal }: RetrieveContext<DNSCache, undefined>,
): Promise<readonly Retrieved<DNSCache, undefined>[]> {
  // A cache that nobody of us expects is not ours.
  if (expected.size === 0 || !client.has('dns_enable_disable') || !client.has('cli_inband')) return [];
  const { reply } = await client.request('cli_inband', { cmd: 'show dns cache' }, { signal });
  if (/cache is disabled/.test(reply)) return [];
  const value = expected.get(DNS_CACHE_KEY)?.value ?? create(DNSCacheSchema, {});
  return [{ key: DNS_CACHE_KEY, value, metadata: undefined, origin: 'ours' }];
}
