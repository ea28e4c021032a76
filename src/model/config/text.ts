import { ConfigurationError } from './errors.ts';
import { tooLargeForMemory } from './memory.ts';

/** Text of a configuration file. Throws ConfigurationError when it is larger than `limit` bytes, does
 * not fit into memory, or is not UTF-8. */
export function configurationText(input: string | Uint8Array, file: string, limit: number): string {
  const size = typeof input === 'string' ? input.length : input.byteLength;
  if (size > limit) {
    throw refusal(file, 1, 1, `is ${size} bytes large, ${limit} are accepted; split it or raise the limit`);
  }
  const text = typeof input === 'string' ? input : decodeUtf8(input, file);
  const reason = tooLargeForMemory(text);
  if (reason !== undefined) throw refusal(file, 1, 1, reason);
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
  if (isUtf16(bytes)) throw refusal(file, 1, 1, 'is UTF-16; save it as UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const { line, column, byte } = firstInvalid(bytes);
    throw refusal(file, line, column, `is not UTF-8: unexpected byte 0x${byte.toString(16).padStart(2, '0')}`);
  }
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** Position of the first byte that is no UTF-8. What is before it decodes without the replacement character of its own. */
function firstInvalid(bytes: Uint8Array): { line: number; column: number; byte: number } {
  const offset = validPrefixLength(bytes);
  const before = new TextDecoder('utf-8').decode(bytes.subarray(0, offset));
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: before.length - lineStart + 1, byte: bytes[offset] ?? 0 };
}

/** Binary search for the longest prefix that decodes; `stream` makes a character cut at the end of the prefix no error. */
function validPrefixLength(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (decodes(bytes.subarray(0, middle), true)) valid = middle;
    else invalid = middle;
  }
  // The prefix may end within the broken character: step back to where that starts.
  while (valid > 0 && !decodes(bytes.subarray(0, valid), false)) valid--;
  return valid;
}

function decodes(bytes: Uint8Array, stream: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
}

function refusal(file: string, line: number, column: number, message: string): ConfigurationError {
  return new ConfigurationError([{ file, line, column, path: '', message }]);
}
