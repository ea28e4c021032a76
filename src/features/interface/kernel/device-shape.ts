/** Compares the parameters that a device should have with those that it has. */

import type { Ip } from '../../../model/address.ts';
import type { LinkKind } from '../../../kernel/netlink/link-kinds.ts';

/** Whether everything that is wanted is as it is found; what is not mentioned is the kernel's choice. `link` is compared apart. */
export function sameShape(wanted: LinkKind, found: LinkKind): boolean {
  const actual = found as unknown as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(
    ([field, value]) =>
      field === 'link' ||
      value === undefined ||
      // The kernel adds what it found out about the ends (IP6_TNL_F_CAP_...).
      (field === 'flags' ? (Number(actual[field]) & Number(value)) === value : sameValue(value, actual[field])),
  );
}

function sameValue(wanted: unknown, found: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return wanted === found || (wanted === false && !found);
  const [one, other] = [wanted as Ip, found as Ip | undefined];
  return other !== undefined && Buffer.compare(one.bytes, other.bytes) === 0;
}
