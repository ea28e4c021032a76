/**
 * `vpp.l2.bridge-domain.arp-entry` in the Linux kernel: an ARP request or neighbour solicitation that is answered by rules on
 * the bridge device.
 */

import { canonicalIp, canonicalMac } from '../../../model/address.ts';
import type { Key } from '../../../model/key.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelBridge } from '../kernel-metadata.ts';
import { bridgeDomainArpEntry, bridgeDomainArpEntryKey, bridgeDomainKey } from '../model.ts';
import type { BridgeDomainArpEntry } from '../model.ts';
import type { BridgeRules } from './bridge-rules.ts';
import { domainOf } from './domain.ts';

/** What the entry was made with. */
export interface AnsweredAddress {
  readonly bridge: string;
  /** In the kernel's spelling. */
  readonly address: string;
}

export function arpEntryHandler(
  engine: KernelEngine,
  rules: BridgeRules,
): Handler<BridgeDomainArpEntry, AnsweredAddress> {
  async function answer(graph: GraphView, key: Key, value: BridgeDomainArpEntry): Promise<AnsweredAddress> {
    const bridge = graph.metadata<KernelBridge>(bridgeDomainKey(value.bridgeDomain));
    if (!bridge) throw new SchedulerError('failed', `bridge domain ${value.bridgeDomain} has no device`, { key });
    const address = canonicalIp(value.ipAddress)!;
    await rules.addAnswer(bridge.name, address, canonicalMac(value.physAddress)!);
    return { bridge: bridge.name, address };
  }

  return {
    kind: 'vpp.l2.bridge-domain.arp-entry',
    engine: 'kernel',
    create: answer,
    update: (context, key, _from, to) => answer(context, key, to),
    remove: (_context, _key, _value, { bridge, address }) => rules.removeAnswer(bridge, address),
    retrieve: (context) => retrieve(engine, rules, context),
    retrieveAfter: ['vpp.l2.bridge-domain'],
  };
}

async function retrieve(
  engine: KernelEngine,
  rules: BridgeRules,
  context: RetrieveContext<BridgeDomainArpEntry, AnsweredAddress>,
): Promise<readonly Retrieved<BridgeDomainArpEntry, AnsweredAddress>[]> {
  const { answers } = await rules.read(context.session);
  if (answers.size === 0) return [];
  const links = await engine.driver.dump(context.session, engine.driver.vswitch).linksByName();
  const retrieved: Retrieved<BridgeDomainArpEntry, AnsweredAddress>[] = [];
  for (const [bridge, entries] of answers) {
    const link = links.get(bridge);
    const bridgeDomain = link && domainOf(engine, link);
    if (bridgeDomain === undefined) continue;
    for (const [address, physAddress] of entries) {
      const key = bridgeDomainArpEntryKey(bridgeDomain, address);
      if (context.keys && !context.keys.has(key)) continue;
      const wanted = context.expected.get(key)?.value;
      const found = { bridgeDomain, ipAddress: address, physAddress };
      const value = wanted && bridgeDomainArpEntry.equivalent!(key, found, wanted) ? wanted : found;
      retrieved.push({ key, value, metadata: { bridge, address }, origin: 'ours' });
    }
  }
  return retrieved;
}
