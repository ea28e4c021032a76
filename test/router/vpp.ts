/**
 * A router that is a VPP of its own (`LIGATURE_VPP_BIN`) in the namespace of the test (`each-engine.ts` gives it one), with the Linux models made by the kernel beside
 * it. VPP makes TAPs with vhost-net only: a wire to a host is a VETH pair here, whose end at the router VPP takes by AF_PACKET.
 */

import { create, isMessage } from '@bufbuild/protobuf';
import { features } from '../../src/features/index.ts';
import {
  Interface_Type as LinuxType,
  InterfaceSchema as LinuxInterfaceSchema,
  VethLink_ChecksumOffloading as Offloading,
  VethLinkSchema,
} from '../../src/model/gen/ligato/linux/interfaces/interface_pb.js';
import {
  AfpacketLinkSchema,
  Interface_Type as Type,
  InterfaceSchema,
} from '../../src/model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { VppClient } from '../../src/vpp/index.ts';
import type { Change, Scheduler } from '../../src/scheduler/scheduler.ts';
import type { Lab } from '../lab/lab.ts';
import { deleteLink, listLinks } from '../lab/rtnetlink.ts';
import { linuxInterface } from '../stage/stage.ts';
import { startVpp, type VppProcess } from '../vpp/process.ts';
import { VppAgent as Connected } from '../vpp/stage.ts';
import { Agent } from './agent.ts';
import { Bench, type Hosts, openHosts } from './bench.ts';

export class VppAgent extends Agent {
  readonly vpp: Connected;

  readonly #checksums: Offloading;

  constructor(vpp: Connected, finishesChecksums: boolean) {
    super();
    this.vpp = vpp;
    this.#checksums = finishesChecksums ? Offloading.CHKSM_OFFLOAD_DISABLED : Offloading.CHKSM_OFFLOAD_DEFAULT;
  }

  get scheduler(): Scheduler {
    return this.vpp.scheduler;
  }

  override get client(): VppClient {
    return this.vpp.client;
  }

  protected override wired(changes: readonly Change[]): readonly Change[] {
    return changes.flatMap((change) => wire(change, this.#checksums));
  }

  stop(): Promise<void> {
    return this.vpp.stop();
  }

  /** What VPP's command line says. */
  async show(command: string): Promise<string> {
    return (await this.vpp.client.request('cli_inband', { cmd: command })).reply;
  }
}

const outerEnd = (tap: string): string => `${tap}-out`;
const isOuterEnd = (name: string): boolean => name.endsWith(outerEnd(''));

/** The kernel does so by itself, some time after the namespace of the other end is gone: too late for the test after this one. */
function drop(device: string): void {
  try {
    deleteLink(device);
  } catch (error) {
    if (!listLinks().some(({ name }) => name === device)) return;
    throw error;
  }
}

/** A TAP and its Linux end as a VETH pair. AF_PACKET takes the end that it sits on down with the interface. */
function wire({ key, value }: Change, txChecksumOffloading: Offloading): readonly Change[] {
  if (isMessage(value, InterfaceSchema) && value.type === Type.TAP) {
    const { name, enabled } = value;
    const afpacket = create(AfpacketLinkSchema, { linuxInterface: outerEnd(name) });
    const veth = { case: 'veth', value: { peerIfName: Bench.endOf(name) } } as const;
    return [
      { key, value: { ...value, type: Type.AF_PACKET, link: { case: 'afpacket', value: afpacket } } },
      linuxInterface(outerEnd(name), { type: LinuxType.VETH, enabled, link: veth }),
    ];
  }
  if (isMessage(value, LinuxInterfaceSchema) && value.link.case === 'tap') {
    const veth = create(VethLinkSchema, { peerIfName: outerEnd(value.link.value.vppTapIfName), txChecksumOffloading });
    return [{ key, value: { ...value, type: LinuxType.VETH, link: { case: 'veth', value: veth } } }];
  }
  return [{ key, value }];
}

export class VppBench extends Bench<VppAgent> {
  readonly vpp: VppProcess;
  readonly #owner: string;

  private constructor(lab: Lab, hosts: Hosts, vpp: VppProcess, owner = 'test') {
    super(lab, hosts);
    this.vpp = vpp;
    this.#owner = owner;
  }

  static async open(...names: readonly string[]): Promise<VppBench> {
    const { lab, hosts } = await openHosts(names);
    return new VppBench(lab, hosts, await startVpp());
  }

  /** Two that know the same hosts. */
  static async openPair(...names: readonly string[]): Promise<readonly [VppBench, VppBench]> {
    const { lab, hosts } = await openHosts(names);
    const vpps = await Promise.all([startVpp(), startVpp()]);
    const [left, right] = vpps.map((vpp, index) => new VppBench(lab, hosts, vpp, `test${index}`));
    return [left!, right!];
  }

  protected async start(): Promise<VppAgent> {
    const connected = await Connected.start(this.vpp.apiSocket, features, { withHost: true, owner: this.#owner });
    return new VppAgent(connected, this.finishesChecksums);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    await this.vpp[Symbol.asyncDispose]();
    for (const { name } of listLinks()) if (isOuterEnd(name)) drop(name);
  }
}
