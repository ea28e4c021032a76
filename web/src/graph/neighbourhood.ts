/** Which part of the graph is drawn: a picture of 10,000 objects tells nobody anything. */

import type { State } from '../api/types.ts';

/** `/api/v1/graph/nodes`. */
export interface GraphPage {
  readonly nodes: readonly GraphValue[];
  readonly edges: readonly GraphEdge[];
  /** What edges lead to beyond the page. */
  readonly outside: readonly GraphValue[];
  readonly total: number;
}

export interface GraphValue {
  readonly key: string;
  readonly label: string;
  readonly model?: string;
  readonly state: State;
  readonly parent?: string;
  readonly waitingFor?: readonly string[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly type: 'part' | 'dependency';
  readonly label: string;
  readonly satisfied: boolean;
}

/** `/api/v1/graph/summary`. */
export interface GraphSummary {
  readonly total: number;
  readonly states: Readonly<Record<string, number>>;
  readonly models: Readonly<Record<string, Readonly<Partial<Record<State, number>>>>>;
}

/** What is drawn as one box: an object, or all objects of a model in one state. */
export interface Box {
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  readonly state: State;
}

export interface Drawing {
  readonly boxes: readonly Box[];
  readonly edges: readonly GraphEdge[];
}

/** Boxes that one picture can hold and people can still read. */
export const mostBoxes = 150;

/** A page as it is: one box for each value. */
export function pageDrawing({ nodes, edges }: GraphPage): Drawing {
  const shown = new Set(nodes.map(({ key }) => key));
  const between = edges.filter(({ from, to }) => shown.has(from) && shown.has(to));
  const bases = new Set(between.filter(({ type }) => type === 'part').map(({ from, to }) => `${to}\n${from}`));
  return {
    boxes: nodes.map(boxOf),
    // A part depends on its base; the line from base to part says so already.
    edges: between.filter(({ type, from, to }) => type === 'part' || !bases.has(`${from}\n${to}`)),
  };
}

/** The objects that people configured, with the dependencies of their parts as their own. */
export function objectDrawing(page: GraphPage): Drawing {
  const values = new Map([...page.nodes, ...page.outside].map((value) => [value.key, value]));
  const objects = page.nodes.filter(({ parent, state }) => parent === undefined && !found.has(state));
  const shown = new Set(objects.map(({ key }) => key));
  const edges = lifted(page.edges, values).filter(({ from, to }) => shown.has(from) && shown.has(to));
  return { boxes: objects.map(boxOf), edges };
}

/** One box for the objects of a model that are in the same state; lines as far as `page` shows them. */
export function clusterDrawing(summary: GraphSummary, page: GraphPage): Drawing {
  const boxes = Object.entries(summary.models).flatMap(([model, states]) =>
    Object.entries(states)
      .filter(([state]) => !found.has(state as State))
      .map(([state, count]): Box => {
        const title = `${count} × ${model === '' ? 'property' : model}`;
        return { id: clusterId(model, state), title, subtitle: state, state: state as State };
      }),
  );
  const shown = new Set(boxes.map(({ id }) => id));
  const values = new Map([...page.nodes, ...page.outside].map((value) => [value.key, value]));
  const clusterOf = (key: string): string => {
    const value = values.get(key);
    return clusterId(value?.model ?? '', value?.state ?? '');
  };
  const merged = new Map<string, GraphEdge>();
  for (const edge of lifted(page.edges, values)) {
    const [from, to] = [clusterOf(edge.from), clusterOf(edge.to)];
    if (from !== to && shown.has(from) && shown.has(to)) merged.set(`${from}\n${to}`, { ...edge, from, to, label: '' });
  }
  return { boxes, edges: [...merged.values()] };
}

/** States of what nobody here asked for: it would crowd the picture, and the list of objects has it. */
const found: ReadonlySet<State> = new Set<State>(['OBTAINED', 'DISCOVERED']);

const clusterPrefix = 'cluster ';

function clusterId(model: string, state: string): string {
  return `${clusterPrefix}${model} ${state}`;
}

/** Model and state of a box of many; undefined for the box of one value. */
export function clusterOf(id: string): { readonly model: string; readonly state: string } | undefined {
  if (!id.startsWith(clusterPrefix)) return undefined;
  const [model = '', state = ''] = id.slice(clusterPrefix.length).split(' ');
  return { model, state };
}

function boxOf({ key, label, model, state }: GraphValue): Box {
  return { id: key, title: label === '' ? key : label, subtitle: model ?? 'property', state };
}

/** Dependencies of parts become dependencies of what they are parts of; an unsatisfied one wins over a satisfied. */
function lifted(edges: readonly GraphEdge[], values: ReadonlyMap<string, GraphValue>): readonly GraphEdge[] {
  const object = (key: string): string => {
    let here = key;
    for (let parent = values.get(here)?.parent; parent !== undefined; parent = values.get(here)?.parent) here = parent;
    return here;
  };
  const merged = new Map<string, GraphEdge>();
  for (const edge of edges) {
    if (edge.type === 'part') continue;
    const [from, to] = [object(edge.from), object(edge.to)];
    const id = `${from}\n${to}`;
    if (from !== to && merged.get(id)?.satisfied !== false) merged.set(id, { ...edge, from, to });
  }
  return [...merged.values()];
}
