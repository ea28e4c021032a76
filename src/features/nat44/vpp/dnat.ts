/** `vpp.nat.dnat44` in VPP: static, load-balanced and identity mappings, all with the label as their tag. */

import { create } from '@bufbuild/protobuf';
import {
  DNat44_IdentityMappingSchema,
  DNat44_Protocol as Protocol,
  DNat44_StaticMapping_TwiceNatMode as TwiceNat,
  DNat44_StaticMappingSchema,
  DNat44Schema,
} from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type {
  DNat44,
  DNat44_IdentityMapping,
  DNat44_StaticMapping,
  DNat44_StaticMapping_LocalIP,
} from '../../../model/gen/ligato/vpp/nat/nat_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { natConfigFlags } from '../../../vpp/index.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import { vppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { dnat44Key, externalText, identityText, isAddressOnly, isLoadBalanced, probabilityOf } from '../model.ts';
import { staticMappingText } from '../model/mapping.ts';

const { NAT_IS_TWICE_NAT, NAT_IS_SELF_TWICE_NAT, NAT_IS_OUT2IN_ONLY, NAT_IS_ADDR_ONLY } = natConfigFlags;
/** IP protocol numbers (IANA). */
const numbers = { [Protocol.TCP]: 6, [Protocol.UDP]: 17, [Protocol.ICMP]: 1 } as const;
const protocols = new Map([
  [6, Protocol.TCP],
  [17, Protocol.UDP],
  [1, Protocol.ICMP],
]);

export function dnatHandler(engine: VppEngine): Handler<DNat44> {
  async function change(context: OperationContext, from: DNat44 | undefined, to: DNat44 | undefined): Promise<void> {
    const kept = new Set(to?.stMappings.map(staticMappingText));
    const had = new Set(from?.stMappings.map(staticMappingText));
    const keptIdentities = new Set(to?.idMappings.map(identityText));
    const hadIdentities = new Set(from?.idMappings.map(identityText));
    const label = (to ?? from)?.label ?? '';
    const moved = movedBackends(from, to);
    const isMoved = (mapping: DNat44_StaticMapping) =>
      moved.some((move) => move.from === mapping || move.to === mapping);
    await Promise.all(moved.flatMap((move) => moveRequests(engine, context, move)));
    const gone = [
      ...(from?.stMappings ?? [])
        .filter((mapping) => !kept.has(staticMappingText(mapping)) && !isMoved(mapping))
        .map((mapping) => mapRequest(engine, context, label, mapping, false)),
      ...(from?.idMappings ?? [])
        .filter((mapping) => !keptIdentities.has(identityText(mapping)))
        .map((mapping) => identity(engine, context, label, mapping, false)),
    ];
    const added = [
      ...(to?.stMappings ?? [])
        .filter((mapping) => !had.has(staticMappingText(mapping)) && !isMoved(mapping))
        .map((mapping) => mapRequest(engine, context, label, mapping, true)),
      ...(to?.idMappings ?? [])
        .filter((mapping) => !hadIdentities.has(identityText(mapping)))
        .map((mapping) => identity(engine, context, label, mapping, true)),
    ];
    await Promise.all([...gone.map((request) => removed(request)), ...added]);
  }

  return {
    kind: 'vpp.nat.dnat44',
    engine: 'vpp',
    unsupported: (_key, { stMappings }) =>
      stMappings.some((mapping) => isLoadBalanced(mapping) && mapping.externalInterface !== '')
        ? 'vpp: several backends need external_ip; external_interface works with one'
        : lacking(
            engine,
            ['nat44_add_del_static_mapping_v2', 'nat44_add_del_static_mapping'],
            ['nat44_add_del_lb_static_mapping'],
            ['nat44_lb_static_mapping_add_del_local'],
            ['nat44_add_del_identity_mapping'],
          ),
    create: (context, _key, value) => change(context, undefined, value),
    update: (context, _key, from, to) => change(context, from, to),
    remove: (context, _key, value) => change(context, value, undefined),
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

/** A service whose backends change one by one: connections to the others go on, which end when the mapping is made anew. */
interface Move {
  readonly from: DNat44_StaticMapping;
  readonly to: DNat44_StaticMapping;
  readonly gone: readonly DNat44_StaticMapping_LocalIP[];
  readonly added: readonly DNat44_StaticMapping_LocalIP[];
}

/** VPP refuses to take a backend of two away. */
const FEWEST_BACKENDS = 2;

function movedBackends(from: DNat44 | undefined, to: DNat44 | undefined): readonly Move[] {
  if (!from || !to) return [];
  return to.stMappings.flatMap((next) => {
    const before = from.stMappings.find((one) => externalText(one) === externalText(next));
    if (!before || !isLoadBalanced(before) || !isLoadBalanced(next)) return [];
    if (staticMappingText(before) === staticMappingText(next)) return [];
    if (staticMappingText({ ...before, localIps: next.localIps }) !== staticMappingText(next)) return [];
    const had = new Map(before.localIps.map((local) => [backendText(local), local]));
    const wanted = new Map(next.localIps.map((local) => [backendText(local), local]));
    const gone = [...had].flatMap(([text, local]) => (wanted.has(text) ? [] : [local]));
    const added = [...wanted].flatMap(([text, local]) => (had.has(text) ? [] : [local]));
    // One with another share is the same backend to VPP: it would be there already.
    const isShared = added.some((local) => gone.some((one) => placeText(one) === placeText(local)));
    const fewest = had.size + added.length - gone.length;
    return isShared || fewest < FEWEST_BACKENDS ? [] : [{ from: before, to: next, gone, added }];
  });
}

function placeText({ localIp, localPort, vrfId }: DNat44_StaticMapping_LocalIP): string {
  return `${localIp} ${localPort} ${vrfId}`;
}

function backendText(local: DNat44_StaticMapping_LocalIP): string {
  return `${placeText(local)} ${probabilityOf(local)}`;
}

/** New ones first: VPP keeps two at any time. */
function moveRequests(
  { client }: VppEngine,
  { signal }: OperationContext,
  { to, gone, added }: Move,
): Promise<unknown>[] {
  const { externalIp: external_addr, externalPort: external_port } = to;
  const protocol = numbers[to.protocol];
  const request = (one: DNat44_StaticMapping_LocalIP, is_add: boolean) => {
    const local = { addr: one.localIp, port: one.localPort, probability: probabilityOf(one), vrf_id: one.vrfId };
    const fields = { is_add, external_addr, external_port, protocol, local };
    return client.request('nat44_lb_static_mapping_add_del_local', fields, { signal });
  };
  return [...added.map((one) => request(one, true)), ...gone.map((one) => removed(request(one, false)))];
}

/** Mappings act on what comes in from outside alone, as in vpp-agent; a whole address works both ways. */
function flagsOf(mapping: DNat44_StaticMapping): number {
  return (
    NAT_IS_OUT2IN_ONLY |
    (isAddressOnly(mapping) ? NAT_IS_ADDR_ONLY : 0) |
    (mapping.twiceNat === TwiceNat.ENABLED ? NAT_IS_TWICE_NAT : 0) |
    (mapping.twiceNat === TwiceNat.SELF ? NAT_IS_SELF_TWICE_NAT : 0)
  );
}

function mapRequest(
  { client }: VppEngine,
  context: OperationContext,
  tag: string,
  mapping: DNat44_StaticMapping,
  is_add: boolean,
): Promise<unknown> {
  const { externalInterface, externalIp, externalPort: external_port, localIps, twiceNatPoolIp } = mapping;
  const { signal } = context;
  const flags = flagsOf(mapping);
  const protocol = numbers[mapping.protocol];
  if (isLoadBalanced(mapping)) {
    const locals = localIps.map((local) => ({
      addr: local.localIp,
      port: local.localPort,
      probability: probabilityOf(local),
      vrf_id: local.vrfId,
    }));
    const fields = {
      external_addr: externalIp,
      external_port,
      protocol,
      affinity: mapping.sessionAffinity,
      tag,
      locals,
    };
    return client.request('nat44_add_del_lb_static_mapping', { is_add, flags, ...fields }, { signal });
  }
  const [local] = localIps;
  const fields = {
    is_add,
    flags,
    local_ip_address: local?.localIp ?? '0.0.0.0',
    local_port: local?.localPort ?? 0,
    vrf_id: local?.vrfId ?? 0,
    external_ip_address: externalInterface === '' ? externalIp : '0.0.0.0',
    external_port,
    external_sw_if_index: externalInterface === '' ? NO_INDEX : swIfIndexOf(context, externalInterface),
    protocol: isAddressOnly(mapping) ? 0 : protocol,
    tag,
  };
  if (!client.has('nat44_add_del_static_mapping_v2') && twiceNatPoolIp === '') {
    return client.request('nat44_add_del_static_mapping', fields, { signal });
  }
  const pool = twiceNatPoolIp === '' ? {} : { match_pool: true, pool_ip_address: twiceNatPoolIp };
  return client.request('nat44_add_del_static_mapping_v2', { ...fields, ...pool }, { signal });
}

function identity(
  { client }: VppEngine,
  context: OperationContext,
  tag: string,
  { interface: name, ipAddress, port, protocol, vrfId: vrf_id }: DNat44_IdentityMapping,
  is_add: boolean,
): Promise<unknown> {
  const fields = {
    is_add,
    flags: port === 0 ? NAT_IS_ADDR_ONLY : 0,
    ip_address: name === '' ? ipAddress : '0.0.0.0',
    protocol: port === 0 ? 0 : numbers[protocol],
    port,
    sw_if_index: name === '' ? NO_INDEX : swIfIndexOf(context, name),
    vrf_id,
    tag,
  };
  return client.request('nat44_add_del_identity_mapping', fields, { signal: context.signal });
}

interface Mappings {
  readonly stMappings: DNat44_StaticMapping[];
  readonly idMappings: DNat44_IdentityMapping[];
}

async function retrieve(engine: VppEngine, context: RetrieveContext<DNat44>): Promise<readonly Retrieved<DNat44>[]> {
  const dump = vppDump(engine, context.session);
  const [interfaces, statics, balanced, identities] = await Promise.all([
    dump.interfaces(),
    dump.list('nat44_static_mapping_dump'),
    dump.list('nat44_lb_static_mapping_dump'),
    dump.list('nat44_identity_mapping_dump'),
  ]);
  const found = new Map<string, Mappings>();
  const of = (label: string): Mappings => {
    let mappings = found.get(label);
    if (!mappings) found.set(label, (mappings = { stMappings: [], idMappings: [] }));
    return mappings;
  };
  // A mapping of an interface comes twice once the interface has an address: as it was asked for, and with the address.
  const bound = new Set<string>();
  const place = (row: (typeof statics)[number]) =>
    `${row.tag} ${row.local_ip_address} ${row.local_port} ${row.external_port} ${row.protocol} ${row.vrf_id}`;
  for (const row of statics) if (row.external_sw_if_index !== NO_INDEX) bound.add(place(row));
  for (const row of statics) {
    const isBound = row.external_sw_if_index !== NO_INDEX;
    if (row.tag === '' || (!isBound && bound.has(place(row)))) continue;
    const wanted = context.expected.get(dnat44Key(row.tag))?.value;
    const mapping = create(DNat44_StaticMappingSchema, {
      externalInterface: isBound ? interfaces.nameOf(row.external_sw_if_index) : '',
      externalIp: isBound ? '' : row.external_ip_address,
      externalPort: row.external_port,
      protocol: protocols.get(row.protocol) ?? Protocol.TCP,
      twiceNat: twiceNatOf(row.flags as number),
      localIps: [{ localIp: row.local_ip_address, localPort: row.local_port, vrfId: row.vrf_id }],
    });
    of(row.tag).stMappings.push(asWanted(mapping, wanted, isBound));
  }
  for (const row of balanced) {
    if (row.tag === '') continue;
    const { external_addr: externalIp, external_port: externalPort, locals } = row;
    const localIps = locals.map(({ addr, port, probability, vrf_id }) => ({
      localIp: addr,
      localPort: port,
      probability,
      vrfId: vrf_id,
    }));
    const protocol = protocols.get(row.protocol) ?? Protocol.TCP;
    const twiceNat = twiceNatOf(row.flags as number);
    const mapping = create(DNat44_StaticMappingSchema, { externalIp, externalPort, protocol, twiceNat, localIps });
    const wanted = context.expected.get(dnat44Key(row.tag))?.value;
    const same = wanted?.stMappings.find((one) => externalText(one) === externalText(mapping));
    // The details have a field for the affinity, which VPP leaves empty.
    of(row.tag).stMappings.push({ ...mapping, sessionAffinity: same?.sessionAffinity ?? 0 });
  }
  const boundIdentities = new Set(
    identities.filter((row) => row.sw_if_index !== NO_INDEX).map((row) => `${row.tag} ${row.port} ${row.protocol}`),
  );
  for (const row of identities) {
    const isBound = row.sw_if_index !== NO_INDEX;
    if (row.tag === '' || (!isBound && boundIdentities.has(`${row.tag} ${row.port} ${row.protocol}`))) continue;
    const fields = {
      interface: isBound ? interfaces.nameOf(row.sw_if_index) : '',
      ipAddress: isBound ? '' : row.ip_address,
      port: row.port,
      protocol: protocols.get(row.protocol) ?? Protocol.TCP,
      vrfId: row.vrf_id,
    };
    of(row.tag).idMappings.push(create(DNat44_IdentityMappingSchema, fields));
  }
  const retrieved: Retrieved<DNat44>[] = [];
  for (const [label, mappings] of found) {
    const key = dnat44Key(label);
    if (context.keys && !context.keys.has(key)) continue;
    const value = create(DNat44Schema, { label, ...mappings });
    retrieved.push({ key, value, metadata: undefined, origin: 'ours' });
  }
  return retrieved;
}

/** VPP does not tell the address of the twice-NAT pool, the affinity of one backend, and of interfaces' mappings the flag SELF. */
function asWanted(mapping: DNat44_StaticMapping, wanted: DNat44 | undefined, isBound: boolean): DNat44_StaticMapping {
  const same = wanted?.stMappings.find((one) => externalText(one) === externalText(mapping) && !isLoadBalanced(one));
  if (!same) return mapping;
  const { twiceNatPoolIp, sessionAffinity } = same;
  const isSelf = isBound && same.twiceNat === TwiceNat.SELF && mapping.twiceNat === TwiceNat.DISABLED;
  return { ...mapping, twiceNatPoolIp, sessionAffinity, twiceNat: isSelf ? TwiceNat.SELF : mapping.twiceNat };
}

function twiceNatOf(flags: number): TwiceNat {
  if ((flags & NAT_IS_TWICE_NAT) !== 0) return TwiceNat.ENABLED;
  return (flags & NAT_IS_SELF_TWICE_NAT) !== 0 ? TwiceNat.SELF : TwiceNat.DISABLED;
}
