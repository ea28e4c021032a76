import { masked } from '../config/secret.ts';

const secretName =
  /pass(word|wd|phrase)|secret|token|private[-_]?key|pre[-_]?shared|^psk$|credential|^authorization$|^cookie$/i;
const maxDepth = 6;

/** A copy with everything masked whose name says that it is a secret. The same object when there is nothing to mask. */
export function redactFields(fields: object): object {
  return redact(fields, 0) as object;
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || depth > maxDepth) return value;
  if (Array.isArray(value)) return redactList(value, depth);
  if (ArrayBuffer.isView(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(value)) {
    const safe = isSecretField(key, item) ? masked : redact(item, depth + 1);
    if (safe !== item) copy = { ...(copy ?? (value as Record<string, unknown>)), [key]: safe };
  }
  return copy ?? value;
}

function redactList(list: readonly unknown[], depth: number): unknown {
  const safe = list.map((item) => redact(item, depth + 1));
  return safe.some((item, index) => item !== list[index]) ? safe : list;
}

/** A count of tokens is no secret, nor is an absent password. */
function isSecretField(key: string, value: unknown): boolean {
  const carries = typeof value === 'string' ? value !== '' : typeof value === 'object' && value !== null;
  return carries && secretName.test(key);
}

/** Texts that must not leave the process in a log line, wherever they turn up. */
export class SecretTexts {
  // Shorter ones would mask half of every line.
  static readonly shortest = 6;
  readonly #texts = new Set<string>();

  add(text: string): void {
    if (text.length < SecretTexts.shortest) return;
    this.#texts.add(text);
    this.#texts.add(JSON.stringify(text).slice(1, -1));
  }

  mask(line: string): string {
    let result = line;
    for (const text of this.#texts) if (result.includes(text)) result = result.replaceAll(text, masked);
    return result;
  }
}
