import type { Message } from '@bufbuild/protobuf';
import { groupSpellings } from '../config-place.ts';
import { ModelError } from '../errors.ts';
import { describe, isObject, joinPath, TooManyValues } from '../json/context.ts';
import type { Key } from '../key.ts';
import type { Model } from '../model.ts';
import type { ModelRegistry } from '../registry.ts';
import { didYouMean } from '../suggestion.ts';
import { type ConfigDocument, formatPath, parsePath } from './document.ts';
import { type ConfigProblem, ConfigurationError } from './errors.ts';
import type { DocumentPath } from './source-map.ts';

/** An object of a configuration. */
export interface ConfigValue {
  readonly key: Key;
  readonly value: Message;
  readonly model: Model;
  /** Where it stands in the document, in the spelling used there. */
  readonly at: DocumentPath;
}

/** Reading stops at this many problems: nobody reads more, and each costs a search in the file. */
const maxProblems = 100;

/** Values a file may hold beyond one for each of its characters; more means that aliases multiply. */
const spareValues = 1_000_000;

const defaultMaxObjects = 200_000;

/** Reads the objects of a parsed document. Throws ConfigurationError with all problems. */
export function readConfiguration(
  document: ConfigDocument,
  registry: ModelRegistry,
  maxObjects?: number,
): ConfigValue[] {
  const steps = readSteps(document, registry, maxObjects);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** The same in steps of one object, for callers that have other things to do in between. */
export function* readSteps(
  document: ConfigDocument,
  registry: ModelRegistry,
  maxObjects = defaultMaxObjects,
): Generator<void, ConfigValue[]> {
  const reader = new ConfigReader(document, registry, maxObjects);
  yield* reader.read();
  if (reader.problems.length > 0) throw new ConfigurationError(reader.problems.sort(byPosition), reader.isFull());
  return reader.values;
}

function byPosition(left: ConfigProblem, right: ConfigProblem): number {
  return left.line - right.line || left.column - right.column;
}

type Groups = ReadonlyMap<string, ReadonlyMap<string, Model>>;

/** Group and field spellings that are read, by registry (which only ever grows). */
const groupsOf = new WeakMap<ModelRegistry, { readonly size: number; readonly groups: Groups }>();

class ConfigReader {
  readonly values: ConfigValue[] = [];
  readonly problems: ConfigProblem[] = [];
  readonly #document: ConfigDocument;
  readonly #groups: Groups;
  readonly #byKey = new Map<Key, ConfigValue>();
  readonly #maxObjects: number;
  #budget: number;

  constructor(document: ConfigDocument, registry: ModelRegistry, maxObjects: number) {
    this.#document = document;
    this.#maxObjects = maxObjects;
    this.#groups = groups(registry);
    this.#budget = document.text.length + spareValues;
  }

  isFull(): boolean {
    return this.problems.length >= maxProblems;
  }

  *read(): Generator<void, void> {
    const { root } = this.#document;
    if (root === undefined) return;
    const lists: { json: unknown; path: DocumentPath; model: Model }[] = [];
    this.#members(root, [], this.#groups, (group, name, models) => {
      this.#members(group, [name], models, (json, field, model) => lists.push({ json, path: [name, field], model }));
    });
    if (this.#hasTooMany(lists)) return;
    try {
      for (const { json, path, model } of lists) yield* this.#objects(json, path, model);
    } catch (error) {
      if (!(error instanceof TooManyValues)) throw error;
      this.#problem([], 'aliases in it stand for too many values; write them out or use fewer');
    }
  }

  /** Told of the file as a whole: to look for the place of one of so many would take longer than all the rest. */
  #hasTooMany(lists: readonly { readonly json: unknown }[]): boolean {
    const count = lists.reduce((sum, { json }) => sum + (Array.isArray(json) ? json.length : 1), 0);
    if (count <= this.#maxObjects) return false;
    const message = `has ${count} objects, ${this.#maxObjects} are accepted in one transaction; apply it in parts`;
    this.problems.push({ file: this.#document.file, line: 1, column: 1, path: '', message });
    return true;
  }

  /** Visits the members of an object whose names are known; notes the others. */
  #members<T>(
    json: unknown,
    path: DocumentPath,
    known: ReadonlyMap<string, T>,
    visit: (json: unknown, name: string, what: T) => unknown,
  ): void {
    if (json === null) return;
    if (!isObject(json)) {
      this.#problem(path, `${describe(json)} is no object with ${[...known.keys()].join(', ')}`);
      return;
    }
    const seen = new Map<T, string>();
    for (const name of Object.keys(json)) {
      if (this.isFull()) return;
      const what = known.get(name);
      const other = what === undefined ? undefined : seen.get(what);
      if (what === undefined)
        this.#problem([...path, name], `there is no such field${didYouMean(name, known.keys())}`, 'name');
      else if (other !== undefined)
        this.#problem([...path, name], `is given twice, as ${other} and as ${name}`, 'name');
      else visit(json[name], name, what);
      if (what !== undefined) seen.set(what, name);
    }
  }

  *#objects(json: unknown, path: DocumentPath, model: Model): Generator<void, void> {
    if (json === null) return;
    if (model.singleton) {
      if (isObject(json)) this.#object(json, path, model);
      else this.#problem(path, `${describe(json)} is no object: there is one ${model.message.name} only`);
      return;
    }
    if (!Array.isArray(json)) {
      this.#problem(path, `${describe(json)} is no list of ${model.message.name} objects`);
      return;
    }
    for (let index = 0; index < json.length && !this.isFull(); index++) {
      this.#object(json[index], [...path, index], model);
      yield;
    }
  }

  #object(json: unknown, at: DocumentPath, model: Model): void {
    const decoded = model.decoder(json, this.#budget);
    this.#budget -= decoded.visited;
    if (decoded.value === undefined) {
      for (const { field, message, about } of decoded.problems) this.#problem(at, message, about, field);
      return;
    }
    const key = this.#keyOf(model, decoded.value, at);
    if (key === undefined) return;
    const value = { key, value: decoded.value, model, at };
    const first = this.#byKey.get(key);
    if (first !== undefined) {
      const { line } = this.#document.position(first.at);
      this.#problem(
        at,
        `is the same object as in line ${line} (${model.message.name} ${key.slice(model.prefix.length)})`,
      );
      return;
    }
    this.#byKey.set(key, value);
    this.values.push(value);
  }

  #keyOf(model: Model, value: Message, at: DocumentPath): Key | undefined {
    try {
      return model.keyOf(value);
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      this.#problem(at, error.message);
      return undefined;
    }
  }

  #problem(path: DocumentPath, message: string, about?: 'name', field = ''): void {
    if (this.isFull()) return;
    const inner = field === '' ? path : [...path, ...parsePath(field)];
    const position = this.#document.position(inner, about);
    this.problems.push({ ...position, path: joinPath(formatPath(path), field), message });
  }
}

function groups(registry: ModelRegistry): Groups {
  const models = registry.models('config');
  const known = groupsOf.get(registry);
  if (known?.size === models.length) return known.groups;
  const byGroup = new Map<string, Map<string, Model>>();
  for (const model of models) {
    if (model.config === undefined) continue;
    const { group, field, jsonField, aliases } = model.config;
    let fields = byGroup.get(group);
    if (fields === undefined) {
      fields = new Map();
      for (const spelling of groupSpellings(group)) byGroup.set(spelling, fields);
    }
    for (const name of [field, jsonField, ...aliases]) fields.set(name, model);
  }
  groupsOf.set(registry, { size: models.length, groups: byGroup });
  return byGroup;
}
