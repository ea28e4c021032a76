/**
 * Associations in the kernel. There they belong to two addresses; the model has those of a tunnel only. One without is made
 * when it is known what it protects.
 */

import { formatIp, parseIp } from '../../../model/address.ts';
import { SecurityAssociation_IPSecProtocol as Protocol } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { SecurityAssociation } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Key } from '../../../model/key.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { addState, deleteState, IPPROTO_AH, IPPROTO_ESP, listStates } from '../../../kernel/netlink/xfrm-state.ts';
import type { State, StateId, StateSpec } from '../../../kernel/netlink/xfrm-state.ts';
import type { Rtnl } from '../../../kernel/rtnl/port.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { AssociationUse } from '../kernel-metadata.ts';
import { saKey, UDP_ENCAPSULATION_PORT } from '../model.ts';
import { algorithmsOf } from './algorithms.ts';
import type { EncapsulationPorts } from './encapsulation-ports.ts';

/** VPP's window. */
const REPLAY_WINDOW = 64;

interface Known {
  readonly value: SecurityAssociation;
  use: AssociationUse | undefined;
  /** Who said how it is used. */
  readonly users: Set<Key>;
}

export class Associations {
  readonly #xfrm: Rtnl;
  readonly #ports: EncapsulationPorts;
  readonly #known = new Map<number, Known>();

  constructor(xfrm: Rtnl, ports: EncapsulationPorts) {
    this.#xfrm = xfrm;
    this.#ports = ports;
  }

  /** A new association; made at once if it is a tunnel that is `used` as such. */
  async declare(value: SecurityAssociation, isTunnel: boolean): Promise<void> {
    const known: Known = { value, use: undefined, users: new Set() };
    this.#known.set(value.index, known);
    const tunnel = isTunnel ? tunnelOf(value) : undefined;
    if (tunnel) await this.#make(known, tunnel);
  }

  async withdraw(value: SecurityAssociation): Promise<void> {
    const known = this.#known.get(value.index);
    if (known) await this.#unmake(known);
    else await this.#deleteAny(value);
    this.#known.delete(value.index);
  }

  /** A retrieval found it, and how it is in the kernel. */
  found(value: SecurityAssociation, use: AssociationUse | undefined): void {
    const known = this.#known.get(value.index);
    this.#known.set(value.index, { value, use, users: known?.users ?? new Set() });
    if (use) this.#holdPorts(value, use);
  }

  /** Makes the association what this user needs. Rejects with SchedulerError when another one needs something else. */
  async use(key: Key, index: number, use: AssociationUse): Promise<void> {
    const known = this.#known.get(index);
    if (!known) throw new SchedulerError('failed', `security association ${index} is not there`, { retriable: true });
    if (known.use && sameUse(known.use, use)) return void known.users.add(key);
    if (known.use) {
      const others = [...known.users].filter((user) => user !== key);
      if (others.length > 0) {
        const message = `kernel: association ${index} protects ${useText(known.use)} for ${others[0]}, and cannot protect ${useText(use)}, too`;
        throw new SchedulerError('unimplemented', message, { key, retriable: false });
      }
      await this.#unmake(known);
    }
    known.users.add(key);
    await this.#make(known, use);
  }

  /** A retrieval found a user; `isThere`: and the association that it needs in the kernel. */
  adopt(key: Key, index: number, isThere: boolean): void {
    const known = this.#known.get(index);
    known?.users.add(key);
    if (known && !isThere) known.use = undefined;
  }

  /** With its last user an association that is no tunnel of itself goes from the kernel; one that is becomes that again. */
  async leave(key: Key, index: number): Promise<void> {
    const known = this.#known.get(index);
    if (!known?.users.delete(key) || known.users.size > 0) return;
    const tunnel = tunnelOf(known.value);
    if (known.use && tunnel && sameUse(known.use, tunnel)) return;
    await this.#unmake(known);
    if (tunnel) await this.#make(known, tunnel);
  }

  async #make(known: Known, use: AssociationUse): Promise<void> {
    const spec = specOf(known.value, use);
    try {
      await this.#xfrm.request(addState(spec));
    } catch (error) {
      if (isKernelError(error, 'EEXIST')) await this.#takeOver(spec);
      else throw explain(error, known.value);
    }
    known.use = use;
    this.#holdPorts(known.value, use);
  }

  /** The same is fine; what a crash or an earlier key left behind is replaced; one of somebody else is not. */
  async #takeOver(spec: StateSpec): Promise<void> {
    const found = (await this.#xfrm.dump(listStates())).find((state) => sameId(state, spec));
    if (found && found.requestId !== spec.requestId) {
      const where = `SPI ${spec.spi} to ${formatIp(spec.destination)}`;
      throw new SchedulerError('failed', `there is another security association with ${where}`);
    }
    if (found && isSameState(found, spec)) return;
    await this.#xfrm.request(deleteState(spec)).catch(unlessGone);
    await this.#xfrm.request(addState(spec));
  }

  async #unmake(known: Known): Promise<void> {
    const { value, use } = known;
    if (!use) return;
    known.use = undefined;
    this.#releasePorts(value, use);
    await this.#xfrm.request(deleteState(specOf(value, use))).catch(unlessGone);
  }

  async #deleteAny(value: SecurityAssociation): Promise<void> {
    const states = await this.#xfrm.dump(listStates());
    const ours = states.filter((state) => isOf(state, value));
    await Promise.all(ours.map((state) => this.#xfrm.request(deleteState(state)).catch(unlessGone)));
  }

  #holdPorts(value: SecurityAssociation, use: AssociationUse): void {
    for (const port of portsOf(value)) this.#ports.hold(saKey(value.index), use.destination, port);
  }

  #releasePorts(value: SecurityAssociation, use: AssociationUse): void {
    for (const port of portsOf(value)) this.#ports.release(saKey(value.index), use.destination, port);
  }
}

