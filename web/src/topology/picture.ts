/**
 * The network as people draw it, made from the values that are wanted: hosts with their interfaces, the wires between them,
 * bridge domains, routing tables, tunnels to other nodes.
 */

import type { GraphNode, State } from '../api/types.ts';

export type Shape = 'host' | 'interface' | 'bridge' | 'router' | 'remote';

export interface Thing {
  readonly id: string;
  readonly shape: Shape;
  readonly title: string;
  readonly lines: readonly string[];
  readonly state: State;
  /** Key of the object behind it; undefined for what is only named by others. */
  readonly key?: string;
}

export interface Wire {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

export interface Picture {
  readonly things: readonly Thing[];
  readonly wires: readonly Wire[];
}

/** Models that the picture is made of. */
export const drawnModels = [
  'vpp.interfaces',
  'linux.interfaces.interface',
  'vpp.l2.bridge-domain',
  'vpp.l2.xconnect',
  'vpp.route',
  'vpp.vrf-table',
  'vpp.nat.dnat44',
  'vpp.acls.acl.interface',
] as const;

/** Fields of a value in proto names, as `/api/v1/graph` answers. */
type Fields = Readonly<Record<string, unknown>>;

/** Interfaces of one bridge domain or table that are drawn one by one; more become one thing with their number. */
const mostInterfaces = 60;

export function pictureOf(nodes: Iterable<GraphNode>): Picture {
  const draft = new Draft(nodes);
  draft.interfaces();
  draft.bridges();
  draft.routers();
  draft.hosts();
  return draft.picture();
}

class Draft {
  readonly #things = new Map<string, Thing>();
  readonly #wires: Wire[] = [];
  readonly #byKind = new Map<string, (readonly [GraphNode, Fields])[]>();
  /** Names of interfaces that are ports of a bridge domain: their addresses, if any, are not routed by themselves. */
  readonly #bridged = new Set<string>();
  readonly #acls = new Map<string, number>();

  constructor(nodes: Iterable<GraphNode>) {
    for (const node of nodes) {
      const value = node.desired ?? node.applied;
      if (node.kind === undefined || typeof value !== 'object' || value === null) continue;
      const list = this.#byKind.get(node.kind) ?? [];
      list.push([node, value as Fields]);
      this.#byKind.set(node.kind, list);
    }
    for (const [, value] of this.#of('vpp.acls.acl.interface')) {
      const name = text(value['interface']);
      this.#acls.set(name, (this.#acls.get(name) ?? 0) + 1);
    }
  }

  picture(): Picture {
    const things = [...this.#things.values()];
    const wires = this.#wires.filter(({ from, to }) => this.#things.has(from) && this.#things.has(to));
    return folded({ things, wires });
  }

  interfaces(): void {
    for (const [node, value] of this.#of('vpp.interfaces')) {
      const name = text(value['name']);
      const lists = this.#acls.get(name);
      this.#add({
        id: interfaceId(name),
        shape: 'interface',
        title: name,
        lines: [
          words(text(value['type'])),
          ...texts(value['ip_addresses']),
          ...(lists === undefined ? [] : [`${lists} access lists`]),
        ],
        state: node.state,
        key: node.key,
      });
      this.#tunnel(name, value);
    }
  }

