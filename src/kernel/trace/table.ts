/** The table of a trace: what marks the packet, and an empty chain at each place, whose event tells that it passed there and how it looks. */

import {
  addChain,
  addRule,
  addTable,
  ip,
  ip6,
  payload,
  startTrace,
  types,
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
    ...packedMarks(recognition).map((rule) => addRule(inet, 'output', rule)),
  ];
}

/** IP protocol, and bytes from behind the outer IP header to the inner one. */
const packings: readonly (readonly [protocol: number, name: string, distance: number])[] = [
  [4, 'a tunnel, IPv4', 0],
  [41, 'a tunnel, IPv6', 0],
  [47, 'GRE', 4],
  [47, 'GRE of frames', 18],
  [47, 'ERSPAN', 30],
  [17, 'VXLAN', 30],
  [17, 'VXLAN-GPE', 16],
];
/** Of IPv6 tunnels of the kernel: destination options (the encapsulation limit). */
const destinationOptions = { protocol: 60, bytes: 8 };

/**
 * What a tunnel has packed begins anew: it is recognised by the packet inside. What is in two tunnels is not, nor what is
 * encrypted.
 */
function packedMarks({ family, number }: Recognition) {
  const field = family === 4 ? 4 : 2;
  const inside = (header: number, distance: number) =>
    payload('network', header + distance + field, types.short).eq(number);
  return packings.flatMap(([protocol, name, distance]) => {
    const [four, six] = [ip.protocol.eq(protocol), ip6.nexthdr.eq(protocol)];
    const optional = ip6.nexthdr.eq(destinationOptions.protocol);
    const rules = [
      { key: `traced in ${name}`, statements: [four, inside(20, distance), startTrace] },
      { key: `traced in ${name} over IPv6`, statements: [six, inside(40, distance), startTrace] },
    ];
    // The options say what follows in their first byte, which is not asked: the packet inside tells enough.
    const behind = inside(40 + destinationOptions.bytes, distance);
    return protocol === 17
      ? rules
      : [...rules, { key: `traced in ${name} behind options`, statements: [optional, behind, startTrace] }];
  });
}
