/** `vpp.interfaces.ip6nd`: addresses and default routes from routers that advertise themselves, taken by VPP itself. */

import { formatIp, parseMac, parsePrefix } from '../../../model/address.ts';
import type { GraphView, Handler, OperationContext } from '../../../scheduler/handler.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import { ip6ndKey } from '../model/keys.ts';
import type { Ip6Nd } from '../model/parts.ts';
import { swIfIndexOf } from '../vpp-metadata.ts';

type Metadata = { readonly swIfIndex: number };

/** VPP has no message that tells whether it is on: it is taken to be as last applied (no `retrieve`). */
export function ip6ndHandler(engine: VppEngine): Handler<Ip6Nd, Metadata> {
  const set = (
    { signal }: OperationContext,
    sw_if_index: number,
    { addressAutoconfig, installDefaultRoutes }: Ip6Nd,
  ) => {
    const fields = { sw_if_index, enable: addressAutoconfig, install_default_routes: installDefaultRoutes };
    return engine.client.request('ip6_nd_address_autoconfig', fields, { signal });
  };
  return {
    kind: 'vpp.interfaces.ip6nd',
    engine: 'vpp',
    unsupported: (_key, { addressAutoconfig, installDefaultRoutes }) =>
      installDefaultRoutes && !addressAutoconfig
        ? 'vpp: install_default_routes works with address_autoconfig only: VPP ignores it without'
        : lacking(engine, ['ip6_nd_address_autoconfig']),
    async create(context, _key, value) {
      const swIfIndex = swIfIndexOf(context, value.interface);
      await set(context, swIfIndex, value);
      return { swIfIndex };
    },
    async update(context, _key, _from, to, metadata) {
      await set(context, metadata.swIfIndex, to);
      return metadata;
    },
    async remove(context, _key, value, { swIfIndex }) {
      await removed(set(context, swIfIndex, { ...value, addressAutoconfig: false, installDefaultRoutes: false }));
    },
  };
}

/** Whether VPP made this address of what a router advertises: the network's, with the interface's MAC address in its lower half. */
export function isLearned(graph: GraphView, interfaceName: string, mac: string, prefix: string): boolean {
  const wanted = graph.desired(ip6ndKey(interfaceName)) as Ip6Nd | undefined;
  const parsed = parsePrefix(prefix);
  const octets = parseMac(mac);
  if (wanted?.addressAutoconfig !== true || parsed?.address.family !== 6 || parsed.length !== 64 || !octets)
    return false;
  const [first = 0, ...rest] = octets;
  const own = [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)];
  const network = parsed.address.bytes.slice(0, 8);
  return formatIp(Uint8Array.of(...network, ...own)) === formatIp(parsed.address.bytes);
}
