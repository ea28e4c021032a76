/** What has to hold of a Linux interface. */

import {
  Interface_Type as Type,
  VethLink_ChecksumOffloading as ChecksumOffloading,
} from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/linux/interfaces/interface_pb.js';
import type { Problem } from '../../../scheduler/kind.ts';
import {
  enumProblem,
  hostNameProblem,
  ipProblem,
  macProblem,
  nameProblem,
  prefixProblem,
  rangeProblem,
  report,
  reportDuplicates,
} from '../../check.ts';
import { spelledPrefix } from '../../equality.ts';
import { isOwnNamespace, reportNamespace } from '../../namespace/model.ts';
import { isReference, referenceProblem } from '../../netalloc/model.ts';

/** The largest MTU of each type, in bytes: what the kernel's drivers accept. */
const LARGEST_MTU: { readonly [T in Type]?: number } = { [Type.LOOPBACK]: 65536, [Type.VRF_DEVICE]: 65575 };
const USUAL_LARGEST_MTU = 65535;

export function validateLinuxInterface(value: Interface): readonly Problem[] {
  const problems: Problem[] = [];
  report(problems, nameProblem(value.name), 'name');
  report(problems, enumProblem(value.type, Type, { zero: false }), 'type');
  reportNamespace(problems, value.namespace);
  reportHostName(problems, value);
  report(problems, rangeProblem(value.mtu, 0, LARGEST_MTU[value.type] ?? USUAL_LARGEST_MTU, 'bytes'), 'mtu');
  if (value.physAddress !== '') report(problems, macProblem(value.physAddress), 'phys_address');
  reportAddresses(problems, value);
  reportLink(problems, value);
  reportType(problems, value);
  return problems;
}

function reportHostName(problems: Problem[], { name, type, hostIfName }: Interface): void {
  if (type === Type.LOOPBACK) {
    const wrong = hostIfName !== '' && hostIfName !== 'lo';
    return report(
      problems,
      wrong ? `${hostIfName} is not accepted: a loopback is always called lo` : undefined,
      'host_if_name',
    );
  }
  if (hostIfName !== '') return report(problems, hostNameProblem(hostIfName), 'host_if_name');
  if (nameProblem(name) !== undefined) return;
  const problem = hostNameProblem(name);
  if (problem !== undefined)
    report(problems, `is missing, and the logical name cannot stand in for it: ${problem}`, 'host_if_name');
}

function reportAddresses(problems: Problem[], { name, type, linkOnly, ipAddresses }: Interface): void {
  const waits = type === Type.EXISTING && linkOnly;
  for (let index = 0; index < ipAddresses.length; index++) {
    report(problems, addressProblem(ipAddresses[index]!, name, waits), 'ip_addresses', index);
  }
  reportDuplicates(problems, ipAddresses, spelledPrefix, 'ip_addresses');
}

function addressProblem(text: string, name: string, waits: boolean): string | undefined {
  if (!isReference(text)) return prefixProblem(text) ?? ipProblem(text.split('/', 1)[0]!);
  if (waits) return `${text} is a reference; what somebody else assigns (link_only) has to be written out`;
  return referenceProblem(text, name, 'address');
}

type Case = NonNullable<Interface['link']['case']>;

const LINKS: { readonly [T in Type]?: Case } = {
  [Type.VETH]: 'veth',
  [Type.TAP_TO_VPP]: 'tap',
  [Type.VRF_DEVICE]: 'vrfDev',
};

function reportLink(problems: Problem[], { name, type, link }: Interface): void {
  const wanted = LINKS[type];
  if (link.case !== wanted && type !== Type.UNDEFINED && Type[type] !== undefined) {
    if (link.case !== undefined) report(problems, `does not belong to type ${Type[type]}`, protoName(link.case));
    else report(problems, `is missing: an interface of type ${Type[type]} needs its parameters`, protoName(wanted!));
  }
  switch (link.case) {
    case 'veth': {
      const { peerIfName, rxChecksumOffloading, txChecksumOffloading } = link.value;
      const itself = peerIfName === name ? 'is this end itself; the other end is wanted' : undefined;
      report(problems, nameProblem(peerIfName, 'the logical name of the other end') ?? itself, 'veth.peer_if_name');
      report(problems, enumProblem(rxChecksumOffloading, ChecksumOffloading), 'veth.rx_checksum_offloading');
      return report(problems, enumProblem(txChecksumOffloading, ChecksumOffloading), 'veth.tx_checksum_offloading');
    }
    case 'tap':
      return report(problems, nameProblem(link.value.vppTapIfName, 'the TAP of the switch'), 'tap.vpp_tap_if_name');
    case 'vrfDev':
      return report(
        problems,
        rangeProblem(link.value.routingTable, 1, 0xffff_ffff, 'routing table'),
        'vrf_dev.routing_table',
      );
    case undefined:
  }
}

function protoName(link: Case): string {
  return link === 'vrfDev' ? 'vrf_dev' : link;
}

function reportType(problems: Problem[], value: Interface): void {
  const { name, type, namespace, physAddress, vrfMasterInterface: vrf } = value;
  if (type === Type.EXISTING && !isOwnNamespace(namespace)) {
    report(problems, "an existing interface is looked for in the agent's own namespace only", 'namespace');
  }
  if (type === Type.VRF_DEVICE && physAddress !== '') {
    report(problems, 'a VRF device has no MAC address that can be set', 'phys_address');
  }
  if (vrf === '') return;
  if (type === Type.VRF_DEVICE) report(problems, 'a VRF device is in no other VRF', 'vrf_master_interface');
  else if (type === Type.LOOPBACK) report(problems, 'the loopback of a namespace is in no VRF', 'vrf_master_interface');
  else
    report(
      problems,
      nameProblem(vrf) ?? (vrf === name ? 'is the interface itself' : undefined),
      'vrf_master_interface',
    );
}
