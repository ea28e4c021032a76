import { type JSX, useState } from 'react';
import { Link } from 'wouter';
import { getJson, query } from '../api/request.ts';
import type { Explanation, GraphDependency, Holding, OperationNote, Status } from '../api/types.ts';
import { useAnswer } from '../live/use-answer.ts';
import { useLive } from '../live/use-live.ts';
import { KeyLink } from '../parts/links.tsx';
import { Empty, ErrorNote, Loading } from '../parts/notes.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { stateLooks } from '../parts/states.ts';
import { Ago } from '../parts/time.tsx';
import { Yaml, YamlDifference } from '../parts/yaml-text.tsx';

/** `/api/v1/object`, what it has beside the explanation. */
interface Retrieved {
  readonly retrieved: unknown;
  /** False: nothing of it can be read back. */
  readonly retrievable: boolean;
  readonly drift: readonly { readonly key: string; readonly problem: string; readonly fields?: readonly string[] }[];
}

/** Everything about one value: wanted, applied and really there, side by side; why; what was done. */
export function ObjectPage({ objectKey }: { readonly objectKey: string }): JSX.Element {
  const { values, transactions } = useLive();
  const live = values.get(objectKey);
  const { data, error } = useAnswer(
    (signal) => getJson<Explanation>(`/api/v1/explain${query({ key: objectKey })}`, signal),
    [objectKey, live, transactions],
  );
  if (data === undefined) return error === undefined ? <Loading /> : <ErrorNote error={error} />;
  return (
    <div className="page object">
      <h1>
        <StateBadge state={data.state} /> {data.name} <small>{data.model}</small>
      </h1>
      <p className="why">
        <code>{data.key}</code> · {stateLooks[data.state].meaning}, since <Ago time={data.since} /> ·{' '}
        <Link href={`/transactions/${data.seqNum}`}>transaction #{data.seqNum}</Link>
        {data.partOf !== undefined && (
          <>
            {' '}
            · part of <KeyLink keyText={data.partOf} />
          </>
        )}
        {' · '}
        <Link href={`/graph?key=${encodeURIComponent(data.key)}`}>in the graph</Link>
      </p>
      <Reasons status={data} />
      <SideBySide explanation={data} />
      <div className="columns">
        <Dependencies dependencies={data.dependencies} />
        <Parts parts={data.parts} />
        <WantedBy holdings={data.wantedBy} />
        <History notes={data.history} />
      </div>
    </div>
  );
}

function Reasons({ status }: { readonly status: Status }): JSX.Element | null {
  const problems = status.problems ?? [];
  const details = status.details ?? [];
  if (status.error === undefined && problems.length + details.length + status.waitingFor.length === 0) return null;
  return (
    <div className={`note ${stateLooks[status.state].tone}`}>
      {status.error !== undefined && <p>{status.error}</p>}
      <ul>
        {problems.map(({ field, message }) => (
          <li key={field + message}>
            <code>{field}</code>: {message}
          </li>
        ))}
        {status.waitingFor.map(({ label, since }) => (
          <li key={label}>
            waits for <strong>{label}</strong>, since <Ago time={since} />
          </li>
        ))}
        {details.map((detail) => (
          <li key={detail}>{detail}</li>
        ))}
      </ul>
    </div>
  );
}

