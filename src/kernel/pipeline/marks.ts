/**
 * Bits of the packet mark (`skb->mark`, `meta mark`, `ip rule fwmark`). Every user reads and writes only its own field, with
 * `mark & ~mask | value`, so that a packet that is load-balanced inside a VRF under ABF keeps all three answers.
 */

/** A run of bits in the mark. `limit` is the largest value it can hold; 0 always means "not set". */
export interface MarkField {
  readonly name: string;
  readonly shift: number;
  readonly bits: number;
  /** Unsigned 32-bit mask of the field, in place. */
  readonly mask: number;
  readonly limit: number;
}

function field(name: string, shift: number, bits: number): MarkField {
  const limit = 2 ** bits - 1;
  return { name, shift, bits, limit, mask: (limit * 2 ** shift) >>> 0 };
}

export const marks = {
  /**
   * Number of the security policy database (not its index) of the interface that a packet came in by: policies for what comes in
   * ask for it, as they are not told the interface. IPv6 packets of the router itself have that of the one they leave by.
   */
  ipsec: field('ipsec', 0, 8),
  /**
   * Number of the ABF policy, or of the cross-connect of an interface in a VRF, that takes the packet; the largest: a cross-connect
   * of an interface in VRF 0 takes it (`ip rule iif` says which). Marked in prerouting, as rules by `iif` alone would take the look-up
   * of ARP, too: no request for an own address would be answered; and as a packet of a VRF is looked up as if its vrf device had
   * received it, with the mark that it got before.
   */
  abf: field('abf', 8, 10),
  /** Set on what punt redirection has picked. */
  punt: field('punt', 18, 1),
  /** Sent out of its VRF by NAT: to the VRF of the mark. */
  natOutward: field('natOutward', 20, 1),
  /** Index of a VRF (not its id): `ip rule fwmark` and NAT pool choice of a packet whose device no longer tells. */
  vrf: field('vrf', 21, 11),
} as const satisfies Record<string, MarkField>;

/** Bits of the connection mark (`ct mark`). The VRF sits where it does in the packet mark, so that one masked copy restores it. */
export const connectionMarks = {
  /**
   * Number of the NAT backend that a connection goes to. The kernel ends all connections of one value in one message
   * (`Conntrack.endMarked`), several times faster than a search by address.
   */
  backend: field('backend', 0, 21),
  vrf: marks.vrf,
} as const satisfies Record<string, MarkField>;

/** Value of `marks.abf` for what a cross-connect of IP packets takes in VRF 0. */
export const crossConnectMark = marks.abf.limit;

/** `value` at the field's place. Throws RangeError when the field cannot hold it. */
export function markOf(of: MarkField, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > of.limit) {
    throw new RangeError(`mark field ${of.name}: ${value} is not in 0-${of.limit}`);
  }
  return (value * 2 ** of.shift) >>> 0;
}
