/**
 * Marks on devices (ifalias): whose a device is and what it stands for. Text that people can read in `ip link`:
 * `ligature:<owner>:<role>:<name>`, where owner is the agent's label.
 */

const scheme = 'ligature';

/** IFALIASZ: longer aliases are refused by the kernel. */
export const maxAlias = 255;

export interface Mark {
  /** Label of the agent that made it. */
  readonly owner: string;
  /** What the device is to its object, e.g. `interface`, `peer`, `bridge`. No colon. */
  readonly role: string;
  /** Logical name of the object; may hold any character. */
  readonly name: string;
}

export function formatMark({ owner, role, name }: Mark): string {
  return `${scheme}:${encodeURIComponent(owner)}:${role}:${name}`;
}

/** The mark in an alias, or undefined when the device is not ours (of any agent). */
export function parseMark(alias: string | undefined): Mark | undefined {
  if (!alias?.startsWith(`${scheme}:`)) return undefined;
  const ownerEnd = alias.indexOf(':', scheme.length + 1);
  const roleEnd = ownerEnd < 0 ? -1 : alias.indexOf(':', ownerEnd + 1);
  if (roleEnd < 0) return undefined;
  try {
    const owner = decodeURIComponent(alias.slice(scheme.length + 1, ownerEnd));
    return { owner, role: alias.slice(ownerEnd + 1, roleEnd), name: alias.slice(roleEnd + 1) };
  } catch {
    return undefined;
  }
}
