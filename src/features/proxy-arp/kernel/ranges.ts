/** `vpp.proxyarp-global` in the Linux kernel: the ranges, a set of addresses for each VRF. */

import { create } from '@bufbuild/protobuf';
import { formatIp } from '../../../model/address.ts';
import {
  ProxyARP_InterfaceSchema,
  ProxyARPSchema,
  ProxyARP_RangeSchema,
} from '../../../model/gen/ligato/vpp/l3/l3_pb.js';
import type { ProxyARP } from '../../../model/gen/ligato/vpp/l3/l3_pb.js';
import { addElements, addSet, addTable, ensureNoTable, flushSet } from '../../../kernel/nftables/index.ts';
import type { Nftables } from '../../../kernel/nftables/index.ts';
import type { Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { PROXY_ARP_KEY } from '../model.ts';
import { interfaceOf, proxyTable, rangeElements, rangeSet, rangesByVrf, vrfOfSet } from './table.ts';
import type { AddressRange } from './table.ts';

export function rangesHandler({ driver }: KernelEngine): Handler<ProxyARP, undefined> {
  const nft = driver.nft(driver.vswitch);

  async function set(from: ProxyARP | undefined, to: ProxyARP): Promise<undefined> {
    const wanted = rangesByVrf(to.ranges);
    const vrfs = new Set([...rangesByVrf(from?.ranges ?? []).keys(), ...wanted.keys()]);
    const operations = [...vrfs].flatMap((vrf) => {
      const addresses = rangeSet(vrf);
      const elements = rangeElements(wanted.get(vrf) ?? []);
      const add = elements.length > 0 ? [addElements(proxyTable, addresses, elements)] : [];
      return [addSet(proxyTable, addresses), flushSet(proxyTable, addresses.name), ...add];
    });
    await nft.apply([addTable(proxyTable), ...operations]);
    return undefined;
  }

  return {
    kind: 'vpp.proxyarp-global',
    engine: 'kernel',
    create: (_context, _key, value) => set(undefined, value),
    update: (_context, _key, from, to) => set(from, to),
    remove: () => nft.apply(ensureNoTable(proxyTable)),
    retrieve: (context) => retrieve(nft, context),
  };
}

async function retrieve(
  nft: Nftables,
  { expected }: RetrieveContext<ProxyARP, undefined>,
): Promise<readonly Retrieved<ProxyARP, undefined>[]> {
  const content = await nft.list(proxyTable);
  if (!content) return [];
  const found = new Map<number, readonly AddressRange[]>();
  for (const { name } of content.sets) {
    const vrf = vrfOfSet(name);
    if (vrf === undefined || Number.isNaN(vrf)) continue;
    const ranges = await rangesOf(nft, vrf);
    if (ranges.length > 0) found.set(vrf, ranges);
  }
  const wanted = expected.get(PROXY_ARP_KEY)?.value;
  if (wanted && textOf(rangesByVrf(wanted.ranges)) === textOf(found)) return [item(wanted)];
  const ranges = [...found].flatMap(([vrfId, list]) =>
    list.map(({ first, last }) => create(ProxyARP_RangeSchema, { firstIpAddr: first, lastIpAddr: last, vrfId })),
  );
  if (wanted) return [item({ ...wanted, ranges })];
  const names = content.rules.flatMap(({ key }) => interfaceOf(key) ?? []);
  const interfaces = names.map((name) => create(ProxyARP_InterfaceSchema, { name }));
  return [item(create(ProxyARPSchema, { interfaces, ranges }))];
}

function item(value: ProxyARP): Retrieved<ProxyARP, undefined> {
  return { key: PROXY_ARP_KEY, value, metadata: undefined, origin: 'ours' };
}

async function rangesOf(nft: Nftables, vrf: number): Promise<readonly AddressRange[]> {
  const elements = await nft.elements(proxyTable, rangeSet(vrf));
  const ranges = elements.map(({ key: [part] }) => {
    if (typeof part === 'object' && part !== null && 'from' in part)
      return { first: text(part.from), last: text(part.to) };
    return { first: text(part), last: text(part) };
  });
  return ranges;
}

function text(value: unknown): string {
  return value instanceof Uint8Array ? formatIp(value) : String(value);
}

function textOf(ranges: ReadonlyMap<number, readonly AddressRange[]>): string {
  const lines = [...ranges].flatMap(([vrf, list]) => list.map(({ first, last }) => `${vrf} ${first} ${last}`));
  return lines.sort().join('\n');
}
