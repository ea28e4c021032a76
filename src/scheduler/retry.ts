/** Further attempts at what failed, after a while. */

import type { Node, Retry } from './node.ts';

/** Failed keys of one transaction and attempt are tried again together. */
export class Retries {
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #fire: (nodes: readonly Node[], retry: Retry) => void;

  constructor(fire: (nodes: readonly Node[], retry: Retry) => void) {
    this.#fire = fire;
  }

  schedule(retries: ReadonlyMap<Node, Retry>): void {
    const groups = new Map<string, { readonly retry: Retry; readonly nodes: Node[] }>();
    for (const [node, retry] of retries) {
      const name = `${retry.seqNum} ${retry.attempt} ${delayOf(retry)}`;
      const group = groups.get(name);
      if (group === undefined) groups.set(name, { retry, nodes: [node] });
      else group.nodes.push(node);
    }
    for (const { retry, nodes } of groups.values()) this.#arm(nodes, retry, retries);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #arm(nodes: readonly Node[], retry: Retry, retries: ReadonlyMap<Node, Retry>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const due = nodes.filter((node) => node.failure !== undefined && node.retry === retries.get(node));
      if (due.length > 0) this.#fire(due, retry);
    }, delayOf(retry));
    this.#timers.add(timer);
  }
}

/** ms */
function delayOf({ attempt, policy }: Retry): number {
  return policy.backoff ? policy.period * 2 ** Math.min(attempt - 1, 20) : policy.period;
}
