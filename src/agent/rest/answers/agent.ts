/** What `/api/v1` answers of interfaces, the topology, the store, sessions and the agent itself. */

import * as z from 'zod';
import { deciders } from '../../trace/trace.ts';
import { count, key, name, page, state, time } from './shapes.ts';

const number = z.number();
const link = z.enum(['UP', 'DOWN', 'UNKNOWN']);
const counter = z.string().regex(/^\d+$/).describe('64 bits, as text');
const counters = z.strictObject({
  rxPackets: counter,
  rxBytes: counter,
  rxErrors: counter,
  rxDropped: counter,
  txPackets: counter,
  txBytes: counter,
  txErrors: counter,
  txDropped: counter,
  rxMulticast: counter,
  rxUnhandled: counter,
  vpp: z.looseObject({}).optional().describe('what only VPP counts'),
});
export const linuxCounters = name(
  'LinuxCounters',
  z.strictObject({
    name: z.string(),
    device: z.string(),
    index: count,
    place: z.string(),
    shared: z.boolean(),
    ...counters.shape,
  }),
);
export const interfacePage = name(
  'InterfacePage',
  z.strictObject({
    ...page,
    time,
    interfaces: z.array(
      z.strictObject({
        key,
        model: z.string(),
        name: z.string(),
        device: z.string(),
        index: count,
        place: z.string(),
        admin: link,
        operational: link,
        mac: z.string(),
        mtu: count,
        since: number.describe('ms since the epoch'),
        shared: z.boolean(),
        counters,
      }),
    ),
  }),
);

const header = {
  source: z.string(),
  destination: z.string(),
  protocol: z.string().describe('icmp (of IPv6: ICMPv6), tcp, udp or a number'),
  sourcePort: count.optional().describe('ICMP: the identifier'),
  destinationPort: count.optional(),
  ttl: count,
};
const object = { key: key.optional(), rule: count.optional().describe('of its rules or mappings, from 1') };
export const trace = name(
  'Trace',
  z.strictObject({
    engine: z.string(),
    packet: z.strictObject({
      ...header,
      interface: z.string().optional().describe('that it came in by; none: the switch itself sent it'),
      sourceMac: z.string().optional(),
      destinationMac: z.string().optional(),
    }),
    hops: z.array(
      z.strictObject({
        by: z.enum(deciders).describe('what decided'),
        text: z.string(),
        ...object,
        observed: z
          .boolean()
          .describe('true: the packet was seen there; false: looked up in the tables of the data plane'),
        header: z.strictObject(header).optional().describe('the headers from here on'),
      }),
    ),
    verdict: z.strictObject({
      outcome: z
        .enum(['delivered', 'forwarded', 'dropped', 'unknown'])
        .describe('delivered: to the switch itself; forwarded: out of an interface'),
      text: z.string(),
      ...object,
    }),
    notes: z.array(z.string()),
  }),
);

export const topology = name(
  'Topology',
  z.strictObject({
    places: z.array(
      z.strictObject({ id: z.string(), type: z.enum(['vswitch', 'namespace', 'remote']), label: z.string() }),
    ),
    interfaces: z.array(
      z.strictObject({
        key,
        model: z.string(),
        name: z.string(),
        place: z.string(),
        type: z.string(),
        state,
        enabled: z.boolean(),
        addresses: z.array(z.string()),
        mac: z.string(),
        mtu: count,
        vrf: count.optional(),
        bridgeDomain: z.string().optional(),
      }),
    ),
    bridgeDomains: z.array(
      z.strictObject({
        key,
        name: z.string(),
        state,
        ports: z.array(
          z.strictObject({ interface: z.string(), key, state, bvi: z.boolean(), splitHorizonGroup: count }),
        ),
      }),
    ),
    tunnels: z.array(
      z.strictObject({
        key,
        name: z.string(),
        type: z.string(),
        state,
        source: z.string(),
        destination: z.string(),
        id: count.optional(),
      }),
    ),
    links: z.array(
      z.strictObject({
        type: z.enum(['cable', 'bridge', 'cross-connect', 'tunnel', 'sub-interface', 'member']),
        from: z.string(),
        to: z.string(),
        label: z.string(),
      }),
    ),
  }),
);
export const routePage = name(
  'RoutePage',
  z.strictObject({
    ...page,
    routes: z.array(
      z.strictObject({
        key,
        model: z.string(),
        state,
        destination: z.string(),
        nextHop: z.string(),
        interface: z.string(),
        type: z.string(),
        vrf: count.optional(),
        metric: number,
      }),
    ),
  }),
);

export const kvdbEntry = name(
  'StoreEntry',
  z.strictObject({
    key: z.string(),
    revision: count,
    value: z.unknown(),
    model: z.string().optional(),
    encoding: z.enum(['text', 'base64']).optional(),
  }),
);
export const kvdbPage = name('StorePage', z.strictObject({ ...page, revision: count, entries: z.array(kvdbEntry) }));
export const kvdbWritten = name('StoreWritten', z.strictObject({ revision: count, written: count }));

export const agentStatus = name(
  'AgentStatus',
  z.strictObject({
    app: z.string(),
    label: z.string(),
    version: z.string(),
    started: time,
    pid: count,
    engine: z.string(),
    vswitch: z.string().optional(),
    health: z.strictObject({
      state: z.enum(['init', 'ok', 'error']),
      plugins: z.array(
        z.strictObject({
          plugin: z.string(),
          state: z.enum(['init', 'ok', 'error']),
          reason: z.string().optional(),
          fatal: z.boolean(),
          lastChange: number,
          lastUpdate: number,
        }),
      ),
      startTime: number,
      lastChange: number,
      lastUpdate: number,
    }),
  }),
);
export const session = name(
  'Session',
  z.strictObject({
    name: z.string(),
    role: z.enum(['read', 'operate', 'admin']).nullable(),
    via: z.string().nullable(),
    csrf: z.string().optional(),
  }),
);
export const kernel = name(
  'Kernel',
  z.strictObject({
    kernel: z.string(),
    vswitch: z.string(),
    capabilities: z.array(z.strictObject({ name: z.string(), present: z.boolean(), reason: z.string() })),
  }),
);
export const vppCounters = name(
  'VppCounters',
  z.looseObject({}).describe("VPP's counters of one interface, node, pool or heap"),
);
export const vpp = name(
  'Vpp',
  z.looseObject({
    version: z.unknown(),
    connected: z.boolean(),
    requests: z.record(z.string(), number),
  }),
);
