/** What a rule does with a packet that matched so far. Matches are statements, too; they come from the fields. */

import { registerOf, type Compiler, type Source, type Statement } from './compiler.ts';
import { bytesOf, types, type DataType, type Value } from './datatype.ts';
import type { Range, Verdict } from './objects.ts';
import { byteOrder, slotsOf, type SetReference } from './source.ts';
import { attribute, verdictCode } from './uapi.ts';
import type { Encoder } from '../netlink/encoder.ts';

function expression(name: string, fill?: (encoder: Encoder) => void): Statement {
  return { compile: (compiler) => compiler.expression(name, fill) };
}

/** Writes a verdict as nested data of this attribute type. */
export function writeVerdict(encoder: Encoder, type: number, verdict: Verdict): void {
  const data = encoder.beginNest(type);
  const nest = encoder.beginNest(attribute.data.verdict);
  encoder.attributeBe32(attribute.verdict.code, verdictCode[verdict.verdict] >>> 0);
  if ('chain' in verdict) encoder.attributeString(attribute.verdict.chain, verdict.chain);
  encoder.endNest(nest);
  encoder.endNest(data);
}

function verdict(of: Verdict): Statement {
  return expression('immediate', (encoder) => {
    encoder.attributeBe32(1, 0);
    writeVerdict(encoder, 2, of);
  });
}

export const accept: Statement = verdict({ verdict: 'accept' });
export const drop: Statement = verdict({ verdict: 'drop' });
export const proceed: Statement = verdict({ verdict: 'continue' });
/** Back to the chain that jumped here. */
export const goBack: Statement = verdict({ verdict: 'return' });

export function jump(chain: string): Statement {
  return verdict({ verdict: 'jump', chain });
}

export function goto(chain: string): Statement {
  return verdict({ verdict: 'goto', chain });
}

/** Counts packets and bytes; read with `Nftables.rules`. */
export const counter: Statement = expression('counter');

/** The packet gets no connection (raw priority). */
export const notrack: Statement = expression('notrack');

function setKey(name: 'meta' | 'ct', key: number, source: Source): Statement {
  return {
    compile: (compiler) => {
      source.require(compiler);
      source.load(compiler, 0);
      compiler.expression(name, (encoder) => {
        encoder.attributeBe32(2, key);
        encoder.attributeBe32(name === 'meta' ? 3 : 4, registerOf(0));
      });
    },
  };
}

const markKey = 3;

function setMaskedMark(name: 'meta' | 'ct', value: number, mask: number): Statement {
  const keep = bytesOf(types.mark, ~mask >>> 0);
  const bits = bytesOf(types.mark, value);
  return setKey(name, markKey, {
    parts: [types.mark],
    require() {},
    load: (compiler, slot) => {
      compiler.expression(name, (encoder) => {
        encoder.attributeBe32(2, markKey);
        encoder.attributeBe32(1, registerOf(slot));
      });
      compiler.bitwise(slot, keep, bits);
    },
  });
}

/** Sets the bits of `mask` in the packet mark to those of `value`, leaving the others (`../pipeline` has the masks). */
export function setMarkBits(value: number, mask: number): Statement {
  return setMaskedMark('meta', value, mask);
}

export function setConnectionMarkBits(value: number, mask: number): Statement {
  return setMaskedMark('ct', value, mask);
}

/** Sets the whole packet mark. */
export function setMark(source: Source): Statement {
  return setKey('meta', markKey, source);
}

/** Priority of the packet for queues: four bytes that later rules can read (`meta.priority`). */
export function setPriority(source: Source): Statement {
  return setKey('meta', 2, source);
}

export function setConnectionMark(source: Source): Statement {
  return setKey('ct', markKey, source);
}

/** Conntrack zone of the packet; before conntrack (raw priority) only. The source has type hostShort. */
export function setZone(source: Source): Statement {
  return setKey('ct', 17, source);
}

