/** Reads and writes the packet filter of namespaces with iptables-save and iptables-restore; several chains in one call. */

import { RuleChain_Protocol as Protocol } from '../../../model/gen/ligato/linux/iptables/iptables_pb.js';
import type { KernelDriver } from '../../../kernel/driver.ts';
import type { Namespace } from '../../../kernel/namespace/namespace.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import { findProgram, run } from './program.ts';

/** What one chain wants of its table, as lines of iptables-restore. */
export interface ChainChange {
  /** Name of the table: `filter`. */
  readonly table: string;
  /** `:CHAIN POLICY [0:0]`: makes a custom chain, or sets a policy. */
  readonly declarations: readonly string[];
  readonly flushes: readonly string[];
  readonly rules: readonly string[];
  readonly removals: readonly string[];
}

interface Waiting {
  readonly change: ChainChange;
  resolve(): void;
  reject(error: Error): void;
}

interface Batch {
  readonly namespace: Namespace;
  readonly protocol: Protocol;
  readonly waiting: Waiting[];
}

export class PacketFilters {
  readonly #driver: KernelDriver;
  readonly #batches = new Map<string, Batch>();

  constructor(driver: KernelDriver) {
    this.#driver = driver;
  }

  /** Why chains cannot be made, or undefined. */
  static lacking(protocol: Protocol): string | undefined {
    const names = ['restore', 'save'].map((what) => `${prefixOf(protocol)}-${what}`);
    const missing = names.filter((name) => findProgram(name) === undefined);
    return missing.length === 0 ? undefined : `${missing.join(' and ')} not found: install the package iptables`;
  }

  /** What is asked for in one turn goes to a namespace in one call, atomic for each table. */
  change(namespace: Namespace, protocol: Protocol, change: ChainChange): Promise<void> {
    const id = `${namespace.id} ${protocol}`;
    let batch = this.#batches.get(id);
    if (!batch) {
      this.#batches.set(id, (batch = { namespace, protocol, waiting: [] }));
      setImmediate(() => {
        this.#batches.delete(id);
        void this.#carryOut(batch!);
      });
    }
    const { waiting } = batch;
    return new Promise((resolve, reject) => waiting.push({ change, resolve, reject }));
  }

  /** Output of iptables-save: all tables. */
  async save(namespace: Namespace, protocol: Protocol, signal?: AbortSignal): Promise<string> {
    const { status, output, complaint } = await run(this.#driver, namespace, [programOf(protocol, 'save')], '', signal);
    if (status !== 0)
      throw new SchedulerError('failed', `${prefixOf(protocol)}-save in ${namespace.label}: ${complaint}`);
    return output;
  }

  async #carryOut({ namespace, protocol, waiting }: Batch): Promise<void> {
    const error = await this.#restore(namespace, protocol, waiting);
    if (!error || waiting.length === 1) {
      for (const { resolve, reject } of waiting)
        if (error) reject(error);
        else resolve();
      return;
    }
    // One of them is at fault: each on its own.
    for (const one of waiting) {
      const own = await this.#restore(namespace, protocol, [one]);
      if (own) one.reject(own);
      else one.resolve();
    }
  }

  async #restore(namespace: Namespace, protocol: Protocol, waiting: readonly Waiting[]): Promise<Error | undefined> {
    try {
      const argv = [programOf(protocol, 'restore'), '--noflush', '--wait', '5'] as const;
      const { status, complaint } = await run(
        this.#driver,
        namespace,
        [...argv],
        restoreText(waiting.map(({ change }) => change)),
      );
      if (status === 0) return undefined;
      return new SchedulerError(
        'failed',
        `${prefixOf(protocol)}-restore in ${namespace.label}: ${complaint || `status ${status}`}`,
      );
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

/** Chains are declared before any rule names them, and removed after none does. */
export function restoreText(changes: readonly ChainChange[]): string {
  const byTable = new Map<string, ChainChange[]>();
  for (const change of changes) {
    const others = byTable.get(change.table);
    if (others) others.push(change);
    else byTable.set(change.table, [change]);
  }
  const lines: string[] = [];
  for (const [table, list] of byTable) {
    lines.push(`*${table}`);
    for (const { declarations } of list) lines.push(...declarations);
    for (const { flushes } of list) lines.push(...flushes);
    for (const { rules } of list) lines.push(...rules);
    for (const { removals } of list) lines.push(...removals);
    lines.push('COMMIT');
  }
  return `${lines.join('\n')}\n`;
}

function prefixOf(protocol: Protocol): string {
  return protocol === Protocol.IPV6 ? 'ip6tables' : 'iptables';
}

function programOf(protocol: Protocol, what: string): string {
  const name = `${prefixOf(protocol)}-${what}`;
  const file = findProgram(name);
  if (file === undefined) throw new SchedulerError('unimplemented', `${name} not found: install the package iptables`);
  return file;
}
