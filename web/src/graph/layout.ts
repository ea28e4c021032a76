import type { ELK, ElkNode } from 'elkjs/lib/elk-api.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Positioned {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

let engine: Promise<ELK> | undefined;

/** The layout engine, loaded with the first picture. It runs in a worker: pictures never block the page. */
function load(): Promise<ELK> {
  engine ??= import('elkjs/lib/elk-api.js').then(
    ({ default: Elk }) => new Elk({ workerFactory: () => new Worker('assets/elk-worker.js') }),
  );
  return engine;
}

/** Between layers, without labels on the lines. */
const narrow = 70;
const widest = 230;
/** Of the letters on lines; with room for the arrow beside them. */
const letter = 5.6;
const arrow = 44;

/** So far apart that the labels of lines stand between boxes, not behind them. */
function roomFor(edges: readonly { readonly label?: string }[]): number {
  const longest = edges.reduce((most, { label = '' }) => Math.max(most, label.length), 0);
  return longest === 0 ? narrow : Math.min(widest, Math.max(narrow, arrow + longest * letter));
}

export type Direction = 'RIGHT' | 'DOWN';

/** Layers from left to right (or down), so that what is needed stands behind what needs it. */
export async function layout(
  boxes: readonly (Size & { readonly id: string })[],
  edges: readonly { readonly from: string; readonly to: string; readonly label?: string }[],
  direction: Direction = 'RIGHT',
): Promise<readonly Positioned[]> {
  const elk = await load();
  const graph: ElkNode = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction,
      'elk.layered.spacing.nodeNodeBetweenLayers': String(direction === 'RIGHT' ? roomFor(edges) : narrow),
      'elk.spacing.nodeNode': '18',
      'elk.spacing.componentComponent': '40',
      'elk.aspectRatio': '1.8',
    },
    children: boxes.map(({ id, width, height }) => ({ id, width, height })),
    edges: edges.map(({ from, to }, index) => ({ id: `e${index}`, sources: [from], targets: [to] })),
  };
  const done = await elk.layout(graph);
  return (done.children ?? []).map(({ id, x = 0, y = 0 }) => ({ id, x, y }));
}
