/**
 * Reads the part of YAML that nearly all configurations are written in, about five times as fast as a whole YAML parser:
 * block mappings and lists, flow collections on one line, JSON, plain and quoted scalars on one line, comments. For
 * anything else (anchors, tags, block scalars, several documents, names given twice, every kind of error) it answers
 * `notPlain`, and the whole parser decides. What it accepts it reads exactly as that one does; a test compares them.
 */

import { plainScalar } from './plain-scalar.ts';
import { Places } from './places.ts';

/** The text is not in this part of YAML. */
export const notPlain = Symbol('not plain YAML');

/** Plain objects, lists and scalars of a text, or `notPlain`. Notes where they stand, or where it gave up. */
export function readPlainYaml(text: string, places = new Places()): unknown {
  const strange = text.search(unusual);
  const reader = new PlainReader(text, places);
  try {
    if (strange < 0) return reader.document();
    places.stopped = strange;
    return notPlain;
  } catch (error) {
    if (error !== notPlain) throw error;
    places.stopped = reader.at;
    return notPlain;
  }
}

/** Characters that YAML treats in ways of its own: control characters, line breaks but \n, byte order mark, surrogates. */
const unusual = /[^\t\n\x20-\x7E\u00A0-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD]/;

const maxDepth = 50;

/** Names of groups, and of the lists in them, are noted with their places. */
const namedDepth = 2;

const tab = 9;
const newline = 10;
const space = 32;
const quote = 34;
const hash = 35;
const apostrophe = 39;
const comma = 44;
const dash = 45;
const colon = 58;
const openBracket = 91;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

class PlainReader {
  readonly #text: string;
  #at = 0;
  /** Column of what stands at `#at`. */
  #column = 0;
  #depth = 0;
  /** In JSON (a flow collection as the whole document) line breaks and tabs are blanks. */
  #isJson = false;
  /** Names seen so far that are safe. */
  readonly #names = new Set<string>();
  readonly #places: Places;
  /** Lists around what is read. */
  #lists = 0;

  constructor(text: string, places: Places) {
    this.#text = text;
    this.#places = places;
  }

  /** Offset of what is read next. */
  get at(): number {
    return this.#at;
  }

  document(): unknown {
    if (this.#text.startsWith('---\n')) this.#at = 4;
    this.#nextLine();
    this.#places.isEmpty = this.#at >= this.#text.length;
    const first = this.#text.charCodeAt(this.#at);
    this.#isJson = this.#column === 0 && (first === openBrace || first === openBracket);
    const value = this.#isJson ? this.#flow() : this.#block();
    if (this.#isJson) this.#skipBlanks();
    if (this.#at < this.#text.length) throw notPlain;
    return value;
  }

  #giveUp(at: number): typeof notPlain {
    this.#at = at;
    return notPlain;
  }

  /** Moves to the first character of the next line that has content; to the end when there is none. */
  #nextLine(): void {
    const text = this.#text;
    for (let start = this.#at; start < text.length; ) {
      let at = start;
      while (text.charCodeAt(at) === space) at++;
      const code = text.charCodeAt(at);
      if (code !== newline && code !== hash && at < text.length) {
        this.#at = at;
        this.#column = at - start;
        return;
      }
      start = code === newline ? at + 1 : this.#lineEnd(at) + 1;
    }
    this.#at = text.length;
    this.#column = -1;
  }

  #lineEnd(at: number): number {
    const end = this.#text.indexOf('\n', at);
    return end < 0 ? this.#text.length : end;
  }

  /** A block collection that starts here. */
  #block(): unknown {
    if (++this.#depth > maxDepth) throw notPlain;
    const value = this.#isDash() ? this.#list(this.#column) : this.#mapping(this.#column);
    this.#depth--;
    return value;
  }

  #isDash(): boolean {
    if (this.#text.charCodeAt(this.#at) !== dash) return false;
    const next = this.#text.charCodeAt(this.#at + 1);
    return next === space || next === newline;
  }

