/**
 * Who this page is for the agent. The log-in itself is a cookie that no script can read; what changes something has to bring the
 * session's word along (`X-Ligature-Csrf`), which pages of other sites cannot know.
 */

export interface Session {
  readonly name: string;
  /** `read`, `operate`, `admin`; null: nobody in particular. */
  readonly role: string | null;
  readonly via: string | null;
  readonly csrf?: string;
}

let word: string | undefined;

/** Header of requests that change something. */
export function sessionHeaders(): Readonly<Record<string, string>> {
  return word === undefined ? {} : { 'x-ligature-csrf': word };
}

export function remember(session: Session): Session {
  word = session.csrf;
  return session;
}
