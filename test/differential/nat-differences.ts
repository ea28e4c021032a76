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

const isExternal = (config: CaseConfig, address: string): boolean =>
  mappings(config).some((mapping) => externalOf(mapping) === address);

function isIdentity(config: CaseConfig, address: string): boolean {
  const identities = list(config, 'dnat44s').flatMap(({ idMappings }) => (idMappings ?? []) as readonly JsonObject[]);
  return identities.some(({ ipAddress }) => ipAddress === address);
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

const destinationOf = (line: string | undefined): string => />(\S+) ttl/.exec(line ?? '')?.[1] ?? '';

export const natDifferences: readonly KnownDifference[] = [
  {
    name: 'nat-forwarding',
    text: 'With `forwarding: true` VPP translates the source of what goes from an inside to an outside interface only where the outside interface has `output_feature`; the Linux kernel translates it at any outside interface.',
    explains: ({ config, kernel, vpp }) => isForwarding(config) && isTranslatedByOne(kernel, vpp) !== undefined,
  },
  {
    name: 'nat-identity',
    text: 'VPP takes the address of an identity mapping for its own: what is sent to it ends there, as such mappings are meant for addresses of the router. The Linux kernel lets packets pass to and from a host that has the address, without translation.',
    explains: ({ config, step, kernel }) =>
      isIdentity(config, isReply(step) ? destinationOf(kernel[0]) : step.destination),
  },
  {
    name: 'nat-hairpin',
    text: 'What comes in by an interface that is only inside and goes to an external address is translated by VPP (its source to the pool, its destination by the mapping); the Linux kernel applies mappings to what comes in by outside interfaces.',
    explains: (compared) => {
      const { config, step, kernel } = compared;
      // Who answers is where the call came out; where that was says the answer of the other engine.
      if (isReply(step)) return hasNat(config) && isExternal(config, destinationOf(kernel[0]));
      const packet = packetOf(compared);
      if (!packet || !isExternal(config, packet.destination)) return false;
      const { inside, outside } = sidesOf(config, packet.from);
      return inside && !outside;
    },
  },
  {
    name: 'nat-both-sides',
    text: 'What goes from an inside interface to one that is both inside and outside keeps its source in the Linux kernel (pods see each other); VPP without `forwarding` translates it, and drops what it cannot translate (no pool, ICMP that is no echo).',
    explains: ({ config, kernel, vpp }) => {
      const line = vpp.length === 0 ? parsed(kernel) : isTranslatedByOne(vpp, kernel);
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
      if (!packet || !isExternal(compared.config, packet.destination)) return false;
      const own = ` ${packet.destination}>${packet.source} `;
      return compared.vpp.length === 0 && compared.kernel.every((line) => line.includes(own));
    },
  },
  {
    name: 'nat-other-protocols',
    text: 'Protocols other than TCP, UDP and ICMP that come in by an inside interface are translated by VPP wherever they leave, to an address of a pool or of a mapping, and dropped where there is none; the Linux kernel translates them as it does the others.',
    explains: (compared) => {
      const { config, step, kernel, vpp } = compared;
      const isOther = [...kernel, ...vpp].every((line) => / protocol \d+$/.test(line));
      return hasNat(config) && isOther && (isReply(step) || sidesOf(config, step.from).inside);
    },
  },
  {
    name: 'nat-other-icmp',
    text: 'ICMP that is neither echo nor an error (timestamps and others) and goes from an inside to an outside interface passes as it is in the Linux kernel, which tracks no connection for it; VPP without `forwarding` drops it.',
    explains: (compared) => {
      const type = packetOf(compared)?.icmp?.type;
      const { config, kernel, vpp } = compared;
      return type !== undefined && type !== 8 && vpp.length === 0 && kernel.length === 1 && !isForwarding(config);
    },
  },
  {
    name: 'nat-backend-side',
    text: 'Answers of a backend are translated by the Linux kernel wherever they come in; VPP translates those that come in by an inside interface.',
    explains: ({ config, step, kernel, vpp }) => {
      if (!isReply(step) || !hasNat(config)) return false;
      // What a client goes on to send to a backend whose answer VPP did not translate has no connection there.
      if (kernel[0]?.startsWith('a backend') === true && vpp.length === 0) return hasBackendOutside(config);
      const answer = parsed(kernel);
      return (
        isExternal(config, answer?.source ?? '') &&
        (vpp.length === 0 || parsed(vpp)?.source !== answer?.source) &&
        hasBackendOutside(config)
      );
    },
  },
  {
    name: 'nat-output-from-outside',
    text: 'What comes in by an outside interface and leaves by one with `output_feature` keeps its source in the Linux kernel; VPP translates it there, and drops TCP of no connection.',
    explains: ({ config, step, kernel, vpp }) => {
      const [line, had] = [parsed(vpp), parsed(kernel)];
      if (isReply(step) || line?.source === had?.source) return false;
      const port = line?.port ?? had?.port;
      return port !== undefined && sidesOf(config, step.from).outside && sidesOf(config, port).output;
    },
  },
  {
    name: 'nat-source-port',
    text: 'When a client has a connection to a backend already and calls a service of it with the same port, the Linux kernel takes another source port, so that answers can be told apart; VPP keeps it.',
    explains: ({ config, kernel, vpp }) => {
      const [left, right] = [parsed(kernel), parsed(vpp)];
      return hasNat(config) && left !== undefined && left.source === right?.source && left.rest === right.rest;
    },
  },
];

function hasBackendOutside(config: CaseConfig): boolean {
  const backends = mappings(config).flatMap(({ localIps }) => localIps as readonly JsonObject[]);
  return PORTS.some(
    (port) => !sidesOf(config, port).inside && backends.some(({ localIp }) => localIp === hostAddress[4](port)),
  );
}
