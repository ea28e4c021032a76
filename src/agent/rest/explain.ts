import type { Key } from '../../model/index.ts';
import type { ApiRoutesNeeds } from './needs.ts';
import { RestError } from './rest-error.ts';
import { statusView } from './status-view.ts';
import { plain } from './value-json.ts';

/** Executed operations on a key that are told. */
const lastOperations = 10;

/** Everything that is known of one value. Throws `not-found` with similar keys. */
export function explain(key: Key, { scheduler, intent, values }: ApiRoutesNeeds): object {
  const node = scheduler.snapshot().node(key);
  const status = scheduler.status(key);
  if (!node || !status) throw new RestError('not-found', `there is no value ${key}${similar(key, scheduler)}`, 'key');
  return {
    ...statusView(status),
    desired: values.json(node.desired),
    applied: values.json(node.applied),
    metadata: plain(node.metadata) ?? null,
    ...(node.parent === undefined ? {} : { partOf: node.parent }),
    dependencies: node.dependencies,
    wantedBy: intent.sources.holdings(key).map(({ source, value }, index) => ({
      source: source.name,
      priority: source.priority,
      effective: index === 0,
      value: values.json(value),
    })),
    history: scheduler
      .history()
      .flatMap(({ seqNum, start, executed }) =>
        executed
          .filter((operation) => operation.key === key)
          .map(({ operation, newState, newError, reason, noop }) => ({
            seqNum,
            time: new Date(start).toISOString(),
            operation,
            state: newState,
            ...(newError === undefined ? {} : { error: newError }),
            noop,
            reason,
          })),
      )
      .slice(-lastOperations),
  };
}

function similar(key: Key, scheduler: ApiRoutesNeeds['scheduler']): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const keys: Key[] = [];
  for (const node of scheduler.snapshot().nodes()) {
    if (node.key.endsWith(`/${name}`) || node.label === key) keys.push(node.key);
    if (keys.length === 3) break;
  }
  return keys.length > 0 ? `; do you mean ${keys.join(' or ')}?` : '; `ligature values` lists them';
}
