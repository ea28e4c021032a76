/** The one way to the secrets of a value, for whoever hides them and whoever puts them back. */

/** What stands in place of a secret text. On input it keeps the secret that is stored. */
export const secretPlaceholder = '<secret>';

/**
 * The value with what stands at a path of proto field names replaced; the value itself when nothing changes. Members of a oneof are
 * reached by their own name, elements of lists all. `replace` also gets what stands there in `other`, a value of the same kind.
 */
export function replaceAt(
  value: unknown,
  path: readonly string[],
  replace: (secret: unknown, other: unknown) => unknown,
  other?: unknown,
): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return replace(value, other);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const others = Array.isArray(other) ? (other as readonly unknown[]) : [];
    const next = value.map((item: unknown, index) => replaceAt(item, path, replace, others[index]));
    return next.every((item, index) => item === value[index]) ? value : next;
  }
  const name = head.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const fields = value as Record<string, unknown>;
  const known = (other ?? {}) as Record<string, unknown>;
  if (name in fields) return withField(fields, name, replaceAt(fields[name], rest, replace, known[name]));
  for (const [field, content] of Object.entries(fields)) {
    if (!isOneof(content) || content.case !== name) continue;
    const same = known[field];
    const inner = isOneof(same) && same.case === name ? same.value : undefined;
    const next = replaceAt(content.value, rest, replace, inner);
    return next === content.value ? value : withField(fields, field, { case: name, value: next });
  }
  return value;
}

function withField(fields: Record<string, unknown>, name: string, next: unknown): Record<string, unknown> {
  return fields[name] === next ? fields : { ...fields, [name]: next };
}

function isOneof(content: unknown): content is { case: string; value: unknown } {
  return typeof content === 'object' && content !== null && 'case' in content;
}
