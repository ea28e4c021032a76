/** What a local segment does, from the configuration to the kernel and back. */

import { create } from '@bufbuild/protobuf';
import { formatIp, parseIp } from '../../../model/address.ts';
import type { Ip } from '../../../model/address.ts';
import { LocalSIDSchema } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import type { LocalSID } from '../../../model/gen/ligato/vpp/srv6/srv6_pb.js';
import { seg6Actions } from '../../../kernel/netlink/seg6.ts';
import type { Seg6Local } from '../../../kernel/netlink/seg6.ts';
import { tableOfVrf, vrfOfTable } from '../../../kernel/pipeline/numbers.ts';

type EndFunction = LocalSID['endFunction'];

/** What the kernel lacks of local segments, in words. */
export interface Lacking {
  readonly segments?: string | undefined;
  readonly psp?: string | undefined;
  /** What a segment that unpacks into a VRF lacks. */
  readonly vrf?: string | undefined;
}

/** Why the kernel cannot make a segment. */
export function unsupportedFunction(value: LocalSID, lacking: Lacking): string | undefined {
  if (lacking.segments !== undefined) return `kernel: ${lacking.segments}`;
  const { endFunction } = value;
  switch (endFunction.case) {
    case 'baseEndFunction':
      return endFunction.value.psp && lacking.psp !== undefined ? `kernel: ${lacking.psp}` : undefined;
    case 'endFunctionX':
    case 'endFunctionT':
      return endFunction.value.psp
        ? 'kernel: only base_end_function removes the header before the last segment (psp)'
        : undefined;
    case 'endFunctionDx2':
      return endFunction.value.vlanTag === 0
        ? undefined
        : 'kernel: End.DX2 does not tag frames; an interface of type SUB_INTERFACE does';
    case 'endFunctionDt6':
      return endFunction.value.vrfId === 0 ? undefined : lacking.vrf;
    case 'endFunctionDt4':
      if (endFunction.value.vrfId !== 0 && lacking.vrf !== undefined) return lacking.vrf;
      return endFunction.value.vrfId === 0 && value.installationVrfId !== 0
        ? 'kernel: End.DT4 into VRF 0 works only for segments of VRF 0'
        : undefined;
    case 'endFunctionAd':
      return 'kernel: there is no proxy for services that know nothing of segments (End.AD)';
    default:
      return undefined;
  }
}

/** The neighbour that a function sends to: name of the interface, and address. */
export function neighbourOf({ case: name, value }: EndFunction): { interface: string; gateway: Ip } | undefined {
  if (name !== 'endFunctionX' && name !== 'endFunctionDx4' && name !== 'endFunctionDx6') return undefined;
  return { interface: value.outgoingInterface, gateway: parseIp(value.nextHop)! };
}

/** The interface that a function sends whole frames out of. */
export function frameInterfaceOf({ case: name, value }: EndFunction): string | undefined {
  return name === 'endFunctionDx2' ? value.outgoingInterface : undefined;
}

/** `nextHop`: what stands for the neighbour; `link`: index of the device for frames. */
export function localOf(
  { case: name, value }: EndFunction,
  { nextHop, link }: { readonly nextHop?: Ip | undefined; readonly link?: number | undefined },
): Seg6Local {
  switch (name) {
    case 'endFunctionX':
      return { action: seg6Actions['End.X'], nextHop6: nextHop! };
    case 'endFunctionT':
      return { action: seg6Actions['End.T'], table: tableOfVrf(value.vrfId) };
    case 'endFunctionDx2':
      return { action: seg6Actions['End.DX2'], outputLink: link! };
    case 'endFunctionDx4':
      return { action: seg6Actions['End.DX4'], nextHop4: nextHop! };
    case 'endFunctionDx6':
      return { action: seg6Actions['End.DX6'], nextHop6: nextHop! };
    case 'endFunctionDt4':
      // Into VRF 0 by a next hop that is whoever the packet is for; the other function needs a vrf device.
      return value.vrfId === 0
        ? { action: seg6Actions['End.DX4'], nextHop4: ANYBODY }
        : { action: seg6Actions['End.DT4'], vrfTable: tableOfVrf(value.vrfId) };
    case 'endFunctionDt6':
      return value.vrfId === 0
        ? { action: seg6Actions['End.DT6'], table: tableOfVrf(0) }
        : { action: seg6Actions['End.DT6'], vrfTable: tableOfVrf(value.vrfId) };
    default:
      return { action: seg6Actions.End, ...(name === 'baseEndFunction' && value.psp ? { psp: true } : {}) };
  }
}

const ANYBODY: Ip = { family: 4, bytes: new Uint8Array(4) };

/** Names of interfaces by the index of their device, and neighbours by what stands for them. */
export interface Surroundings {
  name(link: number): string;
  neighbour(standIn: Ip): { readonly gateway: Ip; readonly link: number } | undefined;
}

/** The reverse of `localOf`; undefined for what no function of the model does. */
export function functionOf(local: Seg6Local, around: Surroundings): EndFunction | undefined {
  const neighbour = (standIn: Ip | undefined): { nextHop: string; outgoingInterface: string } => {
    const found = standIn && around.neighbour(standIn);
    return { nextHop: found ? formatIp(found.gateway) : '', outgoingInterface: found ? around.name(found.link) : '' };
  };
  const vrf = { vrfId: vrfOfTable(local.vrfTable ?? local.table ?? 0) ?? 0 };
  switch (local.action) {
    case seg6Actions.End:
      return make({ case: 'baseEndFunction', value: { psp: local.psp === true } });
    case seg6Actions['End.X']:
      return make({ case: 'endFunctionX', value: neighbour(local.nextHop6) });
    case seg6Actions['End.T']:
      return make({ case: 'endFunctionT', value: vrf });
    case seg6Actions['End.DX2']:
      return make({ case: 'endFunctionDx2', value: { outgoingInterface: around.name(local.outputLink ?? 0) } });
    case seg6Actions['End.DX4']:
      if (local.nextHop4?.bytes.every((byte) => byte === 0))
        return make({ case: 'endFunctionDt4', value: { vrfId: 0 } });
      return make({ case: 'endFunctionDx4', value: neighbour(local.nextHop4) });
    case seg6Actions['End.DX6']:
      return make({ case: 'endFunctionDx6', value: neighbour(local.nextHop6) });
    case seg6Actions['End.DT4']:
      return make({ case: 'endFunctionDt4', value: vrf });
    case seg6Actions['End.DT6']:
      return make({ case: 'endFunctionDt6', value: vrf });
    default:
      return undefined;
  }
}

type Init = NonNullable<NonNullable<Parameters<typeof create<typeof LocalSIDSchema>>[1]>['endFunction']>;

function make(endFunction: Init): EndFunction {
  return create(LocalSIDSchema, { endFunction }).endFunction;
}
