/** For tests: nftables in the namespace of a lab host, and what the `nft` program says of it. */

import { statSync } from 'node:fs';
import { createLab, type Lab } from '../../../test/lab/lab.ts';
import type { Host } from '../../../test/lab/host.ts';
import type { Namespace } from '../namespace/namespace.ts';
import { createNftablesDriver, type NftablesDriver } from './nftables.ts';
import type { TableReference } from './objects.ts';
import type { Nftables } from './port.ts';

export function namespaceOf(host: Host): Namespace {
  const { dev, ino } = statSync(host.netns);
  return { label: host.name, id: `${dev}:${ino}`, path: host.netns };
}

export interface Bench extends AsyncDisposable {
  readonly lab: Lab;
  readonly host: Host;
  readonly namespace: Namespace;
  readonly driver: NftablesDriver;
  readonly nft: Nftables;
  /** Runs `nft` on a script, as somebody else would. */
  byHand(script: string): Promise<string>;
  /** `nft list table`, without counts of packets and remaining times. */
  listing(table: TableReference): Promise<string>;
}

/** A host with a driver of its own. */
export async function openBench(): Promise<Bench> {
  const lab = await createLab();
  const host = await lab.host('nft');
  const namespace = namespaceOf(host);
  const driver = createNftablesDriver();
  const byHand = async (script: string): Promise<string> => {
    const { status, stdout, stderr } = await host.exec(['nft', '-f', '-'], { input: script, timeout: 60_000 });
    if (status !== 0) throw new Error(`nft: ${stderr}`);
    return stdout;
  };
  return {
    lab,
    host,
    namespace,
    driver,
    nft: driver.nft(namespace),
    byHand,
    listing: async ({ family, name }) => plain(await host.run('nft', 'list', 'table', family, name)),
    [Symbol.asyncDispose]: async () => {
      driver.close();
      await lab.close();
    },
  };
}

function plain(listing: string): string {
  return listing.replaceAll(/ expires [0-9a-z]+/g, '').replaceAll(/packets \d+ bytes \d+/g, 'packets 0 bytes 0');
}
