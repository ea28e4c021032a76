/** What the agent answers on `/api/v1`. */

export type * from '../client/answers.ts';
