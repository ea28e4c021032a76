import * as z from 'zod';
import { AppError } from '../errors.ts';
import { definePlugin } from '../plugin/definition.ts';
import { httpPlugin } from './plugin.ts';
import { HttpReply } from './route.ts';

/** `/api/v1/session`: how a page logs in with a token, and learns who it is. */
export const sessionRoutesPlugin = definePlugin({
  name: 'session-routes',
  description: 'sessions of browsers',
  needs: { http: httpPlugin },
  start: ({ http }) => {
    const { sessions } = http;

    http.route({
      method: 'GET',
      path: '/api/v1/session',
      role: 'public',
      summary: 'who the caller is and may do, and what has to come back in X-Ligature-Csrf',
      handler: ({ arrival }) => {
        const identity = http.access.whoIs({ ...arrival, method: 'GET' });
        const session = sessions.of(arrival.headers);
        return {
          name: identity?.name ?? 'anonymous',
          role: identity?.role ?? null,
          via: identity?.via ?? null,
          ...(identity?.via === 'session' && session !== undefined ? { csrf: session.csrf } : {}),
        };
      },
    });

    http.route({
      method: 'POST',
      path: '/api/v1/session',
      role: 'public',
      summary:
        'log in with a token: sets a cookie that pages cannot read, and says what has to come back in X-Ligature-Csrf',
      schema: { body: z.strictObject({ token: z.string().min(1).max(4096) }) },
      handler: ({ body, arrival }) => {
        const authorization = `Bearer ${body.token}`;
        const identity = http.access.whoIs({ ...arrival, headers: { ...arrival.headers, authorization } });
        if (identity === undefined)
          throw new AppError('unauthenticated', 'this token is not known', { field: 'token' });
        const session = sessions.open(identity);
        const { name, role } = session.identity;
        return new HttpReply(
          { name, role, via: 'session', csrf: session.csrf },
          { headers: { 'set-cookie': sessions.cookie(session, http.isSecure) } },
        );
      },
    });

    http.route({
      method: 'DELETE',
      path: '/api/v1/session',
      role: 'read',
      summary: 'log out',
      handler: ({ arrival }) => {
        const session = sessions.of(arrival.headers);
        if (session !== undefined) sessions.close(session);
        return new HttpReply(undefined, {
          status: 204,
          headers: { 'set-cookie': sessions.cookie(undefined, http.isSecure) },
        });
      },
    });
  },
});
