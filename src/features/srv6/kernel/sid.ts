/** What handler and retrieval of local segments share. */

import { create } from '@bufbuild/protobuf';
import { formatIp, parseIp } from '../../../model/address.ts';
import { LocalSIDSchema } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { LocalSID } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import { tableOfVrf } from '../../../kernel/pipeline/numbers.ts';
import type { SegmentPlace } from '../kernel-metadata.ts';
import type { Lacking } from './end-function.ts';
import type { NextHop, NextHops } from './next-hops.ts';
import { metricOf } from './routes.ts';
import type { SegmentRoutes } from './routes.ts';

export interface KernelLocalSid {
  readonly place: SegmentPlace;
  /** The neighbour it sends to, and the number of what stands for it. */
  readonly hop?: NextHop & { readonly number: number };
}

export interface LocalSidParts {
  readonly routes: SegmentRoutes;
  readonly nextHops: NextHops;
  readonly lacking: () => Lacking;
}

export function sidPlace({ sid, installationVrfId }: LocalSID): SegmentPlace {
  const destination = { address: parseIp(sid)!, length: 128 };
  return { destination, table: tableOfVrf(installationVrfId), metric: metricOf(6) };
}

/** A segment that nobody asked for any more, by what the kernel has of it. */
export function bareSid(
  place: SegmentPlace,
  installationVrfId: number,
  endFunction: LocalSID['endFunction'],
): LocalSID {
  return { ...create(LocalSIDSchema, { sid: formatIp(place.destination.address), installationVrfId }), endFunction };
}
