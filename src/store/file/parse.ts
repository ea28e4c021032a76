import { StoreError } from '../errors.ts';
import type { Image, Stored } from '../local/journal.ts';
import { LayoutWriter, digestOf } from './layout.ts';
import type { Layout } from './layout.ts';

/**
 * Reads a store's file: what the store wrote, or a person: only `data` with keys and values is needed. A file that was
 * edited since the store wrote it counts as one revision later. Fails with `corrupt`, saying where and what is wrong.
 */
export async function parseFile(text: string, layout: Layout, path: string): Promise<Image> {
  const wrong = (problem: string): StoreError =>
    new StoreError('corrupt', `${path}: ${problem}. Correct the file; until then the store keeps what it has`, {
      retriable: true,
    });
  const root = await parseSyntax(text, layout, wrong);
  if (!isRecord(root) || !Array.isArray(root['data'])) throw wrong('expected a mapping with a list named "data"');
  const revision = root['revision'] ?? 0;
  if (typeof revision !== 'number' || !Number.isSafeInteger(revision) || revision < 0) {
    throw wrong('"revision" must be a whole number');
  }
  const leases = new Map<number, number>();
  const entries = root['data'].map((item, index) =>
    readEntry(item, revision, leases, (problem) => wrong(`data[${index}] ${problem}`)),
  );
  const keys = new Set<string>();
  for (const { key } of entries) {
    if (keys.has(key)) throw wrong(`key ${JSON.stringify(key)} stands there twice`);
    keys.add(key);
  }
  const image: Image = { revision, entries, leases: [...leases].map(([id, ttl]) => ({ id, ttl })) };
  if (root['digest'] === digestOf(await new LayoutWriter(layout).lines(image))) return image;
  return { ...image, revision: revision + 1, entries: entries.map((entry) => ({ ...entry, revision: revision + 1 })) };
}

type Wrong = (problem: string) => StoreError;

async function parseSyntax(text: string, layout: Layout, wrong: Wrong): Promise<unknown> {
  try {
    if (layout === 'json') return JSON.parse(text) as unknown;
    // Only those who keep their store in YAML pay for the parser.
    const { parse } = await import('yaml');
    return parse(text) as unknown;
  } catch (error) {
    throw wrong(`not valid ${layout.toUpperCase()} (${error instanceof Error ? error.message : String(error)})`);
  }
}

function readEntry(item: unknown, revision: number, leases: Map<number, number>, wrong: Wrong): Stored {
  if (!isRecord(item)) throw wrong('is not a mapping');
  const { key, lease } = item;
  if (typeof key !== 'string' || key === '' || !key.isWellFormed()) throw wrong('has no "key"');
  const value = readValue(item, wrong);
  if (lease === undefined) return { key, value, revision, lease: 0 };
  if (!isRecord(lease) || !isPositiveInteger(lease['id']) || !isPositiveInteger(lease['ttl'])) {
    throw wrong('has a "lease" without whole numbers "id" and "ttl"');
  }
  leases.set(lease['id'], lease['ttl']);
  return { key, value, revision, lease: lease['id'] };
}

function readValue(item: Readonly<Record<string, unknown>>, wrong: Wrong): Uint8Array {
  const forms = ['value', 'text', 'base64'].filter((form) => item[form] !== undefined);
  if (forms.length !== 1) throw wrong('needs one of "value", "text" and "base64"');
  const [form] = forms;
  if (form === 'value') return new TextEncoder().encode(JSON.stringify(item['value']));
  const content = item[form as string];
  if (typeof content !== 'string') throw wrong(`has a "${form}" that is not a string`);
  if (form === 'text') return new TextEncoder().encode(content);
  const bytes = Buffer.from(content, 'base64');
  if (bytes.toString('base64') !== content) throw wrong('has a "base64" that is not base64');
  return new Uint8Array(bytes);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPositiveInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 32;
}