/** As `setZone`, but answers are looked up in zone 0: for tenants with overlapping addresses. */
export function setOriginalZone(source: Source): Statement {
  return {
    compile: (compiler) => {
      source.require(compiler);
      source.load(compiler, 0);
      compiler.expression('ct', (encoder) => {
        encoder.attributeBe32(2, 17);
        encoder.attributeU8(3, 0);
        encoder.attributeBe32(4, registerOf(0));
      });
    },
  };
}

/** Makes the stack take the frame for its own (`host`), whatever its destination MAC. */
export function setPacketType(type: 'host' | 'broadcast' | 'multicast' | 'other'): Statement {
  const bytes = bytesOf(types.pkt_type, type);
  return setKey('meta', 19, { parts: [types.pkt_type], require() {}, load: (c, slot) => c.immediate(slot, bytes) });
}

/** From here on the kernel tells what each rule does with the packet (`trace.ts`), until it leaves the namespace. */
export const startTrace: Statement = setKey('meta', 12, {
  parts: [types.byte],
  require() {},
  load: (c, slot) => c.immediate(slot, bytesOf(types.byte, 1)),
});

/** Sends the packet out of this device, now (netdev ingress). The source has type iface_index. */
export function forwardTo(device: Source): Statement {
  return toDevice('fwd', 1, device);
}

/** Sends a copy of the packet out of this device (netdev). */
export function duplicateTo(device: Source): Statement {
  return toDevice('dup', 2, device);
}

function toDevice(name: string, type: number, device: Source): Statement {
  return {
    compile: (compiler) => {
      device.require(compiler);
      device.load(compiler, 0);
      compiler.expression(name, (encoder) => encoder.attributeBe32(type, registerOf(0)));
    },
  };
}

/** Adds the key to a dynamic set, or refreshes its time-out (`update`) or leaves it as it was (`add`); `delete` removes it. */
export function dynamic(
  operation: 'add' | 'update' | 'delete',
  set: SetReference,
  key: Source,
  options: {
    /** ms; default the set's. */ readonly timeout?: number;
    /** For maps. */ readonly data?: Source;
    /** Counts against this per element; the rule goes on when it matches (`limit`, `connectionLimit`). */
    readonly each?: InnerExpression;
  } = {},
): Statement {
  return {
    compile: (compiler) => {
      const { data, each, timeout } = options;
      const dataSlot = slotsOf(key.parts);
      key.require(compiler);
      data?.require(compiler);
      data?.load(compiler, dataSlot);
      key.load(compiler, 0);
      compiler.expression('dynset', (encoder) => {
        encoder.attributeString(1, set.name);
        encoder.attributeBe32(3, { add: 0, update: 1, delete: 2 }[operation]);
        encoder.attributeBe32(4, registerOf(0));
        if (data) encoder.attributeBe32(5, registerOf(dataSlot));
        if (timeout !== undefined) encoder.attributeBe64(6, timeout);
        if (!each) return;
        const nest = encoder.beginNest(7);
        compiler.bareExpression(each.name, each.fill);
        encoder.endNest(nest);
      });
    },
  };
}

/** An expression that can stand in a rule or for each element of a dynamic set. */
export interface InnerExpression extends Statement {
  readonly name: string;
  fill(encoder: Encoder): void;
}

function inner(name: string, fill: (encoder: Encoder) => void): InnerExpression {
  return { name, fill, compile: (compiler) => compiler.expression(name, fill) };
}

const seconds = { second: 1, minute: 60, hour: 3600, day: 86_400, century: 3_155_760_000 } as const;

/** Matches while the rate is not exceeded; with `over`, once it is. Burst in the same unit (packets or bytes). */
export function limit(options: {
  readonly rate: number;
  readonly per: keyof typeof seconds;
  readonly unit?: 'packets' | 'bytes';
  readonly burst?: number;
  readonly over?: boolean;
}): InnerExpression {
  const bytes = options.unit === 'bytes';
  return inner('limit', (encoder) => {
    encoder.attributeBe64(1, options.rate);
    encoder.attributeBe64(2, seconds[options.per]);
    encoder.attributeBe32(3, options.burst ?? (bytes ? 0 : 5));
    encoder.attributeBe32(4, bytes ? 1 : 0);
    encoder.attributeBe32(5, options.over ? 1 : 0);
  });
}

