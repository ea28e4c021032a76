import { Handle, type NodeProps, Position } from '@xyflow/react';
import { type JSX, useMemo } from 'react';
import { useLocation } from 'wouter';
import { getJson, query } from '../api/request.ts';
import type { GraphNode } from '../api/types.ts';
import { Canvas, type CanvasBox } from '../graph/canvas.tsx';
import { useAnswer } from '../live/use-answer.ts';
import { useLive } from '../live/use-live.ts';
import { objectPath } from '../parts/links.tsx';
import { Empty, ErrorNote, Loading } from '../parts/notes.tsx';
import { stateLooks } from '../parts/states.ts';
import { drawnModels, pictureOf, type Thing } from '../topology/picture.ts';

const types = { thing: ThingBox };
/** Lines that a box shows. */
const mostLines = 5;

export default function TopologyPage(): JSX.Element {
  const { transactions } = useLive();
  const { data, error } = useAnswer(readModels, [transactions]);
  const picture = useMemo(() => pictureOf(data ?? []), [data]);
  const boxes = useMemo(() => picture.things.map(canvasBox), [picture]);
  const wires = useMemo(
    () => picture.wires.map(({ from, to, label }) => ({ from, to, label, arrow: false })),
    [picture],
  );
  const [, go] = useLocation();
  const open = (id: string): void => {
    const key = picture.things.find((thing) => thing.id === id)?.key;
    if (key !== undefined) go(objectPath(key));
  };
  if (data === undefined) return error === undefined ? <Loading /> : <ErrorNote error={error} />;
  return (
    <div className="page fill">
      <h1>Topology</h1>
      <ul className="legend" aria-label="Shapes">
        {(['host', 'interface', 'bridge', 'router', 'remote'] as const).map((shape) => (
          <li key={shape}>
            <span className={`swatch ${shape}`} /> {shapeNames[shape]}
          </li>
        ))}
      </ul>
      {boxes.length === 0 ? (
        <Empty>There are no interfaces yet.</Empty>
      ) : (
        <Canvas boxes={boxes} edges={wires} types={types} label="Topology" onOpen={open} />
      )}
    </div>
  );
}

async function readModels(signal: AbortSignal): Promise<readonly GraphNode[]> {
  const answers = await Promise.all(
    drawnModels.map((model) => getJson<readonly GraphNode[]>(`/api/v1/graph${query({ model })}`, signal)),
  );
  return answers.flat();
}

const shapeNames = {
  host: 'network namespace',
  interface: 'interface',
  bridge: 'bridge domain',
  router: 'routing table',
  remote: 'another node',
} as const;

function canvasBox(thing: Thing): CanvasBox<{ readonly thing: Thing }> {
  const lines = Math.min(thing.lines.length, mostLines);
  return {
    id: thing.id,
    type: 'thing',
    width: 190,
    height: 34 + 17 * lines,
    data: { thing },
    label: `${shapeNames[thing.shape]} ${thing.title}, ${thing.state}`,
  };
}

function ThingBox({ data }: NodeProps): JSX.Element {
  const { thing } = data as unknown as { readonly thing: Thing };
  const more = thing.lines.length - mostLines;
  return (
    <div className={`box thing ${thing.shape} ${stateLooks[thing.state].tone}`}>
      <Handle type="target" position={Position.Left} />
      <b>
        <span aria-hidden="true">{stateLooks[thing.state].symbol}</span> {thing.title}
      </b>
      {thing.lines.slice(0, more > 0 ? mostLines - 1 : mostLines).map((line, index) => (
        <span key={index}>{line}</span>
      ))}
      {more > 0 && <span>{more + 1} more</span>}
      <Handle type="source" position={Position.Right} />
    </div>
  );
}
