/** The DNS cache: `vpp.dns.dnscache`. */

import type { DNSCache } from '../../model/gen/ligato/vpp/dns/dns_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Kind, Problem } from '../../scheduler/kind.ts';
import { ipProblem, report, reportDuplicates } from '../check.ts';
import { equivalence, sameSet, spelledIp } from '../equality.ts';

/** The whole key: one object on an agent. */
export const DNS_CACHE_KEY: Key = asKey('config/vpp/dns/v1/dnscache');

export const dnsCache: Kind<DNSCache> = {
  name: 'vpp.dns.dnscache',
  prefix: DNS_CACHE_KEY,
  label: () => 'DNS cache',
  validate(_key, { upstreamDnsServers: servers }) {
    const problems: Problem[] = [];
    if (servers.length === 0) report(problems, 'is empty: at least one server is required', 'upstream_dns_servers');
    for (const [index, text] of servers.entries()) report(problems, ipProblem(text), 'upstream_dns_servers', index);
    reportDuplicates(problems, servers, spelledIp, 'upstream_dns_servers');
    return problems;
  },
  equivalent: equivalence<DNSCache>({ upstreamDnsServers: (left, right) => sameSet(left, right, spelledIp) }),
};
