import { createHash } from 'node:crypto';
import type { Image, Stored } from '../local/journal.ts';
import { Pace } from '../../app/pace.ts';
import { slice } from '../local/slice.ts';

/** `json` is for `.json`, `yaml` for `.yaml` and `.yml`. */
export type Layout = 'json' | 'yaml';

/**
 * A store as text, one line for each entry, sorted: made to be read, compared and edited by people.
 *
 *     {"revision": 7, "digest": "...", "data": [
 *       {"key": "a", "value": {"any": "JSON"}}, {"key": "b", "text": "not JSON"}, {"key": "c", "base64": "AAE="}
 *     ]}
 *
 * A value stands as JSON if that gives back its very bytes, else as text if it is UTF-8, else as base64.
 */
export class LayoutWriter {
  readonly #layout: Layout;
  /** Most entries are the same from one write to the next. */
  readonly #lines = new WeakMap<Uint8Array, string>();

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  async write(image: Image): Promise<string> {
    const lines = await this.lines(image);
    return this.#layout === 'json' ? jsonText(image.revision, lines) : yamlText(image.revision, lines);
  }

  async lines({ entries, leases }: Image): Promise<string[]> {
    const pace = new Pace(slice);
    const ttls = new Map(leases.map(({ id, ttl }) => [id, ttl]));
    const lines: string[] = [];
    for (const entry of [...entries].sort((a, b) => (a.key < b.key ? -1 : 1))) {
      if (pace.due()) await pace.rest();
      lines.push(this.#line(entry, ttls));
    }
    return lines;
  }

  #line({ key, value, lease }: Stored, ttls: ReadonlyMap<number, number>): string {
    let content = this.#lines.get(value);
    if (content === undefined) {
      content = readable(value);
      this.#lines.set(value, content);
    }
    const ttl = ttls.get(lease);
    const held = ttl === undefined ? '' : `, "lease": {"id": ${lease}, "ttl": ${ttl}}`;
    return `{"key": ${JSON.stringify(key)}, ${content}${held}}`;
  }
}

/** Tells a file that was edited by hand from one the store wrote. */
export function digestOf(lines: readonly string[]): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line).update('\n');
  return hash.digest('hex').slice(0, 16);
}

function jsonText(revision: number, lines: readonly string[]): string {
  const data = lines.length === 0 ? '[]' : `[\n    ${lines.join(',\n    ')}\n  ]`;
  return `{\n  "revision": ${revision},\n  "digest": "${digestOf(lines)}",\n  "data": ${data}\n}\n`;
}

/** Flow mappings in JSON notation are YAML too. */
function yamlText(revision: number, lines: readonly string[]): string {
  const data = lines.length === 0 ? ' []' : lines.map((line) => `\n  - ${line}`).join('');
  return `revision: ${revision}\ndigest: "${digestOf(lines)}"\ndata:${data}\n`;
}

function readable(value: Uint8Array): string {
  const text = asText(value);
  if (text === undefined) return `"base64": "${Buffer.from(value).toString('base64')}"`;
  return isCanonicalJson(text) ? `"value": ${text}` : `"text": ${JSON.stringify(text)}`;
}

function asText(value: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return undefined;
  }
}

function isCanonicalJson(text: string): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === text;
  } catch {
    return false;
  }
}
