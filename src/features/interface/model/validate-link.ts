/** What has to hold of the parameters of an interface's type. */

import {
  BondLink_LoadBalance as LoadBalance,
  BondLink_Mode as BondMode,
  Interface_Type as Type,
  IPSecLink_Mode as IpsecMode,
  MemifLink_MemifMode as MemifMode,
  RDMALink_Mode as RdmaMode,
  SubInterface_TagRewriteOptions as TagRewrite,
} from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type {
  AfpacketLink,
  BondLink,
  Interface,
  MemifLink,
  RDMALink,
  SubInterface,
  TapLink,
} from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Problem } from '../../../scheduler/kind.ts';
import {
  enumProblem,
  hostNameProblem,
  indexProblem,
  lengthProblem,
  nameProblem,
  optionalRangeProblem,
  powerOfTwoProblem,
  quote,
  rangeProblem,
  report,
  reportDuplicates,
} from '../../check.ts';
import { reportGre, reportGtpu, reportIpip, reportVxlan, reportWireguard } from './validate-tunnel.ts';

type Case = NonNullable<Interface['link']['case']>;

interface LinkRule {
  readonly link: Case;
  /** The type makes no sense without parameters. */
  readonly required: boolean;
}

const RULES: { readonly [T in Type]?: LinkRule } = {
  [Type.SUB_INTERFACE]: { link: 'sub', required: true },
  [Type.MEMIF]: { link: 'memif', required: false },
  [Type.TAP]: { link: 'tap', required: false },
  [Type.AF_PACKET]: { link: 'afpacket', required: true },
  [Type.VXLAN_TUNNEL]: { link: 'vxlan', required: true },
  [Type.IPSEC_TUNNEL]: { link: 'ipsec', required: false },
  [Type.VMXNET3_INTERFACE]: { link: 'vmxNet3', required: false },
  [Type.BOND_INTERFACE]: { link: 'bond', required: true },
  [Type.GRE_TUNNEL]: { link: 'gre', required: true },
  [Type.GTPU_TUNNEL]: { link: 'gtpu', required: true },
  [Type.IPIP_TUNNEL]: { link: 'ipip', required: true },
  [Type.WIREGUARD_TUNNEL]: { link: 'wireguard', required: true },
  [Type.RDMA]: { link: 'rdma', required: true },
};

/** Names in the proto contract where they differ from the generated ones. */
const PROTO_NAMES: { readonly [C in Case]?: string } = { vmxNet3: 'vmx_net3' };

export function reportLink(problems: Problem[], value: Interface): void {
  const { type, link } = value;
  const rule = RULES[type];
  const given = link.case === undefined ? undefined : (PROTO_NAMES[link.case] ?? link.case);
  if (given === undefined && rule?.required === true) {
    report(problems, `is missing: an interface of type ${Type[type]} needs its parameters`, rule.link);
  }
  if (given !== undefined && Type[type] !== undefined && type !== Type.UNDEFINED_TYPE && rule?.link !== link.case) {
    const accepted = rule === undefined ? 'no parameters' : `\`${PROTO_NAMES[rule.link] ?? rule.link}\``;
    report(problems, `does not belong to type ${Type[type]}, which takes ${accepted}`, given);
  }
  if (type === Type.VMXNET3_INTERFACE) report(problems, pciNameProblem(value.name), 'name');
  reportParameters(problems, value);
}

function reportParameters(problems: Problem[], { name, link }: Interface): void {
  switch (link.case) {
    case 'sub':
      return reportSub(problems, link.value, name);
    case 'memif':
      return reportMemif(problems, link.value);
    case 'tap':
      return reportTap(problems, link.value);
    case 'afpacket':
      return reportAfpacket(problems, link.value);
    case 'vxlan':
      return reportVxlan(problems, link.value, name);
    case 'ipsec':
      return report(problems, enumProblem(link.value.tunnelMode, IpsecMode), 'ipsec.tunnel_mode');
    case 'vmxNet3':
      report(problems, powerOfTwoProblem(link.value.rxqSize, 4096), 'vmx_net3.rxq_size');
      return report(problems, powerOfTwoProblem(link.value.txqSize, 4096), 'vmx_net3.txq_size');
    case 'bond':
      return reportBond(problems, link.value, name);
    case 'gre':
      return reportGre(problems, link.value);
    case 'gtpu':
      return reportGtpu(problems, link.value, name);
    case 'ipip':
      return reportIpip(problems, link.value);
    case 'wireguard':
      return reportWireguard(problems, link.value);
    case 'rdma':
      return reportRdma(problems, link.value);
    case undefined:
  }
}

function reportSub(problems: Problem[], sub: SubInterface, name: string): void {
  const itself = sub.parentName === name ? 'is the sub-interface itself' : undefined;
  report(problems, nameProblem(sub.parentName, 'the interface that carries the VLAN') ?? itself, 'sub.parent_name');
  report(problems, rangeProblem(sub.subId, 1, 4094, 'VLAN id'), 'sub.sub_id');
  const rewrite = sub.tagRwOption;
  report(problems, enumProblem(rewrite, TagRewrite), 'sub.tag_rw_option');
  if (ONE_TAG.has(rewrite)) report(problems, rangeProblem(sub.tag1, 0, 4094, 'VLAN id'), 'sub.tag1');
  if (TWO_TAGS.has(rewrite)) report(problems, rangeProblem(sub.tag2, 0, 4094, 'VLAN id'), 'sub.tag2');
}

