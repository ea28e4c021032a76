/** What has to hold of the parameters of a tunnel. */

import { isMulticast, parseIp } from '../../../model/address.ts';
import {
  GreLink_Type as GreType,
  GtpuLink_NextNode as NextNode,
  IPIPLink_Mode as IpipMode,
  VxlanLink_Gpe_Protocol as GpeProtocol,
} from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type {
  GreLink,
  GtpuLink,
  IPIPLink,
  VxlanLink,
  WireguardLink,
} from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Problem } from '../../../scheduler/kind.ts';
import { enumProblem, ipProblem, nameProblem, rangeProblem, report } from '../../check.ts';

export function reportVxlan(problems: Problem[], vxlan: VxlanLink, name: string): void {
  const { srcAddress: from, dstAddress: to, multicast, gpe } = vxlan;
  reportEnds(problems, from, to, { source: 'vxlan.src_address', destination: 'vxlan.dst_address', multicast: true });
  reportMulticast(problems, to, multicast, name, 'vxlan.multicast');
  report(problems, rangeProblem(vxlan.vni, 0, 0xff_ffff, 'VXLAN network identifier'), 'vxlan.vni');
  if (gpe === undefined) return;
  report(problems, enumProblem(gpe.protocol, GpeProtocol, { zero: false }), 'vxlan.gpe.protocol');
  if (gpe.decapVrfId !== 0 && gpe.protocol !== GpeProtocol.IP4 && gpe.protocol !== GpeProtocol.IP6) {
    const problem = `${gpe.decapVrfId} has no meaning unless the protocol is IP4 or IP6; 0 is accepted`;
    report(problems, problem, 'vxlan.gpe.decap_vrf_id');
  }
}

export function reportGre(problems: Problem[], gre: GreLink): void {
  report(problems, enumProblem(gre.tunnelType, GreType, { zero: false }), 'gre.tunnel_type');
  reportEnds(problems, gre.srcAddr, gre.dstAddr, { source: 'gre.src_addr', destination: 'gre.dst_addr' });
  report(problems, rangeProblem(gre.sessionId, 0, 1023, 'ERSPAN session'), 'gre.session_id');
  if (gre.sessionId !== 0 && gre.tunnelType !== GreType.ERSPAN) {
    report(problems, `${gre.sessionId} has no meaning unless the type is ERSPAN; 0 is accepted`, 'gre.session_id');
  }
}

export function reportGtpu(problems: Problem[], gtpu: GtpuLink, name: string): void {
  const fields = { source: 'gtpu.src_addr', destination: 'gtpu.dst_addr', multicast: true };
  reportEnds(problems, gtpu.srcAddr, gtpu.dstAddr, fields);
  reportMulticast(problems, gtpu.dstAddr, gtpu.multicast, name, 'gtpu.multicast');
  report(problems, enumProblem(gtpu.decapNext, NextNode), 'gtpu.decap_next');
}

export function reportIpip(problems: Problem[], ipip: IPIPLink): void {
  report(problems, enumProblem(ipip.tunnelMode, IpipMode), 'ipip.tunnel_mode');
  if (ipip.tunnelMode === IpipMode.POINT_TO_POINT) {
    return reportEnds(problems, ipip.srcAddr, ipip.dstAddr, { source: 'ipip.src_addr', destination: 'ipip.dst_addr' });
  }
  report(problems, ipProblem(ipip.srcAddr), 'ipip.src_addr');
  if (ipip.dstAddr !== '') {
    const problem = 'a tunnel to several peers has no single far end (see ligato.vpp.l3.TeibEntry)';
    report(problems, problem, 'ipip.dst_addr');
  }
}

export function reportWireguard(problems: Problem[], wireguard: WireguardLink): void {
  report(problems, base64KeyProblem(wireguard.privateKey), 'wireguard.private_key');
  report(problems, rangeProblem(wireguard.port, 0, 65535, 'UDP port'), 'wireguard.port');
  report(problems, ipProblem(wireguard.srcAddr), 'wireguard.src_addr');
}

/** A Curve25519 key; the key itself is never repeated in the message. */
export function base64KeyProblem(text: string): string | undefined {
  if (/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(text)) return undefined;
  return 'is not a WireGuard key: 44 characters, the base64 of 32 bytes';
}

interface EndFields {
  readonly source: string;
  readonly destination: string;
  /** The far end may be a multicast group. */
  readonly multicast?: boolean;
}

function reportEnds(problems: Problem[], from: string, to: string, fields: EndFields): void {
  const source = ipProblem(from);
  const destination = ipProblem(to, fields);
  report(problems, source, fields.source);
  report(problems, destination, fields.destination);
  if (source !== undefined || destination !== undefined) return;
  const near = parseIp(from)!;
  const far = parseIp(to)!;
  if (near.family !== far.family) {
    report(problems, `${to} is IPv${far.family}, the near end is IPv${near.family}`, fields.destination);
  } else if (near.bytes.every((byte, index) => byte === far.bytes[index])) {
    report(problems, `${to} is the near end, too`, fields.destination);
  }
}

function reportMulticast(problems: Problem[], to: string, carrier: string, name: string, field: string): void {
  const far = parseIp(to);
  const grouped = far !== undefined && isMulticast(far);
  if (grouped && carrier === '') {
    report(problems, `is missing: the interface that carries the group ${to} is required`, field);
  } else if (!grouped && carrier !== '' && far !== undefined) {
    report(problems, `has no meaning: ${to} is not a multicast group`, field);
  } else if (carrier !== '') {
    report(problems, nameProblem(carrier) ?? (carrier === name ? 'is the tunnel itself' : undefined), field);
  }
}
