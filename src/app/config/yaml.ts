import { readFile } from 'node:fs/promises';
import { loadAll, YAMLException } from 'js-yaml';
import { type AppError, messageOf } from '../errors.ts';
import { configError } from './problem.ts';
import { isTree, type Tree, type TreePath } from './tree.ts';

/** A parsed file; `text` is kept to find positions when something in it is wrong. */
export interface ConfigFile {
  readonly file: string;
  readonly text: string;
  readonly tree: Tree;
}

/** 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Reads a YAML (or JSON) mapping. Errors: AppError `invalid-config` with file and line. */
export async function readConfigFile(file: string, plugin: string): Promise<ConfigFile> {
  const bytes = await read(file, plugin);
  const text = decode(bytes, file, plugin);
  const tree = parse(text, file, plugin);
  return { file, text, tree };
}

async function read(file: string, plugin: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw wrong(file, plugin, `cannot be read: ${messageOf(error)}`);
  }
}

function decode(bytes: Uint8Array, file: string, plugin: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw wrong(file, plugin, 'is not UTF-8 text');
  }
}

function parse(text: string, file: string, plugin: string): Tree {
  const documents = parseDocuments(text, file, plugin);
  if (documents.length > 1) throw wrong(file, plugin, `has ${documents.length} YAML documents; expected one`);
  const content = documents[0] ?? {};
  if (isTree(content)) return content;
  throw wrong(file, plugin, `expected "key: value" lines, found ${describeValue(content)}`, { line: 1, column: 1 });
}

function parseDocuments(text: string, file: string, plugin: string): unknown[] {
  try {
    return loadAll(text, { filename: file });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const position = { line: (error.mark?.line ?? 0) + 1, column: (error.mark?.column ?? 0) + 1 };
    throw wrong(file, plugin, `not valid YAML: ${error.reason}`, position);
  }
}

function wrong(file: string, plugin: string, message: string, position?: Position): AppError {
  return configError([{ plugin, field: '', message, source: file, file, ...position }]);
}

/** What a person would call the value in an error message. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}`;
  return `the ${typeof value} ${String(value)}`;
}

/**
 * Where the path stands in the text; the longest part of it that exists when the whole does not. The parser with positions is
 * slow and large, so it is loaded only to explain an error.
 */
export async function locate(text: string, path: TreePath): Promise<Position | undefined> {
  const { LineCounter, parseDocument, isMap, isSeq, isScalar } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === String(step));
      if (pair === undefined) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0];
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      const range = (node as { range?: readonly number[] } | undefined)?.range;
      offset = range?.[0] ?? offset;
    } else break;
  }
  if (offset === undefined) return undefined;
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
