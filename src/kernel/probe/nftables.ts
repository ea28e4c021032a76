import type { Encoder } from '../netlink/encoder.ts';
import { NLM_F_CREATE } from '../netlink/constants.ts';
import type { Capability } from './capabilities.ts';
import type { Laboratory, Outcome, RawMessage } from './laboratory.ts';
import { capability } from './links.ts';

/** nf_tables families: NFPROTO_... */
const FAMILIES = { inet: 1, ip: 2, netdev: 5, bridge: 7, ip6: 10 } as const;
type FamilyName = keyof typeof FAMILIES;

interface Try {
  readonly name: string;
  readonly title: string;
  readonly family: FamilyName;
  readonly chain: ChainSpec;
  /** Name of an expression and its attributes; a rule with it is added. */
  readonly expression?: readonly [name: string, write: (encoder: Encoder) => void];
}

interface ChainSpec {
  readonly type: 'filter' | 'nat';
  readonly hook: number;
  readonly device?: string;
}

const INPUT: ChainSpec = { type: 'filter', hook: 1 };
const INGRESS: ChainSpec = { type: 'filter', hook: 0, device: 'lo' };
const EGRESS: ChainSpec = { type: 'filter', hook: 1, device: 'lo' };

const connectionState: Try['expression'] = ['ct', (encoder) => registerAndKey(encoder, 0)];
const bridgeName: Try['expression'] = ['meta', (encoder) => registerAndKey(encoder, META_BRI_IIFNAME)];

const TRIES: readonly Try[] = [
  { name: 'nft-ip', title: 'nftables for IPv4', family: 'ip', chain: INPUT },
  { name: 'nft-ip6', title: 'nftables for IPv6', family: 'ip6', chain: INPUT },
  { name: 'nft-inet', title: 'nftables for IPv4 and IPv6 together', family: 'inet', chain: INPUT },
  { name: 'nft-bridge', title: 'nftables for bridges', family: 'bridge', chain: INPUT },
  { name: 'nft-netdev', title: 'nftables ingress hooks', family: 'netdev', chain: INGRESS },
  { name: 'nft-netdev-egress', title: 'nftables egress hooks', family: 'netdev', chain: EGRESS },
  { name: 'nft-nat', title: 'nftables NAT', family: 'ip', chain: { type: 'nat', hook: 0 } },
  { name: 'nft-ct', title: 'connection tracking in nftables', family: 'ip', chain: INPUT, expression: connectionState },
  {
    name: 'nft-bridge-ct',
    title: 'connection tracking in the bridge family',
    family: 'bridge',
    chain: INPUT,
    expression: connectionState,
  },
  {
    name: 'nft-netdev-ct',
    title: 'connection tracking in the netdev family',
    family: 'netdev',
    chain: INGRESS,
    expression: connectionState,
  },
  {
    name: 'nft-bridge-ibrname',
    title: 'the name of the bridge in nftables (meta ibrname)',
    family: 'bridge',
    chain: INPUT,
    expression: bridgeName,
  },
];

/** Each in a transaction of its own, with a table of its own. */
export async function probeNftables(laboratory: Laboratory): Promise<Capability[]> {
  const capabilities: Capability[] = [];
  for (const attempt of TRIES) {
    const outcomes = await laboratory.raw('netfilter', transaction(attempt));
    const failed = outcomes.find(({ errno }) => errno !== 0);
    capabilities.push(capability(attempt.name, attempt.title, failed ?? (outcomes[0] as Outcome)));
  }
  return capabilities;
}

function transaction({ name, family, chain, expression }: Try): RawMessage[] {
  const number = FAMILIES[family];
  const messages: RawMessage[] = [
    { type: BATCH_BEGIN, flags: 0, encode: (encoder) => writeHeader(encoder, 0, SUBSYSTEM) },
    command(NEWTABLE, number, (encoder) => encoder.attributeString(1, name)),
    command(NEWCHAIN, number, (encoder) => writeChain(encoder, name, chain)),
  ];
  if (expression) messages.push(command(NEWRULE, number, (encoder) => writeRule(encoder, name, expression)));
  return [...messages, { type: BATCH_END, flags: 0, encode: (encoder) => writeHeader(encoder, 0, SUBSYSTEM) }];
}

function command(type: number, family: number, write: (encoder: Encoder) => void): RawMessage {
  return {
    type: (SUBSYSTEM << 8) | type,
    flags: NLM_F_CREATE,
    encode(encoder) {
      writeHeader(encoder, family, 0);
      write(encoder);
    },
  };
}

/** struct nfgenmsg */
function writeHeader(encoder: Encoder, family: number, resource: number): void {
  encoder.u8(family);
  encoder.u8(0);
  encoder.be16(resource);
}

function writeChain(encoder: Encoder, table: string, { type, hook, device }: ChainSpec): void {
  encoder.attributeString(1, table);
  encoder.attributeString(3, 'c');
  const nest = encoder.beginNest(4);
  encoder.attributeBe32(1, hook);
  encoder.attributeBe32(2, 0);
  if (device !== undefined) encoder.attributeString(3, device);
  encoder.endNest(nest);
  encoder.attributeString(7, type);
}

function writeRule(encoder: Encoder, table: string, [name, write]: NonNullable<Try['expression']>): void {
  encoder.attributeString(1, table);
  encoder.attributeString(2, 'c');
  const list = encoder.beginNest(4);
  const element = encoder.beginNest(1);
  encoder.attributeString(1, name);
  const data = encoder.beginNest(2);
  write(encoder);
  encoder.endNest(data);
  encoder.endNest(element);
  encoder.endNest(list);
}

/** NFTA_CT_DREG and NFTA_CT_KEY, which have the numbers of NFTA_META_DREG and NFTA_META_KEY. */
function registerAndKey(encoder: Encoder, key: number): void {
  encoder.attributeBe32(1, 1);
  encoder.attributeBe32(2, key);
}

const SUBSYSTEM = 10;
const BATCH_BEGIN = 0x10;
const BATCH_END = 0x11;
const NEWTABLE = 0;
const NEWCHAIN = 3;
const NEWRULE = 6;
const META_BRI_IIFNAME = 24;
