/** A switch with pods, and traces through it: for tests. */

import { createModelRegistry } from '../../model/index.ts';
import { parseConfiguration } from '../../model/config/index.ts';
import type { Change } from '../../scheduler/scheduler.ts';
import type { Host } from '../../../test/lab/host.ts';
import { Stage, type StageAgent } from '../../../test/stage/stage.ts';
import { kernelTraceEngine } from './kernel/engine.ts';
import { readMacs } from './macs.ts';
import type { Hop, Trace, TraceRequest } from './trace.ts';
import { Tracer } from './tracer.ts';

const registry = createModelRegistry();

export class TraceStage implements AsyncDisposable {
  readonly stage: Stage;
  readonly agent: StageAgent;
  readonly pods: Readonly<Record<string, Host>>;
  readonly #namespaces: Readonly<Record<string, string>>;
  readonly #tracer: Tracer;

  private constructor(stage: Stage, agent: StageAgent, pods: Record<string, Host>, namespaces: Record<string, string>) {
    this.stage = stage;
    this.agent = agent;
    this.pods = pods;
    this.#namespaces = namespaces;
    const engine = kernelTraceEngine({ driver: agent.driver, owner: 'test', adopt: new Set() }, agent.scheduler);
    const { scheduler, driver } = agent;
    const macs = (signal: AbortSignal) => readMacs({ scheduler, driver }, signal);
    this.#tracer = new Tracer({ scheduler: agent.scheduler, macs, engine: () => Promise.resolve(engine) });
  }

  static async open(...names: readonly string[]): Promise<TraceStage> {
    const stage = await Stage.open();
    const pods: Record<string, Host> = {};
    const namespaces: Record<string, string> = {};
    for (const name of names) {
      const { host, namespace } = await stage.pod(name);
      pods[name] = host;
      namespaces[name] = namespace.reference;
    }
    return new TraceStage(stage, await stage.agent(), pods, namespaces);
  }

  pod(name: string): Host {
    const host = this.pods[name];
    if (!host) throw new RangeError(`no pod ${name}`);
    return host;
  }

  /** A TAP of the switch to each pod, `tap-POD`, and what else is configured: YAML of the group `vppConfig`. */
  async configure(
    taps: Readonly<Record<string, { readonly pod: string; readonly tap?: string; readonly gateway?: string }>>,
    vppConfig = '',
  ): Promise<void> {
    const interfaces = Object.entries(taps).map(
      ([pod, { tap = '' }]) =>
        `    - { name: tap-${pod}, type: TAP, enabled: true${tap === '' ? '' : `, ipAddresses: [${tap}]`} }`,
    );
    const linux = Object.entries(taps).map(
      ([name, { pod }]) =>
        `    - { name: ${name}, type: TAP_TO_VPP, enabled: true, hostIfName: eth0, namespace: { type: NSID, reference: ${this.#namespaces[name]} }, ipAddresses: [${pod}], tap: { vppTapIfName: tap-${name} } }`,
    );
    const routes = Object.entries(taps).flatMap(([name, { gateway }]) =>
      gateway === undefined
        ? []
        : [`    - { outgoingInterface: ${name}, scope: GLOBAL, dstNetwork: 0.0.0.0/0, gwAddr: ${gateway} }`],
    );
    const text = [
      'vppConfig:',
      '  interfaces:',
      ...interfaces,
      vppConfig,
      'linuxConfig:',
      '  interfaces:',
      ...linux,
      ...(routes.length === 0 ? [] : ['  routes:', ...routes]),
    ].join('\n');
    await this.agent.commit(...changesOf(text));
  }

  /** Of the whole configuration. */
  async commit(text: string): Promise<void> {
    await this.agent.commit(...changesOf(text));
  }

  trace(from: string, to: string, more: Partial<TraceRequest> = {}): Promise<Trace> {
    return this.#tracer.trace({ from, to, ...more }, AbortSignal.timeout(60_000));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stage[Symbol.asyncDispose]();
  }
}

export function changesOf(text: string): readonly Change[] {
  return parseConfiguration(text, { registry }).values;
}

/** Hops in words, without what differs from run to run; those that were looked up begin with `~`. */
export function wayOf({ hops }: Pick<Trace, 'hops'>): readonly string[] {
  return hops.map(
    ({ by, text, observed }) =>
      `${observed ? '' : '~'}${by}: ${text.replaceAll(/(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/g, 'MAC')}`,
  );
}

/** `model/name` of the object, and its rule. */
export function objectOf({ key, rule }: Pick<Hop, 'key' | 'rule'>): string {
  return `${key ?? 'nobody'}${rule === undefined ? '' : ` #${rule}`}`;
}
