/** What clients say about a change in the metadata of a call. */

import type { HandlerContext } from '@connectrpc/connect';
import { callerOf } from '../../app/grpc/caller.ts';
import type { Source } from '../../scheduler/scheduler.ts';
import type { ApplyOptions } from '../configuration/configurator.ts';
import type { Acknowledgement } from '../intent/intent.ts';
import { invalid } from './errors.ts';

const levels: readonly Acknowledgement[] = ['accepted', 'persisted', 'applied', 'verified'];

/**
 * `datasrc` (Ligato's): the source that wants it, default `grpc`. `ligature-acknowledge`: how far the call waits. `ligature-revert`,
 * `ligature-retry`: `true` or `false`. `ligature-description` (`-bin` with base64 of UTF-8): stands in the history.
 * `ligature-confirm`: ms within which the change has to be confirmed, or it is put back.
 */
export function changeOptions(
  context: Pick<HandlerContext, 'requestHeader' | 'values' | 'method' | 'service'>,
  sourceOf: (name: string) => Source,
  replace: boolean,
): ApplyOptions {
  const { requestHeader: headers, service, method } = context;
  const source = headers.get('datasrc') ?? 'grpc';
  if (!/^[A-Za-z0-9_.-]{1,64}$/.test(source))
    throw invalid('datasrc: a source is named by up to 64 letters, digits and _ . -', [
      { field: 'datasrc', description: 'up to 64 letters, digits and _ . -' },
    ]);
  const acknowledge = (headers.get('ligature-acknowledge') ?? 'applied') as Acknowledgement;
  if (!levels.includes(acknowledge)) throw wrong('ligature-acknowledge', `one of ${levels.join(', ')}`);
  const confirm = headers.get('ligature-confirm');
  if (confirm !== null && !/^\d{1,9}$/.test(confirm)) throw wrong('ligature-confirm', 'milliseconds');
  return {
    source: sourceOf(source),
    acknowledge,
    ...(replace ? { replace: true } : {}),
    options: {
      by: callerOf(context).by,
      description: (descriptionOf(headers) ?? `${service.name}.${method.name}`).slice(0, 1024),
      ...(flag(headers, 'ligature-revert', false) ? { revert: true } : {}),
      ...(flag(headers, 'ligature-retry', true) ? {} : { retry: false as const }),
      ...(confirm === null ? {} : { confirmWithin: Number(confirm) }),
    },
  };
}

function descriptionOf(headers: Headers): string | null {
  const bytes = headers.get('ligature-description-bin');
  return bytes === null ? headers.get('ligature-description') : Buffer.from(bytes, 'base64').toString('utf8');
}

function flag(headers: Headers, name: string, otherwise: boolean): boolean {
  const text = headers.get(name);
  if (text === null) return otherwise;
  if (text !== 'true' && text !== 'false') throw wrong(name, '`true` or `false`');
  return text === 'true';
}

function wrong(field: string, accepted: string) {
  return invalid(`metadata ${field}: expected ${accepted}`, [{ field, description: `expected ${accepted}` }]);
}
