/** Who may do what, for every protocol: what HTTP and gRPC ask before they do anything. */

import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { AppError } from '../errors.ts';
import { type Authenticator, authorize, type Caller } from './authenticate.ts';
import { isLoopback } from './endpoint.ts';
import type { RateLimiter } from './limiter.ts';
import { checkOrigin, type OriginRules } from './origin.ts';
import type { Identity, RouteRole } from './role.ts';

export interface Guards {
  readonly authenticator: Authenticator;
  readonly origin: OriginRules;
  readonly limiter: RateLimiter | undefined;
}

/** A request as it came in, of HTTP/1.1 or HTTP/2. */
export interface Arrival {
  readonly listener: 'tcp' | 'socket';
  readonly method: string;
  readonly socket: Socket;
  /** What `socket` stands for, where that is the view of an HTTP/2 session. */
  readonly connection?: Socket | undefined;
  readonly headers: IncomingHttpHeaders;
}

export class Access {
  readonly #guards: Guards;

  constructor(guards: Guards) {
    this.#guards = guards;
  }

  /** The same rules with another limit of how often. */
  withLimiter(limiter: RateLimiter | undefined): Access {
    return new Access({ ...this.#guards, limiter });
  }

  /**
   * Who calls, if that is enough for the role. Undefined on `public` ground without credentials. Errors: AppError `forbidden`,
   * `unauthenticated`, `rate-limited` (with `retryAfter`, ms).
   */
  admit(arrival: Arrival, needs: RouteRole): Identity | undefined {
    const caller = callerOf(arrival);
    if (caller.listener === 'tcp') checkOrigin(arrival.headers, this.#guards.origin, arrival.method);
    const identity = needs === 'public' ? undefined : this.#identify(caller, arrival);
    this.#limit(identity, arrival);
    authorize(identity, needs);
    return identity;
  }

  /** Who calls, whatever that is enough for. Errors: AppError `unauthenticated` for wrong credentials. */
  whoIs(arrival: Arrival): Identity | undefined {
    return this.#identify(callerOf(arrival), arrival);
  }

  /** Wrong credentials count against the address they come from: guessing is limited too. */
  #identify(caller: Caller, arrival: Arrival): Identity | undefined {
    try {
      return this.#guards.authenticator.identify(caller);
    } catch (error) {
      this.#limit(undefined, arrival);
      throw error;
    }
  }

  #limit(identity: Identity | undefined, { listener, socket }: Arrival): void {
    const { limiter } = this.#guards;
    if (listener === 'socket' || limiter === undefined) return;
    const isNobody = identity === undefined || identity.name === 'anonymous';
    const wait = limiter.take(isNobody ? (socket.remoteAddress ?? '') : `user ${identity.name}`);
    if (wait > 0)
      throw new AppError('rate-limited', `too many requests; wait ${Math.ceil(wait)} ms`, { retryAfter: wait });
  }
}

function callerOf({ listener, socket, connection, headers, method }: Arrival): Caller {
  const secure = socket as Partial<TLSSocket>;
  const verified = secure.encrypted === true && secure.authorized === true;
  return {
    listener,
    socket: connection ?? socket,
    loopback: isLoopback(socket.localAddress ?? '') && isLoopback(socket.remoteAddress ?? ''),
    certificate: verified ? commonName(secure) : undefined,
    headers,
    method,
  };
}

function commonName(socket: Partial<TLSSocket>): string | undefined {
  const name = socket.getPeerCertificate?.().subject?.CN as string | string[] | undefined;
  return Array.isArray(name) ? name[0] : name;
}
