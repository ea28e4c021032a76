/** Named namespaces that the agent made because Linux objects name them. Their `lo` carries its mark, so that they are known again. */

import { formatPrefix } from '../../model/address.ts';
import { isKernelError } from '../../kernel/errors.ts';
import type { Namespace } from '../../kernel/namespace/namespace.ts';
import { listAddresses } from '../../kernel/netlink/address.ts';
import { getLink, listLinks } from '../../kernel/netlink/link.ts';
import type { Link } from '../../kernel/netlink/link.ts';
import { formatMark } from '../../kernel/ownership/mark.ts';
import type { KernelEngine } from './engine.ts';

/** Without its name, which is longer than an alias may be when somebody wants it so. */
export function namespaceMark({ owner }: KernelEngine): string {
  return formatMark({ owner, role: 'namespace', name: 'made for a Linux object' });
}

/** A namespace that stays, and why. */
export interface KeptNamespace {
  readonly name: string;
  readonly reason: string;
}

/**
 * Removes those of `names` (default: all) that the agent made, now or in an earlier run, and in which nothing is left. Returns those
 * that stay. Namespaces of others are not looked into further than to see that. `mayGo`: asked last, before each goes.
 */
export async function removeMadeNamespaces(
  engine: KernelEngine,
  names: Iterable<string> = engine.driver.namespaces.names(),
  mayGo: (name: string) => boolean = () => true,
): Promise<readonly KeptNamespace[]> {
  const { namespaces } = engine.driver;
  const kept: KeptNamespace[] = [];
  const empty: { readonly name: string; readonly namespace: Namespace }[] = [];
  for (const name of names) {
    const namespace = namespaces.find({ type: 'name', name });
    const links = namespace && (await linksOfOurs(engine, namespace));
    if (!namespace || !links) continue;
    const others = links.filter((link) => link.name !== 'lo' && !isKernelOwn(link)).map((link) => link.name);
    const address = await addressIn(engine, namespace);
    if (others.length > 0) kept.push({ name, reason: `it has other interfaces: ${others.toSorted().join(', ')}` });
    else if (address !== undefined) kept.push({ name, reason: `it has address ${address}` });
    else empty.push({ name, namespace });
  }
  const occupants = namespaces.occupants(empty.map(({ namespace }) => namespace));
  for (const { name, namespace } of empty) {
    const reason = occupants.get(namespace.id);
    if (reason !== undefined) kept.push({ name, reason });
    else if (namespaces.alive(namespace) && mayGo(name)) namespaces.delete(name);
  }
  return kept;
}

/** Its devices; undefined when the namespace has no mark of this agent. */
async function linksOfOurs(engine: KernelEngine, namespace: Namespace): Promise<readonly Link[] | undefined> {
  const rtnl = engine.driver.rtnl(namespace);
  try {
    const loopback = await rtnl.get(getLink({ name: 'lo' }));
    return loopback?.alias === namespaceMark(engine) ? await rtnl.dump(listLinks()) : undefined;
  } catch (error) {
    // It went in the meantime, or is none of ours to enter.
    if (isKernelError(error, 'ENOENT', 'EPERM', 'EACCES')) return undefined;
    throw error;
  }
}

/** An address that somebody gave to its `lo`. */
async function addressIn({ driver }: KernelEngine, namespace: Namespace): Promise<string | undefined> {
  try {
    const addresses = (await driver.rtnl(namespace).dump(listAddresses())).map(({ address }) => formatPrefix(address));
    return addresses.find((address) => address !== '127.0.0.1/8' && address !== '::1/128');
  } catch (error) {
    if (isKernelError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Devices that the kernel makes by itself in each namespace once a module for tunnels is loaded (net.core.fb_tunnels_only_for_init_net). */
const fallbackDevices = /^(?:tunl0|gre0|gretap0|erspan0|sit0|ip6tnl0|ip6gre0|ip_vti0|ip6_vti0)$/;

function isKernelOwn({ name, up }: Link): boolean {
  return fallbackDevices.test(name) && !up;
}
