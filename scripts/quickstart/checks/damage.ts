/** Takes one element out of a map of ours, as somebody with `nft` at hand would. */

import { deleteElements, types } from '../../../src/kernel/nftables/index.ts';
import type { Nftables, NftSet } from '../../../src/kernel/nftables/index.ts';
import { tables } from '../../../src/kernel/pipeline/index.ts';
import { expect } from './expect.ts';

/** Backends of services: external address, protocol, port, share -> address, port, number. */
const backends: NftSet = {
  name: 'backends',
  key: [types.ipv4_addr, types.inet_proto, types.inet_service, types.mark],
  data: [types.ipv4_addr, types.inet_service, types.mark],
};

/** Deletes one backend of a service from the NAT table and says which. */
export async function deleteSomeElement(nftables: Nftables, isOwn: (name: string) => boolean): Promise<string> {
  const table = (await nftables.tables()).find(({ name }) => isOwn(name) && name === tables.nat44);
  expect(table, 'there is no NAT table');
  const [element] = await nftables.elements(table, backends);
  expect(element, 'no service has a backend');
  const [address, , port, share] = element.key;
  await nftables.apply([deleteElements(table, backends, [{ key: element.key }])]);
  return `share ${String(share)} of service ${String(address)}:${String(port)}`;
}
