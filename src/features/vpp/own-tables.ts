/** Tables of routes that a feature makes for itself, with all that is in them: no VRF of anybody, and its routes are nobody's objects. */

const OWN = 'ligature: ';
/** Bytes of a name in VPP's messages, with its end. */
const LONGEST = 63;

/** The name of a table that is made `what` for: it tells it from VRFs. */
export function ownTableName(what: string): string {
  return `${OWN}${what}`.slice(0, LONGEST);
}

export function isOwnTable({ name }: { readonly name: string }): boolean {
  return name.startsWith(OWN);
}
