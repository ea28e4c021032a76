/**
 * `/dump/*`: what the data plane holds, object by object, on Ligato's paths. Unlike Ligato's these go through the scheduler,
 * so they cannot disagree with it. Each object is `{"<name>": {...}, "<name>_meta": {...}}`.
 */

import type { Http } from '../../app/http/plugin.ts';
import type { DumpedValue, Scheduler } from '../../scheduler/scheduler.ts';
import { plain, type ValueJson } from './value-json.ts';

interface DumpPath {
  readonly path: string;
  readonly kind: string;
  /** Name of the object in the answer. */
  readonly name: string;
  readonly only?: (value: Readonly<Record<string, unknown>>) => boolean;
  /** The items of this list are the objects. */
  readonly each?: string;
}

const interfacePaths = Object.entries({
  loopback: 'SOFTWARE_LOOPBACK',
  ethernet: 'DPDK',
  memif: 'MEMIF',
  tap: 'TAP',
  afpacket: 'AF_PACKET',
  vxlan: 'VXLAN_TUNNEL',
}).map(
  ([path, type]): DumpPath => ({
    path: `vpp/v2/interfaces/${path}`,
    kind: 'vpp.interfaces',
    name: 'interface',
    only: (value) => value.type === type,
  }),
);

const isMacip = ({ rules }: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(rules) &&
  rules.some((rule: unknown) => typeof rule === 'object' && rule !== null && 'macip_rule' in rule);

const paths: readonly DumpPath[] = [
  { path: 'vpp/v2/interfaces', kind: 'vpp.interfaces', name: 'interface' },
  ...interfacePaths,
  { path: 'vpp/v2/abf', kind: 'vpp.abfs.abf', name: 'abf' },
  { path: 'vpp/v2/acl/ip', kind: 'vpp.acls.acl', name: 'acl', only: (value) => !isMacip(value) },
  { path: 'vpp/v2/acl/macip', kind: 'vpp.acls.acl', name: 'acl', only: isMacip },
  { path: 'vpp/v2/bd', kind: 'vpp.l2.bridge-domain', name: 'bridge_domain' },
  { path: 'vpp/v2/fib', kind: 'vpp.l2.fib', name: 'fib' },
  { path: 'vpp/v2/xc', kind: 'vpp.l2.xconnect', name: 'x_connect' },
  { path: 'vpp/v2/routes', kind: 'vpp.route', name: 'route' },
  { path: 'vpp/v2/arps', kind: 'vpp.arp', name: 'arp' },
  { path: 'vpp/v2/vrrps', kind: 'vpp.vrrp', name: 'vrrp' },
  { path: 'vpp/v2/ipscanneigh', kind: 'vpp.ipscanneigh-global', name: 'ipscan_neighbor' },
  { path: 'vpp/v2/proxyarp', kind: 'vpp.proxyarp-global', name: 'proxy_arp' },
  { path: 'vpp/v2/proxyarp/interfaces', kind: 'vpp.proxyarp-global', name: 'interface', each: 'interfaces' },
  { path: 'vpp/v2/proxyarp/ranges', kind: 'vpp.proxyarp-global', name: 'range', each: 'ranges' },
  { path: 'vpp/v2/nat/global', kind: 'vpp.nat.nat44-global', name: 'nat44_global' },
  { path: 'vpp/v2/nat/dnat', kind: 'vpp.nat.dnat44', name: 'dnat44' },
  { path: 'vpp/v2/nat/interfaces', kind: 'vpp.nat.nat44-interface', name: 'nat44_interface' },
  { path: 'vpp/v2/nat/pools', kind: 'vpp.nat.nat44-pool', name: 'nat44_pool' },
  { path: 'vpp/v2/ipsec/spds', kind: 'vpp.ipsec.spd', name: 'spd' },
  { path: 'vpp/v2/ipsec/sps', kind: 'vpp.ipsec.sp', name: 'sp' },
  { path: 'vpp/v2/ipsec/sas', kind: 'vpp.ipsec.sa', name: 'sa' },
  { path: 'vpp/v2/punt/sockets', kind: 'vpp.tohost', name: 'punt' },
  { path: 'vpp/v2/wireguard/peers', kind: 'vpp.wg.peer', name: 'peer' },
  { path: 'linux/v2/interfaces', kind: 'linux.interfaces.interface', name: 'interface' },
  { path: 'linux/v2/routes', kind: 'linux.l3.route', name: 'route' },
  { path: 'linux/v2/arps', kind: 'linux.l3.arp', name: 'arp' },
];

export function addDumpRoutes(http: Http, scheduler: Scheduler, values: ValueJson): void {
  for (const one of paths) {
    http.route({
      method: 'GET',
      path: `/dump/${one.path}`,
      role: 'read',
      summary: `${one.kind} as the data plane has them`,
      handler: async () => objects(await scheduler.dump({ kind: one.kind }, 'SB'), one, values),
    });
  }
}

function objects(dumped: readonly DumpedValue[], { name, only, each }: DumpPath, values: ValueJson): object[] {
  const shown: object[] = [];
  for (const { value, metadata } of dumped) {
    const json = values.json(value) as Readonly<Record<string, unknown>>;
    if (only && !only(json)) continue;
    if (each !== undefined) {
      for (const item of (json[each] ?? []) as readonly object[]) shown.push({ [name]: item });
      continue;
    }
    shown.push({ [name]: json, [`${name}_meta`]: plain(metadata) ?? null });
  }
  return shown;
}
