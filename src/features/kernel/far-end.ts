/** The two ends of a veth pair in different namespaces: whether an end is where somebody who looks for it would find it. */

import type { Key } from '../../model/key.ts';
import { isKernelError } from '../../kernel/errors.ts';
import type { Namespace } from '../../kernel/namespace/namespace.ts';
import type { Link } from '../../kernel/netlink/link.ts';
import type { KernelEngine } from './engine.ts';

/** Whether the other end of `near`, which is in the namespace `home`, is in one of these namespaces. `session`: of the retrieval. */
export async function isFarEndIn(
  { driver }: KernelEngine,
  session: object,
  near: Pick<Link, 'index' | 'link'>,
  home: Namespace,
  namespaces: readonly (Namespace | undefined)[],
): Promise<boolean> {
  const distinct = new Map(namespaces.flatMap((namespace) => (namespace ? [[namespace.id, namespace] as const] : [])));
  for (const namespace of distinct.values()) {
    const links = await driver.dump(session, namespace).linksByIndex().catch(absent);
    const far = near.link === undefined ? undefined : links?.get(near.link);
    // In another namespace the other end may have the same number; here it would be the device itself.
    if (namespace.id === home.id && near.link === near.index) continue;
    if (far?.kind?.type === 'veth' && far.link === near.index) return true;
  }
  return false;
}

/** A namespace that is gone has no links. */
export function absent(error: unknown): undefined {
  if (isKernelError(error, 'ENOENT')) return undefined;
  throw error;
}

type Look = (key: Key, reason: string) => void;

const looks = new WeakMap<KernelEngine, Look>();

/** Who looks again at interfaces whose other end was not found. */
export function onLostFarEnd(engine: KernelEngine, look: Look): void {
  looks.set(engine, look);
}

/** The other end of that interface is nowhere: the interface is looked at, found not to be whole, and made anew. */
export function reportLostFarEnd(engine: KernelEngine, key: Key): void {
  looks.get(engine)?.(key, 'its other end is in no namespace that is known');
}
