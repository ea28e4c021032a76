import { type JSX, useEffect, useMemo, useState } from 'react';
import { ApiError, getText } from '../api/request.ts';
import { parseMetrics, type Sample } from '../api/metrics.ts';
import { Empty, ErrorNote, Loading } from '../parts/notes.tsx';
import { Sparkline } from '../parts/sparkline.tsx';
import { VirtualRows } from '../parts/virtual-rows.tsx';
import { InterfaceCounters } from './interface-counters.tsx';

/** Milliseconds between two readings, and how many are kept. */
const period = 2000;
const kept = 60;

interface Course {
  readonly sample: Sample;
  readonly values: readonly number[];
}

const views = ['Interfaces', 'Agent'] as const;

/** What goes through interfaces, and everything the agent counts. */
export function CounterPage(): JSX.Element {
  const [view, setView] = useState<(typeof views)[number]>('Interfaces');
  const [text, setText] = useState('');
  return (
    <div className="page fill">
      <h1>Counters</h1>
      <div className="filters" role="search">
        {views.map((name) => (
          <button key={name} type="button" aria-pressed={view === name} onClick={() => setView(name)}>
            {name}
          </button>
        ))}
        <input
          type="search"
          aria-label="Find a counter"
          placeholder="find a counter ( / )"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {view === 'Interfaces' ? <InterfaceCounters text={text} /> : <AgentCounters text={text} />}
    </div>
  );
}

/** With their course since this was opened. */
function AgentCounters({ text }: { readonly text: string }): JSX.Element {
  const { courses, error } = useCourses();
  const found = useMemo(
    () => [...courses.values()].filter(({ sample }) => `${sample.name}{${sample.labels}}`.includes(text)),
    [courses, text],
  );
  return (
    <>
      <span role="status" className="why">
        {found.length} of {courses.size}, read every {period / 1000} s
      </span>
      {error && <ErrorNote error={error} />}
      {courses.size === 0 && !error && <Loading />}
      {courses.size > 0 && found.length === 0 && <Empty>No counter matches.</Empty>}
      <VirtualRows
        items={found}
        keyOf={({ sample }) => `${sample.name}{${sample.labels}}`}
        label="Counters"
        row={(course) => <CounterRow course={course} />}
      />
    </>
  );
}

function CounterRow({ course: { sample, values } }: { readonly course: Course }): JSX.Element {
  const steps =
    sample.type === 'counter' ? values.slice(1).map((value, index) => value - (values[index] ?? 0)) : values;
  return (
    <>
      <span className="grow" title={sample.help}>
        {sample.name}
        {sample.labels !== '' && <small> {sample.labels}</small>}
      </span>
      <Sparkline values={steps} label={`course of ${sample.name}`} />
      <span className="figure">{shown(sample.value)}</span>
      <span className="figure why">
        {sample.type === 'counter' ? `${shown((steps.at(-1) ?? 0) / (period / 1000))}/s` : ''}
      </span>
    </>
  );
}

const format = new Intl.NumberFormat(undefined, { maximumFractionDigits: 3 });

function shown(value: number): string {
  return format.format(value);
}

function useCourses(): { readonly courses: ReadonlyMap<string, Course>; readonly error: ApiError | undefined } {
  const [state, setState] = useState<{ courses: ReadonlyMap<string, Course>; error: ApiError | undefined }>({
    courses: new Map(),
    error: undefined,
  });
  useEffect(() => {
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      try {
        const samples = parseMetrics(await getText('/metrics', abort.signal));
        setState((last) => ({ courses: continued(last.courses, samples), error: undefined }));
      } catch (problem) {
        if (abort.signal.aborted) return;
        const error = problem instanceof ApiError ? problem : new ApiError(String(problem), 0, 'failed');
        setState((last) => ({ ...last, error }));
      }
    };
    void read();
    const timer = setInterval(() => document.visibilityState === 'visible' && void read(), period);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, []);
  return state;
}

function continued(courses: ReadonlyMap<string, Course>, samples: readonly Sample[]): ReadonlyMap<string, Course> {
  return new Map(
    samples.map((sample) => {
      const id = `${sample.name}{${sample.labels}}`;
      return [id, { sample, values: [...(courses.get(id)?.values ?? []), sample.value].slice(-kept) }];
    }),
  );
}
