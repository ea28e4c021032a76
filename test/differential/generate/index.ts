/** Configurations and packets from a seed. */

import { type CaseConfig, type JsonObject, PORTS, roleOf } from '../network.ts';
import type { Packet, Step } from '../packets.ts';
import { Random } from '../random.ts';
import { accessLists, macLists, packetAt } from './acl.ts';
import { caller, nat } from './nat.ts';
import { routes, toRoute } from './routes.ts';
import { bridgeDomain, chat, crossConnects, framed } from './switching.ts';

export const topics = ['acl', 'macip', 'bridge', 'xconnect', 'route', 'nat'] as const;
export type Topic = (typeof topics)[number];

export interface Generated {
  readonly topic: Topic;
  readonly config: CaseConfig;
  readonly steps: readonly Step[];
}

const PACKETS = 28;
const REPLIES = 8;

export function generate(seed: number, chosen: readonly Topic[] = topics): Generated {
  const random = new Random(seed);
  const topic = random.pick(chosen);
  const config = configOf(random, topic);
  const senders = PORTS.filter((port) => roleOf(config, port).role !== 'unused');
  const packets = Array.from({ length: PACKETS }, () => packetOf(random, config, topic, random.pick(senders)));
  return { topic, config, steps: withReplies(random, packets) };
}

function configOf(random: Random, topic: Topic): CaseConfig {
  const base = baseOf(random, topic);
  const routed = topic === 'route' ? routes(random) : [];
  const isCertain = !isSpread({ ...base, routes: routed });
  const lists = topic === 'acl' || (random.chance(0.3) && isCertain) ? accessLists(random, base) : [];
  const acls = [...lists, ...(topic === 'macip' || random.chance(0.1) ? macLists(random, base) : [])];
  return {
    ...base,
    ...(acls.length > 0 && { acls }),
    ...(routed.length > 0 && { routes: routed }),
  };
}

function baseOf(random: Random, topic: Topic): CaseConfig {
  if (topic === 'bridge') return bridgeDomain(random);
  if (topic === 'xconnect') return crossConnects(random);
  return topic === 'nat' ? nat(random) : {};
}

/** Which backend or path it is is drawn: lists that let only some of them through would have no certain verdict. */
function isSpread(config: CaseConfig): boolean {
  return /"(probability|weight)"/.test(JSON.stringify(config));
}

function packetOf(random: Random, config: CaseConfig, topic: Topic, from: number): Packet {
  if (topic === 'nat' && random.chance(0.85)) return caller(random, config, from);
  const packet = topic === 'bridge' && random.chance(0.5) ? chat(random, from) : packetAt(random, config, from);
  const { role } = roleOf(config, from);
  if (role !== 'routed') return random.chance(0.5) ? framed(random, packet) : packet;
  const routed = (config['routes'] ?? []) as readonly JsonObject[];
  return routed.length > 0 && random.chance(0.7) ? toRoute(random, packet, routed) : packet;
}

/** Answers to some of them, at some time later, and answers to those. */
function withReplies(random: Random, packets: readonly Packet[]): readonly Step[] {
  const steps: Step[] = [...packets];
  for (let count = 0; count < REPLIES; count++) steps.push({ replyTo: random.int(0, steps.length - 1) });
  return steps;
}
