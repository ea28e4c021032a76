/**
 * An HTTP server that hands requests on to an agent's unix socket. Whoever comes through it has the rights of the user who runs it,
 * so it lets in browsers with its key only: from the address once, then from a cookie that pages cannot read. Pages of other sites
 * cannot use it: names that lead here by DNS are refused, as are requests with another origin.
 */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';

const cookieName = 'ligature-ui';
/** Between two hops, RFC 9110 7.6.1, and what is ours to check. */
const ownHeaders = new Set(['connection', 'cookie', 'host', 'keep-alive', 'origin', 'referer', 'transfer-encoding']);

/** A server that is still to be told where to listen, and the key that lets in: `/?key=KEY`. */
export function openDoor(socketPath: string): { readonly server: Server; readonly key: string } {
  const key = randomBytes(24).toString('base64url');
  const server = createServer((incoming, answer) => receive(incoming, answer, { socketPath, key }));
  return { server, key };
}

interface Door {
  readonly socketPath: string;
  readonly key: string;
}

function receive(incoming: IncomingMessage, answer: ServerResponse, { socketPath, key }: Door): void {
  const { host = '', origin } = incoming.headers;
  const own = [`127.0.0.1:${incoming.socket.localPort}`, `localhost:${incoming.socket.localPort}`];
  if (!own.includes(host)) return refuse(answer, 403, `this is ${own[0]}, not ${host}`);
  if (origin !== undefined && origin !== `http://${host}`)
    return refuse(answer, 403, 'pages of other sites may not ask');
  const base = `http://${host}`;
  if (!URL.canParse(incoming.url ?? '/', base)) return refuse(answer, 400, 'this is no address of a page');
  const url = new URL(incoming.url ?? '/', base);
  const shown = url.searchParams.get('key');
  if (shown !== null && isSame(shown, key)) {
    const cookie = `${cookieName}=${key}; HttpOnly; SameSite=Strict; Path=/`;
    answer.writeHead(303, { location: url.pathname, 'set-cookie': cookie, 'cache-control': 'no-store' }).end();
    return;
  }
  if (!cookiesOf(incoming).some((value) => isSame(value, key)))
    return refuse(answer, 403, 'open the address that `ligature ui` has printed: it has the key');
  handOn(incoming, answer, socketPath);
}

function handOn(incoming: IncomingMessage, answer: ServerResponse, socketPath: string): void {
  const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !ownHeaders.has(name)));
  const asked = request(
    { socketPath, method: incoming.method, path: incoming.url, headers: { ...headers, host: 'localhost' } },
    (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      // A page that hears nothing of a stream would wait for its first event.
      answer.flushHeaders();
      reply.pipe(answer);
    },
  );
  asked.on('error', (error) => {
    if (answer.headersSent) answer.destroy();
    else refuse(answer, 502, `no agent answers at ${socketPath}: ${error.message}`);
  });
  answer.on('close', () => asked.destroy());
  incoming.pipe(asked);
}

function refuse(answer: ServerResponse, status: number, text: string): void {
  answer
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${text}\n`);
}

function cookiesOf({ headers }: IncomingMessage): readonly string[] {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.filter(([name]) => name === cookieName).map(([, value = '']) => value);
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
