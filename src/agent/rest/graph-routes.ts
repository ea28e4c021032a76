/** `/api/v1/graph/nodes`: the graph of values, in pieces that can be drawn: a page of a search, or what is around one value. */

import * as z from 'zod';
import type { Http } from '../../app/index.ts';
import { asKey, type Key } from '../../model/index.ts';
import type { Outline, Scheduler, Snapshot } from '../../scheduler/scheduler.ts';
import { RestError } from './rest-error.ts';

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly type: 'part' | 'dependency';
  readonly label: string;
  readonly satisfied: boolean;
}

interface Selection {
  readonly total: number;
  readonly keys: readonly Key[];
}

const query = z.object({
  q: z.string().max(512).optional().describe('text that key or label contain, in any case'),
  prefix: z.string().optional().describe('whole segments of keys'),
  model: z.string().optional().describe('name of a model or part, e.g. vpp.interfaces'),
  state: z.string().optional().describe('states, separated by commas: PENDING,FAILED'),
  parts: z.enum(['true', 'false']).default('true').describe('false: no parts'),
  around: z.string().optional().describe('key: this value and what depends on it or it depends on'),
  depth: z.coerce.number().int().min(1).max(10).default(1).describe('with around: steps to go'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(2000).default(200),
});
type Query = z.output<typeof query>;

export function addGraphRoutes(http: Http, scheduler: Scheduler): void {
  http.route({
    method: 'GET',
    path: '/api/v1/graph/nodes',
    role: 'read',
    summary: 'a page of the graph of values: nodes, edges, and what edges lead to outside of the page',
    schema: { query },
    handler: ({ query: asked }) => {
      const snapshot = scheduler.snapshot();
      const selection = asked.around === undefined ? search(snapshot, asked) : around(scheduler, snapshot, asked);
      return {
        ...selectionView(snapshot, selection.keys),
        total: selection.total,
        offset: asked.offset,
        limit: asked.limit,
      };
    },
  });

  http.route({
    method: 'GET',
    path: '/api/v1/graph/summary',
    role: 'read',
    summary: 'how many values there are of each model in each state',
    handler: () => {
      const models: Record<string, Record<string, number>> = {};
      const states: Record<string, number> = {};
      let total = 0;
      for (const { kind = '', state, parent } of scheduler.snapshot().outlines()) {
        if (parent !== undefined) continue;
        total++;
        states[state] = (states[state] ?? 0) + 1;
        const counts = (models[kind] ??= {});
        counts[state] = (counts[state] ?? 0) + 1;
      }
      return { total, states, models };
    },
  });
}

function search(snapshot: Snapshot, { q, prefix, model, state, parts, offset, limit }: Query): Selection {
  const text = q?.toLowerCase();
  const states = state === undefined ? undefined : new Set(state.toUpperCase().split(','));
  const filter = { ...(prefix === undefined ? {} : { prefix }), ...(model === undefined ? {} : { kind: model }) };
  const found: Key[] = [];
  for (const outline of snapshot.outlines(filter)) {
    if (parts === 'false' && outline.parent !== undefined) continue;
    if (states?.has(outline.state) === false || !contains(outline, text)) continue;
    found.push(outline.key);
  }
  found.sort();
  return { total: found.length, keys: found.slice(offset, offset + limit) };
}

function contains({ key, label }: Outline, text: string | undefined): boolean {
  return text === undefined || key.toLowerCase().includes(text) || label.toLowerCase().includes(text);
}

/** Nearest first. */
function around(
  scheduler: Scheduler,
  snapshot: Snapshot,
  { around: start = '', depth, offset, limit }: Query,
): Selection {
  const known = new Set<Key>([asKey(start)]);
  if (snapshot.status(asKey(start)) === undefined)
    throw new RestError(
      'not-found',
      `there is no value ${start}; GET /api/v1/graph/nodes?q=... looks for one`,
      'around',
    );
  let border: readonly Key[] = [...known];
  for (let step = 0; step < depth && border.length > 0; step++) {
    const next = new Set<Key>();
    for (const key of border) {
      for (const neighbour of neighbours(scheduler, snapshot, key)) if (!known.has(neighbour)) next.add(neighbour);
    }
    for (const key of next) known.add(key);
    border = [...next];
  }
  const keys = [...known];
  return { total: keys.length, keys: keys.slice(offset, offset + limit) };
}

function neighbours(scheduler: Scheduler, snapshot: Snapshot, key: Key): readonly Key[] {
  const node = snapshot.node(key);
  if (node === undefined) return [];
  return [
    ...node.parts,
    ...(node.parent === undefined ? [] : [node.parent]),
    ...node.dependencies.flatMap(({ keys }) => keys),
    ...scheduler.dependants(key).filter((dependant) => snapshot.node(dependant) !== undefined),
  ];
}

function selectionView(snapshot: Snapshot, keys: readonly Key[]) {
  const shown = new Set(keys);
  const outside = new Set<Key>();
  const nodes: object[] = [];
  const edges: GraphEdge[] = [];
  const edge = (from: Key, to: Key, type: GraphEdge['type'], label: string, satisfied: boolean): void => {
    edges.push({ from, to, type, label, satisfied });
    if (!shown.has(to)) outside.add(to);
  };
  for (const key of keys) {
    const node = snapshot.node(key);
    if (node === undefined) continue;
    nodes.push(nodeView(snapshot, key));
    for (const part of node.parts) edge(key, part, 'part', '', true);
    for (const dependency of node.dependencies) {
      for (const to of dependency.keys) edge(key, to, 'dependency', dependency.label, dependency.satisfied);
    }
  }
  return { nodes, edges, outside: [...outside].map((key) => nodeView(snapshot, key)) };
}

/** Nothing is there: something depends on a key that nobody wants. */
function nodeView(snapshot: Snapshot, key: Key): object {
  const node = snapshot.node(key);
  if (node === undefined) return { key, label: key, state: 'NONEXISTENT' };
  const { label, kind, state, parent, dependencies } = node;
  const waitingFor =
    state === 'PENDING' ? dependencies.filter(({ satisfied }) => !satisfied).map((one) => one.label) : [];
  return {
    key,
    label,
    ...(kind === undefined ? {} : { model: kind }),
    state,
    ...(parent === undefined ? {} : { parent }),
    ...(waitingFor.length > 0 ? { waitingFor } : {}),
  };
}
