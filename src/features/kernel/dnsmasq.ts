import { readFileSync } from 'node:fs';

/** Whose rights dnsmasq keeps: none where it can give them up, those of the agent in an unprivileged user namespace. */
export function dnsmasqUser(): readonly string[] {
  const whole = /^\s*0\s+0\s+4294967295\s*$/m.test(readFileSync('/proc/self/uid_map', 'latin1'));
  return whole ? ['user=nobody', 'group=nogroup'] : ['user=root', 'group=root'];
}
