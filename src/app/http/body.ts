import { AppError, messageOf } from '../errors.ts';

/** Turns the bytes of a request into what the route asks for. Errors: AppError `invalid`. */
export function decodeBody(bytes: Buffer | undefined, as: 'json' | 'text' | 'bytes'): unknown {
  if (bytes === undefined || bytes.length === 0) return as === 'text' ? '' : undefined;
  if (as === 'bytes') return bytes;
  const text = decodeText(bytes);
  return as === 'text' ? text : parseJson(text);
}

function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('invalid', 'the body is not UTF-8 text', { field: 'body', cause });
  }
}

function parseJson(text: string): unknown {
  try {
    // A key named __proto__ would become a prototype as soon as somebody merges the object into another.
    return JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value));
  } catch (cause) {
    throw new AppError('invalid', `the body is not valid JSON: ${messageOf(cause)}`, { field: 'body', cause });
  }
}
