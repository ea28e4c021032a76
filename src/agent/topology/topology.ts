/**
 * The network as one draws it: places (the switch, namespaces, other ends of tunnels), interfaces in them, what joins them,
 * and the routes. Made of what is wanted, with the state of each object; nothing is asked of the data plane.
 */

import type { Interface as LinuxInterface } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as LinuxType } from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Interface } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { Interface_Type } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { BridgeDomain } from '../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import type { XConnectPair } from '../../model/gen/ligato/vpp/l2/xconnect_pb.js';
import { interfaceKey } from '../../features/interface/model.ts';
import { linuxInterfaceKey } from '../../features/linux-interface/model.ts';
import { namespaceLabel } from '../../features/namespace/model.ts';
import type { GraphNode, Snapshot } from '../../scheduler/scheduler.ts';
import { tunnelOf } from './tunnels.ts';

/** Id of the place where VPP interfaces are. */
const vswitch = 'vswitch';

export interface Place {
  readonly id: string;
  readonly type: 'vswitch' | 'namespace' | 'remote';
  readonly label: string;
}

export interface TopologyInterface {
  readonly key: string;
  readonly model: string;
  readonly name: string;
  readonly place: string;
  readonly type: string;
  readonly state: string;
  readonly enabled: boolean;
  readonly addresses: readonly string[];
  readonly mac: string;
  readonly mtu: number;
  readonly vrf?: number;
  readonly bridgeDomain?: string;
}

export interface TopologyLink {
  readonly type: 'cable' | 'bridge' | 'cross-connect' | 'tunnel' | 'sub-interface' | 'member';
  /** Key of an interface or bridge domain, or id of a place. */
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

export interface TopologyBridgeDomain {
  readonly key: string;
  readonly name: string;
  readonly state: string;
  readonly ports: readonly {
    readonly interface: string;
    readonly key: string;
    readonly state: string;
    readonly bvi: boolean;
    readonly splitHorizonGroup: number;
  }[];
}

export interface TopologyTunnel {
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly state: string;
  readonly source: string;
  readonly destination: string;
  /** VNI, TEID and the like. */
  readonly id?: number;
}

export interface Topology {
  readonly places: readonly Place[];
  readonly interfaces: readonly TopologyInterface[];
  readonly bridgeDomains: readonly TopologyBridgeDomain[];
  readonly tunnels: readonly TopologyTunnel[];
  readonly links: readonly TopologyLink[];
}

export function topologyOf(snapshot: Snapshot, label: string): Topology {
  const drawing = new Drawing(label);
  for (const node of snapshot.nodes({ kind: 'vpp.l2.bridge-domain' })) drawing.bridgeDomain(node, snapshot);
  for (const node of snapshot.nodes({ kind: 'vpp.interfaces' })) drawing.interface(node);
  for (const node of snapshot.nodes({ kind: 'linux.interfaces.interface' })) drawing.linuxInterface(node);
  for (const node of snapshot.nodes({ kind: 'vpp.l2.xconnect' })) drawing.crossConnect(node);
  return drawing.finished;
}

class Drawing {
  readonly #places = new Map<string, Place>();
  readonly #interfaces: TopologyInterface[] = [];
  readonly #bridgeDomains: TopologyBridgeDomain[] = [];
  readonly #tunnels: TopologyTunnel[] = [];
  readonly #links: TopologyLink[] = [];
  readonly #bridged = new Map<string, string>();

  constructor(label: string) {
    this.#place({ id: vswitch, type: 'vswitch', label });
  }

