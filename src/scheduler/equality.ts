/** Structural equality of configuration values: protobuf messages, plain objects, arrays, bytes, maps. */

/**
 * True when both have the same type and the same content. Properties that are undefined count as absent, so an unset
 * optional field equals one that was never there.
 */
export function structurallyEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return left !== left && right !== right;
  }
  if (Array.isArray(left)) return Array.isArray(right) && equalArrays(left, right);
  const prototype: unknown = Object.getPrototypeOf(left);
  if (prototype !== Object.getPrototypeOf(right)) return false;
  if (left instanceof Uint8Array) return equalBytes(left, right as Uint8Array);
  if (left instanceof Map) return equalMaps(left, right as Map<unknown, unknown>);
  return equalProperties(left as Properties, right as Properties);
}

type Properties = Record<string, unknown>;

function equalArrays(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (!structurallyEqual(left[i], right[i])) return false;
  return true;
}

function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

function equalMaps(left: ReadonlyMap<unknown, unknown>, right: ReadonlyMap<unknown, unknown>): boolean {
  if (left.size !== right.size) return false;
  for (const [key, value] of left) if (!right.has(key) || !structurallyEqual(value, right.get(key))) return false;
  return true;
}

function equalProperties(left: Properties, right: Properties): boolean {
  let balance = 0;
  for (const name in left) {
    const value = left[name];
    const other = right[name];
    if (value !== other && !structurallyEqual(value, other)) return false;
    if (value !== undefined) balance++;
  }
  for (const name in right) if (right[name] !== undefined) balance--;
  return balance === 0;
}
