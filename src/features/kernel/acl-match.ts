/** What a rule of an access list asks of a packet, in nftables' words: for the lists themselves, and for what forwards by them. */

import { formatPrefix } from '../../model/address.ts';
import type { ACL_Rule } from '../../model/gen/ligato/vpp/acl/acl_pb.js';
import { icmp, icmpv6, ip, ip6, meta, type Statement, tcp, th } from '../../kernel/nftables/index.ts';
import { ICMPV6, type IpMatch, ipMatch, type Range } from '../acl/model.ts';

/** No statement for a rule that matches everything. */
export function aclMatch({ ipRule }: ACL_Rule): Statement[] {
  return ipRule === undefined ? [] : statements(ipMatch(ipRule));
}

function statements(match: IpMatch): Statement[] {
  const { family, source, destination, protocol, tcpFlags } = match;
  const list: Statement[] = [];
  if (family !== undefined) list.push(meta.protocol.eq(family === 4 ? 'ip' : 'ip6'));
  const addresses = family === 6 ? ip6 : ip;
  if (source) list.push(addresses.saddr.within(formatPrefix(source)));
  if (destination) list.push(addresses.daddr.within(formatPrefix(destination)));
  if (protocol !== undefined) list.push(meta.l4proto.eq(protocol));
  addRange(list, th.sport, match.sourcePorts);
  addRange(list, th.dport, match.destinationPorts);
  const messages = protocol === ICMPV6 ? icmpv6 : icmp;
  addRange(list, messages.type, match.icmpTypes);
  addRange(list, messages.code, match.icmpCodes);
  if (tcpFlags) list.push(tcp.flags.masked(tcpFlags.mask).eq(tcpFlags.value));
  return list;
}

function addRange(list: Statement[], field: typeof th.sport, range: Range | undefined): void {
  if (range === undefined) return;
  list.push(range.first === range.last ? field.eq(range.first) : field.between(range.first, range.last));
}
