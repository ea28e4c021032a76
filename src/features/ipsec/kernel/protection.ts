/**
 * `vpp.ipsec.tun-protect` in the Linux kernel. What an IPIP or GRE tunnel has packed is protected between its ends, in transport mode: on
 * the wire that is what VPP sends, an ESP packet whose next header is the packed one's. An IPSEC_TUNNEL is an xfrm device.
 */

import type { SecurityAssociation, TunnelProtection } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Key } from '../../../model/key.ts';
import { listPolicies, policyText } from '../../../kernel/netlink/xfrm-policy.ts';
import { listStates } from '../../../kernel/netlink/xfrm-state.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { interfaceKey } from '../../interface/model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { teibKey } from '../../teib/model.ts';
import type { KernelProtection } from '../kernel-metadata.ts';
import { saKey } from '../model.ts';
import { byRequestId, findState } from './associations.ts';
import type { DatabaseParts } from './database.ts';
import { arrivalText } from './packet-table.ts';
import { byText, isThere } from './policies.ts';
import { arrivalsOf, policiesFor, tunnelOf, usesOf } from './tunnel.ts';
import type { Use } from './tunnel.ts';

type Context = RetrieveContext<TunnelProtection, KernelProtection>;
type Item = Retrieved<TunnelProtection, KernelProtection>;

export function protectionHandler(
  engine: KernelEngine,
  parts: DatabaseParts,
): Handler<TunnelProtection, KernelProtection> {
  const { policies, packets, associations, lacking } = parts;

  async function make(
    context: OperationContext,
    key: Key,
    value: TunnelProtection,
    before: KernelProtection = { associations: [], arrivals: [] },
  ): Promise<KernelProtection> {
    const tunnel = tunnelOf(context, key, value);
    const uses = usesOf(context, value, tunnel);
    const arrivals = arrivalsOf(tunnel);
    const specs = policiesFor(context, value, tunnel, uses);
    for (const [index, use] of uses) await associations.use(key, index, use);
    await policies.set(key, specs);
    await packets.protect(key, arrivals);
    const wanted = new Set(arrivals.map(arrivalText));
    const stale = before.arrivals.filter((arrival) => !wanted.has(arrivalText(arrival)));
    if (stale.length > 0) await packets.unprotect(stale);
    const kept = new Set(uses.map(([index]) => index));
    for (const index of before.associations) if (!kept.has(index)) await associations.leave(key, index);
    return { associations: [...kept], arrivals };
  }

  return {
    kind: 'vpp.ipsec.tun-protect',
    engine: 'kernel',
    support: { grade: 'proven', needs: ['esp'], note: 'of IPSEC_TUNNEL, IPIP_TUNNEL and GRE_TUNNEL interfaces' },
    unsupported() {
      const lack = lacking();
      return lack === undefined ? undefined : `kernel: ${lack}`;
    },
    dependencies: (_key, { interface: name, nextHopAddr }) => [
      { label: `ends of ${name}`, key: interfaceKey(name), watches: 'change' },
      ...(nextHopAddr === ''
        ? []
        : [{ label: `peer ${nextHopAddr} of ${name}`, key: teibKey(name, nextHopAddr), watches: 'change' as const }]),
    ],
    create: (context, key, value) => make(context, key, value),
    update: (context, key, _from, to, metadata) => make(context, key, to, metadata),
    refresh: (context, key, value, metadata) => make(context, key, value, metadata),
    async remove(_context, key, _value, { associations: used, arrivals }) {
      await policies.clear(key);
      await packets.release(key, arrivals);
      for (const index of used) await associations.leave(key, index);
    },
    retrieve: (context) => retrieve(engine, parts, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.teib', 'vpp.ipsec.sa'],
    retriable: (error) => !(error instanceof SchedulerError) || error.retriable,
  };
}

async function retrieve(
  { driver }: KernelEngine,
  { policies, packets, associations }: DatabaseParts,
  context: Context,
): Promise<readonly Item[]> {
  if (context.expected.size === 0) return [];
  const xfrm = driver.xfrm(driver.vswitch);
  const there = byText(await xfrm.dump(listPolicies()));
  const states = byRequestId(await xfrm.dump(listStates()));
  const guarded = (await packets.read(context.session)).arrivals;
  const items: Item[] = [];
  for (const [key, { value }] of context.expected) {
    if (context.keys && !context.keys.has(key)) continue;
    const tunnel = attempt(() => tunnelOf(context, key, value));
    const uses = tunnel && attempt(() => usesOf(context, value, tunnel));
    if (!tunnel || !uses) continue;
    const specs = policiesFor(context, value, tunnel, uses);
    if (!specs.some((spec) => there.has(policyText(spec)))) continue;
    const isLost = ([index, use]: Use): boolean => {
      const association = context.applied(saKey(index)) as SecurityAssociation | undefined;
      return !association || !findState(states, association, use);
    };
    const gone = new Set(uses.filter(isLost).map(([index]) => index));
    for (const [index] of uses) associations.adopt(key, index, !gone.has(index));
    policies.found(key, specs);
    packets.found(key);
    const arrivals = arrivalsOf(tunnel);
    const isWhole =
      specs.every((spec) => isThere(there.get(policyText(spec)), spec)) &&
      arrivals.every((arrival) => guarded.has(arrivalText(arrival)));
    const read = {
      ...value,
      saOut: value.saOut.filter((index) => !gone.has(index)),
      saIn: isWhole ? value.saIn.filter((index) => !gone.has(index)) : [],
    };
    const metadata = { associations: [...new Set(uses.map(([index]) => index))], arrivals };
    items.push({ key, value: isWhole && gone.size === 0 ? value : read, metadata, origin: 'ours' });
  }
  return items;
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
