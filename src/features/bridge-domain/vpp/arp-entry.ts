/** `vpp.l2.bridge-domain.arp-entry` in VPP: an address that the bridge domain answers for. */

import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { bridgeDomainArpEntryKey, bridgeDomainDependency } from '../model.ts';
import type { BridgeDomainArpEntry } from '../model.ts';
import { bdIdOf } from '../vpp-metadata.ts';
import { domainsOf } from './domain.ts';

interface VppArpEntry {
  readonly bdId: number;
}

type Entry = BridgeDomainArpEntry;

export function arpEntryHandler(engine: VppEngine): Handler<Entry, VppArpEntry> {
  const addOrDelete = ({ signal }: OperationContext, bdId: number, value: Entry, is_add: boolean) => {
    const entry = { bd_id: bdId, ip: value.ipAddress, mac: value.physAddress };
    return engine.client.request('bd_ip_mac_add_del', { is_add, entry }, { signal });
  };
  return {
    kind: 'vpp.l2.bridge-domain.arp-entry',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['bd_ip_mac_add_del'], ['bd_ip_mac_dump']),
    dependencies: (_key, { bridgeDomain }) => [bridgeDomainDependency(bridgeDomain)],
    async create(context, _key, value) {
      const bdId = bdIdOf(context, value.bridgeDomain);
      await addOrDelete(context, bdId, value, true);
      return { bdId };
    },
    // An address has one entry: a new one takes the place of the old.
    async update(context, _key, _from, to, metadata) {
      await addOrDelete(context, metadata.bdId, to, true);
      return metadata;
    },
    remove: (context, _key, value, { bdId }) => removed(addOrDelete(context, bdId, value, false)),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.l2.bridge-domain'],
  };
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<Entry, VppArpEntry>,
): Promise<readonly Retrieved<Entry, VppArpEntry>[]> {
  const names = new Map((await domainsOf(engine, context)).map(({ bd_id, bd_tag }) => [bd_id, bd_tag]));
  const retrieved: Retrieved<Entry, VppArpEntry>[] = [];
  for (const { entry } of await vppDump(engine, context.session).list('bd_ip_mac_dump', { bd_id: NO_INDEX })) {
    const bridgeDomain = names.get(entry.bd_id) ?? '';
    if (bridgeDomain === '') continue;
    const key = bridgeDomainArpEntryKey(bridgeDomain, entry.ip);
    if (context.keys && !context.keys.has(key)) continue;
    const value = { bridgeDomain, ipAddress: entry.ip, physAddress: entry.mac };
    retrieved.push({ key, value, metadata: { bdId: entry.bd_id }, origin: 'ours' });
  }
  return retrieved;
}
