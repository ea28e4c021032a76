/** `vpp.l2.bridge-domain` in VPP: the domain itself; ports and ARP entries are parts with handlers of their own. */

import { create } from '@bufbuild/protobuf';
import { BridgeDomainSchema } from '../../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import type { BridgeDomain } from '../../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import type { Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { bdFlags } from '../../../vpp/index.ts';
import type { Messages } from '../../../vpp/index.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { bridgeDomainKey } from '../model.ts';
import type { VppBridgeDomain } from '../vpp-metadata.ts';

const ADD = ['bridge_domain_add_del_v2', 'bridge_domain_add_del'] as const;
/** Most bridge domains of one VPP: numbers have 24 bits, and 0 is VPP's own. */
const LAST_NUMBER = 0xff_ffff;

export function domainHandler(engine: VppEngine): Handler<BridgeDomain, VppBridgeDomain> {
  const { client } = engine;
  return {
    kind: 'vpp.l2.bridge-domain',
    engine: 'vpp',
    unsupported: () => lacking(engine, ADD, ['bridge_domain_dump'], ['bridge_flags']),
    async create({ signal }, _key, value) {
      const fields = { ...settingsOf(value), bd_tag: value.name, is_add: true };
      if (client.has('bridge_domain_add_del_v2')) {
        const { bd_id } = await client.request('bridge_domain_add_del_v2', { ...fields, bd_id: NO_INDEX }, { signal });
        return { bdId: bd_id };
      }
      const bdId = await freeNumber(engine, signal);
      await client.request('bridge_domain_add_del', { ...fields, bd_id: bdId }, { signal });
      return { bdId };
    },
    async update({ signal }, _key, from, to, metadata) {
      const bd_id = metadata.bdId;
      const { set, unset } = changedFlags(from, to);
      await Promise.all([
        ...(set === 0 ? [] : [client.request('bridge_flags', { bd_id, is_set: true, flags: set }, { signal })]),
        ...(unset === 0 ? [] : [client.request('bridge_flags', { bd_id, is_set: false, flags: unset }, { signal })]),
        ...(from.macAge === to.macAge
          ? []
          : [client.request('bridge_domain_set_mac_age', { bd_id, mac_age: to.macAge }, { signal })]),
      ]);
      return metadata;
    },
    async remove({ signal }, _key, _value, { bdId }) {
      await removed(client.request(client.pick(...ADD), { bd_id: bdId, is_add: false }, { signal }));
    },
    retrieve: (context) => retrieve(engine, context),
  };
}

function settingsOf(value: BridgeDomain) {
  return {
    flood: value.flood,
    uu_flood: value.unknownUnicastFlood,
    forward: value.forward,
    learn: value.learn,
    arp_term: value.arpTermination,
    mac_age: value.macAge,
  };
}

function flagsOf(value: BridgeDomain): number {
  return (
    (value.learn ? bdFlags.BRIDGE_API_FLAG_LEARN : 0) |
    (value.forward ? bdFlags.BRIDGE_API_FLAG_FWD : 0) |
    (value.flood ? bdFlags.BRIDGE_API_FLAG_FLOOD : 0) |
    (value.unknownUnicastFlood ? bdFlags.BRIDGE_API_FLAG_UU_FLOOD : 0) |
    (value.arpTermination ? bdFlags.BRIDGE_API_FLAG_ARP_TERM : 0)
  );
}

function changedFlags(from: BridgeDomain, to: BridgeDomain): { readonly set: number; readonly unset: number } {
  const [before, after] = [flagsOf(from), flagsOf(to)];
  return { set: after & ~before, unset: before & ~after };
}

/** Before 23.02 the client chooses the number. */
async function freeNumber({ client }: VppEngine, signal: AbortSignal): Promise<number> {
  const all = await client.list('bridge_domain_dump', { bd_id: NO_INDEX, sw_if_index: NO_INDEX }, { signal });
  const taken = new Set(all.map(({ bd_id }) => bd_id));
  for (let number = 1; number <= LAST_NUMBER; number++) if (!taken.has(number)) return number;
  throw new Error('vpp: all numbers of bridge domains are taken');
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<BridgeDomain, VppBridgeDomain>,
): Promise<readonly Retrieved<BridgeDomain, VppBridgeDomain>[]> {
  const retrieved: Retrieved<BridgeDomain, VppBridgeDomain>[] = [];
  for (const details of await domainsOf(engine, context)) {
    // Made by hand or by somebody who gives no names: numbers are no names that a configuration could have.
    if (details.bd_tag === '') continue;
    const key = bridgeDomainKey(details.bd_tag);
    if (context.keys && !context.keys.has(key)) continue;
    const wanted = context.expected.get(key)?.value ?? create(BridgeDomainSchema, { name: details.bd_tag });
    const { flood, uu_flood, forward, learn, arp_term, mac_age } = details;
    retrieved.push({
      key,
      value: {
        ...wanted,
        flood,
        unknownUnicastFlood: uu_flood,
        forward,
        learn,
        arpTermination: arp_term,
        macAge: mac_age,
      },
      metadata: { bdId: details.bd_id },
      origin: 'ours',
    });
  }
  return retrieved;
}

/** All bridge domains of VPP, with their ports. */
export function domainsOf(
  engine: VppEngine,
  { session }: { readonly session: object },
): Promise<readonly Messages['bridge_domain_details'][]> {
  return vppDump(engine, session).list('bridge_domain_dump', { bd_id: NO_INDEX, sw_if_index: NO_INDEX });
}
