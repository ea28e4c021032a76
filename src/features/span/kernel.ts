/** `vpp.span` in the Linux kernel: traffic control filters that copy every frame of a device to another. */

import { create } from '@bufbuild/protobuf';
import { Span_Direction as SpanDirection, SpanSchema } from '../../model/gen/ligato/vpp/interfaces/span_pb.js';
import type { Span } from '../../model/gen/ligato/vpp/interfaces/span_pb.js';
import type { Key } from '../../model/key.ts';
import { isKernelError } from '../../kernel/errors.ts';
import { addClsact, addMirror, deleteClsact, deleteFilters, listFilters, listQdiscs } from '../../kernel/netlink/tc.ts';
import type { Direction, Filter } from '../../kernel/netlink/tc.ts';
import type { Link } from '../../kernel/netlink/link.ts';
import { parseMark } from '../../kernel/ownership/mark.ts';
import { tcPreferences } from '../../kernel/pipeline/numbers.ts';
import type { Rtnl } from '../../kernel/rtnl/port.ts';
import { SchedulerError } from '../../scheduler/errors.ts';
import type { AggregateChange, GraphView, Handler, RetrieveContext, Retrieved } from '../../scheduler/handler.ts';
import type { KernelInterface } from '../interface/kernel-metadata.ts';
import { INTERFACE_PREFIX, interfaceKey } from '../interface/model.ts';
import type { KernelEngine } from '../kernel/engine.ts';
import { spanKey } from './model.ts';

/** Indices of the devices. */
export interface KernelSpan {
  readonly from: number;
  readonly to: number;
}

type Item = Retrieved<Span, KernelSpan>;

export function kernelHandlers(engine: KernelEngine): readonly Handler[] {
  const mirrors = new Mirrors(engine);
  const handler: Handler<Span, KernelSpan> = {
    kind: 'vpp.span',
    support: { grade: 'proven', needs: ['tc-clsact', 'tc-u32'] },
    engine: 'kernel',
    aggregate: (_key, { interfaceFrom }) => interfaceFrom,
    reconcile: (context, change) => mirrors.reconcile(context, change),
    create: inAggregate,
    update: inAggregate,
    remove: inAggregate,
    retrieve: (context) => mirrors.retrieve(context),
    retrieveAfter: ['vpp.interfaces'],
  };
  return [handler] as readonly Handler[];
}

/** Never called, as all have an aggregate. */
function inAggregate(): Promise<never> {
  return Promise.reject(new SchedulerError('usage', 'mirrors of an interface are made by reconcile'));
}

/** What the filters of a device do for one direction of a mirror. */
const directions: readonly Direction[] = ['ingress', 'egress'];

function directionsOf(direction: SpanDirection): readonly Direction[] {
  if (direction === SpanDirection.RX) return ['ingress'];
  return direction === SpanDirection.TX ? ['egress'] : directions;
}

class Mirrors {
  readonly #engine: KernelEngine;
  readonly #rtnl: Rtnl;

  constructor(engine: KernelEngine) {
    this.#engine = engine;
    this.#rtnl = engine.driver.rtnl(engine.driver.vswitch);
  }

  /** Makes the filters of a device just those of these mirrors; what others have on it stays. */
  async reconcile(
    graph: GraphView,
    { before, after }: AggregateChange<Span, KernelSpan>,
  ): Promise<ReadonlyMap<Key, KernelSpan | Error>> {
    const outcome = new Map<Key, KernelSpan | Error>();
    const wanted = new Map<number, Record<Direction, Set<number>>>();
    for (const { metadata } of before.values()) if (metadata) wantedOf(wanted, metadata.from);
    for (const [key, value] of after) {
      try {
        const mirror = { from: deviceOf(graph, value.interfaceFrom), to: deviceOf(graph, value.interfaceTo) };
        for (const direction of directionsOf(value.direction)) wantedOf(wanted, mirror.from)[direction].add(mirror.to);
        outcome.set(key, mirror);
      } catch (error) {
        outcome.set(key, error as Error);
      }
    }
    for (const [link, targets] of wanted) await this.#settle(link, targets);
    return outcome;
  }

