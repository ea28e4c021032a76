import { type ConfigPlace, jsonName } from '../config-place.ts';

/** Place in the group of the switch. */
export const inVpp = (field: string, ...aliases: string[]): ConfigPlace => place('vppConfig', field, aliases);

/** Place in the group of the Linux kernel. */
export const inLinux = (field: string, ...aliases: string[]): ConfigPlace => place('linuxConfig', field, aliases);

/** Place in the group of address allocation. */
export const inNetalloc = (field: string, ...aliases: string[]): ConfigPlace => place('netallocConfig', field, aliases);

/**
 * Ligato's dynamic configuration names some fields after messages (`Peer_list`), the same in proto and JSON; its static
 * container has other names for them, which are read as aliases.
 */
function place(group: string, field: string, aliases: readonly string[]): ConfigPlace {
  const ofMessage = /^[A-Z]/.test(field);
  const spellings = aliases.flatMap((alias) => [alias, jsonName(alias)]);
  return { group, field, jsonField: ofMessage ? field : jsonName(field), aliases: [...new Set(spellings)] };
}