  get finished(): Topology {
    return {
      places: [...this.#places.values()],
      interfaces: this.#interfaces,
      bridgeDomains: this.#bridgeDomains,
      tunnels: this.#tunnels,
      links: this.#links,
    };
  }

  bridgeDomain(node: GraphNode, snapshot: Snapshot): void {
    const value = valueOf<BridgeDomain>(node);
    if (value === undefined) return;
    const states = new Map(node.parts.map((part) => [part as string, snapshot.node(part)?.state ?? 'NONEXISTENT']));
    const ports = value.interfaces.map(({ name, bridgedVirtualInterface, splitHorizonGroup }) => ({
      interface: name,
      key: interfaceKey(name),
      state: [...states].find(([key]) => key.endsWith(`/interface/${name}`))?.[1] ?? 'NONEXISTENT',
      bvi: bridgedVirtualInterface,
      splitHorizonGroup,
    }));
    this.#bridgeDomains.push({ key: node.key, name: value.name, state: node.state, ports });
    for (const port of ports) {
      this.#bridged.set(port.interface, value.name);
      this.#link('bridge', node.key, port.key, port.bvi ? 'BVI' : '');
    }
  }

  interface(node: GraphNode): void {
    const value = valueOf<Interface>(node);
    if (value === undefined) return;
    const bridgeDomain = this.#bridged.get(value.name);
    this.#interfaces.push({
      ...described(node, value),
      model: 'vpp.interfaces',
      place: vswitch,
      type: Interface_Type[value.type] ?? String(value.type),
      vrf: value.vrf,
      ...(bridgeDomain === undefined ? {} : { bridgeDomain }),
    });
    const { link } = value;
    if (link.case === 'sub')
      this.#link('sub-interface', node.key, interfaceKey(link.value.parentName), `${link.value.subId}`);
    if (link.case === 'bond') {
      for (const { name } of link.value.bondedInterfaces) this.#link('member', node.key, interfaceKey(name), '');
    }
    if (link.case === 'afpacket' && link.value.linuxInterface !== '')
      this.#link('cable', node.key, linuxInterfaceKey(link.value.linuxInterface), 'af-packet');
    this.#tunnel(node, value);
  }

  linuxInterface(node: GraphNode): void {
    const value = valueOf<LinuxInterface>(node);
    if (value === undefined) return;
    const label = namespaceLabel(value.namespace);
    this.#place({ id: label, type: 'namespace', label });
    this.#interfaces.push({
      ...described(node, value),
      model: 'linux.interfaces.interface',
      place: label,
      type: LinuxType[value.type] ?? String(value.type),
    });
    const { link } = value;
    if (link.case === 'tap') this.#link('cable', node.key, interfaceKey(link.value.vppTapIfName), 'TAP');
    // Both ends name each other: one link is enough.
    if (link.case === 'veth' && (value.name < link.value.peerIfName || !this.#knows(link.value.peerIfName)))
      this.#link('cable', node.key, linuxInterfaceKey(link.value.peerIfName), 'veth');
  }

  crossConnect(node: GraphNode): void {
    const value = valueOf<XConnectPair>(node);
    if (value === undefined) return;
    this.#link(
      'cross-connect',
      interfaceKey(value.receiveInterface),
      interfaceKey(value.transmitInterface),
      node.state,
    );
  }

  #tunnel(node: GraphNode, value: Interface): void {
    const tunnel = tunnelOf(value);
    if (tunnel === undefined) return;
    this.#tunnels.push({ key: node.key, name: value.name, state: node.state, ...tunnel });
    if (tunnel.destination === '') return;
    this.#place({ id: tunnel.destination, type: 'remote', label: tunnel.destination });
    this.#link(
      'tunnel',
      node.key,
      tunnel.destination,
      tunnel.id === undefined ? tunnel.type : `${tunnel.type} ${tunnel.id}`,
    );
  }

  #knows(name: string): boolean {
    return this.#interfaces.some((one) => one.model !== 'vpp.interfaces' && one.name === name);
  }

  #place(place: Place): void {
    if (!this.#places.has(place.id)) this.#places.set(place.id, place);
  }

  #link(type: TopologyLink['type'], from: string, to: string, label: string): void {
    this.#links.push({ type, from, to, label });
  }
}

function valueOf<T>({ desired, applied }: GraphNode): T | undefined {
  return (desired ?? applied ?? undefined) as T | undefined;
}

function described(node: GraphNode, value: Interface | LinuxInterface) {
  const { name, enabled, ipAddresses, physAddress, mtu } = value;
  return {
    key: node.key as string,
    name,
    state: node.state as string,
    enabled,
    addresses: ipAddresses,
    mac: physAddress,
    mtu,
  };
}
