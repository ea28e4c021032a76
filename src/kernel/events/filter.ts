/**
 * A socket filter (classic BPF) that drops, in the kernel, the events of addresses, routes, rules and neighbours which this
 * process' own requests cause: 10,000 routes would be 10,000 receives for things that are known. Their port id tells.
 */

import { HOST_LITTLE } from '../netlink/encoder.ts';
import { PORT_TAG } from '../netlink/socket.ts';
import * as libc from '../syscall/libc.ts';
import { RTM_DELRULE, RTM_NEWADDR } from '../netlink/constants.ts';

/** Attaches the filter. */
export function dropOwnEvents(fd: number): void {
  const program = assemble();
  // struct sock_fprog: u16 length, padding, pointer
  const header = new Uint8Array(16);
  const view = new DataView(header.buffer);
  view.setUint16(0, program.length / 8, HOST_LITTLE);
  view.setBigUint64(8, libc.addressOf(program), HOST_LITTLE);
  libc.check(libc.setsockopt(fd, libc.SOL_SOCKET, SO_ATTACH_FILTER, header, header.length), 'attach a socket filter');
  libc.keepAlive(program);
}

/** struct sock_filter: u16 code, u8 jump if true, u8 jump if false, u32 operand. Loads are big-endian. */
function assemble(): Uint8Array {
  // Upper 24 bits of the port id, as a big-endian load sees the host's word.
  const mask = HOST_LITTLE ? 0x00ffffff : 0xffffff00;
  const tag = HOST_LITTLE ? swap(PORT_TAG << 8) : (PORT_TAG << 8) >>> 0;
  const instructions = [
    [LOAD_BYTE, 0, 0, HOST_LITTLE ? 4 : 5], // low byte of the type: all types are below 256
    [JUMP_GE, 0, 4, RTM_NEWADDR],
    [JUMP_GT, 3, 0, RTM_DELRULE],
    [LOAD_WORD, 0, 0, 12], // port id
    [AND, 0, 0, mask],
    [JUMP_EQ, 1, 0, tag],
    [RETURN, 0, 0, 0xffffffff],
    [RETURN, 0, 0, 0],
  ] as const;
  const program = new Uint8Array(instructions.length * 8);
  const view = new DataView(program.buffer);
  instructions.forEach(([code, yes, no, operand], index) => {
    view.setUint16(index * 8, code, HOST_LITTLE);
    view.setUint8(index * 8 + 2, yes);
    view.setUint8(index * 8 + 3, no);
    view.setUint32(index * 8 + 4, operand >>> 0, HOST_LITTLE);
  });
  return program;
}

function swap(word: number): number {
  return (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

const SO_ATTACH_FILTER = 26;
const LOAD_BYTE = 0x30;
const LOAD_WORD = 0x20;
const AND = 0x54;
const JUMP_EQ = 0x15;
const JUMP_GT = 0x25;
const JUMP_GE = 0x35;
const RETURN = 0x06;
