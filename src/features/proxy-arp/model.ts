/** Proxy ARP: `vpp.proxyarp-global` and the interfaces it is on. */

import { compareIp, formatIp, parseIp } from '../../model/address.ts';
import type { ProxyARP, ProxyARP_Range } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Dependency, Kind, Problem } from '../../scheduler/kind.ts';
import { ipProblem, nameProblem, report, reportDuplicates } from '../check.ts';
import { equivalence, sameSet, spelledIp } from '../equality.ts';
import { interfaceDependency } from '../interface/model.ts';
import { vrfDependency } from '../vrf/model.ts';

/** The whole key: one object on an agent. */
export const PROXY_ARP_KEY: Key = asKey('config/vpp/v2/proxyarp-global');

/** An interface on which requests are answered (`vpp.proxyarp-global.interface`). */
export interface ProxyArpInterface {
  readonly interface: string;
}

export const proxyArp: Kind<ProxyARP> = {
  name: 'vpp.proxyarp-global',
  prefix: PROXY_ARP_KEY,
  label: () => 'proxy ARP',
  validate: (_key, value) => validate(value),
  equivalent: equivalence<ProxyARP>({
    interfaces: (left, right) => sameSet(left, right, (item) => item.name),
    ranges: (left, right) => sameSet(left, right, rangeText),
  }),
  parts: (_key, { interfaces }) =>
    interfaces.map(({ name }) => {
      const value: ProxyArpInterface = { interface: name };
      return { key: proxyArpInterfaceKey(name), kind: proxyArpInterface.name, value };
    }),
  dependencies(_key, { ranges }) {
    const tables = [...new Set(ranges.map((range) => range.vrfId))].map((id) => vrfDependency(id, 4));
    return tables.filter((table): table is Dependency => table !== undefined);
  },
};

export const proxyArpInterface: Kind<ProxyArpInterface> = {
  name: 'vpp.proxyarp-global.interface',
  dependencies: (_key, { interface: name }) => [interfaceDependency(name)],
};

function validate({ interfaces, ranges }: ProxyARP): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [index, { name }] of interfaces.entries()) {
    report(problems, nameProblem(name, 'the name of an interface'), 'interfaces', index, 'name');
  }
  reportDuplicates(problems, interfaces, (item) => item.name, 'interfaces', 'name');
  for (const [index, range] of ranges.entries()) {
    report(problems, ipProblem(range.firstIpAddr, IPV4), 'ranges', index, 'first_ip_addr');
    report(problems, ipProblem(range.lastIpAddr, IPV4) ?? orderProblem(range), 'ranges', index, 'last_ip_addr');
  }
  reportDuplicates(problems, ranges, rangeText, 'ranges');
  return problems;
}

const IPV4 = { family: 4, unspecified: true } as const;

function orderProblem({ firstIpAddr, lastIpAddr }: ProxyARP_Range): string | undefined {
  const first = parseIp(firstIpAddr);
  const last = parseIp(lastIpAddr);
  if (first === undefined || last === undefined || compareIp(first, last) <= 0) return undefined;
  return `${lastIpAddr} is before the first address; ${formatIp(first)} or a later one is accepted`;
}

function rangeText({ firstIpAddr, lastIpAddr, vrfId }: ProxyARP_Range): string {
  return `${spelledIp(firstIpAddr)}-${spelledIp(lastIpAddr)} in VRF ${vrfId}`;
}

export function proxyArpInterfaceKey(interfaceName: string): Key {
  return asKey(`vpp/proxyarp/interface/${interfaceName}`);
}
