import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '../errors.ts';
import type { LocalCallers } from './local-callers.ts';
import type { Sessions } from './sessions.ts';
import { allows, type Identity, type Role, type RouteRole } from './role.ts';

/** What is known of the connection a request came by. */
export interface Caller {
  readonly listener: 'tcp' | 'socket';
  /** The connection itself: the kernel knows who is at the other end of a unix socket. */
  readonly socket: Socket;
  /** Both ends are on loopback. */
  readonly loopback: boolean;
  /** Common name of a client certificate that TLS has verified. */
  readonly certificate: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
}

export interface Credentials {
  readonly tokens: readonly { readonly name: string; readonly role: Role; readonly token: string }[];
  /** `user:password` */
  readonly basic: readonly string[];
  /** Role by common name. */
  readonly certificates: ReadonlyMap<string, Role>;
  /** Everybody is admin. */
  readonly open: boolean;
  readonly sessions: Sessions;
  readonly local: LocalCallers;
}

/** Says who calls. Errors: AppError `unauthenticated`. */
export class Authenticator {
  readonly #credentials: Credentials;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /** Undefined: nobody in particular, and from a place where that is not enough for anything. */
  identify(caller: Caller): Identity | undefined {
    if (caller.listener === 'socket') return this.#credentials.local.identify(caller.socket);
    const { authorization } = caller.headers;
    if (authorization !== undefined && !this.#credentials.open) return this.#byHeader(authorization);
    const session = this.#credentials.sessions.of(caller.headers);
    if (session !== undefined) {
      this.#credentials.sessions.check(session, caller.method, caller.headers);
      return session.identity;
    }
    if (caller.certificate !== undefined) {
      const role = this.#credentials.certificates.get(caller.certificate) ?? 'operate';
      return { name: caller.certificate, role, via: 'certificate' };
    }
    if (this.#credentials.open) return { name: 'anonymous', role: 'admin', via: 'open' };
    if (caller.loopback && this.#credentials.basic.length === 0)
      return { name: 'anonymous', role: 'read', via: 'loopback' };
    return undefined;
  }

  #byHeader(authorization: string): Identity {
    const [scheme = '', value = ''] = authorization.split(/\s+/, 2);
    if (scheme.toLowerCase() === 'bearer') {
      const token = this.#credentials.tokens.find((candidate) => same(candidate.token, value));
      if (token !== undefined) return { name: token.name, role: token.role, via: 'token' };
    }
    if (scheme.toLowerCase() === 'basic') {
      const pair = Buffer.from(value, 'base64').toString('utf8');
      const user = this.#credentials.basic.find((candidate) => same(candidate, pair));
      if (user !== undefined) return { name: user.slice(0, user.indexOf(':')), role: 'operate', via: 'basic' };
    }
    throw new AppError(
      'unauthenticated',
      `these ${scheme.toLowerCase() === 'basic' ? 'user and password are' : 'credentials are'} not known`,
    );
  }
}

/** Errors: AppError `unauthenticated` when credentials would help, `forbidden` when these are not enough. */
export function authorize(identity: Identity | undefined, needs: RouteRole): void {
  if (needs === 'public' || (identity !== undefined && allows(identity.role, needs))) return;
  if (identity === undefined || identity.name === 'anonymous') {
    throw new AppError(
      'unauthenticated',
      `this needs the role ${needs}: send a token (Authorization: Bearer ..., see http-token in the state directory), or use the unix socket`,
    );
  }
  throw new AppError('forbidden', `this needs the role ${needs}; ${identity.name} has the role ${identity.role}`);
}

/** In constant time, also for different lengths. */
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
