/** Policies in the kernel. Of rules for exactly the same packets the kernel has one: the first that VPP would try. */

import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { deletePolicy, policyText, setPolicy } from '../../../kernel/netlink/xfrm-policy.ts';
import type { PolicySpec, Template } from '../../../kernel/netlink/xfrm-policy.ts';
import { formatIp } from '../../../model/address.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';

export class Policies {
  readonly #xfrm: Rtnl;
  readonly #owners = new Map<string, Map<Key, PolicySpec>>();
  readonly #owned = new Map<Key, readonly PolicySpec[]>();

  constructor(xfrm: Rtnl) {
    this.#xfrm = xfrm;
  }

  /** Makes these the policies of the object, in place of those it had. */
  async set(key: Key, specs: readonly PolicySpec[]): Promise<void> {
    const before = this.#owned.get(key) ?? [];
    this.found(key, specs);
    const wanted = new Set(specs.map(policyText));
    await Promise.all(specs.map((spec) => this.#program(policyText(spec), spec)));
    const stale = before.filter((spec) => !wanted.has(policyText(spec)));
    await Promise.all(stale.map((spec) => this.#leave(key, spec)));
  }

  async clear(key: Key): Promise<void> {
    const specs = this.#owned.get(key) ?? [];
    this.#owned.delete(key);
    await Promise.all(specs.map((spec) => this.#leave(key, spec)));
  }

  /** A retrieval found them, or they are about to be made. */
  found(key: Key, specs: readonly PolicySpec[]): void {
    this.#owned.set(key, specs);
    for (const spec of specs) {
      const id = policyText(spec);
      const owners = this.#owners.get(id);
      if (owners) owners.set(key, spec);
      else this.#owners.set(id, new Map([[key, spec]]));
    }
  }

  async #leave(key: Key, spec: PolicySpec): Promise<void> {
    const id = policyText(spec);
    const owners = this.#owners.get(id);
    owners?.delete(key);
    if (owners && owners.size > 0) return this.#program(id, spec);
    this.#owners.delete(id);
    try {
      await this.#xfrm.request(deletePolicy(spec));
    } catch (error) {
      if (!isKernelError(error, 'ENOENT', 'ESRCH')) throw error;
    }
  }

  #program(id: string, any: PolicySpec): Promise<void> {
    return this.#xfrm.request(setPolicy(firstOf(this.#owners.get(id)) ?? any));
  }
}

function firstOf(owners: ReadonlyMap<Key, PolicySpec> | undefined): PolicySpec | undefined {
  let first: readonly [Key, PolicySpec] | undefined;
  for (const [key, spec] of owners ?? []) {
    const isBefore =
      !first || spec.priority < first[1].priority || (spec.priority === first[1].priority && key < first[0]);
    if (isBefore) first = [key, spec];
  }
  return first?.[1];
}

/** What the kernel has, by the text that tells policies apart. */
export function byText(policies: readonly PolicySpec[]): ReadonlyMap<string, PolicySpec> {
  return new Map(policies.map((policy) => [policyText(policy), policy]));
}

/** Whether the kernel does what the policy says, or another one comes before it. */
export function isThere(found: PolicySpec | undefined, { priority, action, templates }: PolicySpec): boolean {
  if (!found || found.priority > priority) return false;
  if (found.priority < priority) return true;
  return found.action === action && templatesText(found.templates) === templatesText(templates);
}

function templatesText(templates: readonly Template[]): string {
  return templates
    .map(({ protocol, mode, source, destination, requestId, optional = false }) => {
      const ends =
        mode === 'tunnel' ? `${source ? formatIp(source) : ''} ${destination ? formatIp(destination) : ''}` : '';
      return `${protocol} ${mode} ${ends} ${requestId} ${optional}`;
    })
    .join();
}
