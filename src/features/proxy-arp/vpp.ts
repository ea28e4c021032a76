/** Proxy ARP in VPP: ranges that are answered for, and the interfaces on which they are. */

import { create } from '@bufbuild/protobuf';
import { ProxyARP_RangeSchema, ProxyARPSchema } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import type { ProxyARP, ProxyARP_Range } from '../../model/gen/ligato/vpp/l3/l3_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import { spelledIp } from '../equality.ts';
import { swIfIndexOf } from '../interface/vpp-metadata.ts';
import { vppDump } from '../vpp/dump.ts';
import { lacking } from '../vpp/engine.ts';
import type { VppEngine } from '../vpp/engine.ts';
import { removed } from '../vpp/retries.ts';
import { PROXY_ARP_KEY, proxyArpInterfaceKey } from './model.ts';
import type { ProxyArpInterface } from './model.ts';

interface VppProxyArpInterface {
  readonly swIfIndex: number;
}

export function vppHandlers(engine: VppEngine): readonly Handler[] {
  return [rangesHandler(engine), interfaceHandler(engine)] as readonly Handler[];
}

function rangesHandler(engine: VppEngine): Handler<ProxyARP, Record<never, never>> {
  const { client } = engine;

  async function change(
    { signal }: OperationContext,
    ranges: readonly ProxyARP_Range[],
    is_add: boolean,
  ): Promise<void> {
    const requests = ranges.map(({ firstIpAddr, lastIpAddr, vrfId }) => {
      const proxy = { table_id: vrfId, low: firstIpAddr, hi: lastIpAddr };
      return client.request('proxy_arp_add_del', { is_add, proxy }, { signal });
    });
    await Promise.all(is_add ? requests : requests.map((request) => removed(request)));
  }

  return {
    kind: 'vpp.proxyarp-global',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['proxy_arp_add_del'], ['proxy_arp_dump'], ['proxy_arp_intfc_enable_disable']),
    async create(context, _key, value) {
      await change(context, value.ranges, true);
      return {};
    },
    async update(context, _key, from, to, metadata) {
      await Promise.all([
        change(context, without(from.ranges, to.ranges), false),
        change(context, without(to.ranges, from.ranges), true),
      ]);
      return metadata;
    },
    remove: (context, _key, value) => change(context, value.ranges, false),
    retrieve: (context) => retrieveRanges(engine, context),
  };
}

function rangeText({ firstIpAddr, lastIpAddr, vrfId }: ProxyARP_Range): string {
  return `${spelledIp(firstIpAddr)} ${spelledIp(lastIpAddr)} ${vrfId}`;
}

function without(ranges: readonly ProxyARP_Range[], others: readonly ProxyARP_Range[]): readonly ProxyARP_Range[] {
  const known = new Set(others.map(rangeText));
  return ranges.filter((range) => !known.has(rangeText(range)));
}

/** Interfaces are told by the parts. */
async function retrieveRanges(
  engine: VppEngine,
  context: RetrieveContext<ProxyARP>,
): Promise<readonly Retrieved<ProxyARP, Record<never, never>>[]> {
  const found = await vppDump(engine, context.session).list('proxy_arp_dump', {});
  const wanted = context.expected.get(PROXY_ARP_KEY)?.value;
  if (found.length === 0 && (wanted === undefined || wanted.ranges.length > 0)) return [];
  const ranges = found.map(({ proxy: { table_id, low, hi } }) =>
    create(ProxyARP_RangeSchema, { firstIpAddr: low, lastIpAddr: hi, vrfId: table_id }),
  );
  const value = { ...(wanted ?? create(ProxyARPSchema)), ranges };
  return [{ key: PROXY_ARP_KEY, value, metadata: {}, origin: 'ours' }];
}

function interfaceHandler(engine: VppEngine): Handler<ProxyArpInterface, VppProxyArpInterface> {
  const enable = ({ signal }: OperationContext, sw_if_index: number, isOn: boolean) =>
    engine.client.request('proxy_arp_intfc_enable_disable', { sw_if_index, enable: isOn }, { signal });
  return {
    kind: 'vpp.proxyarp-global.interface',
    engine: 'vpp',
    async create(context, _key, value) {
      const swIfIndex = swIfIndexOf(context, value.interface);
      await enable(context, swIfIndex, true);
      return { swIfIndex };
    },
    remove: (context, _key, _value, { swIfIndex }) => removed(enable(context, swIfIndex, false)),
    async retrieve(context) {
      const dump = vppDump(engine, context.session);
      const interfaces = await dump.interfaces();
      const found = await dump.list('proxy_arp_intfc_dump', {});
      return found
        .map(({ sw_if_index }) => ({ name: interfaces.nameOf(sw_if_index), swIfIndex: sw_if_index }))
        .filter(({ name }) => !context.keys || context.keys.has(proxyArpInterfaceKey(name)))
        .map(({ name, swIfIndex }) => ({
          key: proxyArpInterfaceKey(name),
          value: { interface: name },
          metadata: { swIfIndex },
          origin: 'ours' as const,
        }));
    },
    retrieveAfter: ['vpp.interfaces'],
  };
}
