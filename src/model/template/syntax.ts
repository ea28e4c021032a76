/**
 * Syntax of name templates: the part of Go's text/template that models use (fields, if, with, else, pipelines, functions).
 * Ligato's clients read these templates from ModelDetail and compute keys from them, so they are kept as text.
 */

/** A value inside an action. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'field'; readonly path: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] };

export type Template = readonly TemplateNode[];

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly value: Expression }
  | {
      readonly kind: 'if' | 'with';
      readonly condition: Expression;
      readonly then: Template;
      readonly otherwise: Template;
    };

/** Thrown for a template that cannot be read; the registry adds which model it belongs to. */
export class TemplateSyntaxError extends Error {
  override readonly name = 'TemplateSyntaxError';
}

interface Piece {
  readonly kind: 'text' | 'action';
  readonly text: string;
}

/** Reads a template. Throws TemplateSyntaxError. */
export function parseTemplate(source: string): Template {
  const pieces = split(source);
  const reader = new TemplateReader(pieces);
  const nodes = reader.nodes();
  const rest = reader.next();
  if (rest !== undefined) throw new TemplateSyntaxError(`unexpected {{${rest.text}}}`);
  return nodes;
}

/** Text and actions in turn; `{{-` and `-}}` trim the text beside them. */
function split(source: string): Piece[] {
  const pieces: Piece[] = [];
  let trimNext = false;
  for (const [index, part] of source.split('{{').entries()) {
    const end = index === 0 ? -2 : part.indexOf('}}');
    if (end === -1) throw new TemplateSyntaxError('{{ without }}');
    if (index > 0) {
      const action = part.slice(0, end);
      if (action.startsWith('- ')) trimEnd(pieces);
      trimNext = action.endsWith(' -');
      pieces.push({ kind: 'action', text: action.replace(/^- /, '').replace(/ -$/, '').trim() });
    }
    const text = part.slice(end + 2);
    pieces.push({ kind: 'text', text: trimNext ? text.trimStart() : text });
    trimNext = false;
  }
  return pieces.filter((piece) => piece.kind === 'action' || piece.text !== '');
}

function trimEnd(pieces: Piece[]): void {
  const last = pieces.pop();
  if (last !== undefined) pieces.push(last.kind === 'text' ? { kind: 'text', text: last.text.trimEnd() } : last);
}

class TemplateReader {
  readonly #pieces: readonly Piece[];
  #position = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  next(): Piece | undefined {
    return this.#pieces[this.#position++];
  }

  /** Nodes up to the end or to an `else` or `end`, which stays unread. */
  nodes(): TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (let piece = this.next(); piece !== undefined; piece = this.next()) {
      if (piece.kind === 'action' && /^(else|end)\b/.test(piece.text)) {
        this.#position--;
        break;
      }
      nodes.push(piece.kind === 'text' ? { kind: 'text', text: piece.text } : this.#action(piece.text));
    }
    return nodes;
  }

  #action(text: string): TemplateNode {
    const block = /^(if|with)\b(.*)$/s.exec(text);
    if (block === null) return { kind: 'output', value: parseExpression(text) };
    return this.#block(block[1] as 'if' | 'with', block[2]!);
  }

  #block(kind: 'if' | 'with', condition: string): TemplateNode {
    const then = this.nodes();
    let otherwise: Template = [];
    let closing = this.next();
    const chained = /^else\s+(if|with)\b(.*)$/s.exec(closing?.text ?? '');
    if (chained !== null) {
      otherwise = [this.#block(chained[1] as 'if' | 'with', chained[2]!)];
      return { kind, condition: parseExpression(condition), then, otherwise };
    }
    if (closing?.text === 'else') {
      otherwise = this.nodes();
      closing = this.next();
    }
    if (closing?.text !== 'end') throw new TemplateSyntaxError(`{{${kind}${condition}}} without {{end}}`);
    return { kind, condition: parseExpression(condition), then, otherwise };
  }
}

function parseExpression(text: string): Expression {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|`[^`]*`|[()|]|[^\s()|]+/g) ?? [];
  const reader = new ExpressionReader(tokens, text.trim());
  const expression = reader.pipeline();
  if (reader.peek() !== undefined) throw reader.error();
  return expression;
}

class ExpressionReader {
  readonly #tokens: readonly string[];
  readonly #source: string;
  #position = 0;

  constructor(tokens: readonly string[], source: string) {
    this.#tokens = tokens;
    this.#source = source;
  }

  peek(): string | undefined {
    return this.#tokens[this.#position];
  }

  error(): TemplateSyntaxError {
    return new TemplateSyntaxError(`cannot read {{${this.#source}}} at ${this.peek() ?? 'its end'}`);
  }

  /** Commands joined by `|`: each result is the last operand of the next. */
  pipeline(): Expression {
    let result = this.#command();
    while (this.peek() === '|') {
      this.#position++;
      const next = this.#command();
      if (next.kind !== 'call') throw this.error();
      result = { ...next, operands: [...next.operands, result] };
    }
    return result;
  }

  #command(): Expression {
    const first = this.#operand();
    if (first.kind !== 'call' || first.operands.length > 0) return first;
    const operands: Expression[] = [];
    while (this.peek() !== undefined && this.peek() !== '|' && this.peek() !== ')') operands.push(this.#operand());
    return { ...first, operands };
  }

  #operand(): Expression {
    const token = this.#tokens[this.#position++];
    if (token === '(') {
      const inner = this.pipeline();
      if (this.#tokens[this.#position++] !== ')') throw this.error();
      return inner;
    }
    const operand = token === undefined ? undefined : (literal(token) ?? reference(token));
    if (operand === undefined) throw this.error();
    return operand;
  }
}

function literal(token: string): Expression | undefined {
  if (token.startsWith('"')) return { kind: 'literal', value: JSON.parse(token) as string };
  if (token.startsWith('`')) return { kind: 'literal', value: token.slice(1, -1) };
  if (token === 'true' || token === 'false') return { kind: 'literal', value: token === 'true' };
  return /^-?\d+$/.test(token) ? { kind: 'literal', value: Number(token) } : undefined;
}

function reference(token: string): Expression | undefined {
  if (token === '.') return { kind: 'field', path: [] };
  if (/^(\.[A-Za-z_]\w*)+$/.test(token)) return { kind: 'field', path: token.slice(1).split('.') };
  return /^[A-Za-z_]\w*$/.test(token) ? { kind: 'call', name: token, operands: [] } : undefined;
}
