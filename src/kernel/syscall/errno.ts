import { constants } from 'node:os';

/** Linux values that node:os does not list. */
const MORE: Record<string, number> = {
  EREMOTEIO: 121,
  ENOTBLK: 15,
  EPFNOSUPPORT: 96,
  ESOCKTNOSUPPORT: 94,
  EUSERS: 87,
  EXFULL: 54,
  ENOTUNIQ: 76,
  ESHUTDOWN: 108,
  EHOSTDOWN: 112,
  ENOPKG: 65,
  ERESTART: 85,
};

const NUMBERS: Record<string, number> = { ...constants.errno, ...MORE };
const NAMES = new Map(Object.entries(NUMBERS).map(([name, number]) => [number, name]));
NAMES.set(11, 'EAGAIN');
NAMES.set(95, 'EOPNOTSUPP');

/** The name of an errno value, e.g. 17 is `EEXIST`. */
export function errnoName(errno: number): string {
  return NAMES.get(Math.abs(errno)) ?? `errno ${Math.abs(errno)}`;
}

/** The value of an errno name, e.g. `EEXIST` is 17; 0 for a name that is none. */
export function errnoNumber(name: string): number {
  return NUMBERS[name] ?? 0;
}

/** What the code usually means when the network part of the kernel answers it, or undefined when the name says it all. */
export function errnoText(errno: number): string | undefined {
  return TEXT[errnoName(errno)];
}

const TEXT: Record<string, string> = {
  EPERM: 'not permitted: CAP_NET_ADMIN in this network namespace is missing',
  EACCES: 'not permitted, or the object is of a type that does not allow it',
  EEXIST: 'it exists already',
  ENODEV: 'there is no such interface',
  ENOENT: 'there is no such object',
  ESRCH: 'there is no such route, rule or process',
  EOPNOTSUPP: 'this kernel, or this type of interface, does not support it',
  EAFNOSUPPORT: 'this kernel does not have that address family or protocol',
  EPROTONOSUPPORT: 'this kernel does not have that protocol',
  ENETUNREACH: 'the next hop is not reachable: no connected route covers it, or its interface is down',
  EHOSTUNREACH: 'the next hop is not reachable',
  ENETDOWN: 'the interface is down',
  EADDRNOTAVAIL: 'there is no such address on the interface',
  EADDRINUSE: 'the address is in use',
  EBUSY: 'in use: the interface has another owner (bridge, VRF, bond) or is up',
  EINVAL: 'the kernel does not accept these values',
  ERANGE: 'a value is out of range',
  ENOTCONN: 'the other end is down or missing',
  EXFULL: 'no room: a bridge takes at most 1,023 ports',
  EFBIG: 'too many',
  ENOBUFS: 'the kernel had no buffer space left',
  ERESTART: 'it has changed since it was read',
  ENOMEM: 'the kernel had no memory left',
  EMFILE: 'this process has too many open files',
  EMSGSIZE: 'the message is too long for the socket buffer',
  ELOOP: 'it would make a loop of bridges or masters',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'the name is too long: an interface name has at most 15 bytes',
};
