import { KernelError } from '../errors.ts';
import { HOST_LITTLE } from '../netlink/encoder.ts';
import { errnoNumber } from './errno.ts';
import { addressOf, AF_INET, check, close, ioctl, keepAlive, SOCK_CLOEXEC, SOCK_DGRAM, socket } from './libc.ts';

/** Whether the device, and not the stack, makes (tx) and checks (rx) checksums. */
export interface ChecksumOffload {
  readonly rx: boolean;
  readonly tx: boolean;
}

/** Reads checksum offload of an interface in the namespace the thread is in (use `driver.within`). */
export function readChecksumOffload(name: string): ChecksumOffload {
  const operation = `read checksum offload of link ${name}`;
  return withSocket(operation, (fd) => ({
    rx: ethtool(fd, name, ETHTOOL_GRXCSUM, 0, operation) !== 0,
    tx: ethtool(fd, name, ETHTOOL_GTXCSUM, 0, operation) !== 0,
  }));
}

/** Sets checksum offload; what is left out stays. EOPNOTSUPP when the device cannot. */
export function setChecksumOffload(name: string, { rx, tx }: Partial<ChecksumOffload>): void {
  const operation = `set checksum offload of link ${name}`;
  withSocket(operation, (fd) => {
    if (rx !== undefined) ethtool(fd, name, ETHTOOL_SRXCSUM, rx ? 1 : 0, operation);
    if (tx !== undefined) ethtool(fd, name, ETHTOOL_STXCSUM, tx ? 1 : 0, operation);
  });
}

function withSocket<T>(operation: string, work: (fd: number) => T): T {
  const fd = check(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), operation);
  try {
    return work(fd);
  } finally {
    close(fd);
  }
}

/** struct ifreq (name, pointer) and struct ethtool_value (command, data) */
function ethtool(fd: number, name: string, command: number, data: number, operation: string): number {
  if (Buffer.byteLength(name) > 15) throw new KernelError(errnoNumber('ENAMETOOLONG'), { operation });
  const value = new Uint32Array([command, data]);
  const bytes = new Uint8Array(value.buffer);
  const request = new Uint8Array(40);
  new TextEncoder().encodeInto(name, request);
  new DataView(request.buffer).setBigUint64(16, addressOf(bytes), HOST_LITTLE);
  check(ioctl(fd, SIOCETHTOOL, request), operation);
  keepAlive(bytes);
  return value[1]!;
}

const SIOCETHTOOL = 0x8946;
const ETHTOOL_GRXCSUM = 0x14;
const ETHTOOL_SRXCSUM = 0x15;
const ETHTOOL_GTXCSUM = 0x16;
const ETHTOOL_STXCSUM = 0x17;