/** Rewrites that write two tags; those that write at least one. */
const TWO_TAGS: ReadonlySet<TagRewrite> = new Set([TagRewrite.PUSH2, TagRewrite.TRANSLATE12, TagRewrite.TRANSLATE22]);
const ONE_TAG: ReadonlySet<TagRewrite> = new Set([
  ...TWO_TAGS,
  TagRewrite.PUSH1,
  TagRewrite.TRANSLATE11,
  TagRewrite.TRANSLATE21,
]);

function reportMemif(problems: Problem[], memif: MemifLink): void {
  report(problems, enumProblem(memif.mode, MemifMode), 'memif.mode');
  // sun_path of a unix socket.
  report(problems, lengthProblem(memif.socketFilename, 107), 'memif.socket_filename');
  if (Buffer.byteLength(memif.secret) > 24) {
    report(problems, 'is longer than 24 bytes; up to 24 are accepted', 'memif.secret');
  }
  report(problems, powerOfTwoProblem(memif.ringSize, 16384), 'memif.ring_size');
  report(problems, rangeProblem(memif.bufferSize, 0, 65535, 'bytes'), 'memif.buffer_size');
  report(problems, optionalRangeProblem(memif.rxQueues, 1, 255), 'memif.rx_queues');
  report(problems, optionalRangeProblem(memif.txQueues, 1, 255), 'memif.tx_queues');
}

function reportTap(problems: Problem[], tap: TapLink): void {
  if (tap.version !== 0 && tap.version !== 2) {
    report(
      problems,
      `${tap.version} is not a version of TAP that is still there; 2 is, or 0 for the default`,
      'tap.version',
    );
  }
  if (tap.hostIfName !== '') report(problems, hostNameProblem(tap.hostIfName), 'tap.host_if_name');
  report(problems, powerOfTwoProblem(tap.rxRingSize, 32768), 'tap.rx_ring_size');
  report(problems, powerOfTwoProblem(tap.txRingSize, 32768), 'tap.tx_ring_size');
}

function reportAfpacket(problems: Problem[], { hostIfName, linuxInterface }: AfpacketLink): void {
  if (linuxInterface !== '') report(problems, nameProblem(linuxInterface), 'afpacket.linux_interface');
  if (hostIfName !== '') report(problems, hostNameProblem(hostIfName), 'afpacket.host_if_name');
  if (hostIfName === '' && linuxInterface === '') {
    report(
      problems,
      'is missing: the name of a host interface (or `linux_interface`) is required',
      'afpacket.host_if_name',
    );
  }
}

function reportBond(problems: Problem[], bond: BondLink, name: string): void {
  report(problems, enumProblem(bond.mode, BondMode, { zero: false }), 'bond.mode');
  report(problems, enumProblem(bond.lb, LoadBalance), 'bond.lb');
  report(problems, indexProblem(bond.id), 'bond.id');
  const hashes = bond.mode === BondMode.XOR || bond.mode === BondMode.LACP;
  if (!hashes && bond.lb !== LoadBalance.L2) {
    report(
      problems,
      `${LoadBalance[bond.lb]} balances nothing in mode ${BondMode[bond.mode]}; XOR and LACP do`,
      'bond.lb',
    );
  } else if (hashes && bond.lb > LoadBalance.L23) {
    report(problems, `${LoadBalance[bond.lb]} is not accepted; one of L2, L34, L23 is`, 'bond.lb');
  }
  for (const [index, member] of bond.bondedInterfaces.entries()) {
    const itself = member.name === name ? 'is the bond itself' : undefined;
    report(problems, nameProblem(member.name) ?? itself, 'bond.bonded_interfaces', index, 'name');
  }
  reportDuplicates(problems, bond.bondedInterfaces, (member) => member.name, 'bond.bonded_interfaces', 'name');
}

function reportRdma(problems: Problem[], rdma: RDMALink): void {
  report(problems, hostNameProblem(rdma.hostIfName), 'rdma.host_if_name');
  report(problems, enumProblem(rdma.mode, RdmaMode), 'rdma.mode');
  report(problems, rangeProblem(rdma.rxqNum, 0, 65535), 'rdma.rxq_num');
  report(problems, powerOfTwoProblem(rdma.rxqSize, 32768), 'rdma.rxq_size');
  report(problems, powerOfTwoProblem(rdma.txqSize, 32768), 'rdma.txq_size');
}

/** VPP names these devices by their PCI address. */
function pciNameProblem(name: string): string | undefined {
  const address = name.startsWith('vmxnet3-') ? name.slice(8).split('/') : [];
  const [domain = '', bus = '', slot = '', func = ''] = address;
  const fits = address.length === 4 && hex(domain, 0xffff) && hex(bus, 0xff) && hex(slot, 0x1f) && hex(func, 0x7);
  return fits ? undefined : `${quote(name)} is not of the form vmxnet3-DOMAIN/BUS/SLOT/FUNCTION (hexadecimal)`;
}

function hex(text: string, most: number): boolean {
  return /^[0-9a-fA-F]{1,4}$/.test(text) && Number.parseInt(text, 16) <= most;
}
