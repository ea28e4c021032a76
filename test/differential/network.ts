/**
 * The network that every case stands on: a router with four ports, and beside each port hosts that are addresses and MAC addresses
 * only. A case adds access lists, NAT, routes, bridge domains; what the router looks like follows from that.
 */

import { parseConfiguration } from '../../src/model/config/index.ts';
import { createModelRegistry } from '../../src/model/index.ts';
import type { Change } from '../../src/scheduler/scheduler.ts';

/** A piece of a configuration as people write it. */
export type Json = string | number | boolean | readonly Json[] | { readonly [field: string]: Json };
export type JsonObject = { readonly [field: string]: Json };

/** What a case adds: a part of `vppConfig`, with the names of configuration files. */
export type CaseConfig = { readonly [list: string]: readonly JsonObject[] | JsonObject };

export const PORTS = [0, 1, 2, 3] as const;
export const BVI = 'bvi';

export const portName = (port: number): string => `p${port}`;

/** MAC addresses: of the router at a port, of the host beside it, of the host whose pings show that all went through. */
export const routerMac = (port: number): string => `02:00:00:00:01:0${port}`;
export const hostMac = (port: number): string => `02:00:00:00:02:0${port}`;
export const watchMac = (port: number): string => `02:00:00:00:03:0${port}`;
export const BVI_MAC = '02:00:00:00:01:0b';

export const routerAddress = { 4: (port: number) => `10.0.${port}.1`, 6: (port: number) => `fd00:0:0:${port}::1` };
/** The host beside a port, which is the next hop to the networks behind it. */
export const hostAddress = { 4: (port: number) => `10.0.${port}.2`, 6: (port: number) => `fd00:0:0:${port}::2` };
/** What lies behind the host of a port. */
export const network = { 4: (port: number) => `10.${16 + port}.0.0/16`, 6: (port: number) => `fd00:${10 + port}::/32` };
/** Addresses of the bridge domain's interface, and of hosts in the domain. */
export const bridged = {
  4: { router: '10.9.0.1', host: (port: number) => `10.9.0.${10 + port}` },
  6: { router: 'fd00:9::1', host: (port: number) => `fd00:9::${10 + port}` },
};

/** What pings to see that a port has worked off all that was sent: no case speaks of these networks. */
export const watch = {
  network: '172.31.0.0/16',
  router: (port: number) => `172.31.${port}.1`,
  host: (port: number) => `172.31.${port}.2`,
  bridgeRouter: '172.31.9.1',
  bridgeHost: (port: number) => `172.31.9.${10 + port}`,
};

export type PortRole =
  | { readonly role: 'routed' }
  | { readonly role: 'bridged' }
  | { readonly role: 'connected'; readonly to: number }
  /** What comes out of here was received by another port; nothing that comes in is taken. */
  | { readonly role: 'unused' };

const listOf = (config: CaseConfig, name: string): readonly JsonObject[] => {
  const list = config[name];
  return Array.isArray(list) ? (list as readonly JsonObject[]) : [];
};

export function roleOf(config: CaseConfig, port: number): PortRole {
  const name = portName(port);
  const ports = listOf(config, 'bridgeDomains').flatMap(({ interfaces }) => interfaces as readonly JsonObject[]);
  if (ports.some((one) => one['name'] === name)) return { role: 'bridged' };
  const pairs = listOf(config, 'xconnectPairs');
  const pair = pairs.find(({ receiveInterface }) => receiveInterface === name);
  if (pair) return { role: 'connected', to: Number(String(pair['transmitInterface']).slice(1)) };
  return pairs.some(({ transmitInterface }) => transmitInterface === name) ? { role: 'unused' } : { role: 'routed' };
}

export interface PortInterface {
  readonly port: number;
  readonly physAddress: string;
  readonly ipAddresses: readonly string[];
}

