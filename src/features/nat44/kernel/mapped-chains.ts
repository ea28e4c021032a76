/**
 * Chains of endpoint-independent NAT (RFC 4787): an inside end, an address and port, has one end outside for whatever it talks to, and
 * what comes to that end from anywhere is let in to it. TCP and UDP; all else is translated as without.
 *
 * A new inside end tries the port that it has itself, then ports by its hash, of the one address that its host has outside. An end is
 * claimed by adding it to `mapped-claims` with a limit of one packet in a century: who meets the limit was not the first. No key has
 * a value out of a map as a part, as nft (1.0) dies of listing such rules: the address waits in the packet's priority.
 */

import {
  concat,
  constant,
  ct,
  dnat,
  drop,
  dynamic,
  goBack,
  ip,
  jhash,
  jump,
  limit,
  meta,
  portOf,
  setPriority,
  shiftedLeft,
  shiftedRight,
  snat,
  th,
  types,
} from '../../../kernel/nftables/index.ts';
import type { Chain, Rule, SetReference, Source, Statement } from '../../../kernel/nftables/index.ts';
import { stages } from '../../../kernel/pipeline/hooks.ts';
import { connectionMarks } from '../../../kernel/pipeline/marks.ts';
import { lifetimes, mappedNumber, mappedSets } from './mapped-sets.ts';

interface ChainWithRules extends Chain {
  readonly rules: readonly Rule[];
}

/** Sets of the table that these chains need. */
interface Surroundings {
  readonly inside: SetReference;
  /** Mappings by address, protocol and port: their ends are nobody else's. */
  readonly ports: SetReference;
}

/** Addresses of a zone's pools are spread over so many shares. */
export const mappedShareCount = 1_024;
/** Ports that are tried by hash, after the own one. */
const hashedPorts = 15;
/** Well-known ports are only given to whoever has them inside (RFC 4787, REQ-3). */
const firstPort = 1_024;
/** ms: the kernel keeps connections that are not established, or that end, two minutes at most, established ones five days. */
const shortLived = 300_000;

const { mapped, mappedBack, mappedClaims, mappedAddresses } = mappedSets;
const protocols = ['udp', 'tcp'] as const;
const once = limit({ rate: 1, per: 'century', burst: 1 });

function rule(key: string, ...statements: readonly Statement[]): Rule {
  return { key, statements };
}

/** The sender of a packet: a key of `mapped`. */
function senderIn(zone: Source) {
  return concat(zone, ip.saddr, meta.l4proto, th.sport);
}

/** Of connections that come from inside. */
const client = senderIn(ct.original.zone);
const clientMark = shiftedLeft(ct.original.zone, connectionMarks.vrf.shift, mappedNumber);
const translate = snat({ address: client.lookup(mapped) });
const share = concat(ct.original.zone, jhash(ip.saddr, mappedShareCount));
const called = concat(ip.daddr, th.dport, meta.l4proto);
const calledBefore = concat(ct.original.daddr, ct.original.protoDst, meta.l4proto);

const entry = 'mapped';
const search = 'mapped-search';

function attemptChain(attempt: number): string {
  return `mapped-port-${attempt}`;
}

/** Takes a port that is free, or comes back. Each hash has a seed of its own. */
function attemptRules(attempt: number, { ports }: Surroundings): readonly Rule[] {
  const hash = jhash(concat(ip.saddr, th.sport), 65_536 - firstPort, attempt, firstPort);
  const port: Source = attempt === 0 ? th.sport : portOf(hash);
  const end = concat(meta.priority, port, meta.l4proto);
  return [
    rule('of a mapping', concat(meta.priority, meta.l4proto, port).has(ports), goBack),
    rule(
      'free',
      dynamic('add', mappedClaims, end, { each: once }),
      dynamic('update', mappedBack, end, { data: concat(ip.saddr, th.sport, clientMark) }),
      // Who was faster with another packet of the same sender has decided.
      dynamic('add', mapped, client, { data: concat(meta.priority, port) }),
      setPriority(constant(types.hostWord, 0)),
      translate,
    ),
  ];
}

