/** Address translation: statements of nat chains. The kernel tracks the connection and translates the answers itself. */

import { registerOf, type Compiler, type Source, type Statement } from './compiler.ts';
import { types, type DataType } from './datatype.ts';
import { isRange, isSource, loadRange, type Operand } from './statement.ts';
import { slotsOf } from './source.ts';
import { families } from './uapi.ts';
import type { Encoder } from '../netlink/encoder.ts';

export interface NatTarget {
  /**
   * An address, a range of them, or a source: a field or map whose parts are `address`, `address . port`, or (map with
   * `dataInterval`) first and last address.
   */
  readonly address?: Operand;
  /** A port or range of ports, when the address source does not bring it. */
  readonly port?: number | { readonly from: number; readonly to: number } | Source;
  /** The third part of the address source (`address . port . mark`) becomes the mark of the connection. */
  readonly connectionMark?: true;
  /** `random`: pick ports at random; `persistent`: a client gets the same address for all connections. */
  readonly flags?: readonly (keyof typeof natFlags)[];
}

/** NF_NAT_RANGE_... of linux/netfilter/nf_nat.h; the first two are implied by what is given. */
const implied = { address: 1, port: 2 } as const;
export const natFlags = { random: 4, persistent: 8, fullyRandom: 16, netmap: 64 } as const;

interface Ends {
  readonly first: number;
  readonly last: number;
}

interface Loaded {
  readonly address: Ends | undefined;
  readonly port: Ends | undefined;
  readonly addressType: DataType | undefined;
}

/** Source address (and port): in postrouting or input. */
export function snat(target: NatTarget): Statement {
  return translate(0, target);
}

/** Destination address (and port): in prerouting or output. */
export function dnat(target: NatTarget): Statement {
  return translate(1, target);
}

function translate(type: number, target: NatTarget): Statement {
  return {
    compile: (compiler) => {
      const loaded = load(compiler, target);
      if (target.connectionMark) markConnection(compiler, target.address);
      compiler.expression('nat', (encoder) => {
        encoder.attributeBe32(1, type);
        encoder.attributeBe32(2, familyOf(compiler, loaded.addressType));
        writeEnds(encoder, 3, loaded.address);
        writeEnds(encoder, 5, loaded.port);
        encoder.attributeBe32(7, flagsOf(target, loaded));
      });
    },
  };
}

function markConnection(compiler: Compiler, address: Operand | undefined): void {
  const parts = address !== undefined && isSource(address) ? address.parts : [];
  if (parts[2] !== types.mark) throw new RangeError('the address source has no mark as its third part');
  compiler.expression('ct', (encoder) => {
    encoder.attributeBe32(2, 3);
    encoder.attributeBe32(4, registerOf(slotsOf(parts.slice(0, 2))));
  });
}

/** Source address becomes that of the outgoing device. */
export function masquerade(target: Omit<NatTarget, 'address'> = {}): Statement {
  return {
    compile: (compiler) => {
      const loaded = load(compiler, target);
      compiler.expression('masq', (encoder) => {
        encoder.attributeBe32(1, flagsOf(target, loaded));
        writeEnds(encoder, 2, loaded.port);
      });
    },
  };
}

/** Destination becomes this host, on another port when one is given. */
export function redirect(target: Omit<NatTarget, 'address'> = {}): Statement {
  return {
    compile: (compiler) => {
      const loaded = load(compiler, target);
      compiler.expression('redir', (encoder) => {
        writeEnds(encoder, 1, loaded.port);
        encoder.attributeBe32(3, flagsOf(target, loaded));
      });
    },
  };
}

/** Hands the packet to a local transparent socket without changing it; in prerouting, filter type. */
export function tproxy(target: { readonly address?: string; readonly port?: number }): Statement {
  return {
    compile: (compiler) => {
      const loaded = load(compiler, target);
      compiler.expression('tproxy', (encoder) => {
        encoder.attributeBe32(
          1,
          compiler.family === 'inet' && !loaded.addressType ? 0 : familyOf(compiler, loaded.addressType),
        );
        if (loaded.address) encoder.attributeBe32(2, registerOf(loaded.address.first));
        if (loaded.port) encoder.attributeBe32(3, registerOf(loaded.port.first));
      });
    },
  };
}

function load(compiler: Compiler, target: NatTarget): Loaded {
  const { address, port } = target;
  if (address !== undefined && isSource(address)) address.require(compiler);
  if (port !== undefined && isSource(port)) port.require(compiler);
  const loaded = address === undefined ? undefined : loadAddress(compiler, address);
  if (port === undefined) return { address: loaded?.ends, port: loaded?.port, addressType: loaded?.type };
  const slot = loaded?.next ?? 0;
  if (!isSource(port)) {
    return {
      address: loaded?.ends,
      port: loadRange(compiler, types.inet_service, port, slot),
      addressType: loaded?.type,
    };
  }
  port.load(compiler, slot);
  return { address: loaded?.ends, port: { first: slot, last: slot }, addressType: loaded?.type };
}

function loadAddress(compiler: Compiler, address: Operand): { type: DataType; ends: Ends; port?: Ends; next: number } {
  if (!isSource(address)) {
    const type = addressType(isRange(address) ? address.from : address);
    const range = loadRange(compiler, type, address, 0);
    return { type, ends: range, next: range.next };
  }
  const [type, second] = address.parts;
  if (type !== types.ipv4_addr && type !== types.ipv6_addr) throw new RangeError('NAT needs an address first');
  address.load(compiler, 0);
  const width = slotsOf([type]);
  const next = slotsOf(address.parts);
  if (second === undefined) return { type, ends: { first: 0, last: 0 }, next };
  const ends = { first: width, last: width };
  if (second === type) return { type, ends: { first: 0, last: width }, next };
  return { type, ends: { first: 0, last: 0 }, port: ends, next };
}

function addressType(value: unknown): DataType {
  const isIpv6 = value instanceof Uint8Array ? value.length === 16 : String(value).includes(':');
  return isIpv6 ? types.ipv6_addr : types.ipv4_addr;
}

function familyOf(compiler: Compiler, type: DataType | undefined): number {
  if (compiler.family === 'ip' || compiler.family === 'ip6') return families[compiler.family];
  return type === types.ipv6_addr ? families.ip6 : families.ip;
}

function flagsOf(target: NatTarget, loaded: Loaded): number {
  const asked = (target.flags ?? []).reduce((bits, name) => bits | natFlags[name], 0);
  return asked | (loaded.address ? implied.address : 0) | (loaded.port ? implied.port : 0);
}

function writeEnds(encoder: Encoder, type: number, ends: Ends | undefined): void {
  if (!ends) return;
  encoder.attributeBe32(type, registerOf(ends.first));
  encoder.attributeBe32(type + 1, registerOf(ends.last));
}
