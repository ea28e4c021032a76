/** Marks of packets that NAT routes between VRFs. */

import { markOf, marks } from '../../../kernel/pipeline/index.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { refusedWithoutVrfDevices } from '../../kernel/vrf-devices.ts';
import { ANY_VRF } from '../model/pool.ts';

/** Ids of VRFs fit into a packet mark. */
export const mostVrf = marks.vrf.limit;

/** Why NAT does not work in the VRF: conntrack would not tell apart what rules alone keep apart, and larger ids have no mark. */
export function vrfProblem(engine: KernelEngine, vrf: number): string | undefined {
  if (vrf === 0 || vrf === ANY_VRF) return undefined;
  if (vrf <= mostVrf) return refusedWithoutVrfDevices(engine, `NAT44 in VRF ${vrf} needs`);
  return `kernel: NAT44 in VRF ${vrf} is not supported: ids up to ${mostVrf} fit into a packet mark`;
}

/** Bits that say where NAT has a packet routed. */
export const routedMask = (marks.vrf.mask | marks.natOutward.mask) >>> 0;

/** To this VRF, out of another one. */
export function outwardMark(vrf: number): number {
  return (markOf(marks.vrf, vrf) | markOf(marks.natOutward, 1)) >>> 0;
}

/** To this VRF: its own packets, answers, what a mapping sends there. 0 is no mark, so that VRF 0 has that of what leaves by it. */
export function inwardMark(vrf: number): number {
  return vrf === 0 ? outwardMark(0) : markOf(marks.vrf, vrf);
}

/** So many shares has each VRF: the kernel shares a range of several addresses out further. */
export const vrfShareCount = 256;
