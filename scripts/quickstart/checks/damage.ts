/** Takes one element out of a map of ours, as somebody with `nft` at hand would. */

import type { Nftables } from '../../../src/kernel/nftables/index.ts';
import { expect } from './expect.ts';

export async function deleteSomeElement(_nftables: Nftables, _isOwn: (name: string) => boolean): Promise<string> {
  expect(false, 'not written yet');
  return Promise.resolve('');
}
