/** The table of a trace: what marks the packet, and an empty chain at each place, whose event tells that it passed there and how it looks. */

import {
  addChain,
  addRule,
  addTable,
  ip,
  ip6,
  startTrace,
  type Chain,
  type Operation,
  type TableReference,
} from '../nftables/index.ts';
import { stages, tables } from '../pipeline/index.ts';

/** What tells the packet from all others, whatever NAT does to it. */
export interface Recognition {
  readonly family: 4 | 6;
  /** IPv4: identification; IPv6: the lower 16 bits of the flow label. */
  readonly number: number;
}

export const traceTables = [
  { family: 'netdev', name: tables.trace },
  { family: 'bridge', name: tables.trace },
  { family: 'inet', name: tables.trace },
] as const satisfies readonly TableReference[];
const [netdev, bridge, inet] = traceTables;

/** The places, named as their chains are. */
export type TracePlace =
  | 'ingress'
  | 'egress'
  | 'bridge-prerouting'
  | 'bridge-forward'
  | 'bridge-input'
  | 'bridge-postrouting'
  | 'prerouting'
  | 'translated'
  | 'input'
  | 'forward'
  | 'output'
  | 'routed'
  | 'sent';

const places = {
  'bridge-prerouting': [bridge, stages.traceBridgePrerouting],
  'bridge-forward': [bridge, stages.traceBridgeForward],
  'bridge-input': [bridge, stages.traceBridgeInput],
  'bridge-postrouting': [bridge, stages.traceBridgePostrouting],
  prerouting: [inet, stages.tracePrerouting],
  translated: [inet, stages.traceTranslated],
  input: [inet, stages.traceInput],
  forward: [inet, stages.traceForward],
  output: [inet, stages.traceOutput],
  routed: [inet, stages.traceRouted],
  sent: [inet, stages.traceSent],
} as const satisfies Record<Exclude<TracePlace, 'ingress' | 'egress'>, unknown>;

export function traceOperations(recognition: Recognition, devices: readonly string[]): Operation[] {
  const statements =
    recognition.family === 4
      ? [ip.id.eq(recognition.number), startTrace]
      : [ip6.flowLabelLow.eq(recognition.number), startTrace];
  const mark = { key: 'traced', statements };
  const ends = (name: 'ingress' | 'egress'): Chain => {
    const { hook, priority } = name === 'ingress' ? stages.traceIngress : stages.traceEgress;
    return { name, base: { type: 'filter', hook, priority, devices } };
  };
  return [
    ...traceTables.map((table) => addTable(table)),
    addChain(netdev, ends('ingress')),
    addRule(netdev, 'ingress', mark),
    addChain(netdev, ends('egress')),
    ...Object.entries(places).map(([name, [table, { hook, priority }]]) =>
      addChain(table, { name, base: { type: 'filter', hook, priority } }),
    ),
    addRule(inet, 'output', mark),
  ];
}
