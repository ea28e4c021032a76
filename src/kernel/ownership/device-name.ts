/**
 * Names of the devices we make. Deterministic, so that an agent that died finds its own again: the logical name itself
 * where the kernel takes it, else a readable beginning with a hash of the whole.
 */

/** IFNAMSIZ without the final NUL. */
export const maxDeviceName = 15;

const reserved = new Set(['.', '..', 'all', 'default', 'lo']);

/** Whether the kernel takes it: 1-15 bytes of printable ASCII without `/`, `:` and blanks, and no name with a meaning. */
export function isDeviceName(name: string): boolean {
  return /^[!-.0-9;-~]{1,15}$/.test(name) && !reserved.has(name);
}

/**
 * Device name of a logical name. `suffix` tells several devices of one object apart (`p` for the peer of a loopback).
 *
 * @example
 * deviceName('tap1'); // 'tap1'
 * deviceName('GigabitEthernet0/8/0'); // 'Gigab-1x8k2m9a'
 */
export function deviceName(logicalName: string, suffix = ''): string {
  const plain = suffix === '' ? logicalName : `${logicalName}.${suffix}`;
  if (isDeviceName(plain)) return plain;
  const start = logicalName.replace(/[^A-Za-z0-9]/g, '').slice(0, 5);
  return `${start}-${hash(`${logicalName}\0${suffix}`)}`;
}

/** 45 bits of FNV-1a over UTF-16 units, as 9 characters of base 32: 10,000 names collide with a probability of 1e-6. */
function hash(text: string): string {
  let high = 0x811c9dc5;
  let low = 0x01000193;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit ^ (high >>> 16), 0x85ebca6b);
  }
  const bits = (high >>> 0) * 0x2000 + ((low >>> 0) & 0x1fff);
  return bits.toString(32).padStart(9, '0');
}