  /** The far end of a tunnel is another node that this agent knows by its address only. */
  #tunnel(name: string, value: Fields): void {
    for (const [field, destination] of [
      ['vxlan', 'dst_address'],
      ['gre', 'dst_addr'],
      ['ipip', 'dst_addr'],
      ['gtpu', 'dst_addr'],
    ] as const) {
      const tunnel = value[field] as Fields | undefined;
      const address = tunnel === undefined ? '' : text(tunnel[destination]);
      if (tunnel === undefined || address === '') continue;
      this.#add({
        id: `remote:${address}`,
        shape: 'remote',
        title: address,
        lines: ['another node'],
        state: 'DISCOVERED',
      });
      const label = field === 'vxlan' ? `VXLAN ${text(tunnel['vni'])}` : field.toUpperCase();
      this.#wires.push({ from: interfaceId(name), to: `remote:${address}`, label });
    }
  }

  bridges(): void {
    for (const [node, value] of this.#of('vpp.l2.bridge-domain')) {
      const name = text(value['name']);
      const ports = (value['interfaces'] as readonly Fields[] | undefined) ?? [];
      this.#add({
        id: `bridge:${name}`,
        shape: 'bridge',
        title: name,
        lines: ['bridge domain', `${ports.length} ports`],
        state: node.state,
        key: node.key,
      });
      for (const port of ports) {
        const to = interfaceId(text(port['name']));
        const bvi = port['bridged_virtual_interface'] === true;
        if (!bvi) this.#bridged.add(text(port['name']));
        this.#wires.push(
          bvi ? { from: to, to: `bridge:${name}`, label: 'BVI' } : { from: `bridge:${name}`, to, label: '' },
        );
      }
    }
    for (const [, value] of this.#of('vpp.l2.xconnect')) {
      const [from, to] = [text(value['receive_interface']), text(value['transmit_interface'])];
      this.#bridged.add(from);
      this.#wires.push({ from: interfaceId(from), to: interfaceId(to), label: 'cross-connect' });
    }
  }

  /** One router for each table that has interfaces or routes. */
  routers(): void {
    const routes = new Map<string, number>();
    for (const [, value] of this.#of('vpp.route')) {
      const table = text(value['vrf_id'] ?? 0);
      routes.set(table, (routes.get(table) ?? 0) + 1);
    }
    const tables = new Set(routes.keys());
    for (const [, value] of this.#of('vpp.interfaces')) {
      const name = text(value['name']);
      const routed = texts(value['ip_addresses']).length > 0 || value['unnumbered'] !== undefined;
      if (!routed || this.#bridged.has(name)) continue;
      const table = text(value['vrf'] ?? 0);
      tables.add(table);
      this.#wires.push({ from: `router:${table}`, to: interfaceId(name), label: '' });
    }
    const translations = this.#of('vpp.nat.dnat44').length;
    for (const table of tables) {
      const [node, value] = this.#of('vpp.vrf-table').find(([, vrf]) => text(vrf['id'] ?? 0) === table) ?? [];
      this.#add({
        id: `router:${table}`,
        shape: 'router',
        title: text(value?.['label']) || `VRF ${table}`,
        lines: [
          'routing table',
          `${routes.get(table) ?? 0} routes`,
          ...(table === '0' && translations > 0 ? [`${translations} services (NAT44)`] : []),
        ],
        state: node?.state ?? 'CONFIGURED',
        ...(node === undefined ? {} : { key: node.key }),
      });
    }
  }

  /** Linux interfaces, gathered by the namespace they are in. */
  hosts(): void {
    for (const [node, value] of this.#of('linux.interfaces.interface')) {
      const name = text(value['name']);
      const namespace = value['namespace'] as Fields | undefined;
      const place = text(namespace?.['reference']) || 'the host';
      const id = `host:${place}`;
      const known = this.#things.get(id);
      const line = [text(value['host_if_name']) || name, ...texts(value['ip_addresses'])].join(' ');
      this.#things.set(id, {
        id,
        shape: 'host',
        title: place,
        lines: [...(known?.lines ?? []), line],
        state: worse(known?.state, node.state),
        key: known?.key ?? node.key,
      });
      const tap = value['tap'] as Fields | undefined;
      if (tap !== undefined) this.#wires.push({ from: interfaceId(text(tap['vpp_tap_if_name'])), to: id, label: '' });
      this.#veth(name, id, value);
    }
  }

  #veth(name: string, id: string, value: Fields): void {
    const peer = text((value['veth'] as Fields | undefined)?.['peer_if_name']);
    if (peer === '' || peer < name) return;
    const [, far] = this.#of('linux.interfaces.interface').find(([, other]) => text(other['name']) === peer) ?? [];
    const place = text((far?.['namespace'] as Fields | undefined)?.['reference']) || 'the host';
    if (far !== undefined) this.#wires.push({ from: id, to: `host:${place}`, label: 'veth' });
  }

  #of(kind: string): readonly (readonly [GraphNode, Fields])[] {
    return this.#byKind.get(kind) ?? [];
  }

  #add(thing: Thing): void {
    if (!this.#things.has(thing.id)) this.#things.set(thing.id, thing);
  }
}

function interfaceId(name: string): string {
  return `interface:${name}`;
}

/** Many interfaces with nothing but one wire become one thing. */
function folded({ things, wires }: Picture): Picture {
  const interfaces = things.filter(({ shape }) => shape === 'interface' || shape === 'host');
  if (interfaces.length <= mostInterfaces) return { things, wires };
  const groupOf = new Map<string, string>();
  for (const { id, shape, state } of interfaces) {
    const owner = wires.find(({ to }) => to === id)?.from ?? '';
    const parent = groupOf.get(owner) ?? owner;
    groupOf.set(id, `group:${shape}:${parent}:${state}`);
  }
  const members = new Map<string, Thing[]>();
  for (const thing of interfaces) {
    const group = groupOf.get(thing.id) ?? '';
    members.set(group, [...(members.get(group) ?? []), thing]);
  }
  const groups = [...members].map(([id, list]): Thing => {
    const first = list[0];
    return {
      id,
      shape: first?.shape ?? 'interface',
      title: `${list.length} ${first?.shape === 'host' ? 'hosts' : 'interfaces'}`,
      lines: [
        list
          .slice(0, 3)
          .map(({ title }) => title)
          .join(', ') + (list.length > 3 ? ', …' : ''),
      ],
      state: first?.state ?? 'CONFIGURED',
    };
  });
  const renamed = new Map<string, Wire>();
  for (const { from, to, label } of wires) {
    const wire = { from: groupOf.get(from) ?? from, to: groupOf.get(to) ?? to, label };
    if (wire.from !== wire.to) renamed.set(`${wire.from}\n${wire.to}\n${label}`, wire);
  }
  return { things: [...things.filter(({ id }) => !groupOf.has(id)), ...groups], wires: [...renamed.values()] };
}

function worse(left: State | undefined, right: State): State {
  return left === undefined || left === 'CONFIGURED' ? right : left;
}

/** `VXLAN_TUNNEL` is `vxlan tunnel`. */
function words(name: string): string {
  return name.toLowerCase().replaceAll('_', ' ');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(text) : [];
}
