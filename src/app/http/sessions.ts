/** Sessions of browsers: a cookie in place of a token, and a text that a foreign page cannot know for everything that changes something. */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../errors.ts';
import type { Identity } from './role.ts';

export interface Session {
  readonly id: string;
  readonly identity: Identity;
  /** Has to come back in `X-Ligature-Csrf` with whatever is no GET. */
  readonly csrf: string;
  /** ms since the epoch */
  readonly until: number;
}

export const sessionCookie = 'ligature-session';
export const csrfHeader = 'x-ligature-csrf';

/** ms */
const lifetime = 12 * 3600_000;
/** The oldest goes when there are more. */
const most = 1000;

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  open(identity: Identity): Session {
    const session: Session = {
      id: randomBytes(32).toString('base64url'),
      csrf: randomBytes(32).toString('base64url'),
      identity: { ...identity, via: 'session' },
      until: this.#now() + lifetime,
    };
    this.#sessions.set(session.id, session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > most && oldest !== undefined) this.#sessions.delete(oldest);
    return session;
  }

  close(session: Session): void {
    this.#sessions.delete(session.id);
  }

  /** The session a request belongs to. */
  of(headers: IncomingHttpHeaders): Session | undefined {
    const id = cookieOf(headers, sessionCookie);
    const session = id === undefined ? undefined : this.#sessions.get(id);
    if (session === undefined || session.until > this.#now()) return session;
    this.#sessions.delete(session.id);
    return undefined;
  }

  /** Errors: AppError `forbidden` for a change that may come from a foreign page. */
  check(session: Session, method: string, headers: IncomingHttpHeaders): void {
    if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return;
    const given = Buffer.from(String(headers[csrfHeader] ?? ''));
    const expected = Buffer.from(session.csrf);
    if (given.length === expected.length && timingSafeEqual(given, expected)) return;
    throw new AppError('forbidden', 'a change with a session cookie needs the header X-Ligature-Csrf of that session', {
      field: 'X-Ligature-Csrf',
    });
  }

  /** Value of `Set-Cookie`; `undefined`: the session is over. */
  cookie(session: Session | undefined, isSecure: boolean): string {
    const age = session === undefined ? 0 : Math.floor((session.until - this.#now()) / 1000);
    return `${sessionCookie}=${session?.id ?? ''}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${isSecure ? '; Secure' : ''}`;
  }
}

/** RFC 6265 section 5.4. */
function cookieOf({ cookie }: IncomingHttpHeaders, name: string): string | undefined {
  for (const pair of (cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
