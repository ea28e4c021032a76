import { type JSX, useEffect, useMemo, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { ApiError, getJson, getText, query, send } from '../api/request.ts';
import type { Operation, Status } from '../api/types.ts';
import type { Schema } from '../editor/schema.ts';
import { YamlEditor } from '../editor/yaml-editor.tsx';
import { useAnswer } from '../live/use-answer.ts';
import { useLive } from '../live/use-live.ts';
import { KeyLink } from '../parts/links.tsx';
import { Empty, ErrorNote } from '../parts/notes.tsx';
import { Operations } from '../parts/operations.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { GuardedCommit } from './guarded-commit.tsx';

interface Planned {
  readonly operations: readonly Operation[];
}

export interface Applied {
  readonly seqNum: number | null;
  readonly values: readonly Status[];
  readonly failures: readonly { readonly key: string; readonly operation: string; readonly error: string }[];
  readonly timing?: Readonly<Record<string, number>>;
}

/** Name of the source whose configuration is edited here. */
const ownSource = 'rest';
const guardTime = '60s';

/** Edit, look at the plan, apply: at once, or guarded so that a mistake takes itself back. */
export default function ConfigurationPage(): JSX.Element {
  const { values } = useLive();
  const [parameters, setParameters] = useSearchParams();
  const sources = useMemo(
    () => [...new Set([ownSource, ...[...values.values()].flatMap((status) => status.source ?? [])])].sort(),
    [values],
  );
  const source = parameters.get('source') ?? ownSource;
  const stored = useAnswer(
    (signal) => getText(`/api/v1/configuration${query({ source, format: 'yaml' })}`, signal),
    [source],
  );
  const schema = useAnswer((signal) => getJson<Schema>('/info/configuration/jsonschema', signal), []);
  const [text, setText] = useState('');
  const [plan, setPlan] = useState<Planned>();
  const [applied, setApplied] = useState<Applied>();
  const [guarded, setGuarded] = useState(false);
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  useEffect(() => setText(stored.data ?? ''), [stored.data]);

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (problem) {
      setError(problem instanceof ApiError ? problem : new ApiError(String(problem), 0, 'failed'));
    } finally {
      setBusy(false);
    }
  };
  const edit = (changed: string): void => {
    setText(changed);
    setPlan(undefined);
  };
  const preview = (): Promise<void> =>
    attempt(async () => {
      setApplied(undefined);
      setPlan(await send<Planned>('POST', `/api/v1/configuration/plan${query({ source, replace: 'true' })}`, text));
    });
  const apply = (confirm?: string): Promise<void> =>
    attempt(async () => {
      const parameters = query({ source, replace: 'true', confirm, description: 'edited in the web UI' });
      setApplied(await send<Applied>('PUT', `/api/v1/configuration${parameters}`, text));
      setGuarded(confirm !== undefined);
      setPlan(undefined);
    });

  return (
    <div className="page configuration">
      <h1>Configuration</h1>
      <p className="why">
        What the source{' '}
        <select aria-label="Source" value={source} onChange={(event) => setParameters({ source: event.target.value })}>
          {[...new Set([...sources, source])].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>{' '}
        wants, as one document. Other sources are not touched.
      </p>
      {stored.error && <ErrorNote error={stored.error} />}
      <YamlEditor text={text} onChange={edit} schema={schema.data} problems={error?.problems ?? []} />
      <div className="actions">
        <button type="button" className="primary" disabled={busy} onClick={() => void preview()}>
          Preview the plan
        </button>
        <button type="button" disabled={busy || plan === undefined} onClick={() => void apply()}>
          Apply
        </button>
        <button
          type="button"
          disabled={busy || plan === undefined}
          onClick={() => void apply(guardTime)}
          title="Taken back by itself unless it is confirmed in time"
        >
          Apply for {guardTime}, then ask
        </button>
        <button type="button" disabled={busy} onClick={() => edit(stored.data ?? '')}>
          Start over
        </button>
        {busy && <span role="status">working …</span>}
      </div>
      {error && <ErrorNote error={error} />}
      {plan && <PlanView plan={plan} />}
      {applied && <AppliedView applied={applied} />}
      {applied?.seqNum != null && guarded && (
        <GuardedCommit key={applied.seqNum} seqNum={applied.seqNum} time={guardTime} />
      )}
    </div>
  );
}

function PlanView({ plan }: { readonly plan: Planned }): JSX.Element {
  return (
    <section aria-labelledby="plan">
      <h2 id="plan">Plan: {plan.operations.length} operations</h2>
      {plan.operations.length === 0 ? (
        <Empty>Nothing would change.</Empty>
      ) : (
        <Operations operations={plan.operations} label="Planned operations" />
      )}
    </section>
  );
}

function AppliedView({ applied }: { readonly applied: Applied }): JSX.Element {
  const open = applied.values.filter(({ state }) => state !== 'CONFIGURED');
  return (
    <section aria-labelledby="applied" className={`note ${applied.failures.length > 0 ? 'bad' : 'good'}`}>
      <h2 id="applied" role="status">
        {applied.seqNum === null ? (
          'Nothing had to change'
        ) : (
          <>
            Applied by <Link href={`/transactions/${applied.seqNum}`}>transaction #{applied.seqNum}</Link>
          </>
        )}
      </h2>
      <ul className="plain">
        {applied.failures.map(({ key, error }) => (
          <li key={key}>
            <KeyLink keyText={key} />: {error}
          </li>
        ))}
        {open.map((status) => (
          <li key={status.key}>
            <StateBadge state={status.state} /> <KeyLink keyText={status.key} label={status.name} />
          </li>
        ))}
      </ul>
    </section>
  );
}