  #list(column: number): unknown[] {
    const list: unknown[] = [];
    const places = this.#lists++ === 0 ? this.#places.list(list, column) : undefined;
    while (this.#column === column && this.#isDash()) {
      places?.starts.push(this.#at);
      this.#at++;
      this.#column++;
      list.push(this.#item(column));
      places?.ends.push(this.#at);
    }
    if (this.#column > column) throw notPlain;
    this.#lists--;
    return list;
  }

  #item(column: number): unknown {
    if (this.#skipToValue()) {
      if (this.#isDash() || this.#isKey()) return this.#block();
      return this.#inlineValue(column);
    }
    return this.#column > column ? this.#block() : null;
  }

  #mapping(column: number): object {
    const mapping: Record<string, unknown> = {};
    while (this.#column === column) {
      const start = this.#at;
      const name = this.#key();
      if (Object.hasOwn(mapping, name)) throw this.#giveUp(start);
      if (this.#depth <= namedDepth) this.#places.name(mapping, name, start);
      mapping[name] = this.#member(column);
    }
    if (this.#column > column) throw notPlain;
    return mapping;
  }

  #member(column: number): unknown {
    if (this.#skipToValue()) return this.#inlineValue(column);
    if (this.#column > column) return this.#block();
    return this.#column === column && this.#isDash() ? this.#list(column) : null;
  }

  /** True when a value follows on this line; else this moves to the next line. A comment or a blank has to come first. */
  #skipToValue(): boolean {
    const text = this.#text;
    let at = this.#at;
    while (text.charCodeAt(at) === space) at++;
    const code = text.charCodeAt(at);
    if (at < text.length && code !== newline && code !== hash) {
      this.#column += at - this.#at;
      this.#at = at;
      return true;
    }
    this.#at = this.#lineEnd(at);
    this.#nextLine();
    return false;
  }

  /** A scalar or flow collection, alone on the rest of its line. */
  #inlineValue(column: number): unknown {
    const code = this.#text.charCodeAt(this.#at);
    const isOther = code === openBrace || code === openBracket || code === quote || code === apostrophe;
    const value = isOther ? this.#flow() : this.#restOfLine();
    this.#endLine();
    // What stands further right on the next line continues this value.
    if (this.#column > column) throw notPlain;
    return value;
  }

  #endLine(): void {
    const text = this.#text;
    let at = this.#at;
    while (text.charCodeAt(at) === space) at++;
    const code = text.charCodeAt(at);
    const isComment = code === hash && at > this.#at;
    if (at < text.length && code !== newline && !isComment) throw notPlain;
    this.#at = this.#lineEnd(at);
    this.#nextLine();
  }

  /** A plain scalar up to the end of the line or a comment. */
  #restOfLine(): unknown {
    const text = this.#text;
    const start = this.#at;
    let end = this.#lineEnd(start);
    const line = text.slice(start, end);
    const comment = line.indexOf(' #');
    if (comment >= 0) end = start + comment;
    while (text.charCodeAt(end - 1) === space) end--;
    this.#at = end;
    const source = text.slice(start, end);
    if (source.includes(': ') || source.endsWith(':') || source.includes('\t')) throw notPlain;
    return this.#scalar(source);
  }

  #scalar(source: string): unknown {
    const value = plainScalar(source);
    if (value === undefined) throw notPlain;
    return value;
  }

  /** Whether a name with a colon behind it starts here. */
  #isKey(): boolean {
    const end = this.#nameEnd();
    return end > this.#at && this.#isColon(end);
  }

  #key(): string {
    const end = this.#nameEnd();
    if (end === this.#at || !this.#isColon(end)) throw notPlain;
    const name = this.#safeName(this.#text.slice(this.#at, end));
    this.#column += end + 1 - this.#at;
    this.#at = end + 1;
    return name;
  }

  #nameEnd(): number {
    let end = this.#at;
    while (kindOf[this.#text.charCodeAt(end)] === nameCharacter) end++;
    return end;
  }

  #isColon(at: number): boolean {
    if (this.#text.charCodeAt(at) !== colon) return false;
    const next = this.#text.charCodeAt(at + 1);
    return next === space || next === newline || at + 1 === this.#text.length;
  }

  /** Names have to be text in YAML, and safe to assign as properties. */
  #safeName(name: string): string {
    if (this.#names.has(name)) return name;
    if (name === '__proto__' || plainScalar(name) !== name) throw notPlain;
    this.#names.add(name);
    return name;
  }

  /** A value in a flow collection, or such a collection. */
  #flow(): unknown {
    switch (this.#text.charCodeAt(this.#at)) {
      case openBrace:
        return this.#flowMapping();
      case openBracket:
        return this.#flowList();
      case quote:
        return this.#doubleQuoted();
      case apostrophe:
        return this.#singleQuoted();
      default:
        return this.#flowScalar();
    }
  }

