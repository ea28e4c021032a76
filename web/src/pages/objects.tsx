import { type JSX, useDeferredValue, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { Status } from '../api/types.ts';
import { useLive } from '../live/use-live.ts';
import { KeyLink } from '../parts/links.tsx';
import { Empty } from '../parts/notes.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { stateOrder } from '../parts/states.ts';
import { Ago } from '../parts/time.tsx';
import { VirtualRows } from '../parts/virtual-rows.tsx';
import { reasonOf } from './overview.tsx';

/** All values, filtered by text, model and state. The filter is in the address, so that it can be shared. */
export function ObjectsPage(): JSX.Element {
  const { values } = useLive();
  const [parameters, setParameters] = useSearchParams();
  const [text, setText] = useState(parameters.get('find') ?? '');
  const wanted = useDeferredValue(text.toLowerCase());
  const state = parameters.get('state') ?? '';
  const model = parameters.get('model') ?? '';
  const models = useMemo(() => [...new Set([...values.values()].flatMap((one) => one.model ?? []))].sort(), [values]);
  const found = useMemo(
    () => [...values.values()].filter((status) => matches(status, wanted, state, model)).sort(byKey),
    [values, wanted, state, model],
  );
  const set = (name: string, value: string): void =>
    setParameters((last) => {
      if (value === '') last.delete(name);
      else last.set(name, value);
      return last;
    });
  return (
    <div className="page fill">
      <h1>Objects</h1>
      <div className="filters" role="search">
        <input
          type="search"
          aria-label="Find by name, key or reason"
          placeholder="find by name, key or reason ( / )"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            set('find', event.target.value);
          }}
        />
        <select aria-label="Model" value={model} onChange={(event) => set('model', event.target.value)}>
          <option value="">all models</option>
          {models.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <select aria-label="State" value={state} onChange={(event) => set('state', event.target.value)}>
          <option value="">all states</option>
          <option value="attention">needs attention</option>
          {stateOrder.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <span role="status">
          {found.length} of {values.size}
        </span>
      </div>
      {found.length === 0 ? (
        <Empty>{values.size === 0 ? 'Nothing is configured yet.' : 'Nothing matches.'}</Empty>
      ) : (
        <VirtualRows
          items={found}
          keyOf={({ key }) => key}
          label="Values"
          row={(status) => <ObjectRow status={status} />}
        />
      )}
    </div>
  );
}

function ObjectRow({ status }: { readonly status: Status }): JSX.Element {
  return (
    <>
      <StateBadge state={status.state} />
      <span className="model">{status.model}</span>
      <KeyLink keyText={status.key} label={status.name} />
      <span className="why grow">{reasonOf(status)}</span>
      <span className="ago">
        <Ago time={status.since} />
      </span>
    </>
  );
}

const attentionStates = new Set(stateOrder.slice(0, 5));

function matches(status: Status, text: string, state: string, model: string): boolean {
  if (model !== '' && status.model !== model) return false;
  if (state === 'attention' ? !attentionStates.has(status.state) : state !== '' && status.state !== state) return false;
  return (
    text === '' ||
    status.key.toLowerCase().includes(text) ||
    status.name.toLowerCase().includes(text) ||
    reasonOf(status).toLowerCase().includes(text)
  );
}

function byKey(left: Status, right: Status): number {
  return left.key < right.key ? -1 : left.key > right.key ? 1 : 0;
}
