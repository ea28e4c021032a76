/**
 * What the choice among equal paths is made of. The kernel has one setting for each family of a namespace, VPP one for each
 * table: tables that say something have to say the same.
 */

import type { VrfTable } from '../../../model/gen/ligato/vpp/l3/vrf_pb.js';
import type { Key } from '../../../model/key.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { flowHash, vrfFamily } from '../model.ts';

/** What this engine cannot hash by, in words. */
export function unsupportedFlowHash({ driver }: KernelEngine, { flowHashSettings }: VrfTable): string | undefined {
  if (!flowHashSettings) return undefined;
  if (flowHashSettings.reverse) return 'kernel: the hash of a flow cannot be made of its reverse (it is symmetric)';
  if (driver.vswitch.id !== driver.own.id) return undefined;
  return "kernel: flow_hash_settings would change the host's own routing; they need a namespace for the vswitch";
}

export class FlowHashing {
  readonly #engine: KernelEngine;
  /** Fields that tables ask for, by family. */
  readonly #wishes = { 4: new Map<Key, number>(), 6: new Map<Key, number>() } as const;

  constructor(engine: KernelEngine) {
    this.#engine = engine;
  }

  /** Returns why it cannot be. */
  async set(key: Key, value: VrfTable): Promise<Error | undefined> {
    const wishes = this.#wishes[vrfFamily(value)];
    if (!value.flowHashSettings) {
      await this.forget(key);
      return undefined;
    }
    const fields = fieldsOf(value);
    if (wishes.get(key) === fields) return undefined;
    const other = [...wishes].find(([who, what]) => who !== key && what !== fields);
    if (other) {
      const message = `kernel: all tables of a family share flow_hash_settings, and ${other[0]} has others`;
      return new SchedulerError('unimplemented', message, { key, retriable: false });
    }
    wishes.set(key, fields);
    const directory = `net/ipv${vrfFamily(value)}`;
    const sysctl = this.#engine.driver.sysctl(this.#engine.driver.vswitch);
    await sysctl.write(`${directory}/fib_multipath_hash_fields`, fields);
    await sysctl.write(`${directory}/fib_multipath_hash_policy`, CUSTOM);
    return undefined;
  }

  async forget(key: Key): Promise<void> {
    for (const family of [4, 6] as const) {
      const wishes = this.#wishes[family];
      if (!wishes.delete(key) || wishes.size > 0) continue;
      const sysctl = this.#engine.driver.sysctl(this.#engine.driver.vswitch);
      await sysctl.write(`net/ipv${family}/fib_multipath_hash_policy`, FIVE_TUPLE);
    }
  }
}

/** Values of fib_multipath_hash_policy. */
const FIVE_TUPLE = 1;
const CUSTOM = 3;

/** Bits of fib_multipath_hash_fields (include/net/ip_fib.h). */
function fieldsOf({ flowHashSettings }: VrfTable): number {
  const hash = flowHash(flowHashSettings);
  let fields = 0;
  if (hash.sourceAddress) fields |= 0x01;
  if (hash.destinationAddress) fields |= 0x02;
  if (hash.protocol) fields |= 0x04;
  if (hash.sourcePort) fields |= 0x10;
  if (hash.destinationPort) fields |= 0x20;
  return fields;
}
