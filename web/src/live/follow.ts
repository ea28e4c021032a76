/** Keeps {@link LiveValues} equal to the agent's: reads all values, then applies the events of `/api/v1/watch`. */

import { ApiError, getJson } from '../api/request.ts';
import type { Status } from '../api/types.ts';
import { watchEvents } from './stream.ts';
import type { LiveValues } from './values.ts';

/** ms until the next attempt, doubled up to the second. */
const firstPause = 500;
const longestPause = 8000;

/** Never returns: when the stream ends it is opened anew, from the last event that was seen. */
export async function follow(live: LiveValues): Promise<never> {
  let pause = firstPause;
  let last: string | undefined;
  for (;;) {
    try {
      for await (const { event, data, id } of watchEvents('state,transaction', last)) {
        last = id ?? last;
        pause = firstPause;
        if (event === 'resync') live.replace(await getJson<readonly Status[]>('/api/v1/values'));
        else if (event === 'state') live.update(JSON.parse(data) as Status);
        else if (event === 'transaction') live.transaction();
        live.connection('live');
      }
      live.connection('lost', 'the agent closed the stream');
    } catch (error) {
      live.connection('lost', error instanceof ApiError ? error.message : String(error));
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, longestPause);
  }
}
