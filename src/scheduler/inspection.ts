/** Looks at values and at the data plane for people, and changes nothing. */

import { isUnder } from '../model/key.ts';
import { asKey } from '../model/key.ts';
import type { Key } from '../model/key.ts';
import { compare } from './drift.ts';
import { isAway, SchedulerError } from './errors.ts';
import type { Graph } from './graph.ts';
import type { Node } from './node.ts';
import type { Registry } from './registry.ts';
import type { Retrieval } from './retrieval.ts';
import type { Comparison, Drift, DumpedValue, Unread, View } from './scheduler.ts';
import type { Turn } from './turn.ts';
import { describeUnread } from './unread.ts';

interface Scope {
  readonly keys?: readonly Key[];
  readonly kinds?: readonly string[];
}

export class Inspection {
  readonly #graph: Graph;
  readonly #registry: Registry;
  readonly #retrieval: Retrieval;
  readonly #turn: Turn;

  constructor(graph: Graph, registry: Registry, retrieval: Retrieval, turn: Turn) {
    this.#graph = graph;
    this.#registry = registry;
    this.#retrieval = retrieval;
    this.#turn = turn;
  }

  /** Throws SchedulerError `failed` or `away` when something could not be read: it may be anything. */
  async check(filter: Scope = {}): Promise<readonly Drift[]> {
    const { drift, unread } = await this.compare(filter);
    if (unread.length > 0) throw incomparable(unread);
    return drift;
  }

  /** Compares applied with retrieved. Throws SchedulerError `failed` or `away` when nothing at all could be read. */
  async compare(filter: Scope = {}): Promise<Comparison> {
    let isRead = false;
    const drifts: Drift[] = [];
    const keys = filter.keys === undefined ? undefined : this.#graph.withParts(filter.keys);
    const scope = {
      ...(keys === undefined ? undefined : { keys }),
      ...(filter.kinds === undefined ? undefined : { kinds: new Set(filter.kinds) }),
    };
    const turn = this.#turn;
    const failures = await this.#retrieval.read(scope, turn, async (reading) => {
      isRead = true;
      for (const drift of await turn.run(compare(this.#graph, reading)))
        if (keys === undefined || keys.has(drift.key)) drifts.push(drift);
    });
    const unread = failures.map(({ registration: { kind }, error }): Unread => {
      return { kind: kind.name, key: asKey(kind.prefix ?? kind.name), error };
    });
    if (unread.length > 0 && !isRead) throw incomparable(unread);
    return { drift: drifts, unread };
  }

  /** What is asked for, what is believed to be there, or what is. */
  async dump(
    filter: { readonly prefix?: string; readonly kind?: string },
    view: View,
  ): Promise<readonly DumpedValue[]> {
    if (filter.kind !== undefined && this.#registry.named(filter.kind) === undefined)
      throw new SchedulerError('not-found', `no kind ${filter.kind}`);
    if (view === 'SB') return this.#dumpRetrieved(filter);
    const dumped: DumpedValue[] = [];
    for (const node of this.#graph.nodes.values()) {
      if (!matches(filter, node)) continue;
      const value = view === 'NB' ? node.desired?.value : node.applied?.value;
      if (value !== undefined)
        dumped.push({
          key: node.key,
          value,
          metadata: node.applied?.metadata,
          origin: node.desired === undefined ? 'SB' : 'NB',
        });
    }
    return dumped;
  }

  async #dumpRetrieved(filter: { readonly prefix?: string; readonly kind?: string }): Promise<readonly DumpedValue[]> {
    const { kind, prefix } = filter;
    const named = kind === undefined ? undefined : this.#registry.named(kind);
    if (named !== undefined && named.handler?.retrieve === undefined)
      throw new SchedulerError('unimplemented', `objects of ${named.kind.name} cannot be retrieved`);
    const kinds =
      named !== undefined ? new Set([named.kind.name]) : prefix === undefined ? undefined : this.#kindsUnder(prefix);
    const dumped: DumpedValue[] = [];
    const turn = this.#turn;
    const failures = await this.#retrieval.read(kinds === undefined ? {} : { kinds }, turn, ({ items }) =>
      turn.each(items, ({ key, value, metadata, origin }) => {
        if (prefix === undefined || isUnder(prefix, key))
          dumped.push({ key, value, metadata, origin: origin === 'ours' ? 'NB' : 'SB' });
      }),
    );
    if (failures.length > 0)
      throw new SchedulerError(
        isAway(failures[0]!.error) ? 'away' : 'failed',
        `cannot retrieve ${failures[0]!.registration.kind.name}: ${failures[0]!.error.message}`,
        { cause: failures[0]!.error },
      );
    return dumped;
  }

  #kindsUnder(prefix: string): ReadonlySet<string> {
    const kinds = new Set<string>();
    for (const { kind } of this.#registry.all()) {
      if (kind.prefix === undefined || isUnder(prefix, kind.prefix) || isUnder(kind.prefix, prefix))
        kinds.add(kind.name);
    }
    return kinds;
  }
}

function matches({ prefix, kind }: { readonly prefix?: string; readonly kind?: string }, node: Node): boolean {
  if (prefix !== undefined && !isUnder(prefix, node.key)) return false;
  return kind === undefined ? node.parent === undefined : node.kind === kind;
}

function incomparable(unread: readonly Unread[]): SchedulerError {
  const { error } = unread.find((one) => !isAway(one.error)) ?? unread[0]!;
  return new SchedulerError(
    isAway(error) ? 'away' : 'failed',
    describeUnread(unread.map(({ kind, error: { message } }) => ({ kind, reason: message }))),
    { cause: error },
  );
}
