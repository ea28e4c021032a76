import type { JSX } from 'react';
import { Link } from 'wouter';
import { getJson, query } from '../api/request.ts';
import type { AgentStatus, Status, Transaction } from '../api/types.ts';
import { useAnswer } from '../live/use-answer.ts';
import { useLive } from '../live/use-live.ts';
import { KeyLink } from '../parts/links.tsx';
import { Empty, ErrorNote, Loading } from '../parts/notes.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { stateLooks, stateOrder } from '../parts/states.ts';
import { Ago } from '../parts/time.tsx';
import { newestFirst, TransactionRow } from '../parts/transaction-row.tsx';

/** Attention: what is not as wanted, worst first. */
const attention = stateOrder.slice(0, 5);
/** Values that are listed there; the rest is behind the link. */
const listed = 8;

export function OverviewPage(): JSX.Element {
  return (
    <div className="page overview">
      <h1>Overview</h1>
      <Counts />
      <div className="columns">
        <Attention />
        <HealthCard />
        <Recent />
      </div>
    </div>
  );
}

function Counts(): JSX.Element {
  const { counts, values } = useLive();
  return (
    <section aria-label="Values by state" className="counts">
      <Link href="/objects" className="count">
        <b>{values.size}</b> values
      </Link>
      {stateOrder
        .filter((state) => counts.has(state))
        .map((state) => (
          <Link key={state} href={`/objects?state=${state}`} className={`count ${stateLooks[state].tone}`}>
            <b>{counts.get(state)}</b> {state}
          </Link>
        ))}
    </section>
  );
}

function Attention(): JSX.Element {
  const { values } = useLive();
  const found = [...values.values()].flatMap(troubles).sort(byUrgency);
  return (
    <section className="card attention" aria-labelledby="attention">
      <h2 id="attention">Needs attention</h2>
      {found.length === 0 && <Empty>Everything is as wanted.</Empty>}
      <ul className="plain">
        {found.slice(0, listed).map((status) => (
          <li key={status.key}>
            <StateBadge state={status.state} />{' '}
            <KeyLink
              keyText={status.key}
              label={status.model === undefined ? status.key : `${status.model} ${status.name}`}
            />
            <div className="why">{reasonOf(status)}</div>
          </li>
        ))}
      </ul>
      {found.length > listed && <Link href="/objects?state=attention">all {found.length}</Link>}
    </section>
  );
}

/** A value that is not as wanted, or else those of its parts that are not. */
function troubles(status: Status): readonly Status[] {
  if (attention.includes(status.state)) return [status];
  return status.parts.filter(({ state }) => attention.includes(state));
}

function byUrgency(left: Status, right: Status): number {
  return attention.indexOf(left.state) - attention.indexOf(right.state) || left.since.localeCompare(right.since);
}

/** Why a value is not there, in one line. */
export function reasonOf(status: Status): string {
  if (status.error !== undefined) return status.error;
  const problem = status.problems?.[0];
  if (problem !== undefined) return `${problem.field}: ${problem.message}`;
  if (status.waitingFor.length > 0) return `waits for ${status.waitingFor.map(({ label }) => label).join(', ')}`;
  const [part] = troubles(status).filter(({ key }) => key !== status.key);
  return part === undefined ? '' : `${part.key}: ${reasonOf(part)}`;
}

interface PluginHealth {
  readonly plugin: string;
  readonly state: string;
  readonly reason?: string;
  readonly lastChange: number;
}

function HealthCard(): JSX.Element {
  const { transactions, connection } = useLive();
  const { data, error } = useAnswer(
    (signal) => getJson<AgentStatus & { health: { state: string; plugins: PluginHealth[] } }>('/api/v1/status', signal),
    [connection, transactions],
  );
  return (
    <section className="card" aria-labelledby="health">
      <h2 id="health">Agent</h2>
      {error && <ErrorNote error={error} />}
      {!data && !error && <Loading />}
      {data && (
        <>
          <dl>
            <dt>label</dt>
            <dd>{data.label}</dd>
            <dt>engine</dt>
            <dd>{data.engine || 'none'}</dd>
            <dt>version</dt>
            <dd>{data.version}</dd>
            <dt>running</dt>
            <dd>
              <Ago time={data.started} />, process {data.pid}
            </dd>
            <dt>health</dt>
            <dd className={data.health.state === 'ok' ? 'good' : 'bad'}>{data.health.state}</dd>
          </dl>
          <details>
            <summary>{data.health.plugins.length} plugins</summary>
            <ul className="plain">
              {data.health.plugins.map(({ plugin, state, reason }) => (
                <li key={plugin}>
                  <span className={state === 'ok' ? 'good' : state === 'init' ? 'wait' : 'bad'}>{state}</span> {plugin}
                  {reason !== undefined && <div className="why">{reason}</div>}
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
    </section>
  );
}

function Recent(): JSX.Element {
  const { transactions } = useLive();
  const { data, error } = useAnswer(
    (signal) => getJson<readonly Transaction[]>(`/api/v1/transactions${query({ limit: 8 })}`, signal),
    [transactions],
  );
  return (
    <section className="card wide" aria-labelledby="recent">
      <h2 id="recent">Recent transactions</h2>
      {error && <ErrorNote error={error} />}
      {data?.length === 0 && <Empty>Nothing was changed since the agent started.</Empty>}
      {data && data.length > 0 && (
        <div role="list" aria-label="Recent transactions">
          {newestFirst(data).map((transaction) => (
            <div role="listitem" key={transaction.seqNum} className="row static">
              <TransactionRow transaction={transaction} />
            </div>
          ))}
        </div>
      )}
    </section>
  );
}
