import { BlockList, isIP } from 'node:net';
import { AppError } from '../errors.ts';

/** Where to listen. */
export interface Endpoint {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Reads `host:port`, `[v6]:port`, `:port` (all addresses). Errors: AppError `invalid`. */
export function parseEndpoint(text: string): Endpoint {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new AppError('invalid', `expected host:port such as 127.0.0.1:9191 or [::1]:9191`, { field: 'endpoint' });
  }
  return { host: match[1] ?? match[2] ?? '', port };
}

/** The endpoint with another port. */
export function withPort(endpoint: string, port: string): string {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new AppError('invalid', `expected a port from 0 to 65535, found ${JSON.stringify(port)}`);
  const { host } = parseEndpoint(endpoint);
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** True for 127.0.0.0/8, ::1 (also as ::ffff:127.0.0.1) and `localhost`. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  const plain = host.toLowerCase().startsWith('::ffff:') && isIP(host.slice(7)) === 4 ? host.slice(7) : host;
  const family = isIP(plain);
  return family !== 0 && loopback.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}
