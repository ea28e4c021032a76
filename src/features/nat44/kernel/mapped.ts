/** Mappings of inside ends in endpoint-independent mode: the kernel makes and keeps them; those of a pool that goes are taken out. */

import { isKernelError } from '../../../kernel/errors.ts';
import { deleteElements } from '../../../kernel/nftables/index.ts';
import type { ListedElement, Nftables, NftSet } from '../../../kernel/nftables/index.ts';
import { mappedSets } from './mapped-sets.ts';
import { natTable } from './vrf-sets.ts';

const { mapped, mappedBack, mappedClaims } = mappedSets;

/** Ends outside whose address `isGone`: nobody has them any more, and nobody is led in by them. */
export async function forgetMapped(nft: Nftables, isGone: (address: string) => boolean): Promise<void> {
  const stale = async (set: NftSet, addressOf: (element: ListedElement) => unknown) => {
    const elements = await nft.elements(natTable, set).catch(noneIfGone);
    return elements.filter((element) => isGone(String(addressOf(element)))).map(({ key }) => ({ set, key }));
  };
  const byKey = ({ key }: ListedElement): unknown => key[0];
  const all = await Promise.all([
    stale(mapped, ({ data }) => (data as readonly unknown[])[0]),
    stale(mappedBack, byKey),
    stale(mappedClaims, byKey),
  ]);
  await Promise.all(
    all.flat().map(({ set, key }) => nft.apply([deleteElements(natTable, set, [{ key }])]).catch(noneIfGone)),
  );
}

/** The table went, or the time of a mapping was over. */
function noneIfGone(error: unknown): readonly never[] {
  if (!isKernelError(error, 'ENOENT')) throw error;
  return [];
}
