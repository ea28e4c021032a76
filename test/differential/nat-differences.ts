/** Where NAT44 of the engines differs on purpose; each is in the README of the feature as well. */

import type { Compared, KnownDifference } from './known-difference.ts';
import { type CaseConfig, hostAddress, type JsonObject, PORTS, portName, routerAddress } from './network.ts';
import { isReply, type Packet } from './packets.ts';

const list = (config: CaseConfig, name: string): readonly JsonObject[] => (config[name] ?? []) as readonly JsonObject[];

interface Sides {
  readonly inside: boolean;
  readonly outside: boolean;
  readonly output: boolean;
}

function sidesOf(config: CaseConfig, port: number): Sides {
  const found = list(config, 'nat44Interfaces').find(({ name }) => name === portName(port));
  const is = (field: string) => found?.[field] === true;
  return { inside: is('natInside'), outside: is('natOutside'), output: is('outputFeature') };
}

const isForwarding = (config: CaseConfig): boolean =>
  (config['nat44Global'] as JsonObject | undefined)?.['forwarding'] === true;

const mappings = (config: CaseConfig): readonly JsonObject[] =>
  list(config, 'dnat44s').flatMap(({ stMappings }) => (stMappings ?? []) as readonly JsonObject[]);

function externalOf({ externalInterface, externalIp }: JsonObject): string {
  return externalInterface === undefined
    ? String(externalIp)
    : routerAddress[4](Number(String(externalInterface).slice(1)));
}

/** Addresses that are mapped or exempt. */
function isSpecial(config: CaseConfig, address: string): boolean {
  const identities = list(config, 'dnat44s').flatMap(({ idMappings }) => (idMappings ?? []) as readonly JsonObject[]);
  return (
    mappings(config).some((mapping) => externalOf(mapping) === address) ||
    identities.some(({ ipAddress }) => ipAddress === address)
  );
}

const hasNat = (config: CaseConfig): boolean => config['nat44Global'] !== undefined;

interface Line {
  readonly port: number;
  readonly source: string;
  /** All but the source and its port. */
  readonly rest: string;
}

function parsed(lines: readonly string[]): Line | undefined {
  const found = /^p(\d) (\S+) (\S+)>(\S+ ttl \d+ \w+) (.*)$/.exec(lines[0] ?? '');
  if (lines.length !== 1 || !found) return undefined;
  const [, port, macs, source, middle, end] = found as unknown as [string, string, string, string, string, string];
  return { port: Number(port), source, rest: `${macs} ${middle} ${end.replace(/^\S+>/, '>').replace(/ id .*/, '')}` };
}

/** The same packet, but for its source. */
function isTranslatedByOne(one: readonly string[], other: readonly string[]): Line | undefined {
  const [left, right] = [parsed(one), parsed(other)];
  if (!left || !right || left.source !== 'POOL' || right.source === 'POOL') return undefined;
  return left.rest === right.rest && left.port === right.port ? left : undefined;
}

const packetOf = ({ config, step }: Compared): Packet | undefined =>
  hasNat(config) && !isReply(step) && !step.source.includes(':') ? step : undefined;

export const natDifferences: readonly KnownDifference[] = [
  {
    name: 'nat-forwarding',
    text: 'With `forwarding: true` VPP translates the source of what goes from an inside to an outside interface only where the outside interface has `output_feature`; the Linux kernel translates it at any outside interface.',
    explains: ({ config, kernel, vpp }) => isForwarding(config) && isTranslatedByOne(kernel, vpp) !== undefined,
  },
  {
    name: 'nat-hairpin',
    text: 'What comes in by an interface that is only inside and goes to an external or exempt address is translated by VPP (its source to the pool, its destination by the mapping); the Linux kernel applies mappings to what comes in by outside interfaces.',
    explains: (compared) => {
      const packet = packetOf(compared);
      if (!packet || !isSpecial(compared.config, packet.destination)) return false;
      const { inside, outside } = sidesOf(compared.config, packet.from);
      return inside && !outside;
    },
  },
  {
    name: 'nat-both-sides',
    text: 'What goes from an inside interface to one that is both inside and outside keeps its source in the Linux kernel (pods see each other); VPP without `forwarding` translates it.',
    explains: ({ config, kernel, vpp }) => {
      const line = isTranslatedByOne(vpp, kernel);
      if (!line || isForwarding(config)) return false;
      const { inside, outside } = sidesOf(config, line.port);
      return inside && outside;
    },
  },
  {
    name: 'nat-external-address',
    text: 'External addresses answer pings and refuse ports that no mapping has in the Linux kernel; VPP drops such packets.',
    explains: (compared) => {
      const packet = packetOf(compared);
      if (!packet || !mappings(compared.config).some((one) => externalOf(one) === packet.destination)) return false;
      const own = ` ${packet.destination}>${packet.source} `;
      return compared.vpp.length === 0 && compared.kernel.every((line) => line.includes(own));
    },
  },
  {
    name: 'nat-backend-side',
    text: 'Answers of a backend are translated by the Linux kernel wherever they come in; VPP translates those that come in by an inside interface.',
    explains: ({ config, step, kernel, vpp }) => {
      if (!isReply(step) || !hasNat(config)) return false;
      const answer = parsed(kernel);
      const isExternal = mappings(config).some((one) => externalOf(one) === answer?.source);
      return isExternal && (vpp.length === 0 || parsed(vpp)?.source !== answer?.source) && hasBackendOutside(config);
    },
  },
  {
    name: 'nat-output-from-outside',
    text: 'What comes in by an outside interface and leaves by one with `output_feature` keeps its source in the Linux kernel; VPP translates it there.',
    explains: ({ config, step, kernel, vpp }) => {
      const [line, had] = [parsed(vpp), parsed(kernel)];
      if (!line || isReply(step) || line.source === had?.source) return false;
      return sidesOf(config, step.from).outside && sidesOf(config, line.port).output;
    },
  },
];

function hasBackendOutside(config: CaseConfig): boolean {
  const backends = mappings(config).flatMap(({ localIps }) => localIps as readonly JsonObject[]);
  return PORTS.some(
    (port) => !sidesOf(config, port).inside && backends.some(({ localIp }) => localIp === hostAddress[4](port)),
  );
}
