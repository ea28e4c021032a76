/**
 * `vpp.abfs.abf` in the Linux kernel: a mark for what the access list permits, a rule that sends the mark to a table, and the table
 * that has nothing but the paths.
 */

import { create } from '@bufbuild/protobuf';
import type { Family } from '../../../model/address.ts';
import { parseIp } from '../../../model/address.ts';
import { ABFSchema } from '../../../model/gen/ligato/vpp/abf/abf_pb.js';
import type { ABF } from '../../../model/gen/ligato/vpp/abf/abf_pb.js';
import type { ACL } from '../../../model/gen/ligato/vpp/acl/acl_pb.js';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { addRule, deleteRule, listRules } from '../../../kernel/netlink/rule.ts';
import type { Rule, RuleSpec } from '../../../kernel/netlink/rule.ts';
import { addChain, deleteChain, ensureNoTable, flushChain } from '../../../kernel/nftables/index.ts';
import { Users } from '../../../kernel/ownership/users.ts';
import { markOf, marks } from '../../../kernel/pipeline/marks.ts';
import { numberIn, routeProtocols, routingTables, rulePreferences } from '../../../kernel/pipeline/numbers.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import { aclKey, isMacip } from '../../acl/model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { putLocalTableLast } from '../../kernel/local-table.ts';
import { PathTables } from '../../kernel/path-table.ts';
import type { ForwardingPath } from '../../kernel/path-table.ts';
import type { PathUpkeep } from '../../kernel/path-upkeep.ts';
import { holds, type SharedTable } from '../../kernel/shared-table.ts';
import { SteeringMarks, steeringNumber } from '../../kernel/steering-marks.ts';
import { abfKey } from '../model.ts';
import { abfTable, familiesOf, policyChain, policyOfChain, policyRules, rewriteChain } from './program.ts';

/** Where a policy's packets go. */
export interface KernelAbf {
  /** Value of the mark field. */
  readonly mark: number;
  readonly table: number;
  /** Families that its interfaces use it for. */
  readonly families: readonly Family[];
}

type Item = Retrieved<ABF, KernelAbf>;

export function policyHandler(engine: KernelEngine, shared: SharedTable, upkeep: PathUpkeep): Handler<ABF, KernelAbf> {
  const policies = new Policies(engine, shared, upkeep);
  return {
    kind: 'vpp.abfs.abf',
    engine: 'kernel',
    unsupported: (_key, value) => unsupported(value),
    dependencies: (_key, { aclName }) => [
      { label: `rules of ACL ${aclName}`, key: aclKey(aclName), watches: 'change' },
    ],
    create: (context, key, value) => policies.make(context, key, value),
    update: (context, key, _from, to) => policies.make(context, key, to),
    refresh: (context, key, value) => policies.make(context, key, value),
    remove: (_context, key, { index }, metadata) => policies.remove(key, index, metadata),
    retrieve: (context) => policies.retrieve(context),
    retrieveAfter: ['vpp.interfaces', 'vpp.acls.acl'],
  };
}

function unsupported({ index, attachedInterfaces, forwardingPaths }: ABF): string | undefined {
  const { first, last } = routingTables.abf;
  if (index > last - first) return `kernel: index ${index} is not in 0-${last - first}`;
  if (forwardingPaths.some(({ dvr }) => dvr))
    return 'kernel: paths with dvr (by the bridge of the interface) are not made';
  const isIpv4 = ({ nextHopIp }: { readonly nextHopIp: string }): boolean => parseIp(nextHopIp)?.family === 4;
  if (!attachedInterfaces.some(({ isIpv6 }) => isIpv6) || !forwardingPaths.some(isIpv4)) return undefined;
  return 'kernel: IPv6 packets have no IPv4 next hop (the other way round they have)';
}

class Policies {
  readonly #engine: KernelEngine;
  readonly #rtnl: Rtnl;
  readonly #shared: SharedTable;
  readonly #tables: PathTables;
  readonly #numbers: SteeringMarks;
  readonly #users = new Users<'table', Key>();