  #flowList(): unknown[] {
    if (++this.#depth > maxDepth) throw notPlain;
    const list: unknown[] = [];
    this.#at++;
    const places = this.#lists++ === 0 ? this.#places.list(list, undefined) : undefined;
    for (let more = !this.#closes(closeBracket); more; more = this.#continues(closeBracket)) {
      places?.starts.push(this.#at);
      list.push(this.#flow());
      places?.ends.push(this.#at);
    }
    this.#lists--;
    this.#depth--;
    return list;
  }

  #flowMapping(): object {
    if (++this.#depth > maxDepth) throw notPlain;
    const mapping: Record<string, unknown> = {};
    this.#at++;
    for (let more = !this.#closes(closeBrace); more; more = this.#continues(closeBrace)) {
      const start = this.#at;
      const name = this.#flowKey();
      if (Object.hasOwn(mapping, name)) throw this.#giveUp(start);
      if (this.#depth <= namedDepth) this.#places.name(mapping, name, start);
      mapping[name] = this.#flow();
    }
    this.#depth--;
    return mapping;
  }

  #flowKey(): string {
    const isQuoted = this.#text.charCodeAt(this.#at) === quote;
    const name = this.#safeName(isQuoted ? this.#doubleQuoted() : this.#flowText());
    if (this.#text.charCodeAt(this.#at) !== colon) throw notPlain;
    this.#at++;
    const next = this.#text.charCodeAt(this.#at);
    if (!isQuoted && next !== space) throw notPlain;
    this.#skipBlanks();
    return name;
  }

  /** Whether the collection ends here; moves behind its end. */
  #closes(bracket: number): boolean {
    this.#skipBlanks();
    if (this.#text.charCodeAt(this.#at) !== bracket) return false;
    this.#at++;
    return true;
  }

  /** Whether another member follows; moves to it, or behind the end of the collection. */
  #continues(bracket: number): boolean {
    if (this.#closes(bracket)) return false;
    if (this.#text.charCodeAt(this.#at) !== comma) throw notPlain;
    this.#at++;
    return !this.#closes(bracket);
  }

  #skipBlanks(): void {
    const text = this.#text;
    let code = text.charCodeAt(this.#at);
    while (code === space || (this.#isJson && (code === newline || code === tab))) code = text.charCodeAt(++this.#at);
  }

  #flowScalar(): unknown {
    return this.#scalar(this.#flowText());
  }

  /** Plain text up to an indicator; a colon belongs to it unless a blank or an indicator follows. */
  #flowText(): string {
    const text = this.#text;
    const start = this.#at;
    let end = start;
    for (let code = text.charCodeAt(end); kindOf[code] !== flowIndicator; code = text.charCodeAt(++end)) {
      if (end >= text.length || (code === colon && isFlowEnd(text.charCodeAt(end + 1)))) break;
    }
    if (end === start) throw notPlain;
    this.#at = end;
    while (text.charCodeAt(end - 1) === space) end--;
    return text.slice(start, end);
  }

  #doubleQuoted(): string {
    const text = this.#text;
    let end = this.#at + 1;
    let isEscaped = false;
    for (let code = text.charCodeAt(end); code !== quote; code = text.charCodeAt(end)) {
      if (end >= text.length || code === newline || code === tab) throw notPlain;
      isEscaped ||= code === 92;
      end += code === 92 ? 2 : 1;
    }
    const start = this.#at;
    this.#at = end + 1;
    return isEscaped ? unescape(text.slice(start, end + 1)) : text.slice(start + 1, end);
  }

  #singleQuoted(): string {
    const text = this.#text;
    const end = text.indexOf("'", this.#at + 1);
    const value = text.slice(this.#at + 1, end);
    if (end < 0 || text.charCodeAt(end + 1) === apostrophe || value.includes('\n') || value.includes('\t'))
      throw notPlain;
    this.#at = end + 1;
    return value;
  }
}

const nameCharacter = 1;
const flowIndicator = 2;

/** What the characters mean that matter while scanning. Others are text, in flow collections only. */
const kindOf = new Uint8Array(0x10000);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.') {
  kindOf[character.charCodeAt(0)] = nameCharacter;
}
for (const character of '\t\n,[]{}#\'"') kindOf[character.charCodeAt(0)] = flowIndicator;

function isFlowEnd(code: number): boolean {
  return code === space || Number.isNaN(code) || (kindOf[code] === flowIndicator && code !== hash);
}

/** JSON's escapes mean the same in YAML; others are left to the whole parser. */
function unescape(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw notPlain;
  }
}