  async #settle(link: number, targets: Readonly<Record<Direction, ReadonlySet<number>>>): Promise<void> {
    const isWanted = directions.some((direction) => targets[direction].size > 0);
    try {
      if (isWanted) await this.#rtnl.request(addClsact(link)).catch(unless('EEXIST'));
      for (const direction of directions) await this.#settleDirection(link, direction, targets[direction]);
      if (!isWanted) await this.#tidy(link);
    } catch (error) {
      // With a device go its filters.
      if (isWanted || !isKernelError(error, 'ENODEV', 'EINVAL', 'ENOENT')) throw error;
    }
  }

  async #settleDirection(link: number, direction: Direction, targets: ReadonlySet<number>): Promise<void> {
    const found = await this.#rtnl.dump(listFilters({ link, direction }));
    // u32 may tell of one filter twice.
    const ours = [...new Map(found.filter(isOurs).map((filter) => [filter.priority, filter])).values()];
    const there = new Set<number>();
    for (const { priority, target } of ours) {
      if (target !== undefined && targets.has(target) && !there.has(target)) there.add(target);
      else await this.#rtnl.request(deleteFilters({ link, direction, priority })).catch(unless('ENOENT'));
    }
    const { first, last } = tcPreferences.span;
    const taken = new Set(ours.filter(({ target }) => there.has(target ?? 0)).map(({ priority }) => priority));
    const classifier = (await this.#engine.driver.capabilities()).has('tc-matchall') ? 'matchall' : 'u32';
    for (const target of targets) {
      if (there.has(target)) continue;
      let priority: number = first;
      while (taken.has(priority)) priority++;
      if (priority > last) {
        const message = `kernel: no more than ${last - first + 1} mirrors of one interface and direction`;
        throw new SchedulerError('unimplemented', message, { retriable: false });
      }
      taken.add(priority);
      await this.#rtnl.request(addMirror({ link, direction, priority, classifier, action: 'mirror', target }));
    }
  }

  /** The hooks go when nobody has anything on them. */
  async #tidy(link: number): Promise<void> {
    const left = await Promise.all(directions.map((direction) => this.#rtnl.dump(listFilters({ link, direction }))));
    if (left.every((filters) => filters.length === 0)) await this.#rtnl.request(deleteClsact(link));
  }

  async retrieve(context: RetrieveContext<Span, KernelSpan>): Promise<readonly Item[]> {
    const links = await this.#engine.driver.dump(context.session, this.#engine.driver.vswitch).linksByIndex();
    const qdiscs = await this.#rtnl.dump(listQdiscs());
    const names = namesOf(context, links);
    const items: Item[] = [];
    for (const { link } of qdiscs.filter(({ kind }) => kind === 'clsact')) {
      for (const [to, seen] of await this.#mirrorsOf(link)) {
        const [interfaceFrom, interfaceTo] = [names(link), names(to)];
        const key = spanKey(interfaceFrom, interfaceTo);
        if (context.keys && !context.keys.has(key)) continue;
        const isL2 = context.expected.get(key)?.value.isL2 ?? false;
        const direction =
          seen.size === 2 ? SpanDirection.BOTH : seen.has('ingress') ? SpanDirection.RX : SpanDirection.TX;
        const value = create(SpanSchema, { interfaceFrom, interfaceTo, direction, isL2 });
        items.push({ key, value, metadata: { from: link, to }, origin: 'ours' });
      }
    }
    return items;
  }

  async #mirrorsOf(link: number): Promise<ReadonlyMap<number, ReadonlySet<Direction>>> {
    const targets = new Map<number, Set<Direction>>();
    for (const direction of directions) {
      for (const filter of await this.#rtnl.dump(listFilters({ link, direction }))) {
        if (!isOurs(filter) || filter.action !== 'mirror' || filter.target === undefined) continue;
        const seen = targets.get(filter.target) ?? new Set<Direction>();
        targets.set(filter.target, seen.add(direction));
      }
    }
    return targets;
  }
}

function wantedOf(wanted: Map<number, Record<Direction, Set<number>>>, link: number): Record<Direction, Set<number>> {
  const known = wanted.get(link) ?? { ingress: new Set(), egress: new Set() };
  wanted.set(link, known);
  return known;
}

function isOurs({ priority }: Filter): boolean {
  return priority >= tcPreferences.span.first && priority <= tcPreferences.span.last;
}

function deviceOf(graph: GraphView, name: string): number {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  if (!device) throw new SchedulerError('failed', `interface ${name} has no device`);
  return device.ifindex;
}

function namesOf(graph: GraphView, links: ReadonlyMap<number, Link>): (index: number) => string {
  const names = new Map<number, string>();
  for (const [key] of graph.appliedUnder(INTERFACE_PREFIX)) {
    const device = graph.metadata<KernelInterface>(key);
    if (device) names.set(device.ifindex, key.slice(INTERFACE_PREFIX.length));
  }
  return (index) =>
    names.get(index) ?? parseMark(links.get(index)?.alias)?.name ?? links.get(index)?.name ?? `#${index}`;
}

function unless(code: string): (error: unknown) => void {
  return (error) => {
    if (!isKernelError(error, code)) throw error;
  };
}
