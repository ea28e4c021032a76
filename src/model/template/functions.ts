/** Functions that name templates may call, by name. Each is given its operands' values. */

import { ipText, ipVersion, networkText } from './ip-text.ts';

export type TemplateFunction = (...operands: readonly unknown[]) => unknown;

/** Written where a template asks for a part that is not there. */
export const invalidPart = '<invalid>';

export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['ip', (text) => ipText(String(text)) ?? invalidPart],
  ['protoip', protocolOf],
  ['ipnet', networkOf],
  ['printf', (format, ...operands) => printf(String(format), operands)],
  ['print', (...operands) => operands.map(textOf).join('')],
  ['and', (...operands) => operands.find((operand) => !isTrue(operand)) ?? operands.at(-1)],
  ['or', (...operands) => operands.find((operand) => isTrue(operand)) ?? operands.at(-1)],
  ['not', (operand) => !isTrue(operand)],
  ['eq', (left, ...rights) => rights.includes(left)],
  ['ne', (left, right) => left !== right],
]);

/** Go's rule: empty and zero values are false. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '' && value !== 0 && value !== 0n && value !== false;
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '<no value>' : String(value as string | number | bigint | boolean);
}

function protocolOf(text: unknown): string {
  const version = ipVersion(String(text));
  return version === undefined ? invalidPart : `IPv${version}`;
}

/** The network of an address with prefix length; nothing for a reference (`alloc:...`) and for what is no network. */
function networkOf(text: unknown): { readonly IP: string; readonly MaskSize: number } | undefined {
  const network = networkText(String(text));
  return network === undefined ? undefined : { IP: network.ip, MaskSize: network.prefixLength };
}

function printf(format: string, operands: readonly unknown[]): string {
  return compileFormat(format)(operands);
}

/** A function that fills in the verbs (`%s`, `%d`, `%v`) of a format. */
export function compileFormat(format: string): (operands: readonly unknown[]) => string {
  const texts = format.split(/%[sdv]/).map((text) => text.replaceAll('%%', '%'));
  return (operands) => {
    let text = texts[0]!;
    for (let index = 1; index < texts.length; index++) text += textOf(operands[index - 1]) + texts[index]!;
    return text;
  };
}
