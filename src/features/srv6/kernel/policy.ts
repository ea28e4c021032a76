/**
 * `vpp.srv6.policy` in the Linux kernel: the binding segment is a local segment that sends along the lists (End.B6.Encaps, End.B6),
 * one way of a route for each list.
 */

import { create } from '@bufbuild/protobuf';
import { formatIp, parseIp } from '../../../model/address.ts';
import { PolicySchema } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { Policy } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import { readSeg6Local, seg6Actions, seg6Local } from '../../../kernel/netlink/seg6.ts';
import type { Route } from '../../../kernel/netlink/route.ts';
import { routeProtocols, tableOfVrf, vrfOfTable } from '../../../kernel/pipeline/numbers.ts';
import type { Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { routePlace } from '../../kernel/upkeep.ts';
import type { KernelPolicy, SegmentPath, SegmentPlace } from '../kernel-metadata.ts';
import { srPolicyKey } from '../model.ts';
import { pathsOf, samePaths, weightProblem } from './paths.ts';
import { legsOf, metricOf } from './routes.ts';
import type { Leg, SegmentRoutes } from './routes.ts';

type Item = Retrieved<Policy, KernelPolicy>;

export function policyHandler(
  engine: KernelEngine,
  routes: SegmentRoutes,
  lacking: () => string | undefined,
): Handler<Policy, KernelPolicy> {
  return {
    kind: 'vpp.srv6.policy',
    engine: 'kernel',
    support: { grade: 'proven', needs: ['seg6local'] },
    unsupported: (_key, value) => unsupported(value, lacking()),
    recreate: (_key, from, to) => routePlace(placeOf(from)) !== routePlace(placeOf(to)),
    async create(_context, key, value) {
      const policy = policyOf(value);
      await routes.add(key, policy.place, legsFor(policy));
      return policy;
    },
    async update(_context, key, _from, value) {
      const policy = policyOf(value);
      await routes.replace(key, policy.place, legsFor(policy));
      return policy;
    },
    remove: (_context, key, _value, { place }) => routes.remove(key, place),
    retrieve: (context) => retrieve(engine, routes, context),
  };
}

function unsupported(value: Policy, lacking: string | undefined): string | undefined {
  if (lacking !== undefined) return `kernel: ${lacking}`;
  if (value.sprayBehaviour) return 'kernel: a packet goes along one list: nothing copies it to all (spray_behaviour)';
  return weightProblem(value);
}

function placeOf({ bsid, installationVrfId }: Policy): SegmentPlace {
  const destination = { address: parseIp(bsid)!, length: 128 };
  return { destination, table: tableOfVrf(installationVrfId), metric: metricOf(6) };
}

function policyOf(value: Policy): KernelPolicy {
  return { place: placeOf(value), encapsulates: value.srhEncapsulation, paths: pathsOf(value) };
}

function legsFor({ paths, encapsulates }: KernelPolicy): readonly Leg[] {
  const action = seg6Actions[encapsulates ? 'End.B6.Encaps' : 'End.B6'];
  return paths.map(({ weight, segments }) => ({ weight, encapsulation: seg6Local({ action, segments }) }));
}

async function retrieve(
  { driver }: KernelEngine,
  routes: SegmentRoutes,
  context: RetrieveContext<Policy, KernelPolicy>,
): Promise<readonly Item[]> {
  const dump = driver.dump(context.session, driver.vswitch);
  const [all, links] = await Promise.all([dump.routes(), dump.linksByName()]);
  const expected = new Map(
    Array.from(context.expected, ([key, { value }]) => [routePlace(placeOf(value)), { key, value }]),
  );
  const device = routes.device.see(links);
  const items: Item[] = [];
  for (const route of all) {
    const found = readPolicy(route, device);
    if (!found) continue;
    const wanted = expected.get(routePlace(found.place));
    const value = wanted && isMade(wanted.value, found) ? wanted.value : valueOf(found, wanted?.value);
    items.push({ key: wanted?.key ?? srPolicyKey(value.bsid), value, metadata: found, origin: 'ours' });
  }
  for (const { key, metadata } of items) routes.found(key, metadata.place, device);
  return context.keys ? items.filter(({ key }) => context.keys!.has(key)) : items;
}

/** What a route does if it is that of a binding segment. One of a device that is not ours does nothing. */
function readPolicy(route: Route, device: number | undefined): KernelPolicy | undefined {
  if (route.protocol !== routeProtocols.srv6 || route.family !== 6) return undefined;
  const paths: SegmentPath[] = [];
  let encapsulates = false;
  for (const { encapsulation, weight } of legsOf(route, device)) {
    const local = readSeg6Local(encapsulation);
    if (local?.action !== seg6Actions['End.B6'] && local?.action !== seg6Actions['End.B6.Encaps']) return undefined;
    encapsulates = local.action === seg6Actions['End.B6.Encaps'];
    paths.push({ weight, segments: local.segments ?? [] });
  }
  const { destination, table, metric } = route;
  return paths.length === 0 ? undefined : { place: { destination, table, metric }, encapsulates, paths };
}

function isMade(wanted: Policy, { encapsulates, paths }: KernelPolicy): boolean {
  return wanted.srhEncapsulation === encapsulates && samePaths(pathsOf(wanted), paths);
}

function valueOf({ place, encapsulates, paths }: KernelPolicy, wanted: Policy | undefined): Policy {
  return create(PolicySchema, {
    bsid: wanted?.bsid ?? formatIp(place.destination.address),
    installationVrfId: vrfOfTable(place.table) ?? 0,
    srhEncapsulation: encapsulates,
    segmentLists: paths.map(({ weight, segments }) => ({ weight, segments: segments.map(formatIp) })),
  });
}
