/** DHCP proxies: `vpp.dhcp-proxy`. */

import { parseIp } from '../../model/address.ts';
import type { Family } from '../../model/address.ts';
import type { DHCPProxy, DHCPProxy_DHCPServer } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Dependency, Kind, Problem } from '../../scheduler/kind.ts';
import { ipProblem, report, reportDuplicates } from '../check.ts';
import { equivalence, sameIpText, sameSet, spelledIp } from '../equality.ts';
import { vrfDependency } from '../vrf/model.ts';

const PREFIX = 'config/vpp/v2/dhcp-proxy/';

export const dhcpProxy: Kind<DHCPProxy> = {
  name: 'vpp.dhcp-proxy',
  prefix: PREFIX,
  validate: (_key, value) => validate(value),
  equivalent: equivalence<DHCPProxy>({
    sourceIpAddress: sameIpText,
    servers: (left, right) => sameSet(left, right, serverText),
  }),
  dependencies(_key, { sourceIpAddress, rxVrfId, servers }) {
    const family: Family = sourceIpAddress.includes(':') ? 6 : 4;
    const ids = new Set([rxVrfId, ...servers.map((server) => server.vrfId)]);
    const tables = [...ids].map((id) => vrfDependency(id, family));
    return tables.filter((table): table is Dependency => table !== undefined);
  },
};

function validate({ sourceIpAddress, servers }: DHCPProxy): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, ipProblem(sourceIpAddress), 'source_ip_address');
  const family = parseIp(sourceIpAddress)?.family;
  if (servers.length === 0) report(problems, 'is empty: at least one server is required', 'servers');
  for (const [index, { ipAddress }] of servers.entries()) {
    report(problems, ipProblem(ipAddress, family && { family }), 'servers', index, 'ip_address');
  }
  reportDuplicates(problems, servers, serverText, 'servers');
  return problems;
}

function serverText({ ipAddress, vrfId }: DHCPProxy_DHCPServer): string {
  return `${spelledIp(ipAddress)} in VRF ${vrfId}`;
}

export function dhcpProxyKey(family: Family, rxVrf: number): Key {
  return asKey(`${PREFIX}IPv${family}/rx-vrf/${rxVrf}`);
}
