import { Handle, type NodeProps, Position } from '@xyflow/react';
import { type JSX, useMemo, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { getJson, query } from '../api/request.ts';
import { Canvas, type CanvasBox } from '../graph/canvas.tsx';
import {
  type Box,
  clusterDrawing,
  clusterOf,
  type Drawing,
  type GraphPage as Page,
  type GraphSummary,
  mostBoxes,
  objectDrawing,
  pageDrawing,
} from '../graph/neighbourhood.ts';
import { useAnswer } from '../live/use-answer.ts';
import { useLive } from '../live/use-live.ts';
import { objectPath } from '../parts/links.tsx';
import { Empty, ErrorNote, Loading } from '../parts/notes.tsx';
import { stateLooks } from '../parts/states.ts';

const types = { value: ValueBox };
const boxSize = { width: 230, height: 46 };
/** Lines of a picture up to which each says what it is. */
const mostLabels = 40;

/** Who needs whom. One object and its neighbourhood, or all of them, clustered where there are many. */
export default function GraphPage(): JSX.Element {
  const { transactions } = useLive();
  const [parameters, setParameters] = useSearchParams();
  const [, go] = useLocation();
  const key = parameters.get('key') ?? '';
  const depth = Number(parameters.get('depth') ?? 2);
  const { data, error } = useAnswer((signal) => drawing(key, depth, signal), [key, depth, transactions]);
  const boxes = useMemo(() => (data?.boxes ?? []).map((box) => canvasBox(box, key)), [data, key]);
  const lines = useMemo(() => linesOf(data?.edges ?? []), [data]);
  const set = (changes: Readonly<Record<string, string>>): void =>
    setParameters((last) => {
      for (const [name, value] of Object.entries(changes)) {
        if (value === '') last.delete(name);
        else last.set(name, value);
      }
      return last;
    });
  const open = (id: string): void => {
    const cluster = clusterOf(id);
    if (cluster !== undefined) go(`/objects${query(cluster)}`);
    else if (id === key) go(objectPath(id));
    else set({ key: id });
  };
  return (
    <div className="page fill">
      <h1>Graph</h1>
      <div className="filters" role="search">
        <Search onFound={(found) => set({ key: found })} />
        {key !== '' && (
          <>
            <label>
              steps{' '}
              <select value={depth} onChange={(event) => set({ depth: event.target.value })}>
                {[1, 2, 3, 4].map((steps) => (
                  <option key={steps}>{steps}</option>
                ))}
              </select>
            </label>
            <button type="button" onClick={() => set({ key: '' })}>
              Show all
            </button>
          </>
        )}
        <span role="status">{data && `${data.boxes.length} boxes for ${data.total} values`}</span>
      </div>
      {error && <ErrorNote error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data?.boxes.length === 0 && <Empty>Nothing is configured yet.</Empty>}
      {boxes.length > 0 && <Canvas boxes={boxes} edges={lines} types={types} label="Dependency graph" onOpen={open} />}
    </div>
  );
}

/** Values of which the lines between clusters are taken. */
const sample = 2000;

async function drawing(key: string, depth: number, signal: AbortSignal): Promise<Drawing & { readonly total: number }> {
  const page = (parameters: Readonly<Record<string, string | number>>): Promise<Page> =>
    getJson<Page>(`/api/v1/graph/nodes${query(parameters)}`, signal);
  if (key !== '') {
    const near = await page({ around: key, depth, limit: mostBoxes });
    return { ...pageDrawing(near), total: near.total };
  }
  const summary = await getJson<GraphSummary>('/api/v1/graph/summary', signal);
  const all = await page({ limit: sample });
  const drawn = summary.total <= mostBoxes ? objectDrawing(all) : clusterDrawing(summary, all);
  return { ...drawn, total: summary.total };
}

function linesOf(edges: Drawing['edges']) {
  return edges.map(({ from, to, type, label, satisfied }) => ({
    from,
    to,
    ...(edges.length <= mostLabels && type === 'dependency' ? { label } : {}),
    className: satisfied ? type : 'missing',
  }));
}

function Search({ onFound }: { readonly onFound: (key: string) => void }): JSX.Element {
  const [text, setText] = useState('');
  const { data } = useAnswer(
    (signal) =>
      text === ''
        ? Promise.resolve(undefined)
        : getJson<Page>(`/api/v1/graph/nodes${query({ q: text, limit: 12 })}`, signal),
    [text],
  );
  const found = (data?.nodes ?? []).map(({ key }) => key);
  return (
    <>
      <input
        type="search"
        aria-label="Find an object in the graph"
        placeholder="find an object ( / )"
        list="graph-found"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          if (found.includes(event.target.value)) onFound(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && found[0] !== undefined) onFound(found[0]);
        }}
      />
      <datalist id="graph-found">
        {found.map((key) => (
          <option key={key} value={key} />
        ))}
      </datalist>
    </>
  );
}

type BoxData = { readonly box: Box; readonly chosen: boolean };

function canvasBox(box: Box, chosen: string): CanvasBox<BoxData> {
  return {
    id: box.id,
    type: 'value',
    ...boxSize,
    data: { box, chosen: box.id === chosen },
    label: `${box.title}, ${box.subtitle}, ${box.state}`,
  };
}

function ValueBox({ data }: NodeProps): JSX.Element {
  const { box, chosen } = data as unknown as BoxData;
  return (
    <div className={`box ${stateLooks[box.state].tone} ${chosen ? 'chosen' : ''}`} title={box.id}>
      <Handle type="target" position={Position.Left} />
      <b>{box.title}</b>
      <span>
        {stateLooks[box.state].symbol} {box.subtitle}
      </span>
      <Handle type="source" position={Position.Right} />
    </div>
  );
}