/** Matches up to so many connections; with `over`, beyond. */
export function connectionLimit(count: number, over = false): InnerExpression {
  return inner('connlimit', (encoder) => {
    encoder.attributeBe32(1, count);
    encoder.attributeBe32(2, over ? 1 : 0);
  });
}

/** Matches until so many bytes have passed; with `over`, after. */
export function quota(bytes: number | bigint, over = false): Statement {
  return expression('quota', (encoder) => {
    encoder.attributeBe64(1, bytes);
    encoder.attributeBe32(2, over ? 1 : 0);
  });
}

/** To the kernel log, or to an NFLOG group when one is given. Prefix at most 127 bytes. */
export function log(options: { readonly prefix?: string; readonly group?: number } = {}): Statement {
  return expression('log', (encoder) => {
    if (options.group !== undefined) encoder.attributeBe16(1, options.group);
    if (options.prefix !== undefined) encoder.attributeString(2, options.prefix);
  });
}

/** ICMP and ICMPv6 codes (RFC 792, 1812, 4443), and the kernel's own that fit both (NFT_REJECT_ICMPX_...). */
const rejections = {
  'no-route': { ip: 0, ip6: 0, both: 0 },
  'port-unreachable': { ip: 3, ip6: 4, both: 1 },
  'host-unreachable': { ip: 1, ip6: 3, both: 2 },
  'admin-prohibited': { ip: 13, ip6: 1, both: 3 },
} as const;

/** Drops and tells the sender. */
export function reject(how: keyof typeof rejections | 'tcp-reset' = 'port-unreachable'): Statement {
  return {
    compile: (compiler) => {
      const { family } = compiler;
      if (how === 'tcp-reset') compiler.needTransport('tcp');
      compiler.expression('reject', (encoder) => {
        if (how === 'tcp-reset') return encoder.attributeBe32(1, 1);
        const single = family === 'ip' || family === 'ip6';
        encoder.attributeBe32(1, single ? 0 : 2);
        encoder.attributeU8(2, rejections[how][single ? family : 'both']);
      });
    },
  };
}

/** Lowers the MSS option of TCP SYNs to what the route's MTU allows (`tcp option maxseg size set rt mtu`). */
export const clampMss: Statement = {
  compile: (compiler) => {
    compiler.needTransport('tcp');
    compiler.expression('rt', (encoder) => {
      encoder.attributeBe32(1, registerOf(0));
      encoder.attributeBe32(2, 3);
    });
    byteOrder(compiler, 0, 2);
    compiler.expression('exthdr', (encoder) => {
      encoder.attributeBe32(7, registerOf(0));
      encoder.attributeU8(2, 2);
      encoder.attributeBe32(3, 2);
      encoder.attributeBe32(4, 2);
      encoder.attributeBe32(6, 1);
    });
  },
};

/** Constants of this type, from one to a range, as an operand that knows how many registers its ends take. */
export type Operand = Value | Range | Source;

export function isSource(operand: Operand): operand is Source {
  return typeof operand === 'object' && 'load' in operand;
}

export function isRange(part: Value | Range): part is Range {
  return typeof part === 'object' && 'from' in part;
}

/** Puts the ends of an operand into registers from `slot` on; returns the slots of both ends and the next free slot. */
export function loadRange(
  compiler: Compiler,
  type: DataType,
  operand: Value | Range,
  slot: number,
): { first: number; last: number; next: number } {
  const width = slotsOf([type]);
  const [from, to] = isRange(operand) ? [operand.from, operand.to] : [operand, undefined];
  compiler.immediate(slot, bytesOf(type, from));
  if (to === undefined) return { first: slot, last: slot, next: slot + width };
  compiler.immediate(slot + width, bytesOf(type, to));
  return { first: slot, last: slot + width, next: slot + 2 * width };
}