/** Packets from inside keep the mapping of their sender (RFC 4787, REQ-6), whichever side began the connection. */
function refreshRules(): readonly Rule[] {
  const zoneCalled = shiftedRight(ct.mark, connectionMarks.vrf.shift);
  const places = [
    {
      name: 'of a caller',
      conditions: [ct.direction.eq('original'), ct.status.hasAny('snat')],
      sender: client,
      mark: clientMark,
      address: ct.reply.daddr,
      port: ct.reply.protoDst,
    },
    {
      name: 'of one that was called',
      conditions: [ct.direction.eq('reply'), ct.mark.masked(connectionMarks.backend.mask).eq(mappedNumber)],
      sender: senderIn(zoneCalled),
      mark: ct.mark,
      address: ct.original.daddr,
      port: ct.original.protoDst,
    },
  ];
  const kinds = [
    { name: 'UDP', conditions: [meta.l4proto.eq('udp')], timeout: lifetimes.udp },
    {
      name: 'TCP, established',
      conditions: [meta.l4proto.eq('tcp'), ct.expiration.gt(shortLived)],
      timeout: lifetimes.established,
    },
    { name: 'TCP', conditions: [meta.l4proto.eq('tcp'), ct.expiration.le(shortLived)], timeout: lifetimes.transitory },
  ];
  return places.flatMap(({ name: place, conditions: direction, sender, mark, address, port }) =>
    kinds.map(({ name, conditions, timeout }) => {
      const end = concat(address, port, meta.l4proto);
      return rule(
        `${name} ${place}`,
        ...conditions,
        ...direction,
        sender.has(mapped),
        dynamic('update', mappedBack, end, { timeout, data: concat(ip.saddr, th.sport, mark) }),
        dynamic('update', mapped, sender, { timeout, data: concat(address, port) }),
        // The last one: here the limit is met.
        dynamic('update', mappedClaims, end, { timeout, each: once }),
      );
    }),
  );
}

export function mappedChains(around: Surroundings): readonly ChainWithRules[] {
  const attempts = Array.from({ length: hashedPorts + 1 }, (_, attempt) => ({
    name: attemptChain(attempt),
    rules: attemptRules(attempt, around),
  }));
  // One after the other, as the kernel lets chains lead on to no more than 16.
  const tries = attempts.map(({ name }, attempt) => rule(`port ${attempt}`, jump(name)));
  return [
    ...attempts,
    { name: search, rules: [...tries, rule('no port is free', drop)] },
    {
      name: entry,
      rules: [rule('known', translate), rule('new', setPriority(share.lookup(mappedAddresses)), jump(search))],
    },
    {
      name: 'mapped-refresh',
      base: { type: 'filter', hook: 'prerouting', priority: stages.natRefresh.priority },
      rules: refreshRules(),
    },
  ];
}

/** In place of a jump to the pool, for what matches. Comes back where no pool serves the sender. */
export function toMapped(key: string, ...conditions: readonly Statement[]): readonly Rule[] {
  return protocols.map((protocol) =>
    rule(`${key}, ${protocol}`, ...conditions, meta.l4proto.eq(protocol), jump(entry)),
  );
}

/** What calls the outside end of an inside end gets there. */
export function fromMapped(key: string, ...conditions: readonly Statement[]): readonly Rule[] {
  const target = dnat({ address: called.lookup(mappedBack), connectionMark: true });
  return protocols.map((protocol) => rule(`${key}, ${protocol}`, ...conditions, meta.l4proto.eq(protocol), target));
}

/** Who calls an outside end from inside has one, too (RFC 4787, REQ-9): else the answer would go past NAT. */
export function hairpin({ inside }: Surroundings): readonly Rule[] {
  const conditions = [ct.status.hasAny('dnat'), calledBefore.has(mappedBack)];
  return [
    ...toMapped('to an end of an inside host', ...conditions, meta.iif.in(inside)),
    ...toMapped('to an end of an inside host, from a VRF', ...conditions, ct.original.zone.ne(0)),
  ];
}
