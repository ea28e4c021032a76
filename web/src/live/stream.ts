/** Events of `/api/v1/watch`. */

import { createParser } from 'eventsource-parser';
import { request } from '../api/request.ts';

export interface StreamEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string | undefined;
}

/** By fetch and not by EventSource, which tells nothing of why it failed. `after`: id of the last event that is known. */
export async function* watchEvents(topics: string, after?: string, signal?: AbortSignal): AsyncGenerator<StreamEvent> {
  const place = after === undefined ? '' : `&after=${encodeURIComponent(after)}`;
  const response = await request(`/api/v1/watch?topics=${topics}${place}`, signal === undefined ? {} : { signal });
  const found: StreamEvent[] = [];
  const parser = createParser({
    onEvent: ({ event = 'message', data, id }) => found.push({ event, data, id }),
  });
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
    yield* found.splice(0);
  }
}
