/** Words that are no text in YAML 1.2's core schema. */
const words = new Map<string, boolean | null>([
  ...['null', 'Null', 'NULL', '~', ''].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/**
 * Value of a plain scalar on one line, without blanks around it; undefined when the whole parser has to decide (indicators
 * at its start, unusual numbers). Numbers start with a digit, a sign or a dot; texts that start so are addresses mostly.
 */
export function plainScalar(source: string): unknown {
  const first = source.charCodeAt(0);
  if (isLetter(first)) return source.length <= 5 && words.has(source) ? words.get(source) : source;
  if (first >= 48 && first <= 57) return startsWithDigit(source);
  if (source === '' || source === '~') return null;
  if (first === minus) return /^-[1-9]\d{0,14}$/.test(source) ? Number(source) : undefined;
  return first === slash || first === underscore || first > 0xa0 ? source : undefined;
}

function startsWithDigit(source: string): unknown {
  if (source.length < 16 && /^(?:0|[1-9]\d*)$/.test(source)) return Number(source);
  return /[:/]|^\d+\.\d+\.\d/.test(source) ? source : undefined;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

const minus = 45;
const slash = 47;
const underscore = 95;
