import { constructFromEvents, CORE_SCHEMA, type Event, mergeTag, parseEvents, YAMLException } from 'js-yaml';
import { ConfigurationError } from './errors.ts';
import { notPlain, readPlainYaml } from './plain-yaml.ts';
import { Places } from './places.ts';
import { type DocumentPath, type Found, Lines, SourceMap } from './source-map.ts';

/** Characters of a text that the whole parser takes, or maps: it works in one piece, about a tenth of a second for each MB. */
const maxWhole = 4 * 2 ** 20;

/** YAML 1.2 (of which JSON is a part), with merge keys (`<<`), which people know from YAML 1.1. */
const schema = CORE_SCHEMA.withTags(mergeTag);

/** A parsed file: plain objects, and on demand where each of them stands. */
export class ConfigDocument {
  readonly file: string;
  readonly text: string;
  readonly root: unknown;
  readonly #places = new Places();
  readonly #lines: Lines;
  #map: SourceMap | undefined;
  /** Of the object that was asked for last. */
  #piece: { readonly start: number; readonly map: SourceMap } | undefined;

  /** Throws ConfigurationError for text that is no YAML, has names twice, or has more than one document. */
  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
    this.#lines = new Lines(text);
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
    const found = this.#inObject(path) ?? this.#inLarge(path) ?? this.map.find(path);
    const offset = about === 'name' && found.complete ? (found.name ?? found.value) : found.value;
    return { file: this.file, ...this.#lines.position(offset) };
  }

  /** Looked for in the text of one object alone. */
  #inObject(path: DocumentPath): Found | undefined {
    const [group, field, index, ...rest] = path;
    const list = member(member(this.root, group), field);
    if (!Array.isArray(list) || typeof index !== 'number' || !isCollection(list[index])) return undefined;
    const { column, starts, ends } = this.#places.itemsOf(list) ?? {};
    const start = starts?.[index];
    if (start === undefined) return undefined;
    const indent = ' '.repeat(column ?? 0);
    const found = this.#mapOf(start, indent + this.text.slice(start, ends?.[index])).find(
      column === undefined ? rest : [0, ...rest],
    );
    const shift = start - indent.length;
    return {
      complete: found.complete,
      name: found.name === undefined ? undefined : found.name + shift,
      value: found.value + shift,
    };
  }

  #mapOf(start: number, text: string): SourceMap {
    if (this.#piece?.start !== start) this.#piece = { start, map: new SourceMap(text, parseEvents(text, {})) };
    return this.#piece.map;
  }

  /** Of what is around objects, in a text that is too large for a map: where its name stands. */
  #inLarge([group, field]: DocumentPath): Found | undefined {
    if (this.#map !== undefined || this.text.length <= maxWhole) return undefined;
    const outer = nameIn(this.#places, this.root, group);
    const inner = nameIn(this.#places, member(this.root, group), field);
    return { name: inner ?? outer, value: inner ?? outer ?? 0, complete: true };
  }

  #parse(): unknown {
    const plain = readPlainYaml(this.text, this.#places);
    if (plain !== notPlain) return plain;
    if (this.#places.isEmpty) return undefined;
    if (this.text.length > maxWhole) throw this.#error(this.#places.stopped, notPlainEnough);
    return this.#parseAny();
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
      ...this.#lines.position(again),
      path: formatPath(path),
      message: `is given twice, first in line ${this.#lines.position(first).line}`,
    }));
    return problems.length === 0
      ? this.#error(error.mark?.position ?? 0, error.reason)
      : new ConfigurationError(problems);
  }

  #error(offset: number, message: string): ConfigurationError {
    return new ConfigurationError([{ file: this.file, ...this.#lines.position(offset), path: '', message }]);
  }
}

const notPlainEnough =
  'cannot be read from here on: a mistake, a name given twice, or something that is accepted in files of up to 4 MB only ' +
  '(anchors, tags, texts of several lines, control characters); correct it, or split the file';

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function member(value: unknown, name: string | number | undefined): unknown {
  return isCollection(value) && name !== undefined && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function nameIn(places: Places, value: unknown, name: string | number | undefined): number | undefined {
  return isCollection(value) && typeof name === 'string' ? places.nameIn(value, name) : undefined;
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
