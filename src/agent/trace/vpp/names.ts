/** Which object of the configuration a number or name of VPP's belongs to. */

import type { VppAcl } from '../../../features/acl/vpp-metadata.ts';
import { aclRules, macipRules } from '../../../features/acl/vpp/rule.ts';
import type { VppInterface } from '../../../features/interface/vpp-metadata.ts';
import { arpKey } from '../../../features/arp/model.ts';
import { canonicalMac, canonicalNetwork, contains, parseIp, parsePrefix } from '../../../model/address.ts';
import type { ACL } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { BridgeDomain } from '../../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import type { FIBEntry } from '../../../model/gen/ligato/vpp/l2/fib_pb.js';
import type { Route } from '../../../model/gen/ligato/vpp/l3/route_pb.js';
import type { Key } from '../../../model/key.ts';
import type { Snapshot } from '../../../scheduler/scheduler.ts';
import { localSidOf, policyOf, prefixSteering } from '../objects/segments.ts';

/** Segments that end here, and binding segments, are routes of VPP's. */
function segmentOf(snapshot: Snapshot, sid: string): { readonly key: string; readonly what: string } | undefined {
  const local = localSidOf(snapshot, sid);
  if (local) return { key: local.key, what: 'local segment' };
  const policy = policyOf(snapshot, sid);
  return policy && { key: policy.key, what: 'binding segment' };
}

export interface NamedInterface {
  readonly index: number;
  /** VPP's own name. */
  readonly device: string;
  /** Logical name, or VPP's where it has none. */
  readonly name: string;
  readonly key?: string;
  readonly value?: Interface;
}

export interface NamedDomain {
  readonly key: string;
  readonly value: BridgeDomain;
}

export class VppNames {
  readonly snapshot: Snapshot;
  readonly #interfaces = new Map<number, NamedInterface>();

  constructor(
    snapshot: Snapshot,
    devices: readonly { readonly sw_if_index: number; readonly interface_name: string }[],
  ) {
    this.snapshot = snapshot;
    for (const { sw_if_index: index, interface_name: device } of devices)
      this.#interfaces.set(index, { index, device, name: device });
    for (const { key, metadata, applied } of snapshot.nodes({ kind: 'vpp.interfaces' })) {
      const index = (metadata as VppInterface | undefined)?.swIfIndex;
      const device = index === undefined ? undefined : this.#interfaces.get(index);
      if (!device || !applied) continue;
      const value = applied as Interface;
      this.#interfaces.set(device.index, { ...device, name: value.name, key, value });
    }
  }

  interface(index: number): NamedInterface {
    return this.#interfaces.get(index) ?? { index, device: `#${index}`, name: `#${index}` };
  }

  /** By logical name. */
  named(name: string): NamedInterface | undefined {
    return [...this.#interfaces.values()].find((one) => one.key !== undefined && one.name === name);
  }

  /** By VPP's own name. */
  device(device: string): NamedInterface | undefined {
    return [...this.#interfaces.values()].find((one) => one.device === device);
  }

  isLoopback({ value }: NamedInterface): boolean {
    return value?.type === Interface_Type.SOFTWARE_LOOPBACK;
  }

  domainOf({ name, key }: NamedInterface): (NamedDomain & { readonly isBvi: boolean }) | undefined {
    if (key === undefined) return undefined;
    for (const { key: domain, applied } of this.snapshot.nodes({ kind: 'vpp.l2.bridge-domain' })) {
      const value = applied as BridgeDomain | null;
      const port = value?.interfaces.find((one) => one.name === name);
      if (value && port) return { key: domain, value, isBvi: port.bridgedVirtualInterface };
    }
    return undefined;
  }

  /** The list with this number, and which of its rules became VPP's rule. */
  aclRule(
    index: number,
    vppRule: number,
  ): { readonly key: string; readonly name: string; readonly rule?: number } | undefined {
    for (const { key, metadata, applied } of this.snapshot.nodes({ kind: 'vpp.acls.acl' })) {
      const known = metadata as VppAcl | undefined;
      if (!applied || !known || known.macip || known.index !== index) continue;
      const { name, rules } = applied as ACL;
      // A rule of both families is two rules of VPP's.
      const origins = rules.flatMap((rule, at) => aclRules([rule]).map(() => at + 1));
      const rule = origins[vppRule];
      return { key, name, ...(rule !== undefined && { rule }) };
    }
    return undefined;
  }

  /** MACIP list on the input of an interface. */
  macip({ name }: NamedInterface): { readonly key: string; readonly name: string } | undefined {
    for (const { key, metadata, applied } of this.snapshot.nodes({ kind: 'vpp.acls.acl' })) {
      const list = applied as ACL | null;
      if (list && (metadata as VppAcl | undefined)?.macip && list.interfaces?.ingress.includes(name))
        return { key, name: list.name };
    }
    return undefined;
  }

  /** Number, from 1, of the rule that VPP has as its `index`-th. */
  macipRule(list: string, index: number): number | undefined {
    const applied = this.snapshot.node(list as Key)?.applied as ACL | null | undefined;
    return applied?.rules.flatMap((rule, at) => macipRules([rule]).map(() => at + 1))[index];
  }

  fib(domain: string, mac: string): string | undefined {
    for (const { key, applied } of this.snapshot.nodes({ kind: 'vpp.l2.fib' })) {
      const entry = applied as FIBEntry | null;
      if (entry?.bridgeDomain === domain && canonicalMac(entry.physAddress) === mac) return key;
    }
    return undefined;
  }

  arp(interfaceName: string, address: string): string | undefined {
    const key = arpKey(interfaceName, address);
    return this.snapshot.node(key)?.applied ? key : undefined;
  }

  route(
    table: number,
    prefix: string,
    via: string | undefined,
    out: NamedInterface | undefined,
  ): { readonly key?: string; readonly what: string } {
    let other: string | undefined;
    for (const { key, applied } of this.snapshot.nodes({ kind: 'vpp.route' })) {
      const route = applied as Route | null;
      if (!route || route.vrfId !== table || canonicalNetwork(route.dstNetwork) !== prefix) continue;
      if (route.outgoingInterface === (out?.name ?? '') && (route.nextHopAddr === '' || route.nextHopAddr === via))
        return { key, what: 'route' };
      other ??= key;
    }
    if (other !== undefined) return { key: other, what: 'route' };
    const steering = prefixSteering(this.snapshot, prefix, table);
    if (steering) return { key: steering.key, what: 'SRv6 steering of' };
    const segment = prefix.endsWith('/128') ? segmentOf(this.snapshot, prefix.slice(0, -'/128'.length)) : undefined;
    if (segment) return segment;
    const network = parsePrefix(prefix);
    const isConnected = out?.value?.ipAddresses.some((text) => {
      const own = parsePrefix(text);
      return network && own && contains(own, network.address);
    });
    if (isConnected && out?.key !== undefined) return { key: out.key, what: 'connected subnet' };
    return { what: 'route of somebody else' };
  }

  /** The interface that has this address. */
  owner(address: string): NamedInterface | undefined {
    const wanted = parseIp(address);
    return [...this.#interfaces.values()].find(({ value }) =>
      value?.ipAddresses.some((text) => {
        const own = parsePrefix(text);
        return wanted && own && contains({ address: wanted, length: own.address.family === 4 ? 32 : 128 }, own.address);
      }),
    );
  }
}
