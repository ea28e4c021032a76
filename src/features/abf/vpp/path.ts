/** From configured paths to paths of VPP's, and back. */

import { create } from '@bufbuild/protobuf';
import { parseIp } from '../../../model/address.ts';
import { ABF_ForwardingPathSchema } from '../../../model/gen/ligato/vpp/abf/abf_pb.js';
import type { ABF, ABF_ForwardingPath } from '../../../model/gen/ligato/vpp/abf/abf_pb.js';
import type { GraphView } from '../../../scheduler/handler.ts';
import type { FibPath } from '../../../vpp/index.ts';
import { spelledIp } from '../../equality.ts';
import { swIfIndexOf } from '../../interface/vpp-metadata.ts';
import type { InterfaceTable } from '../../vpp/dump.ts';
import { NO_INDEX } from '../../vpp/engine.ts';

/** One path of a policy as VPP has it. */
export interface VppAbfPath {
  readonly sw_if_index: number;
  /** Empty: whatever is on the interface's link. */
  readonly via: string;
  readonly isSix: boolean;
  readonly dvr: boolean;
  readonly weight: number;
  readonly preference: number;
}

export function pathsOf(graph: GraphView, { forwardingPaths, attachedInterfaces }: ABF): readonly VppAbfPath[] {
  const families = forwardingPaths.map(({ nextHopIp }) => parseIp(nextHopIp)?.family);
  const family = families.find((one) => one !== undefined);
  // A path without a next hop is of the family of the others, or of the packets.
  const isSix = family === undefined ? attachedInterfaces.some(({ isIpv6 }) => isIpv6) : family === 6;
  return forwardingPaths.map(({ nextHopIp, interfaceName, weight, preference, dvr }) => ({
    sw_if_index: interfaceName === '' ? NO_INDEX : swIfIndexOf(graph, interfaceName),
    via: unspecifiedAsEmpty(nextHopIp),
    isSix,
    dvr,
    weight: weight || 1,
    preference,
  }));
}

/** What VPP tells the paths of one policy apart by. */
export function identityOf({ sw_if_index, via, isSix, dvr }: VppAbfPath): string {
  return `${sw_if_index} ${via} ${isSix} ${dvr}`;
}

export function textOf(path: VppAbfPath): string {
  return `${identityOf(path)} ${path.weight} ${path.preference}`;
}

export function fieldsOf({ sw_if_index, via, isSix, dvr, weight, preference }: VppAbfPath) {
  return {
    type: dvr ? 'FIB_API_PATH_TYPE_DVR' : 'FIB_API_PATH_TYPE_NORMAL',
    proto: isSix ? 'FIB_API_PATH_NH_PROTO_IP6' : 'FIB_API_PATH_NH_PROTO_IP4',
    sw_if_index,
    table_id: 0,
    weight,
    preference,
    nh: via === '' ? {} : { address: via },
  } as const;
}

export function readPath({ type, proto, sw_if_index, nh, weight, preference }: FibPath): VppAbfPath {
  return {
    sw_if_index,
    via: unspecifiedAsEmpty(nh.address),
    isSix: proto === 'FIB_API_PATH_NH_PROTO_IP6',
    dvr: type === 'FIB_API_PATH_TYPE_DVR',
    weight,
    preference,
  };
}

/** In the spelling of the wish. */
export function valueOf(
  interfaces: InterfaceTable,
  { sw_if_index, via, dvr, weight, preference }: VppAbfPath,
  wanted: ABF | undefined,
): ABF_ForwardingPath {
  const interfaceName = sw_if_index === NO_INDEX ? '' : interfaces.nameOf(sw_if_index);
  const same = wanted?.forwardingPaths.find(
    (path) => path.interfaceName === interfaceName && unspecifiedAsEmpty(path.nextHopIp) === via,
  );
  const nextHopIp = same?.nextHopIp ?? via;
  return create(ABF_ForwardingPathSchema, { interfaceName, nextHopIp, weight, preference, dvr });
}

function unspecifiedAsEmpty(address: string): string {
  const spelled = spelledIp(address);
  return spelled === '0.0.0.0' || spelled === '::' ? '' : spelled;
}
