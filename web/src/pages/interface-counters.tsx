import { type JSX, useEffect, useMemo, useState } from 'react';
import { ApiError, getJson } from '../api/request.ts';
import { type CounterReading, type Courses, type InterfaceCourse, rateText, withReading } from '../live/rates.ts';
import { watchEvents } from '../live/stream.ts';
import { KeyLink } from '../parts/links.tsx';
import { Empty, ErrorNote, Loading } from '../parts/notes.tsx';
import { Sparkline } from '../parts/sparkline.tsx';
import { VirtualRows } from '../parts/virtual-rows.tsx';

/** ms until the stream is opened again. */
const pause = 2000;

type Now = Omit<CounterReading, 'time'> & { readonly time: string };

/** What goes through each interface, as the agent tells it. */
export function InterfaceCounters({ text }: { readonly text: string }): JSX.Element {
  const { courses, error } = useInterfaceCourses();
  const found = useMemo(
    () =>
      [...(courses?.values() ?? [])].filter(({ latest: { name, device, place } }) =>
        `${name} ${device} ${place}`.includes(text),
      ),
    [courses, text],
  );
  return (
    <>
      <span role="status" className="why">
        {courses === undefined ? '' : `${found.length} of ${courses.size} interfaces`}
      </span>
      {error && <ErrorNote error={error} />}
      {courses === undefined && !error && <Loading />}
      {courses !== undefined && found.length === 0 && (
        <Empty>{courses.size === 0 ? 'The data plane has no interfaces.' : 'No interface matches.'}</Empty>
      )}
      {found.length > 0 && (
        <VirtualRows
          items={found}
          keyOf={({ latest }) => latest.key}
          label="Counters of interfaces"
          row={(course) => <InterfaceRow course={course} />}
        />
      )}
    </>
  );
}

function InterfaceRow({ course: { latest, rx, tx } }: { readonly course: InterfaceCourse }): JSX.Element {
  const { key, name, device, place, operational, counters } = latest;
  const lost = (['rxErrors', 'rxDropped', 'txErrors', 'txDropped'] as const).reduce(
    (sum, counter) => sum + BigInt(counters[counter]),
    0n,
  );
  return (
    <>
      <span className="grow">
        <KeyLink keyText={key} label={name} />
        <small>
          {' '}
          {operational} · {device}
          {place === '' ? '' : ` in ${place}`}
        </small>
      </span>
      <Sparkline values={rx} label={`received by ${name}`} />
      <span className="figure" title={`${counters.rxPackets} packets, ${counters.rxBytes} bytes received`}>
        ↓ {rx.length === 0 ? '…' : rateText(rx.at(-1) ?? 0)}
      </span>
      <Sparkline values={tx} label={`sent by ${name}`} />
      <span className="figure" title={`${counters.txPackets} packets, ${counters.txBytes} bytes sent`}>
        ↑ {tx.length === 0 ? '…' : rateText(tx.at(-1) ?? 0)}
      </span>
      <span className="figure why">{lost === 0n ? '' : `${lost} lost`}</span>
    </>
  );
}

/** `courses` is undefined until the first reading comes. */
function useInterfaceCourses(): { readonly courses: Courses | undefined; readonly error: ApiError | undefined } {
  const [courses, setCourses] = useState<Courses>();
  const [error, setError] = useState<ApiError>();
  useEffect(() => {
    const abort = new AbortController();
    void (async () => {
      while (!abort.signal.aborted) {
        try {
          // What there is now: the stream's next reading may be seconds away.
          const { time, interfaces } = await getJson<Now>('/api/v1/interfaces', abort.signal);
          setCourses((before) => before ?? withReading(new Map(), { time: Date.parse(time), interfaces }));
          for await (const { event, data } of watchEvents('counters', undefined, abort.signal)) {
            if (event !== 'counters') continue;
            setCourses((before) => withReading(before ?? new Map(), JSON.parse(data) as CounterReading));
            setError(undefined);
          }
        } catch (caught) {
          if (abort.signal.aborted) return;
          setError(caught instanceof ApiError ? caught : new ApiError(String(caught), 0, 'failed'));
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    })();
    return () => abort.abort();
  }, []);
  return { courses, error };
}
