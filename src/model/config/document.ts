import { constructFromEvents, CORE_SCHEMA, type Event, mergeTag, parseEvents, YAMLException } from 'js-yaml';
import { ConfigurationError } from './errors.ts';
import { notPlain, readPlainYaml } from './plain-yaml.ts';
import { type DocumentPath, SourceMap } from './source-map.ts';

/** YAML 1.2 (of which JSON is a part), with merge keys (`<<`), which people know from YAML 1.1. */
const schema = CORE_SCHEMA.withTags(mergeTag);

/** A parsed file: plain objects, and on demand where each of them stands. */
export class ConfigDocument {
  readonly file: string;
  readonly text: string;
  readonly root: unknown;
  #map: SourceMap | undefined;

  /** Throws ConfigurationError for text that is no YAML, has names twice, or has more than one document. */
  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
    this.root = this.#parse();
  }

  get map(): SourceMap {
    this.#map ??= new SourceMap(this.text, parseEvents(this.text, {}));
    return this.#map;
  }

  /** Position of what a path leads to, or of the nearest thing around it; of its name when `about` is `name`. */
  position(
    path: DocumentPath,
    about?: 'name',
  ): { readonly file: string; readonly line: number; readonly column: number } {
    const found = this.map.find(path);
    const offset = about === 'name' && found.complete ? (found.name ?? found.value) : found.value;
    return { file: this.file, ...this.map.position(offset) };
  }

  #parse(): unknown {
    const plain = readPlainYaml(this.text);
    return plain === notPlain ? this.#parseAny() : plain;
  }

  /** With the whole parser: what the fast one does not know, and everything that is wrong. */
  #parseAny(): unknown {
    let events: Event[] = [];
    try {
      events = parseEvents(this.text, {});
      const documents = constructFromEvents(events, { source: this.text, schema }).filter((one) => one !== null);
      if (documents.length > 1) throw this.#error(0, 'has several documents (---); one is accepted');
      return documents[0];
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      throw this.#explain(error, events);
    }
  }

  /** The parser stops at the first name that stands twice; all of them are listed. */
  #explain(error: YAMLException, events: readonly Event[]): ConfigurationError {
    if (error.reason !== 'duplicated mapping key') return this.#error(error.mark?.position ?? 0, error.reason);
    this.#map = new SourceMap(this.text, events);
    const problems = [...this.#map.duplicates()].map(({ path, first, again }) => ({
      file: this.file,
      ...this.map.position(again),
      path: formatPath(path),
      message: `is given twice, first in line ${this.map.position(first).line}`,
    }));
    return problems.length === 0
      ? this.#error(error.mark?.position ?? 0, error.reason)
      : new ConfigurationError(problems);
  }

  #error(offset: number, message: string): ConfigurationError {
    const before = this.text.slice(0, offset);
    const line = before.split('\n').length;
    const column = offset - before.lastIndexOf('\n');
    return new ConfigurationError([{ file: this.file, line, column, path: '', message }]);
  }
}

/** `['a', 'b', 1, 'c']` as `a.b[1].c`. */
export function formatPath(path: DocumentPath): string {
  let text = '';
  for (const part of path) text += typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${part}`;
  return text;
}

/** The inverse, for paths of fields: `a.b[1]["k"]` as `['a', 'b', 1, 'k']`. */
export function parsePath(path: string): DocumentPath {
  const parts: (string | number)[] = [];
  for (const match of path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)) {
    if (match[2] === undefined) parts.push(match[1] ?? match[3]!);
    else parts.push(Number(match[2]));
  }
  return parts;
}
