import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { defaultOf } from '../json/message.ts';
import { compileFormat, isTrue, templateFunctions, textOf } from './functions.ts';
import { parseTemplate, TemplateSyntaxError } from './syntax.ts';
import type { Expression, Template, TemplateNode } from './syntax.ts';

type Dot = Record<string, unknown>;
type Read = (dot: Dot) => unknown;
type Render = (dot: Dot) => string;
/** What `.` is: a message, or a record that a function returned (undefined here). */
type Scope = DescMessage | undefined;

/**
 * Makes a function that renders a name template on a message. Fields may be spelled as in Go (`.IpAddress`), in proto
 * (`.ip_address`) or in JSON (`.ipAddress`). Throws TemplateSyntaxError for unknown fields and functions too.
 */
export function compileTemplate(source: string, message: DescMessage): (value: object) => string {
  const render = compileNodes(parseTemplate(source), message);
  return (value) => render(value as Dot);
}

function compileNodes(template: Template, scope: Scope): Render {
  const parts = template.map((node) => compileNode(node, scope));
  if (parts.length === 1) return parts[0]!;
  return (dot) => {
    let text = '';
    for (const part of parts) text += part(dot);
    return text;
  };
}

function compileNode(node: TemplateNode, scope: Scope): Render {
  if (node.kind === 'text') return () => node.text;
  if (node.kind === 'output') {
    const read = compileExpression(node.value, scope);
    return (dot) => textOf(read(dot));
  }
  const condition = compileExpression(node.condition, scope);
  const otherwise = compileNodes(node.otherwise, scope);
  if (node.kind === 'if') {
    const then = compileNodes(node.then, scope);
    return (dot) => (isTrue(condition(dot)) ? then(dot) : otherwise(dot));
  }
  const then = compileNodes(node.then, scopeOf(node.condition, scope));
  return (dot) => {
    const inner = condition(dot);
    return isTrue(inner) ? then(inner as Dot) : otherwise(dot);
  };
}

/** What `.` becomes inside a `with`. */
function scopeOf(expression: Expression, scope: Scope): Scope {
  if (expression.kind !== 'field') return undefined;
  let inner = scope;
  for (const name of expression.path) inner = inner === undefined ? undefined : fieldOf(inner, name).message;
  return inner;
}

function compileExpression(expression: Expression, scope: Scope): Read {
  if (expression.kind === 'literal') return () => expression.value;
  if (expression.kind === 'field') return compilePath(expression.path, scope);
  const format = expression.operands[0];
  if (expression.name === 'printf' && format?.kind === 'literal') {
    return compilePrintf(String(format.value), expression.operands.slice(1), scope);
  }
  const operation = templateFunctions.get(expression.name);
  if (operation === undefined) throw new TemplateSyntaxError(`there is no function ${expression.name}`);
  const operands = expression.operands.map((operand) => compileExpression(operand, scope));
  const only = operands.length === 1 ? operands[0] : undefined;
  if (only !== undefined) return (dot) => operation(only(dot));
  return (dot) => operation(...operands.map((operand) => operand(dot)));
}

function compilePrintf(format: string, operands: readonly Expression[], scope: Scope): Read {
  const fill = compileFormat(format);
  const reads = operands.map((operand) => compileExpression(operand, scope));
  return (dot) => fill(reads.map((read) => read(dot)));
}

function compilePath(path: readonly string[], scope: Scope): Read {
  const [name, ...rest] = path;
  if (name === undefined) return (dot) => dot;
  if (scope === undefined) return compileRecordPath(path);
  const field = fieldOf(scope, name);
  const read = readField(field);
  if (rest.length === 0) return read;
  const inner = compilePath(rest, field.message);
  return (dot) => {
    const value = read(dot);
    return value === undefined ? undefined : inner(value as Dot);
  };
}

function compileRecordPath(path: readonly string[]): Read {
  const [only, ...rest] = path;
  if (only !== undefined && rest.length === 0) return (dot) => dot[only];
  return (dot) => path.reduce<unknown>((value, name) => (value as Dot | undefined)?.[name], dot);
}

function fieldOf(message: DescMessage, name: string): DescField {
  const field = message.fields.find((one) => [goName(one.name), one.name, one.jsonName].includes(name));
  if (field === undefined) throw new TemplateSyntaxError(`${message.typeName} has no field ${name}`);
  return field;
}

/** The name protoc-gen-go gives to a field: `ip_address` becomes `IpAddress`. */
function goName(name: string): string {
  return name.replaceAll(/(^|_)([a-z0-9])/g, (_, start: string, letter: string) =>
    /\d/.test(letter) ? `${start}${letter}` : letter.toUpperCase(),
  );
}

function readField(field: DescField): Read {
  const read = readRaw(field);
  if (field.fieldKind !== 'enum') return read;
  const names = new Map(field.enum.values.map((value) => [value.number, value.name]));
  return (dot) => {
    const number = read(dot) as number;
    return names.get(number) ?? number;
  };
}

function readRaw(field: DescField): Read {
  const name = field.localName;
  if (field.oneof === undefined) return (dot) => dot[name];
  const oneof = field.oneof.localName;
  const zero = defaultOf(field);
  return (dot) => {
    const choice = dot[oneof] as { readonly case?: string; readonly value?: unknown };
    return choice.case === name ? choice.value : zero;
  };
}
