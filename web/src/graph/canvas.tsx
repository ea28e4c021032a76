import {
  Background,
  Controls,
  type Edge as FlowEdge,
  MarkerType,
  MiniMap,
  type Node,
  type NodeTypes,
  ReactFlow,
} from '@xyflow/react';
import { type JSX, useEffect, useState } from 'react';
import { Loading } from '../parts/notes.tsx';
import { type Direction, layout, type Size } from './layout.ts';

export interface CanvasBox<T extends Record<string, unknown>> extends Size {
  readonly id: string;
  readonly type: string;
  readonly data: T;
  readonly label: string;
}

export interface CanvasEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  readonly className?: string;
  readonly arrow?: boolean;
}

interface Properties<T extends Record<string, unknown>> {
  readonly boxes: readonly CanvasBox<T>[];
  readonly edges: readonly CanvasEdge[];
  readonly types: NodeTypes;
  readonly label: string;
  readonly direction?: Direction;
  readonly onOpen: (id: string) => void;
}

/** Boxes from which on a map helps. */
const manyBoxes = 60;
const mapSize = { width: 140, height: 100 };

/** Boxes and lines, laid out by themselves; a box opens by click or Enter. */
export function Canvas<T extends Record<string, unknown>>(properties: Properties<T>): JSX.Element {
  const { boxes, edges, types, label, direction, onOpen } = properties;
  const [nodes, setNodes] = useState<readonly Node[]>();
  useEffect(() => {
    let wanted = true;
    void layout(boxes, edges, direction).then((positions) => {
      if (!wanted) return;
      const place = new Map(positions.map((one) => [one.id, one]));
      setNodes(boxes.map((box) => nodeOf(box, place.get(box.id) ?? { x: 0, y: 0 })));
    });
    return () => {
      wanted = false;
    };
  }, [boxes, edges, direction]);
  if (nodes === undefined) return <Loading />;
  return (
    <div className="canvas" aria-label={label} role="region">
      <ReactFlow
        key={nodes.length === 0 ? 'empty' : nodes.map(({ id }) => id).join('\n')}
        nodes={[...nodes]}
        edges={edges.map(edgeOf)}
        nodeTypes={types}
        onNodeClick={(_event, { id }) => onOpen(id)}
        onKeyDown={(event) => {
          const id = event.key === 'Enter' ? focusedBox(event.target) : undefined;
          if (id !== undefined) onOpen(id);
        }}
        nodesDraggable={false}
        nodesConnectable={false}
        fitView
        minZoom={0.05}
        onlyRenderVisibleElements
        proOptions={{ hideAttribution: true }}
      >
        <Background />
        <Controls showInteractive={false} />
        {boxes.length > manyBoxes && <MiniMap pannable zoomable style={mapSize} ariaLabel="Map of the picture" />}
      </ReactFlow>
    </div>
  );
}

function focusedBox(target: EventTarget): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('.react-flow__node')?.dataset['id'] : undefined;
}

function nodeOf<T extends Record<string, unknown>>(box: CanvasBox<T>, { x, y }: { x: number; y: number }): Node {
  return {
    id: box.id,
    type: box.type,
    position: { x, y },
    data: box.data,
    width: box.width,
    height: box.height,
    ariaLabel: box.label,
    draggable: false,
    connectable: false,
  };
}

function edgeOf({ from, to, label, className, arrow = true }: CanvasEdge, index: number): FlowEdge {
  return {
    id: `e${index}`,
    source: from,
    target: to,
    ...(label === undefined || label === '' ? {} : { label }),
    ...(className === undefined ? {} : { className }),
    ...(arrow ? { markerEnd: { type: MarkerType.ArrowClosed } } : {}),
    focusable: false,
  };
}
