import type { JSX } from 'react';
import type { State } from '../api/types.ts';
import { stateLooks } from './states.ts';

export function StateBadge({ state }: { readonly state: State }): JSX.Element {
  const { tone, symbol, meaning } = stateLooks[state];
  return (
    <span className={`badge ${tone}`} title={meaning}>
      <span aria-hidden="true">{symbol}</span> {state}
    </span>
  );
}
