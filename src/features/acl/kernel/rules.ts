/** Rules of a list as nftables rules. One rule each, in the order of the list: the first that matches decides. */

import { formatPrefix } from '../../../model/address.ts';
import { ACL_Rule_Action as Action } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { ACL, ACL_Rule } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import {
  accept,
  drop,
  icmp,
  icmpv6,
  ip,
  ip6,
  meta,
  type Rule,
  type Statement,
  tcp,
  th,
} from '../../../kernel/nftables/index.ts';
import { type Direction, ICMPV6, type IpMatch, ipMatch, type Range } from '../model.ts';
import { reflect } from './program.ts';

/** The key says which rule of the list it is, as people count: from 1. */
export function listRules({ rules }: ACL, direction: Direction): Rule[] {
  return rules.map((rule, index) => ({
    key: `rule ${index + 1}`,
    statements: [...matchOf(rule), verdictOf(rule, direction)],
  }));
}

function verdictOf({ action }: ACL_Rule, direction: Direction): Statement {
  if (action === Action.REFLECT) return reflect(direction);
  return action === Action.PERMIT ? accept : drop;
}

function matchOf({ ipRule }: ACL_Rule): Statement[] {
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
