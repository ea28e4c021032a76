/** What the tables of bridge domains say. */

import { isKernelError } from '../../../kernel/errors.ts';
import type { ListedContent, NftSet, Nftables, Rule, TableReference } from '../../../kernel/nftables/index.ts';
import { fingerprint } from '../../../kernel/nftables/normal-form.ts';
import { bridgeTable } from '../kernel-metadata.ts';
import {
  answeredSetOf,
  answerMapOf,
  answerRules,
  arpTable,
  bridgeOf,
  chainOf,
  horizonOf,
  horizonSet,
  memberSet,
  portMap,
  routerHorizonOf,
  routerHorizonSet,
  rulesOf,
  sharedChains,
  type DomainFilter,
} from './filter.ts';

export interface BridgeReading {
  /** What all domains share is as it should be. */
  readonly intact: boolean;
  /** Bridges that have a chain, whether they exist or not. */
  readonly bridges: readonly string[];
  /** Bridge by port. */
  readonly ports: ReadonlyMap<string, string>;
  /** Whether the members of a split-horizon group are kept apart. */
  separates(group: number): boolean;
  /** By bridge; those whose rules are as they should be in one way or another. */
  readonly domains: ReadonlyMap<string, DomainFilter>;
  /** By bridge: MAC address by the address that is asked for. Requests that are answered but flooded, too, are left out. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export async function readBridges(nft: Nftables): Promise<BridgeReading> {
  const [content, answering] = await Promise.all([nft.list(bridgeTable), nft.list(arpTable)]);
  const bridges = bridgesOf(content);
  const domains = new Map<string, DomainFilter>();
  for (const bridge of bridges) {
    const filter = filterOf(content!, answering, bridge);
    if (filter) domains.set(bridge, filter);
  }
  return {
    bridges,
    intact: content !== undefined && isIntact(content),
    ports: await readPorts(nft),
    separates: await readHorizon(nft),
    domains,
    answers: await readAnswers(nft, answering, bridges),
  };
}

function bridgesOf(content: ListedContent | undefined): readonly string[] {
  return content?.chains.flatMap(({ name }) => bridgeOf(name) ?? []) ?? [];
}

function hasRules(content: ListedContent, chain: string, rules: readonly Rule[]): boolean {
  const listed = content.rules.filter((rule) => rule.chain === chain);
  const { family } = content.table;
  return (
    listed.length === rules.length && rules.every((rule, at) => fingerprint(family, rule) === listed[at]!.fingerprint)
  );
}

function filterOf(
  content: ListedContent,
  answering: ListedContent | undefined,
  bridge: string,
): DomainFilter | undefined {
  const chain = chainOf(bridge);
  const answers = answering !== undefined && isAnswering(answering, bridge);
  const filters = [true, false].flatMap((forward) => [true, false].map((learn) => ({ forward, learn, answers })));
  return filters.find((filter) => hasRules(content, chain, rulesOf(bridge, filter)));
}

function isAnswering(content: ListedContent, bridge: string): boolean {
  const chain = content.chains.find(({ name }) => name === chainOf(bridge));
  return chain?.base?.devices?.includes(bridge) === true && hasRules(content, chain.name, answerRules(bridge));
}

function isIntact(content: ListedContent): boolean {
  return sharedChains.every(({ name, base, rules }) => {
    const found = content.chains.find((chain) => chain.name === name);
    if (found?.base?.priority !== base?.priority || found?.base?.policy === 'drop') return false;
    return hasRules(content, name, rules);
  });
}

async function readHorizon(nft: Nftables): Promise<BridgeReading['separates']> {
  const sets = await Promise.all([horizonSet, routerHorizonSet].map((set) => elementsOf(nft, bridgeTable, set)));
  const pairs = new Set(sets.flat().map(({ key }) => key.join(' ')));
  return (group) => [horizonOf(group), ...routerHorizonOf(group)].every((key) => pairs.has(key.join(' ')));
}

/** Ports that a rule knows of and another does not are none. */
async function readPorts(nft: Nftables): Promise<ReadonlyMap<string, string>> {
  const members = new Set((await elementsOf(nft, bridgeTable, memberSet)).map(({ key }) => String(key[0])));
  const ports = new Map<string, string>();
  for (const { key, data } of await elementsOf(nft, bridgeTable, portMap)) {
    const port = String(key[0]);
    const bridge = data !== undefined && 'chain' in data ? bridgeOf(data.chain) : undefined;
    if (bridge !== undefined && members.has(port)) ports.set(port, bridge);
  }
  return ports;
}

async function readAnswers(nft: Nftables, content: ListedContent | undefined, bridges: readonly string[]) {
  const answers = new Map<string, ReadonlyMap<string, string>>();
  const maps = new Set(content?.sets.map(({ name }) => name));
  for (const bridge of bridges) {
    const versions = ([4, 6] as const).filter((version) => maps.has(answerMapOf(bridge, version).name));
    const read = versions.map((version) =>
      readAnswersIn(nft, answerMapOf(bridge, version), answeredSetOf(bridge, version)),
    );
    if (versions.length > 0) answers.set(bridge, new Map((await Promise.all(read)).flat()));
  }
  return answers;
}

async function readAnswersIn(nft: Nftables, map: NftSet, answered: NftSet): Promise<readonly [string, string][]> {
  const kept = new Set((await elementsOf(nft, bridgeTable, answered)).map(({ key }) => String(key[0])));
  const found = await elementsOf(nft, arpTable, map);
  return found
    .map(({ key, data }): [string, string] => [String(key[0]), Array.isArray(data) ? String(data[0]) : ''])
    .filter(([address]) => kept.has(address));
}

async function elementsOf(nft: Nftables, table: TableReference, set: NftSet) {
  try {
    return await nft.elements(table, set);
  } catch (error) {
    if (!isKernelError(error, 'ENOENT')) throw error;
    return [];
  }
}
