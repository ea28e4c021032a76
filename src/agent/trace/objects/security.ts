/** IPsec objects of the configuration, and what they are in words. */

import { saKey, tunnelProtectionKey } from '../../../features/ipsec/model.ts';
import { parseIp, sameIp } from '../../../model/address.ts';
import {
  SecurityAssociation_IPSecProtocol as IpsecProtocol,
  SecurityPolicy_Action as Action,
  type SecurityAssociation,
  type SecurityPolicy,
  type TunnelProtection,
} from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Key } from '../../../model/key.ts';
import type { Snapshot } from '../../../scheduler/scheduler.ts';

export interface NamedAssociation {
  readonly key: Key;
  readonly value: SecurityAssociation;
}

export function associationOf(snapshot: Snapshot, index: number): NamedAssociation | undefined {
  const key = saKey(index);
  const value = snapshot.node(key)?.applied as SecurityAssociation | null | undefined;
  return value ? { key, value } : undefined;
}

/** `association 20 protects it: ESP, SPI 2001, tunnel 10.3.0.1 -> 10.3.0.3` */
export function associationText({ index, spi, protocol, tunnelSrcAddr, tunnelDstAddr }: SecurityAssociation): string {
  const mode = tunnelSrcAddr === '' ? 'no tunnel of its own' : `tunnel ${tunnelSrcAddr} -> ${tunnelDstAddr}`;
  return `association ${index} protects it: ${IpsecProtocol[protocol]}, SPI ${spi}, ${mode}`;
}

const verbs: Readonly<Record<Action, string>> = {
  [Action.BYPASS]: 'lets it pass',
  [Action.DISCARD]: 'discards it',
  [Action.RESOLVE]: 'resolves it',
  [Action.PROTECT]: 'protects it',
};

/** `the rule of priority 70 discards it (DISCARD)` */
export function ruleText({ action, priority }: SecurityPolicy): string {
  return `the rule of priority ${priority} ${verbs[action]} (${Action[action]})`;
}

/** What protects a tunnel, to the peer of this next hop where it has several. */
export function protectionOf(
  snapshot: Snapshot,
  name: string,
  nextHop?: string,
): { readonly key: Key; readonly value: TunnelProtection } | undefined {
  for (const { applied } of snapshot.nodes({ kind: 'vpp.ipsec.tun-protect' })) {
    const value = applied as TunnelProtection | null;
    if (value?.interface !== name) continue;
    const [own, wanted] = [parseIp(value.nextHopAddr), parseIp(nextHop ?? '')];
    if (!own || (wanted && sameIp(own, wanted))) return { key: tunnelProtectionKey(name, value.nextHopAddr), value };
  }
  return undefined;
}
