/** Changes bytes of the packet. */

import { registerOf, type Source, type Statement } from './compiler.ts';
import { padded } from './datatype.ts';
import { slotsOf } from './source.ts';

/** Headers a rule can write into, and the kernel's number for them (NFT_PAYLOAD_...). */
const bases = { link: 0, network: 1, transport: 2 } as const;

/** Where a value goes. */
export interface Write {
  readonly base: keyof typeof bases;
  /** Offset in bytes from the start of that header. */
  readonly offset: number;
  /** Index into `sources`. */
  readonly source: number;
  /** Offset of the Internet checksum (RFC 1071) that covers it, in the same header. Default: it has none (Ethernet, ARP). */
  readonly checksum?: number;
  /** The checksum of TCP, UDP or ICMPv6 covers it, too: an IP address (pseudo header, RFC 8200 8.1). */
  readonly inPseudoHeader?: boolean;
}

/**
 * Loads all sources, then writes them: fields can be exchanged. The rule ends before anything is written when a map has no
 * value. RangeError when the sources need more than the 64 bytes of registers there are.
 *
 * @example rewrite([ether.saddr], [{ base: 'link', offset: 0, source: 0 }]) // back to the sender
 */
export function rewrite(sources: readonly Source[], writes: readonly Write[]): Statement {
  return {
    compile(compiler) {
      for (const source of sources) source.require(compiler);
      const slots: number[] = [];
      let next = 0;
      for (const source of sources) {
        slots.push(next);
        source.load(compiler, next);
        next += slotsOf(source.parts);
      }
      for (const { base, offset, source, checksum, inPseudoHeader } of writes) {
        const bytes = sources[source]!.parts.reduce((sum, part) => sum + part.bytes, 0);
        if (padded(bytes) / 4 !== slotsOf(sources[source]!.parts))
          throw new RangeError('its parts are not in one piece');
        compiler.expression('payload', (encoder) => {
          encoder.attributeBe32(2, bases[base]);
          encoder.attributeBe32(3, offset);
          encoder.attributeBe32(4, bytes);
          encoder.attributeBe32(5, registerOf(slots[source]!));
          if (checksum !== undefined) {
            encoder.attributeBe32(6, 1); // NFT_PAYLOAD_CSUM_INET
            encoder.attributeBe32(7, checksum);
          }
          if (inPseudoHeader) encoder.attributeBe32(8, 1); // NFT_PAYLOAD_L4CSUM_PSEUDOHDR
        });
      }
    },
  };
}
