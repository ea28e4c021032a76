/** `vpp.ipsec.sp` in VPP: entries of a database. A policy without addresses is two: VPP's ranges are of one family. */

import { create } from '@bufbuild/protobuf';
import { formatIp, parseIp } from '../../../model/address.ts';
import { SecurityPolicy_Action as Action, SecurityPolicySchema } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { SecurityPolicy } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import { createModelRegistry } from '../../../model/index.ts';
import type { Key } from '../../../model/key.ts';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { IpsecSpdEntry } from '../../../vpp/index.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { lastPort, spdKey } from '../model.ts';

const ADD = ['ipsec_spd_entry_add_del_v2', 'ipsec_spd_entry_add_del'] as const;
const WHOLE = {
  4: { start: '0.0.0.0', stop: '255.255.255.255' },
  6: { start: '::', stop: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' },
} as const;
const ACTIONS = ['BYPASS', 'DISCARD', 'RESOLVE', 'PROTECT'].map((name) => `IPSEC_API_SPD_ACTION_${name}`);
/** "Any protocol" is 0 in the first version of the message, 255 in the second and in what VPP lists since then. */
const ANY = 255;

type Entry = Readonly<Omit<IpsecSpdEntry, 'policy'>> & { readonly policy: number };

/** No update: an entry has nothing but what it is found by. */
export function policyHandler(engine: VppEngine): Handler<SecurityPolicy, readonly Entry[]> {
  const { client } = engine;
  const addOrDelete = ({ signal }: OperationContext, entries: readonly Entry[], is_add: boolean) =>
    Promise.all(
      entries.map((entry) => {
        const protocol = client.has(ADD[0]) && entry.protocol === 0 ? ANY : entry.protocol;
        return client.request(client.pick(...ADD), { is_add, entry: { ...entry, protocol } }, { signal });
      }),
    );
  return {
    kind: 'vpp.ipsec.sp',
    engine: 'vpp',
    unsupported: () => lacking(engine, ADD, ['ipsec_spd_dump']),
    async create(context, _key, value) {
      const entries = entriesOf(value);
      await addOrDelete(context, entries, true);
      return entries;
    },
    // SYSCALL_ERROR_1: the database is not there any more. An entry that is not there is no error to VPP.
    remove: (context, _key, _value, entries) => removed(addOrDelete(context, entries, false), 'SYSCALL_ERROR_1'),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.ipsec.spd'],
  };
}

function entriesOf(value: SecurityPolicy): readonly Entry[] {
  const { remoteAddrStart: remote, localAddrStart: local } = value;
  const written = remote || local;
  const families = written === '' ? ([4, 6] as const) : written.includes(':') ? ([6] as const) : ([4] as const);
  return families.map((family) => ({
    spd_id: value.spdIndex,
    priority: value.priority,
    is_outbound: value.isOutbound,
    sa_id: value.action === Action.PROTECT ? value.saIndex : 0,
    policy: value.action,
    protocol: value.protocol,
    remote_address_start: remote || WHOLE[family].start,
    remote_address_stop: value.remoteAddrStop || WHOLE[family].stop,
    local_address_start: local || WHOLE[family].start,
    local_address_stop: value.localAddrStop || WHOLE[family].stop,
    remote_port_start: value.remotePortStart,
    remote_port_stop: lastPort(value.remotePortStop),
    local_port_start: value.localPortStart,
    local_port_stop: lastPort(value.localPortStop),
  }));
}

const ADDRESSES = ['remote_address_start', 'remote_address_stop', 'local_address_start', 'local_address_stop'] as const;

/** VPP lists an address of IPv6 that begins with 96 zeros (`::`) as one of IPv4. */
function entryFrom(listed: IpsecSpdEntry): Entry {
  const isSix = ADDRESSES.some((field) => listed[field].includes(':'));
  const spelled = (text: string): string => {
    const address = parseIp(text)!;
    if (!isSix || address.family === 6) return formatIp(address);
    const bytes = new Uint8Array(16);
    bytes.set(address.bytes, 12);
    return formatIp(bytes);
  };
  const policy = ACTIONS.indexOf(String(listed.policy));
  return {
    ...listed,
    policy,
    sa_id: policy === Number(Action.PROTECT) ? listed.sa_id : 0,
    protocol: listed.protocol === ANY ? 0 : listed.protocol,
    remote_address_start: spelled(listed.remote_address_start),
    remote_address_stop: spelled(listed.remote_address_stop),
    local_address_start: spelled(listed.local_address_start),
    local_address_stop: spelled(listed.local_address_stop),
  };
}

/** What VPP finds an entry by. */
function identityOf(entry: Entry): string {
  return [
    entry.spd_id,
    entry.priority,
    entry.is_outbound,
    entry.sa_id,
    entry.policy,
    entry.protocol,
    ...ADDRESSES.map((field) => formatIp(parseIp(entry[field])!)),
    entry.remote_port_start,
    entry.remote_port_stop,
    entry.local_port_start,
    entry.local_port_stop,
  ].join(' ');
}

async function retrieve(
  engine: VppEngine,
  context: RetrieveContext<SecurityPolicy, readonly Entry[]>,
): Promise<readonly Retrieved<SecurityPolicy, readonly Entry[]>[]> {
  const dump = vppDump(engine, context.session);
  const databases = await dump.list('ipsec_spds_dump', {});
  const lists = await Promise.all(
    databases.map(({ spd_id }) => dump.list('ipsec_spd_dump', { spd_id, sa_id: NO_INDEX })),
  );
  const found = new Map<string, Entry>();
  for (const { entry } of lists.flat()) {
    const read = entryFrom(entry);
    found.set(identityOf(read), read);
  }
  const retrieved: Retrieved<SecurityPolicy, readonly Entry[]>[] = [];
  for (const [key, { value }] of context.expected) {
    const metadata = entriesOf(value);
    const identities = metadata.map(identityOf);
    // Half a policy is not there: making it whole would leave the other half twice, so it stays to be taken away.
    if (!identities.every((identity) => found.has(identity))) continue;
    for (const identity of identities) found.delete(identity);
    retrieved.push({ key, value, metadata, origin: 'ours' });
  }
  for (const entry of found.values()) {
    const value = valueOf(entry);
    const key = keyOf(value);
    if (retrieved.some((each) => each.key === key)) continue;
    // In a database of ours nobody else has entries.
    const isOurs = context.desired(spdKey(entry.spd_id)) !== undefined;
    retrieved.push({ key, value, metadata: [entry], origin: isOurs ? 'ours' : 'foreign' });
  }
  const { keys } = context;
  return keys ? retrieved.filter(({ key }) => keys.has(key)) : retrieved;
}

function valueOf(entry: Entry): SecurityPolicy {
  return create(SecurityPolicySchema, {
    spdIndex: entry.spd_id,
    saIndex: entry.sa_id,
    priority: entry.priority,
    isOutbound: entry.is_outbound,
    remoteAddrStart: entry.remote_address_start,
    remoteAddrStop: entry.remote_address_stop,
    localAddrStart: entry.local_address_start,
    localAddrStop: entry.local_address_stop,
    protocol: entry.protocol,
    remotePortStart: entry.remote_port_start,
    remotePortStop: entry.remote_port_stop,
    localPortStart: entry.local_port_start,
    localPortStop: entry.local_port_stop,
    action: entry.policy,
  });
}

let registry: ReturnType<typeof createModelRegistry> | undefined;

function keyOf(value: SecurityPolicy): Key {
  registry ??= createModelRegistry();
  return registry.keyOf(value);
}
