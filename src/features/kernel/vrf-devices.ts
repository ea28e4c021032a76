/** Whether this kernel has vrf devices. Without them VRFs are made of rules and tables (rule-vrf/), as far as that goes. */

import type { KernelEngine } from './engine.ts';

/** Why there are none, and why rules cannot take their place; undefined: they can. */
interface Lack {
  readonly reason: string;
  readonly noRules: string | undefined;
}

/** Of kernels that have none; known before the first commit. */
const known = new WeakMap<KernelEngine, Lack>();

export async function learnVrfDevices(engine: KernelEngine): Promise<void> {
  const capabilities = await engine.driver.capabilities();
  const reason = capabilities.missing('vrf');
  if (reason === undefined) return;
  known.set(engine, { reason, noRules: capabilities.missing('multiple-tables') ?? capabilities.missing('nft-inet') });
}

/** Why VRFs other than 0 are made of rules here; undefined: they have devices. */
export function lackingVrfDevices(engine: KernelEngine): string | undefined {
  return known.get(engine)?.reason;
}

/** Why this kernel can have no VRFs other than 0 at all. */
export function lackingVrfs(engine: KernelEngine): string | undefined {
  const lack = known.get(engine);
  return lack?.noRules === undefined ? undefined : `${lack.reason}, and ${lack.noRules}`;
}

/** What is refused where VRFs are made of rules, with what helps; undefined: there are vrf devices. `what`: `NAT in VRFs needs`. */
export function refusedWithoutVrfDevices(engine: KernelEngine, what: string): string | undefined {
  const reason = lackingVrfDevices(engine);
  return reason === undefined ? undefined : `kernel: ${what} vrf devices (kernel module vrf): ${reason}`;
}
