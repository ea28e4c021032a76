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

export type Direction = 'RIGHT' | 'DOWN';

/** Layers from left to right (or down), so that what is needed stands behind what needs it. */
export async function layout(
  boxes: readonly (Size & { readonly id: string })[],
  edges: readonly { readonly from: string; readonly to: string }[],
  direction: Direction = 'RIGHT',
): Promise<readonly Positioned[]> {
  const elk = await load();
  const graph: ElkNode = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction,
      'elk.layered.spacing.nodeNodeBetweenLayers': '70',
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
