/** The feed as server-sent events (WHATWG HTML, section 9.2). */

import { asKey, isUnder } from '../../model/index.ts';
import type { TransactionRecord, ValueStatus } from '../../scheduler/scheduler.ts';
import type { FeedEvent, FeedReader, Loss } from '../feed/feed.ts';
import { statusView } from './status-view.ts';
import { transactionSummary } from './transaction-summary.ts';
import { plain } from './value-json.ts';

/** Events that are turned into text at a time: what a client that does not read holds back is one batch and the socket's buffer. */
const batchSize = 256;
/** ms without events after which a comment shows that the connection lives. */
const heartbeat = 15_000;
/** ms after which a client that lost its connection comes back. */
const reconnect = 2000;

export interface StateFilter {
  readonly prefix?: string;
  readonly model?: string;
}

const reasons: Readonly<Record<Loss, string>> = {
  start: 'this is where events begin: read what there is, then apply events to it',
  restarted: 'the agent is another than the one you listened to: read everything again',
  lost: 'you were away or too slow, and events are gone: read everything again',
};

/** Text of the stream, until the signal aborts or the feed closes. */
export async function* eventStream(
  reader: FeedReader,
  filter: StateFilter,
  texts: EventTexts,
  signal: AbortSignal,
  isClosed: () => boolean,
): AsyncGenerator<string> {
  try {
    yield `retry: ${reconnect}\n\n`;
    while (!signal.aborted && !isClosed()) {
      const { loss, events, position } = reader.take(batchSize);
      let text = loss === undefined ? '' : resyncText(loss, position, events);
      for (const event of events) if (passes(event, filter)) text += texts.of(event);
      if (text !== '') yield text;
      if (!reader.hasMore && (await isQuiet(reader, signal))) yield ': still here\n\n';
    }
  } finally {
    reader.close();
  }
}

/** Texts of events, made once for all clients. */
export class EventTexts {
  readonly #position: (number: number) => string;
  readonly #known = new WeakMap<FeedEvent, string>();

  constructor(position: (number: number) => string) {
    this.#position = position;
  }

  of(event: FeedEvent): string {
    let text = this.#known.get(event);
    if (text === undefined) {
      text = frame(event.topic, this.#position(event.number), viewOf(event));
      this.#known.set(event, text);
    }
    return text;
  }
}

function resyncText(loss: Loss, position: string, events: readonly FeedEvent[]): string {
  // The events that follow have ids of their own; without any, the client comes back to here.
  return frame('resync', events.length === 0 ? position : undefined, { reason: loss, message: reasons[loss] });
}

function frame(event: string, id: string | undefined, data: unknown): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function viewOf({ topic, data }: FeedEvent): unknown {
  if (topic === 'state') return statusView(data as ValueStatus);
  if (topic === 'transaction') return transactionSummary(data as TransactionRecord);
  return plain(data);
}

function passes({ topic, data }: FeedEvent, { prefix, model }: StateFilter): boolean {
  if (topic !== 'state') return true;
  const { key, kind } = data as ValueStatus;
  return (model === undefined || kind === model) && (prefix === undefined || isUnder(prefix, asKey(key)));
}

/** Waits for news; true when there were none for a while. */
async function isQuiet(reader: FeedReader, signal: AbortSignal): Promise<boolean> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), heartbeat);
  const ended = (): void => timeout.abort();
  signal.addEventListener('abort', ended, { once: true });
  try {
    await reader.changed(timeout.signal);
    return timeout.signal.aborted && !signal.aborted;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', ended);
  }
}
