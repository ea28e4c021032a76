/** Takes what was read from the data plane into the graph. */

import { structurallyEqual } from './equality.ts';
import { goalOf } from './assessment.ts';
import type { Graph } from './graph.ts';
import type { Retrieved } from './handler.ts';
import type { Part, Value } from './kind.ts';
import type { Applied, Node } from './node.ts';
import type { Registration } from './registry.ts';
import { equivalent } from './replacement.ts';
import type { Reading } from './retrieval.ts';

/** What turned out to be otherwise than believed. */
export interface Findings {
  /** With what was found, for people. */
  readonly changed: Map<Node, string>;
  /** Changed while they stayed: watchers have to hear of it. */
  readonly events: Set<Node>;
  /** Objects the reading spoke of. */
  readonly seen: Set<Node>;
  /** Parts that ought to be there with what was found. Nobody asked for them: if they are not found either, they stand for nothing. */
  readonly supposed: Set<Node>;
}

export function noFindings(): Findings {
  return { changed: new Map(), events: new Set(), seen: new Set(), supposed: new Set() };
}

/**
 * Steps through a reading; objects that are being worked on, or were since it began, are left alone, except the
 * `uncertain` ones that the reading is about.
 */
export function* observe(
  graph: Graph,
  reading: Reading,
  findings: Findings,
  uncertain: ReadonlySet<Node> = nobody,
): Generator<void> {
  const observer = new Observer(graph, reading, findings, uncertain);
  for (let i = 0; i < reading.items.length; i++) {
    observer.take(reading.items[i]!);
    if ((i & 63) === 63) yield;
  }
  yield* observer.missAbsent();
}

const nobody: ReadonlySet<Node> = new Set();

class Observer {
  readonly #graph: Graph;
  readonly #reading: Reading;
  readonly #findings: Findings;
  readonly #uncertain: ReadonlySet<Node>;

  constructor(graph: Graph, reading: Reading, findings: Findings, uncertain: ReadonlySet<Node>) {
    this.#graph = graph;
    this.#reading = reading;
    this.#findings = findings;
    this.#uncertain = uncertain;
  }

  take(item: Retrieved): void {
    const known = this.#graph.get(item.key);
    if (known !== undefined && !this.#mayTouch(known)) return void this.#findings.seen.add(known);
    const node = known ?? this.#graph.base(item.key, this.#reading.registration);
    this.#findings.seen.add(node);
    const { applied } = node;
    if (
      applied !== undefined &&
      (applied.value === item.value || equivalent(node.registration, node.key, item.value, applied.value))
    ) {
      if (!structurallyEqual(applied.metadata, item.metadata))
        this.#set(node, { ...applied, metadata: item.metadata }, 'has other metadata in the data plane', true);
      return;
    }
    this.#set(
      node,
      appliedAs(node, item.value, item.metadata, item.origin === 'foreign' && node.desired === undefined),
      'differs from the data plane',
      applied !== undefined,
    );
    this.#deriveParts(node, applied === undefined);
  }

  *missAbsent(): Generator<void> {
    const { keys, registration } = this.#reading;
    let steps = 0;
    if (keys !== undefined) {
      for (const key of keys) {
        this.#miss(this.#graph.get(key));
        if ((++steps & 63) === 0) yield;
      }
      return;
    }
    for (const node of this.#graph.nodes.values()) {
      if (node.registration === registration) this.#miss(node);
      if ((++steps & 255) === 0) yield;
    }
  }

  #miss(node: Node | undefined): void {
    if (node === undefined || this.#findings.seen.has(node)) return;
    this.#findings.seen.add(node);
    if (node.applied !== undefined && this.#mayTouch(node)) this.#lose(node);
  }

  #lose(node: Node): void {
    this.#graph.setApplied(node, undefined, 'lost');
    this.#findings.changed.set(node, 'missing in the data plane');
    for (const part of node.parts) {
      if (part.applied !== undefined && !isRetrieved(part.registration) && this.#mayTouch(part)) this.#lose(part);
    }
  }

  /** Parts that nobody else reads follow from the base as it was found. */
  #deriveParts(node: Node, isNew: boolean): void {
    const parts =
      node.goal !== undefined && node.applied!.value === node.goal.value
        ? node.goal.parts
        : partsOf(node, node.applied!.value);
    const listed = new Set<Node>();
    for (const part of parts) {
      const child = this.#graph.observedPart(node, part);
      if (child === undefined) continue;
      listed.add(child);
      if (child.desired === undefined) this.#findings.supposed.add(child);
      if (isRetrieved(child.registration) || !this.#mayTouch(child)) continue;
      if (child.applied !== undefined && equivalent(child.registration, child.key, child.applied.value, part.value))
        continue;
      this.#set(
        child,
        appliedAs(child, part.value, undefined, node.applied!.foreign),
        'found with its base in the data plane',
        child.applied !== undefined,
      );
      this.#deriveParts(child, isNew);
    }
    for (const child of node.parts) {
      if (
        !listed.has(child) &&
        child.applied !== undefined &&
        !isRetrieved(child.registration) &&
        this.#mayTouch(child)
      )
        this.#lose(child);
    }
  }

  #set(node: Node, applied: Applied, what: string, stayed: boolean): void {
    this.#graph.setApplied(node, applied, 'found');
    this.#findings.changed.set(node, what);
    if (stayed) this.#findings.events.add(node);
  }

  #mayTouch(node: Node): boolean {
    return (
      this.#uncertain.has(node) ||
      (node.attempt === undefined && !node.uncertain && node.touched <= this.#reading.began)
    );
  }
}

function isRetrieved(registration: Registration | undefined): boolean {
  return registration?.handler?.retrieve !== undefined;
}

function partsOf(node: Node, value: Value): readonly Part[] {
  return goalOf(node.registration, node.key, value).parts;
}

/** Prefers the goal's own spelling of an equivalent value, so that nothing has to be compared twice. */
function appliedAs(node: Node, value: Value, metadata: unknown, foreign: boolean): Applied {
  const { goal, registration, key } = node;
  const wanted = goal !== undefined && equivalent(registration, key, value, goal.value);
  const as = wanted ? goal : goalOf(registration, key, value);
  return {
    value: as.value,
    metadata,
    dependencies: foreign ? [] : as.dependencies,
    claims: foreign ? [] : as.claims,
    foreign,
    aggregate: registration?.handler?.aggregate?.(key, as.value),
  };
}
