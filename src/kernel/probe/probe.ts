/** Finds out what this kernel can do by trying it, in a namespace that nobody sees and that ends with the last socket in it. */

import { readFileSync } from 'node:fs';
import type { Capabilities, Capability } from './capabilities.ts';
import { openLaboratory } from './laboratory.ts';
import { probeLinks } from './links.ts';
import { probeNftables } from './nftables.ts';
import { probeRouting } from './routing.ts';
import { probeXfrm } from './xfrm.ts';

let known: Promise<Capabilities> | undefined;

/** What this kernel can do. Tried once in a process; asked again when trying failed as a whole. */
export function probeCapabilities(): Promise<Capabilities> {
  if (!known) {
    known = probe();
    known.catch(() => (known = undefined));
  }
  return known;
}

async function probe(): Promise<Capabilities> {
  const laboratory = openLaboratory();
  try {
    const list: Capability[] = [];
    for (const group of [probeLinks, probeRouting, probeXfrm, probeNftables]) list.push(...(await group(laboratory)));
    return capabilities(list);
  } finally {
    laboratory.close();
  }
}

/** The same, as of a kernel that has none of these. */
export function withoutSome({ list }: Capabilities, names: readonly string[]): Capabilities {
  const reason = 'this agent is told to do without it';
  return capabilities(list.map((one) => (names.includes(one.name) ? { ...one, present: false, reason } : one)));
}

function capabilities(list: readonly Capability[]): Capabilities {
  const byName = new Map(list.map((capability) => [capability.name, capability]));
  const kernel = readFileSync('/proc/sys/kernel/osrelease', 'latin1').trim();
  return {
    kernel,
    list,
    has: (name) => byName.get(name)?.present ?? false,
    missing(name) {
      const capability = byName.get(name);
      if (!capability) return `${name} is nothing this program can find out`;
      return capability.present ? undefined : capability.reason;
    },
  };
}