function SideBySide({ explanation }: { readonly explanation: Explanation }): JSX.Element {
  const [asked, setAsked] = useState(false);
  const { data, error, loading, reload } = useAnswer<Retrieved | undefined>(
    (signal) =>
      asked
        ? getJson<Retrieved>(`/api/v1/object${query({ key: explanation.key })}`, signal)
        : Promise.resolve(undefined),
    [explanation.key, asked],
  );
  const { desired, applied } = explanation;
  return (
    <div className="side-by-side">
      <section aria-labelledby="desired">
        <h2 id="desired">Wanted</h2>
        <Yaml value={desired} label="wanted" />
      </section>
      <section aria-labelledby="applied">
        <h2 id="applied">Applied</h2>
        {applied === null ? (
          <Empty>Not applied.</Empty>
        ) : (
          <YamlDifference left={desired ?? applied} right={applied} label="applied, compared with wanted" />
        )}
      </section>
      <section aria-labelledby="retrieved">
        <h2 id="retrieved">
          In the data plane{' '}
          <button type="button" onClick={() => (asked ? reload() : setAsked(true))} disabled={asked && loading}>
            {asked && loading ? 'reading …' : 'read now'}
          </button>
        </h2>
        {error && <ErrorNote error={error} />}
        {!asked && <Empty>Read when asked.</Empty>}
        {data && !data.retrievable && <Empty>This engine cannot read it back.</Empty>}
        {data?.retrievable && data.retrieved === null && <Empty>It is not there.</Empty>}
        {data?.retrievable && data.retrieved !== null && (
          <YamlDifference
            left={applied ?? data.retrieved}
            right={data.retrieved}
            label="data plane, compared with applied"
          />
        )}
        {data?.retrievable && (
          <p role="status" className={data.drift.length === 0 ? 'good' : 'bad'}>
            {data.drift.length === 0
              ? 'The data plane is as applied.'
              : data.drift
                  .map(({ key, problem, fields }) => `${key}: ${problem} ${(fields ?? []).join(', ')}`)
                  .join('; ')}
          </p>
        )}
      </section>
    </div>
  );
}

function Dependencies({ dependencies }: { readonly dependencies: readonly GraphDependency[] }): JSX.Element {
  return (
    <section className="card" aria-labelledby="dependencies">
      <h2 id="dependencies">Needs</h2>
      {dependencies.length === 0 && <Empty>Nothing.</Empty>}
      <ul className="plain">
        {dependencies.map(({ label, keys, satisfied }) => (
          <li key={label}>
            <span className={satisfied ? 'good' : 'wait'}>{satisfied ? 'there' : 'missing'}</span> {label}
            {keys.map((key) => (
              <div key={key} className="why">
                <KeyLink keyText={key} />
              </div>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Parts({ parts }: { readonly parts: readonly Status[] }): JSX.Element {
  return (
    <section className="card" aria-labelledby="parts">
      <h2 id="parts">Parts</h2>
      {parts.length === 0 && <Empty>None.</Empty>}
      <ul className="plain">
        {parts.map((part) => (
          <li key={part.key}>
            <StateBadge state={part.state} /> <KeyLink keyText={part.key} label={part.name} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function WantedBy({ holdings }: { readonly holdings: readonly Holding[] }): JSX.Element {
  return (
    <section className="card" aria-labelledby="wanted-by">
      <h2 id="wanted-by">Wanted by</h2>
      {holdings.length === 0 && <Empty>Nobody: it is a part, or was found in the data plane.</Empty>}
      <ul className="plain">
        {holdings.map(({ source, priority, effective, value }) => (
          <li key={source}>
            <details>
              <summary>
                {source} (priority {priority}){effective ? '' : ', covered by the one above'}
              </summary>
              <Yaml value={value} label={`what ${source} wants`} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function History({ notes }: { readonly notes: readonly OperationNote[] }): JSX.Element {
  return (
    <section className="card wide" aria-labelledby="history">
      <h2 id="history">History</h2>
      {notes.length === 0 && <Empty>Nothing was done to it since the agent started.</Empty>}
      <ol className="timeline" reversed>
        {notes.toReversed().map((note, index) => (
          <li key={index}>
            <Link href={`/transactions/${note.seqNum}`}>#{note.seqNum}</Link> <Ago time={note.time} />{' '}
            <b>{note.operation.toLowerCase()}</b> <StateBadge state={note.state} />
            {note.reason !== '' && <span className="why"> because {note.reason}</span>}
            {note.error !== undefined && <div className="bad">{note.error}</div>}
          </li>
        ))}
      </ol>
    </section>
  );
}
