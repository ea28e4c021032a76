/** Clients that stay with a backend: the kernel keeps them; those of a backend that goes are taken out. */

import { isKernelError } from '../../../kernel/errors.ts';
import { deleteElements } from '../../../kernel/nftables/index.ts';
import { type Through, throughText, vrfOfMark } from './flows.ts';
import type { Nat } from './nat.ts';
import { natTable, sets } from './table.ts';

export async function forgetAffinity(nat: Nat, gone: readonly Through[]): Promise<void> {
  if (gone.length === 0) return;
  const texts = new Set(gone.map(throughText));
  try {
    const elements = await nat.nft.elements(natTable, sets.affinity);
    const stale = elements.filter(({ key, data }) => {
      const [, address, protocol, port] = key;
      const [backend, backendPort, mark] = data as readonly [string, number, number];
      const through = {
        address: String(address),
        protocol: Number(protocol),
        port: Number(port),
        backend,
        backendPort,
        vrf: vrfOfMark(mark),
      };
      return texts.has(throughText(through));
    });
    if (stale.length === 0) return;
    await nat.nft.apply([
      deleteElements(
        natTable,
        sets.affinity,
        stale.map(({ key }) => ({ key })),
      ),
    ]);
  } catch (error) {
    // The table is gone, or the time of an entry was over in between: it will not be found again either way.
    if (!isKernelError(error, 'ENOENT')) throw error;
  }
}
