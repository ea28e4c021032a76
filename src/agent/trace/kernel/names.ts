/** Which object of the configuration a device, route or table of the kernel belongs to. */

import type { KernelBridge, KernelBridgePort } from '../../../features/bridge-domain/kernel-metadata.ts';
import type { KernelInterface } from '../../../features/interface/kernel-metadata.ts';
import type { KernelRoute } from '../../../features/route/kernel-metadata.ts';
import type { KernelVrf } from '../../../features/vrf/kernel-metadata.ts';
import type { Link } from '../../../kernel/netlink/link.ts';
import type { Route } from '../../../kernel/netlink/route.ts';
import { vrfOfTable } from '../../../kernel/pipeline/index.ts';
import { formatIp, formatMac, sameIp } from '../../../model/address.ts';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { BridgeDomain } from '../../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import type { GraphNode, Snapshot } from '../../../scheduler/scheduler.ts';
import type { Lookups } from './lookups.ts';

export interface NamedDevice {
  readonly index: number;
  readonly device: string;
  readonly type: 'interface' | 'bvi-port' | 'bridge' | 'vrf' | 'other';
  /** Logical name, or the device's where it has none. */
  readonly name: string;
  readonly key?: string;
  /** Of an interface. */
  readonly value?: Interface;
}

export interface NamedBridge {
  readonly key: string;
  readonly name: string;
  readonly index: number;
}

export class KernelNames {
  readonly #snapshot: Snapshot;
  readonly #links: ReadonlyMap<number, Link>;
  readonly #devices = new Map<number, NamedDevice>();
  readonly #bridges = new Map<number, NamedBridge>();

  constructor(snapshot: Snapshot, links: readonly Link[]) {
    this.#snapshot = snapshot;
    this.#links = new Map(links.map((link) => [link.index, link]));
    for (const node of snapshot.nodes({ kind: 'vpp.interfaces' })) this.#interface(node);
    for (const { key, metadata, applied } of snapshot.nodes({ kind: 'vpp.l2.bridge-domain' })) {
      const bridge = metadata as KernelBridge | undefined;
      if (!bridge || !applied) continue;
      const { name } = applied as BridgeDomain;
      const { ifindex: index } = bridge;
      this.#bridges.set(index, { key, name, index });
      this.#devices.set(index, { index, device: bridge.name, type: 'bridge', name, key });
    }
    for (const { key, label, metadata } of snapshot.nodes({ kind: 'vpp.vrf-table' })) {
      const index = (metadata as KernelVrf | undefined)?.ifindex;
      if (index !== undefined) this.#devices.set(index, { index, device: label, type: 'vrf', name: label, key });
    }
  }

  #interface({ key, metadata, applied }: GraphNode): void {
    const device = metadata as KernelInterface | undefined;
    if (!device || !applied) return;
    const value = applied as Interface;
    const { name } = value;
    this.#devices.set(device.ifindex, {
      index: device.ifindex,
      device: device.name,
      type: 'interface',
      name,
      key,
      value,
    });
    const { port } = device;
    if (port.ifindex !== device.ifindex)
      this.#devices.set(port.ifindex, { index: port.ifindex, device: port.name, type: 'bvi-port', name, key, value });
  }

  device(index: number): NamedDevice {
    const known = this.#devices.get(index);
    if (known) return known;
    const device = this.#links.get(index)?.name ?? `#${index}`;
    return { index, device, type: 'other', name: device };
  }

  deviceNamed(name: string): NamedDevice | undefined {
    for (const device of this.#devices.values()) if (device.type === 'interface' && device.name === name) return device;
    return undefined;
  }

  link(index: number): Link | undefined {
    return this.#links.get(index);
  }

  /** The bridge domain that a device is a port of. */
  bridgeOf(port: number): NamedBridge | undefined {
    const master = this.#links.get(port)?.master;
    return master === undefined ? undefined : this.#bridges.get(master);
  }

  /** Key of the port in its bridge domain. */
  portKey(port: number): string | undefined {
    for (const { key, metadata } of this.#snapshot.nodes({ kind: 'vpp.l2.bridge-domain.interface' }))
      if ((metadata as KernelBridgePort | undefined)?.ifindex === port) return key;
    return undefined;
  }

  /** The port of the bridge domain whose BVI this is, behind which that MAC address is. */
  async portOf(device: NamedDevice, mac: Uint8Array, lookups: Lookups): Promise<NamedDevice | undefined> {
    const port = this.#links.get(device.index)?.link;
    const bridge = port === undefined ? undefined : this.bridgeOf(port);
    if (!bridge) return undefined;
    const text = formatMac(mac);
    const entry = (await lookups.forwarding(bridge.index)).find((one) => formatMac(one.mac) === text);
    return entry && this.device(entry.link);
  }

  /** With or without a device. */
  hasVrf(vrf: number): boolean {
    const nodes = [...this.#snapshot.nodes({ kind: 'vpp.vrf-table' })];
    return nodes.some(({ metadata }) => {
      const table = (metadata as KernelVrf | undefined)?.table;
      return table !== undefined && vrfOfTable(table) === vrf;
    });
  }

  vrfDevice(vrf: number): { readonly index: number; readonly name: string } | undefined {
    for (const { metadata } of this.#snapshot.nodes({ kind: 'vpp.vrf-table' })) {
      const { ifindex, table } = (metadata as KernelVrf | undefined) ?? {};
      if (ifindex === undefined || table === undefined || vrfOfTable(table) !== vrf) continue;
      const name = this.#links.get(ifindex)?.name;
      if (name !== undefined) return { index: ifindex, name };
    }
    return undefined;
  }

  /** The object that made a route, of the way that the packet takes. */
  route(route: Route, way: Pick<Route, 'gateway' | 'link'>): { readonly key?: string; readonly what: string } {
    const { destination, table, metric } = route;
    for (const { key, metadata } of this.#snapshot.nodes({ kind: 'vpp.route' })) {
      const made = metadata as KernelRoute | undefined;
      if (!made || made.table !== table || made.metric !== metric || made.destination.length !== destination.length)
        continue;
      if (!sameIp(made.destination.address, destination.address)) continue;
      const sameGateway = made.gateway ? way.gateway && sameIp(made.gateway, way.gateway) : way.gateway === undefined;
      if (made.type !== 'unicast' || (sameGateway && (made.link === undefined || made.link === way.link)))
        return { key, what: 'route' };
    }
    const link = way.link === undefined ? undefined : this.device(way.link);
    const connected = way.gateway === undefined && link?.value?.ipAddresses.length;
    if (connected && link?.key !== undefined) return { key: link.key, what: 'connected subnet' };
    return { what: 'route of somebody else' };
  }

  vrfName(table: number): string {
    const vrf = vrfOfTable(table);
    return vrf === undefined ? `routing table ${table}` : `VRF ${vrf}`;
  }

  snapshot(): Snapshot {
    return this.#snapshot;
  }
}

/** `10.2.0.0/16 via 10.1.0.2 out tap1` */
export function routeText({ destination }: Route, way: Pick<Route, 'gateway' | 'link'>, names: KernelNames): string {
  const via = way.gateway ? ` via ${formatIp(way.gateway)}` : '';
  const out = way.link === undefined ? '' : ` out of ${names.device(way.link).name}`;
  return `${formatIp(destination.address)}/${destination.length}${via}${out}`;
}