export function portInterfaces(config: CaseConfig): readonly PortInterface[] {
  return PORTS.map((port) => {
    const isRouted = roleOf(config, port).role === 'routed';
    const addresses = [`${routerAddress[4](port)}/24`, `${routerAddress[6](port)}/64`, `${watch.router(port)}/24`];
    return { port, physAddress: routerMac(port), ipAddresses: isRouted ? addresses : [] };
  });
}

const registry = createModelRegistry();

/** All that the router gets but its ports, which each engine makes in its own way. Throws when the configuration has no right form. */
export function configurationOf(config: CaseConfig): readonly Change[] {
  const routed = PORTS.filter((port) => roleOf(config, port).role === 'routed');
  const inDomain = PORTS.filter((port) => roleOf(config, port).role === 'bridged');
  const hasBvi = inDomain.length > 0;
  const bvi = {
    name: BVI,
    type: 'SOFTWARE_LOOPBACK',
    enabled: true,
    physAddress: BVI_MAC,
    ipAddresses: [`${bridged[4].router}/24`, `${bridged[6].router}/64`, `${watch.bridgeRouter}/24`],
  };
  const neighbour = (name: string, ipAddress: string, physAddress: string) => ({
    interface: name,
    ipAddress,
    physAddress,
    static: true,
  });
  const arps = [
    ...routed.flatMap((port) => [
      neighbour(portName(port), hostAddress[4](port), hostMac(port)),
      neighbour(portName(port), hostAddress[6](port), hostMac(port)),
      neighbour(portName(port), watch.host(port), watchMac(port)),
    ]),
    ...inDomain.flatMap((port) => [
      neighbour(BVI, bridged[4].host(port), hostMac(port)),
      neighbour(BVI, bridged[6].host(port), hostMac(port)),
      neighbour(BVI, watch.bridgeHost(port), watchMac(port)),
    ]),
  ];
  const behind = routed.flatMap((port) =>
    ([4, 6] as const).map((family) => ({
      dstNetwork: network[family](port),
      nextHopAddr: hostAddress[family](port),
      outgoingInterface: portName(port),
    })),
  );
  const domain = String(listOf(config, 'bridgeDomains')[0]?.['name']);
  const watched = inDomain.map((port) => ({
    bridgeDomain: domain,
    physAddress: watchMac(port),
    outgoingInterface: portName(port),
    staticConfig: true,
  }));
  const vppConfig = {
    ...config,
    ...(hasBvi ? { interfaces: [bvi], bridgeDomains: listOf(config, 'bridgeDomains').map(withBvi) } : {}),
    ...(hasBvi ? { fibs: [...watched, ...listOf(config, 'fibs')] } : {}),
    ...('acls' in config ? { acls: listOf(config, 'acls').map(withWatch) } : {}),
    arps: [...arps, ...listOf(config, 'arps')],
    routes: [...behind, ...listOf(config, 'routes')],
  };
  return parseConfiguration(JSON.stringify({ vppConfig }), { registry, file: 'case' }).values;
}

function withBvi(domain: JsonObject): JsonObject {
  const interfaces = [...(domain['interfaces'] as readonly Json[]), { name: BVI, bridgedVirtualInterface: true }];
  return { ...domain, interfaces };
}

/** Lets through what watches; it meets no other rule. */
function withWatch(list: JsonObject): JsonObject {
  const rules = list['rules'] as readonly JsonObject[];
  const isMacip = rules.some((rule) => 'macipRule' in rule);
  const [sourceAddress, length] = watch.network.split('/') as [string, string];
  const macipRule = {
    sourceAddress,
    sourceAddressPrefix: Number(length),
    sourceMacAddress: '00:00:00:00:00:00',
    sourceMacAddressMask: '00:00:00:00:00:00',
  };
  const ipRule = { ip: { sourceNetwork: watch.network, destinationNetwork: watch.network } };
  return { ...list, rules: [{ action: 'PERMIT', ...(isMacip ? { macipRule } : { ipRule }) }, ...rules] };
}
