import type { Message } from '@bufbuild/protobuf';

/** Whether every field that is set in `filter` has the same value in `message` (merging it in would change nothing). */
export function matchesFilter(filter: Message, message: Message): boolean {
  return fits(filter, message);
}

function fits(wanted: unknown, found: unknown): boolean {
  if (isUnset(wanted)) return true;
  if (typeof wanted !== 'object' || wanted === null) return wanted === found;
  if (typeof found !== 'object' || found === null) return false;
  if (Array.isArray(wanted))
    return Array.isArray(found) && wanted.every((item) => found.some((other) => fits(item, other)));
  const fields = found as Record<string, unknown>;
  return Object.entries(wanted).every(([name, value]) => name.startsWith('$') || fits(value, fields[name]));
}

/** Proto3: a scalar at its default says nothing. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === 0 || value === 0n || value === '' || value === false;
}
