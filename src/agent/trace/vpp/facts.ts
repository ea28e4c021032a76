/** What the numbers mean that VPP's tracer prints: of routing tables, associations, rules of databases. Asked for as far as they occur. */

import type { SecurityPolicy } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Key } from '../../../model/key.ts';
import type { Snapshot } from '../../../scheduler/scheduler.ts';
import type { IpsecSpdEntry, VppClient } from '../../../vpp/index.ts';
import { isOwnTable } from '../../../features/vpp/own-tables.ts';
import type { TracedNode } from './text.ts';

export interface Facts {
  /** VRF of a table; undefined: no table has this number, or its name is that of another, too. */
  tableOf(family: 4 | 6, fib: number): number | undefined;
  /** Whether a feature made the table for itself: what is looked up there is a part of what led to it. */
  isOwn(family: 4 | 6, fib: number): boolean;
  /** Index of an association in the configuration. */
  associationOf(index: number): number | undefined;
  policyOf(index: number): NamedPolicy | undefined;
}

interface VppTable {
  readonly table_id: number;
  readonly name: string;
}

export interface NamedPolicy {
  readonly key: Key;
  readonly value: SecurityPolicy;
}

export async function factsOf(
  client: VppClient,
  nodes: readonly TracedNode[],
  snapshot: Snapshot,
  signal: AbortSignal,
): Promise<Facts> {
  const lines = (pattern: RegExp) => nodes.some((node) => node.lines.some((line) => pattern.test(line)));
  const command = async (cmd: string): Promise<string> =>
    (await client.request('cli_inband', { cmd }, { signal })).reply;
  const nothing: ReadonlyMap<number, VppTable> = new Map();
  const isElsewhere = lines(/^fib(?: |-index:)[1-9]/);
  const tables = {
    4: isElsewhere ? await tablesOf(client, false, await command('show ip fib summary'), signal) : nothing,
    6: isElsewhere ? await tablesOf(client, true, await command('show ip6 fib summary'), signal) : nothing,
  };
  const associations = lines(/\bsa-index \d/)
    ? associationsIn(await command('show ipsec sa'))
    : new Map<number, number>();
  const policies = lines(/^spd \d+ policy \d/) ? policiesIn(await command('show ipsec spd'), snapshot) : undefined;
  return {
    tableOf: (family, fib) => (fib === 0 ? 0 : tables[family].get(fib)?.table_id),
    isOwn: (family, fib) => isOwnTable(tables[family].get(fib) ?? { name: '' }),
    associationOf: (index) => associations.get(index),
    policyOf: (index) => policies?.get(index),
  };
}

/** Tables by VPP's number. The command line tells the number of a name, a message the id of a name. */
async function tablesOf(
  client: VppClient,
  isSix: boolean,
  summary: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, VppTable>> {
  const listed: VppTable[] = [];
  for (const { table } of await client.list('ip_table_dump', {}, { signal }))
    if (table.is_ip6 === isSix) listed.push(table);
  const found = new Map<number, VppTable>();
  for (const [, name = '', index] of summary.matchAll(/^(.*), fib_index:(\d+), /gm)) {
    // A table without a name of its own is called by its id.
    const id = Number(/^ipv[46]-VRF:(\d+)$/i.exec(name)?.[1]);
    const named = listed.filter((table) => table.name === name);
    const tables = named.length > 0 || Number.isNaN(id) ? named : [{ table_id: id, name }];
    if (tables.length === 1) found.set(Number(index), tables[0]!);
  }
  return found;
}

function associationsIn(text: string): ReadonlyMap<number, number> {
  return new Map(
    [...text.matchAll(/^\[(\d+)\] sa (\d+) /gm)].map(([, index, id]) => [Number(index), Number(id)] as const),
  );
}

type Entry = Pick<
  IpsecSpdEntry,
  | 'spd_id'
  | 'priority'
  | 'is_outbound'
  | 'local_address_start'
  | 'local_address_stop'
  | 'remote_address_start'
  | 'remote_address_stop'
  | 'local_port_start'
  | 'local_port_stop'
  | 'remote_port_start'
  | 'remote_port_stop'
>;

function policiesIn(text: string, snapshot: Snapshot): ReadonlyMap<number, NamedPolicy> {
  const configured = new Map<string, NamedPolicy>();
  for (const { key, applied, metadata } of snapshot.nodes({ kind: 'vpp.ipsec.sp' })) {
    if (!applied) continue;
    for (const entry of (metadata as readonly Entry[] | undefined) ?? [])
      configured.set(identityOf(entry), { key, value: applied as SecurityPolicy });
  }
  const found = new Map<number, NamedPolicy>();
  for (const { index, entry } of entriesIn(text)) {
    const policy = configured.get(identityOf(entry));
    if (policy) found.set(index, policy);
  }
  return found;
}

/** `show ipsec spd`: databases, in them directions, in them rules of three lines. */
function entriesIn(text: string): readonly { readonly index: number; readonly entry: Entry }[] {
  const entries: { readonly index: number; readonly entry: Entry }[] = [];
  const pattern = /^spd (\d+)$|\[(\d+)\] priority (-?\d+) action \S+ type ip[46]-(in|out)bound.*\n(.*)\n(.*)/gm;
  let spd = 0;
  for (const [, database, index, priority, direction, local = '', remote = ''] of text.matchAll(pattern)) {
    if (database !== undefined) spd = Number(database);
    else {
      const [from, to] = [rangesIn(local), rangesIn(remote)];
      entries.push({
        index: Number(index),
        entry: {
          spd_id: spd,
          priority: Number(priority),
          is_outbound: direction === 'out',
          local_address_start: from.first,
          local_address_stop: from.last,
          remote_address_start: to.first,
          remote_address_stop: to.last,
          local_port_start: from.firstPort,
          local_port_stop: from.lastPort,
          remote_port_start: to.firstPort,
          remote_port_stop: to.lastPort,
        },
      });
    }
  }
  return entries;
}

/** `local addr range 10.1.0.0 - 10.1.0.255 port range 0 - 65535` */
function rangesIn(line: string) {
  const [, first = '', last = '', from, to] = /range (\S+) - (\S+) port range (\d+) - (\d+)/.exec(line) ?? [];
  return { first, last, firstPort: Number(from), lastPort: Number(to) };
}

function identityOf(entry: Entry): string {
  const { spd_id, priority, is_outbound, ...ranges } = entry;
  const { local_address_start, local_address_stop, remote_address_start, remote_address_stop } = ranges;
  const { local_port_start, local_port_stop, remote_port_start, remote_port_stop } = ranges;
  return [
    ...[spd_id, priority, is_outbound],
    ...[local_address_start, local_address_stop, remote_address_start, remote_address_stop],
    ...[local_port_start, local_port_stop, remote_port_start, remote_port_stop],
  ].join(' ');
}
