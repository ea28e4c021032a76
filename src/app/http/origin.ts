import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { AppError } from '../errors.ts';

export interface OriginRules {
  /** Names by which the agent may be called, beside addresses and `localhost`; undefined: any name. */
  readonly hosts: readonly string[] | undefined;
  /** Origins that may call beside the agent's own: `https://proxy.example`. */
  readonly origins: readonly string[];
}

/**
 * Refuses what a browser sends on behalf of a foreign page: a name that somebody else's DNS points here (DNS rebinding shows
 * in `Host`), or a request of another origin. Errors: AppError `forbidden`.
 */
export function checkOrigin(headers: IncomingHttpHeaders, rules: OriginRules, method: string): void {
  const host = headers.host ?? '';
  if (rules.hosts !== undefined && !isKnownHost(hostName(host), rules.hosts)) {
    const message = `this agent is not called ${JSON.stringify(host)}: use its address or localhost, or add the name to allowed-hosts in http.conf`;
    throw new AppError('forbidden', message, { field: 'Host' });
  }
  const { origin } = headers;
  refuseForeignPage(headers, rules, method);
  if (origin === undefined || rules.origins.includes(origin)) return;
  // RFC 6454 section 7: an opaque origin is sent as "null".
  if (origin !== 'null' && URL.canParse(origin) && new URL(origin).host === normalised(host)) return;
  const message = `requests of pages from ${origin} are refused; add it to allowed-origins in http.conf to allow them`;
  throw new AppError('forbidden', message, { field: 'Origin' });
}

/**
 * Fetch Metadata: browsers say so themselves when a page of another site makes them ask, also where they send no `Origin`.
 * Following a link is all right.
 */
function refuseForeignPage(headers: IncomingHttpHeaders, { origins }: OriginRules, method: string): void {
  if (headers['sec-fetch-site'] !== 'cross-site') return;
  if (headers.origin !== undefined && origins.includes(headers.origin)) return;
  if (method === 'GET' && headers['sec-fetch-mode'] === 'navigate') return;
  throw new AppError('forbidden', 'requests of pages from other sites are refused', { field: 'Sec-Fetch-Site' });
}

function isKnownHost(name: string, allowed: readonly string[]): boolean {
  // An address cannot be rebound: only names go through DNS.
  if (isIP(name) !== 0 || name === 'localhost') return true;
  return allowed.some((candidate) => candidate.toLowerCase() === name);
}

/** `[::1]:9191` -> `::1`, `LOCALHOST.:80` -> `localhost` */
function hostName(host: string): string {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host);
  return (match?.[1] ?? match?.[2] ?? '').toLowerCase().replace(/\.$/, '');
}

/** As URL writes it: without a default port. */
function normalised(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).host : host;
}
