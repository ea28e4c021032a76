import { type JSX, useState } from 'react';
import type { Operation } from '../api/types.ts';
import { KeyLink } from './links.tsx';
import { StateBadge } from './state-badge.tsx';
import { YamlDifference } from './yaml-text.tsx';

/** Operations drawn at once; the rest follows on request. */
const batch = 200;

/** Operations in their order: what, on what, why; open one to see the value before and after. */
export function Operations({
  operations,
  label,
}: {
  readonly operations: readonly Operation[];
  readonly label: string;
}): JSX.Element {
  const [shown, setShown] = useState(batch);
  return (
    <>
      <ol className="operations" aria-label={label}>
        {operations.slice(0, shown).map((operation, index) => (
          <li key={index}>
            <OperationLine operation={operation} />
          </li>
        ))}
      </ol>
      {operations.length > shown && (
        <button type="button" onClick={() => setShown(shown + batch)}>
          {operations.length - shown} more
        </button>
      )}
    </>
  );
}

function OperationLine({ operation }: { readonly operation: Operation }): JSX.Element {
  const marks = [
    operation.noop && 'nothing to do',
    operation.isRecreate && 're-creation',
    operation.isRevert && 'revert',
    operation.isRetry && 'retry',
  ].filter((mark) => mark !== false);
  return (
    <details>
      <summary>
        <b className={`verb ${operation.operation.toLowerCase()}`}>{operation.operation.toLowerCase()}</b>{' '}
        <KeyLink keyText={operation.key} /> <StateBadge state={operation.newState} />
        {marks.map((mark) => (
          <span key={mark} className="badge mute">
            {mark}
          </span>
        ))}
        {operation.reason !== '' && <span className="why"> because {operation.reason}</span>}
        {operation.newError !== undefined && <div className="bad">{operation.newError}</div>}
      </summary>
      <YamlDifference left={operation.prevValue} right={operation.newValue} label="value before and after" />
    </details>
  );
}