  constructor(engine: KernelEngine, shared: SharedTable, upkeep: PathUpkeep) {
    this.#engine = engine;
    this.#rtnl = engine.driver.rtnl(engine.driver.vswitch);
    this.#shared = shared;
    this.#tables = new PathTables(engine, routeProtocols.abf, upkeep);
    this.#numbers = SteeringMarks.of(engine);
  }

  /** Makes it whatever is there of it. */
  async make(graph: GraphView, key: Key, value: ABF): Promise<KernelAbf> {
    const acl = listOf(graph, value);
    const rules = await this.#rtnl.dump(listRules());
    const table = numberIn(routingTables.abf, value.index);
    const mark = this.#numbers.take(table, key, rules);
    if (mark === undefined) {
      const message = `kernel: no more than ${SteeringMarks.limit} policies and cross-connects of IP packets in VRFs fit the packet mark`;
      throw new SchedulerError('unimplemented', message, { key, retriable: false });
    }
    const metadata: KernelAbf = { mark, table, families: familiesOf(value.attachedInterfaces) };
    this.#users.join('table', key);
    await putLocalTableLast(this.#engine);
    for (const family of metadata.families) {
      await this.#tables.write(graph, key, { family, table }, pathsOf(value));
    }
    await this.#setRules(metadata, rules.filter(isOurs));
    const chain = policyChain(value.index);
    await this.#shared.apply([addChain(abfTable, { name: chain }), ...rewriteChain(chain, policyRules(acl, mark))]);
    return metadata;
  }

  async remove(key: Key, index: number, { table }: KernelAbf): Promise<void> {
    const rules = (await this.#rtnl.dump(listRules())).filter((rule) => isOurs(rule) && rule.table === table);
    for (const rule of rules) await this.#deleteRule(rule);
    for (const family of [4, 6] as const) await this.#tables.clear(key, { family, table });
    this.#numbers.release(table, key);
    if (this.#users.leave('table', key)) {
      this.#shared.forget();
      return this.#shared.nft.apply(ensureNoTable(abfTable));
    }
    const chain = policyChain(index);
    await this.#shared.nft.apply([flushChain(abfTable, chain), deleteChain(abfTable, chain)]).catch(unlessGone);
  }

  async retrieve(context: RetrieveContext<ABF, KernelAbf>): Promise<readonly Item[]> {
    const { driver } = this.#engine;
    const dump = driver.dump(context.session, driver.vswitch);
    const rules = (await dump.rules()).filter(isOurs);
    const chains = await this.#shared.read(context.session);
    const items: Item[] = [];
    for (const [key, { value }] of context.expected) {
      const table = routingTables.abf.first + value.index;
      const mine = rules.filter((rule) => rule.table === table);
      const chain = policyChain(value.index);
      const mark = steeringNumber(mine[0]);
      if (!chains.has(chain) && mine.length === 0) continue;
      const metadata = { mark, table, families: familiesOf(value.attachedInterfaces) };
      this.#users.join('table', key);
      if (mark > 0) this.#numbers.reserve(table, key, mark);
      if (context.keys && !context.keys.has(key)) continue;
      const acl = context.applied(aclKey(value.aclName)) as ACL | undefined;
      const isWhole =
        acl !== undefined &&
        holds(chains, chain, policyRules(acl, mark), abfTable.family) &&
        isExactly(mine, metadata) &&
        (await this.#holdPaths(context, key, value, metadata));
      items.push({ key, value: isWhole ? value : { ...value, forwardingPaths: [] }, metadata, origin: 'ours' });
    }
    if (!context.keys) items.push(...strangers(rules, chains.keys(), context.expected));
    return items;
  }

  async #holdPaths(
    context: RetrieveContext<ABF, KernelAbf>,
    key: Key,
    value: ABF,
    { table, families }: KernelAbf,
  ): Promise<boolean> {
    const routes = await this.#engine.driver.dump(context.session, this.#engine.driver.vswitch).routes();
    for (const family of families) {
      if (!(await this.#tables.holds(context, key, { family, table }, pathsOf(value), routes))) return false;
    }
    return true;
  }

  /** `rules`: all of ours that are there. */
  async #setRules(metadata: KernelAbf, rules: readonly Rule[]): Promise<void> {
    const mine = rules.filter(({ table }) => table === metadata.table);
    for (const family of metadata.families) {
      const spec = ruleOf(metadata, family);
      if (!mine.some((rule) => isRule(rule, spec))) await this.#rtnl.request(addRule(spec)).catch(unlessThere);
    }
    for (const rule of mine) {
      if (!metadata.families.some((family) => isRule(rule, ruleOf(metadata, family)))) await this.#deleteRule(rule);
    }
    for (const family of [4, 6] as const) {
      if (!metadata.families.includes(family)) await this.#tables.clearUnused({ family, table: metadata.table });
    }
  }

  async #deleteRule(rule: RuleSpec): Promise<void> {
    await this.#rtnl.request(deleteRule(rule)).catch(unlessGone);
  }
}

function listOf(graph: GraphView, { aclName }: ABF): ACL {
  const acl = graph.applied(aclKey(aclName)) as ACL | undefined;
  if (!acl) throw new SchedulerError('failed', `ACL ${aclName} is not there`, { retriable: true });
  if (!isMacip(acl)) return acl;
  const message = `kernel: ACL ${aclName} filters by MAC address; a policy needs one that filters by IP header`;
  throw new SchedulerError('unimplemented', message, { retriable: false });
}

function pathsOf({ forwardingPaths }: ABF): readonly ForwardingPath[] {
  return forwardingPaths.map(({ nextHopIp, interfaceName, weight, preference }) => ({
    nextHop: nextHopIp,
    interface: interfaceName,
    weight,
    preference,
  }));
}

function ruleOf({ mark, table }: KernelAbf, family: Family): RuleSpec {
  const priority = rulePreferences.abf.first;
  const protocol = routeProtocols.abf;
  return { family, priority, mark: markOf(marks.abf, mark), mask: marks.abf.mask, table, protocol };
}

function isOurs({ priority, protocol }: Rule): boolean {
  const { first, last } = rulePreferences.abf;
  return protocol === routeProtocols.abf && priority >= first && priority <= last;
}

/** True for the rule as it should be, with nothing that narrows it. */
function isRule(rule: Rule, wanted: RuleSpec): boolean {
  const { from, to, tos, invert, ipProtocol, inputInterface, outputInterface, sourcePorts, destinationPorts } = rule;
  const narrowed = [from, to, tos, invert, ipProtocol, inputInterface, outputInterface, sourcePorts, destinationPorts];
  return (
    narrowed.every((part) => part === undefined) &&
    rule.action === 'table' &&
    rule.family === wanted.family &&
    rule.priority === wanted.priority &&
    rule.table === wanted.table &&
    rule.mark === wanted.mark &&
    rule.mask === wanted.mask
  );
}

function isExactly(rules: readonly Rule[], metadata: KernelAbf): boolean {
  const { families } = metadata;
  if (rules.length !== families.length) return false;
  return families.every((family) => rules.some((rule) => isRule(rule, ruleOf(metadata, family))));
}

/** Policies that are there and that nobody expects: what is left of an earlier configuration. */
function strangers(
  rules: readonly Rule[],
  chains: Iterable<string>,
  expected: ReadonlyMap<Key, unknown>,
): readonly Item[] {
  const ids = rules.map(({ table }) => (table ?? 0) - routingTables.abf.first);
  for (const chain of chains) ids.push(policyOfChain(chain) ?? -1);
  const indices = new Set(ids.filter((index) => index >= 0 && !expected.has(abfKey(index))));
  return Array.from(indices, (index) => {
    const metadata = { mark: 0, table: routingTables.abf.first + index, families: [] };
    return { key: abfKey(index), value: create(ABFSchema, { index }), metadata, origin: 'ours' };
  });
}

function unlessGone(error: unknown): void {
  if (!isKernelError(error, 'ENOENT', 'ESRCH')) throw error;
}

function unlessThere(error: unknown): void {
  if (!isKernelError(error, 'EEXIST')) throw error;
}
