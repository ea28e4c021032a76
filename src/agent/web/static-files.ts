/** The built web UI on disk, ready to be served. Only files that are there when the agent starts can be asked for. */

import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { HttpReply } from '../../app/index.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Nothing from elsewhere runs, is shown or is asked (what every answer says, `src/app/http/security-headers.ts`, is that nothing may).
 * The editor and the graph set styles of their own, which is why these may be inline.
 */
const pagePolicy: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** Folders that may hold the UI, seen from this file in the checkout, in the built modules and in the bundle. */
export function webFolder(here: string): string | undefined {
  return ['../../../dist/web', '../../web', './web']
    .map((place) => join(here, place))
    .find((folder) => existsSync(join(folder, 'index.html')));
}

export class StaticFiles {
  readonly #folder: string;
  readonly #names: ReadonlySet<string>;

  constructor(folder: string) {
    this.#folder = folder;
    this.#names = new Set(readdirSync(folder).filter((name) => extname(name) in types));
  }

  /** Names that can be asked for. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /** Undefined: there is no such file. `gzip`: the caller takes compressed answers. */
  async answer(name: string, gzip: boolean): Promise<HttpReply | undefined> {
    if (!this.#names.has(name)) return undefined;
    const path = join(this.#folder, name);
    const compressed = gzip && existsSync(`${path}.gz`);
    return new HttpReply(await readFile(compressed ? `${path}.gz` : path), {
      type: types[extname(name)] ?? 'application/octet-stream',
      headers: {
        ...pagePolicy,
        vary: 'accept-encoding',
        ...(compressed ? { 'content-encoding': 'gzip' } : {}),
        // A name with a hash in it always means the same bytes.
        'cache-control': /-[A-Z0-9]{8}\./.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
      },
    });
  }
}
