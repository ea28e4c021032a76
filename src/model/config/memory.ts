import { getHeapStatistics } from 'node:v8';

/** Heap that a parsed value takes at the peak, in bytes, with the parser's event and the message it becomes (measured: 440). */
const bytesPerValue = 600;

/**
 * Why this text would exhaust the heap when it is parsed, which cannot be caught, or undefined when it fits. A short text
 * can hold many values (`[1,1,1,...]`), so they are counted by what separates them.
 */
export function tooLargeForMemory(text: string): string | undefined {
  const accepted = Math.floor(getHeapStatistics().heap_size_limit / bytesPerValue);
  // A value takes a character at least, so most texts need no counting.
  if (text.length <= accepted) return undefined;
  const values = separators(text);
  if (values <= accepted) return undefined;
  return `holds about ${values} values, ${accepted} fit into the memory of this process; split it`;
}

function separators(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === comma || code === newline || code === bracket || code === brace) count++;
    else if (code === colon && !isWordCharacter(text.charCodeAt(index + 1))) count++;
  }
  return count;
}

/** MAC and IPv6 addresses are full of colons that separate no values. */
function isWordCharacter(code: number): boolean {
  return (code >= 48 && code <= 58) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

const newline = 10;
const comma = 44;
const colon = 58;
const bracket = 91;
const brace = 123;
