/** Changes bytes of the packet. */

import { registerOf, type Source, type Statement } from './compiler.ts';
import { padded } from './datatype.ts';
import { slotsOf } from './source.ts';

/** Headers a rule can write into, and the kernel's number for them (NFT_PAYLOAD_...). */
const bases = { link: 0, network: 1, transport: 2 } as const;

/** Where a value goes. No checksum is corrected: for headers that have none (Ethernet, ARP). */
export interface Write {
  readonly base: keyof typeof bases;
  /** Offset in bytes from the start of that header. */
  readonly offset: number;
  /** Index into `sources`. */
  readonly source: number;
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
      for (const { base, offset, source } of writes) {
        const bytes = sources[source]!.parts.reduce((sum, part) => sum + part.bytes, 0);
        if (padded(bytes) / 4 !== slotsOf(sources[source]!.parts))
          throw new RangeError('its parts are not in one piece');
        compiler.expression('payload', (encoder) => {
          encoder.attributeBe32(2, bases[base]);
          encoder.attributeBe32(3, offset);
          encoder.attributeBe32(4, bytes);
          encoder.attributeBe32(5, registerOf(slots[source]!));
        });
      }
    },
  };
}