/** What a tunnel association is by itself; undefined for one without addresses. */
export function tunnelOf({ tunnelSrcAddr, tunnelDstAddr }: SecurityAssociation): AssociationUse | undefined {
  const [source, destination] = [parseIp(tunnelSrcAddr), parseIp(tunnelDstAddr)];
  return source && destination && { mode: 'tunnel', source, destination };
}

/** What ties policies to an association; the kernel takes 0 for any. */
export function requestIdOf(index: number): number {
  return index === 0 ? 0xffff_ffff : index;
}

export function protocolOf({ protocol }: SecurityAssociation): number {
  return protocol === Protocol.AH ? IPPROTO_AH : IPPROTO_ESP;
}

export function specOf(value: SecurityAssociation, use: AssociationUse): StateSpec {
  const { mode, source, destination, interfaceId } = use;
  const protocol = protocolOf(value);
  return {
    source,
    destination,
    mode,
    protocol,
    spi: value.spi,
    requestId: requestIdOf(value.index),
    ...(interfaceId === undefined ? {} : { interfaceId }),
    ...algorithmsOf(value, protocol === IPPROTO_ESP),
    ...(value.useEsn ? { extendedSequence: true } : {}),
    // Without a window the kernel could not tell the upper half of a number.
    ...(value.useAntiReplay || value.useEsn ? { replayWindow: REPLAY_WINDOW } : {}),
    ...(value.enableUdpEncap ? { udp: udpOf(value) } : {}),
  };
}

function udpOf({ tunnelSrcPort, tunnelDstPort }: SecurityAssociation): NonNullable<StateSpec['udp']> {
  return {
    sourcePort: tunnelSrcPort || UDP_ENCAPSULATION_PORT,
    destinationPort: tunnelDstPort || UDP_ENCAPSULATION_PORT,
  };
}

/** Whether it is for what goes out or comes in, the model does not say: one of the two ports is ours. */
function portsOf(value: SecurityAssociation): readonly number[] {
  if (!value.enableUdpEncap) return [];
  const { sourcePort, destinationPort } = udpOf(value);
  return [...new Set([sourcePort, destinationPort])];
}

/** Associations of the kernel by what ties them to policies. */
export function byRequestId(states: readonly State[]): ReadonlyMap<number, readonly State[]> {
  const byId = new Map<number, State[]>();
  for (const state of states) {
    const others = byId.get(state.requestId);
    if (others) others.push(state);
    else byId.set(state.requestId, [state]);
  }
  return byId;
}

/** The association in the kernel, used in this way if one is given. */
export function findState(
  states: ReadonlyMap<number, readonly State[]>,
  value: SecurityAssociation,
  use?: AssociationUse,
): State | undefined {
  const candidates = states.get(requestIdOf(value.index));
  return candidates?.find((state) => isOf(state, value) && (!use || sameUse(state, use)));
}

function isOf(state: State, value: SecurityAssociation): boolean {
  return (
    state.requestId === requestIdOf(value.index) && state.spi === value.spi && state.protocol === protocolOf(value)
  );
}

function sameId(left: StateId, right: StateId): boolean {
  return (
    left.spi === right.spi &&
    left.protocol === right.protocol &&
    formatIp(left.destination) === formatIp(right.destination)
  );
}

export function sameUse(left: AssociationUse, right: AssociationUse): boolean {
  return useText(left) === useText(right);
}

export function useText({ mode, source, destination, interfaceId }: AssociationUse): string {
  const by = interfaceId === undefined ? '' : ` by xfrm interface ${interfaceId}`;
  return `${formatIp(source)} -> ${formatIp(destination)} (${mode})${by}`;
}

/** Whether the kernel has the association as it should be, keys included. */
export function isSameState(found: State, spec: StateSpec): boolean {
  return (
    useText(found) === useText(spec) &&
    stateText(found) === stateText(spec) &&
    (found.extendedSequence ?? false) === (spec.extendedSequence ?? false)
  );
}

function stateText({ encryption, authentication, combined, replayWindow = 0, udp }: StateSpec): string {
  const algorithms = [encryption, authentication, combined].map((algorithm) => {
    if (!algorithm) return '-';
    const bits = 'checkBits' in algorithm ? (algorithm.checkBits as number) : '';
    return `${algorithm.name} ${Buffer.from(algorithm.key).toString('hex')} ${bits}`;
  });
  return `${algorithms.join()} ${replayWindow} ${udp ? `${udp.sourcePort} ${udp.destinationPort}` : ''}`;
}

function unlessGone(error: unknown): void {
  if (!isKernelError(error, 'ESRCH', 'ENOENT')) throw error;
}

/** The kernel's own words name no key, but those of an unknown algorithm do not help either. */
function explain(error: unknown, value: SecurityAssociation): unknown {
  if (!isKernelError(error, 'ENOSYS', 'EPROTONOSUPPORT', 'ENOENT', 'EOPNOTSUPP')) return error;
  const spec = algorithmsOf(value, protocolOf(value) === IPPROTO_ESP);
  const names = [spec.encryption, spec.authentication, spec.combined].flatMap((one) => (one ? [one.name] : []));
  const message = `kernel: this kernel lacks ${protocolOf(value) === IPPROTO_AH ? 'AH' : 'ESP'} or one of ${names.join(', ')}`;
  return new SchedulerError('unimplemented', message, { retriable: false, cause: error });
}
