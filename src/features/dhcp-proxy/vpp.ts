/** DHCP proxies in VPP: one for each table and family, with the servers it hands requests on to. */

import { create } from '@bufbuild/protobuf';
import { DHCPProxy_DHCPServerSchema, DHCPProxySchema } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import type { DHCPProxy, DHCPProxy_DHCPServer } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import { parseIp } from '../../model/address.ts';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import { sameIpText, spelledIp } from '../equality.ts';
import { vppDump } from '../vpp/dump.ts';
import { lacking } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { removed } from '../vpp/retries.ts';
import { dhcpProxyKey } from './model.ts';

type Server = Pick<DHCPProxy_DHCPServer, 'ipAddress' | 'vrfId'>;
type None = Record<never, never>;

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [dhcpProxyHandler(engine) as Handler];
}

function dhcpProxyHandler(engine: VppEngine): Handler<DHCPProxy, None> {
  const { client } = engine;
  const set = ({ signal }: OperationContext, value: DHCPProxy, { ipAddress, vrfId }: Server, is_add: boolean) => {
    const fields = {
      rx_vrf_id: value.rxVrfId,
      server_vrf_id: vrfId,
      dhcp_server: ipAddress,
      dhcp_src_address: value.sourceIpAddress,
      is_add,
    };
    return client.request('dhcp_proxy_config', fields, { signal });
  };
  return {
    kind: 'vpp.dhcp-proxy',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['dhcp_proxy_config'], ['dhcp_proxy_dump']),
    async create(context, _key, value) {
      await Promise.all(value.servers.map((server) => set(context, value, server, true)));
      return {};
    },
    // All servers of a proxy are asked from the same address.
    recreate: (_key, from, to) => !sameIpText(from.sourceIpAddress, to.sourceIpAddress),
    async update(context, _key, from, to, metadata) {
      await Promise.all(without(to.servers, from.servers).map((server) => set(context, to, server, true)));
      await Promise.all(without(from.servers, to.servers).map((server) => removed(set(context, from, server, false))));
      return metadata;
    },
    async remove(context, _key, value) {
      await Promise.all(value.servers.map((server) => removed(set(context, value, server, false))));
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.vrf-table'],
  };
}

function without(servers: readonly Server[], others: readonly Server[]): readonly Server[] {
  const text = ({ ipAddress, vrfId }: Server): string => `${spelledIp(ipAddress)} ${vrfId}`;
  const known = new Set(others.map(text));
  return servers.filter((server) => !known.has(text(server)));
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<DHCPProxy, None>,
): Promise<readonly Retrieved<DHCPProxy, None>[]> {
  const dump = vppDump(engine, context.session);
  const [four, six] = await Promise.all([
    dump.list('dhcp_proxy_dump', { is_ip6: false }),
    dump.list('dhcp_proxy_dump', { is_ip6: true }),
  ]);
  const retrieved: Retrieved<DHCPProxy, None>[] = [];
  for (const { rx_vrf_id, is_ipv6, dhcp_src_address, servers } of [...four, ...six]) {
    const key = dhcpProxyKey(is_ipv6 ? 6 : 4, rx_vrf_id);
    if (context.keys && !context.keys.has(key)) continue;
    const wanted = context.expected.get(key)?.value;
    // Whose proxy of IPv6 it is cannot be told without its addresses, see `told`.
    if (is_ipv6 && wanted === undefined) continue;
    const value = create(DHCPProxySchema, {
      sourceIpAddress: told(dhcp_src_address, [wanted?.sourceIpAddress ?? '']),
      rxVrfId: rx_vrf_id,
      servers: servers.map(({ server_vrf_id, dhcp_server }) => {
        const known = wanted?.servers.filter(({ vrfId }) => vrfId === server_vrf_id) ?? [];
        const ipAddress = told(
          dhcp_server,
          known.map((server) => server.ipAddress),
        );
        return create(DHCPProxy_DHCPServerSchema, { vrfId: server_vrf_id, ipAddress });
      }),
    });
    retrieved.push({ key, value, metadata: {}, origin: 'ours' });
  }
  return retrieved;
}

/** VPP tells IPv6 addresses of proxies without their family, so that no more than their first 32 bits arrive. */
function told(address: string, candidates: readonly string[]): string {
  const same = candidates.find((candidate) => {
    const bytes = parseIp(candidate)?.bytes;
    return bytes?.length === 16 && bytes.slice(0, 4).join('.') === address;
  });
  return same ?? address;
}
