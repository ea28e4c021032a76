// needs-kernel: gre, ipip, wireguard, vxlan, vrf
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { decodeFrame } from '../../../test/lab/frame.ts';
import type { CapturedFrame } from '../../../test/lab/host.ts';
import { eventually } from '../../../test/router/agent.ts';
import { type EngineName, onEachPair, pairOnVpp } from '../../../test/router/each-engine.ts';
import type { Pair, Side } from '../../../test/router/pair.ts';

type Ends = readonly [left: string, right: string];
type Family = 4 | 6;

/** What a tunnel is made of, and what its packets look like on the wire. */
interface Scene {
  /** Fields of the interface. */
  link(side: Side, ends: Ends): string;
  /** The interface whose addresses are routed to; default: the tunnel itself. */
  readonly router?: string;
  /** Other objects of VPP. */
  more?(side: Side, ends: Ends): string;
  /** Whether a packet with the outer addresses is one of this tunnel, with a packet of this family inside. */
  isOurs(frame: CapturedFrame, inner: Family): boolean;
  /** Families inside; default: both. */
  readonly inner?: readonly Family[];
  readonly kernel: readonly string[];
}

const FOUR: Ends = ['192.0.2.1', '192.0.2.2'];
const SIX: Ends = ['fd02::1', 'fd02::2'];

/** The ends as one side sees them. */
function seenFrom({ name }: Side, [left, right]: Ends): Ends {
  return name === 'left' ? [left, right] : [right, left];
}

function sourceAndDestination(side: Side, ends: Ends): string {
  const [here, there] = seenFrom(side, ends);
  return `srcAddr: "${here}", dstAddr: "${there}"`;
}

const mac = (side: Side): string => `physAddress: "02:00:00:00:00:0${side.name === 'left' ? 1 : 2}"`;

/** What follows the outer IP header, without extension headers. */
function outerPayload({ bytes, etherType }: CapturedFrame): Buffer {
  return bytes.subarray(14 + (etherType === 0x0800 ? 20 : 40));
}

const ETHERTYPE = { 4: 0x0800, 6: 0x86dd } as const;

/** Type of what a GRE header is followed by. */
function isGre(frame: CapturedFrame, type: number): boolean {
  return frame.ip?.protocol === 47 && outerPayload(frame).readUInt16BE(2) === type;
}

const gre = (type: string, physical = false): Pick<Scene, 'link' | 'kernel'> => ({
  link: (side, ends) =>
    `type: GRE_TUNNEL, ${physical ? `${mac(side)}, ` : ''}gre: { tunnelType: ${type}, ${sourceAndDestination(side, ends)} }`,
  kernel: ['gre'],
});

const vxlan = (side: Side, ends: Ends, vni: number, more = ''): string => {
  const [here, there] = seenFrom(side, ends);
  return `type: VXLAN_TUNNEL, vxlan: { srcAddress: "${here}", dstAddress: "${there}", vni: ${vni}${more} }`;
};

const gpe = (inner: Family): Scene => ({
  link: (side, ends) => vxlan(side, ends, 8, `, gpe: { protocol: IP${inner} }`),
  isOurs: ({ udp, payload }) =>
    // Flags I and P, the protocol, the VNI.
    udp?.destination === 4790 &&
    (payload![0]! & 0x0c) === 0x0c &&
    payload![3] === (inner === 4 ? 1 : 2) &&
    payload!.readUIntBE(4, 3) === 8,
  inner: [inner],
  kernel: ['vxlan', 'vrf'],
});

const gtpu = (inner: Family): Scene => ({
  link(side, ends) {
    const [own, other] = side.name === 'left' ? [11, 12] : [12, 11];
    return `type: GTPU_TUNNEL, gtpu: { ${sourceAndDestination(side, ends)}, teid: ${own}, remoteTeid: ${other}, decapNextNode: ${inner === 4 ? 2 : 3} }`;
  },
  // T-PDU for the endpoint of whom it is sent to.
  isOurs: ({ udp, payload, direction }) =>
    udp?.destination === 2152 && payload![1] === 255 && payload!.readUInt32BE(4) === (direction === 'in' ? 12 : 11),
  inner: [inner],
  kernel: [],
});

interface Keys {
  readonly secret: string;
  readonly known: string;
}

/** The last 32 bytes of the DER forms are the keys. */
function newKeys(): Keys {
  const pair = generateKeyPairSync('x25519');
  const raw = (der: Buffer): string => der.subarray(-32).toString('base64');
  return {
    secret: raw(pair.privateKey.export({ type: 'pkcs8', format: 'der' })),
    known: raw(pair.publicKey.export({ type: 'spki', format: 'der' })),
  };
}

const keys = { left: newKeys(), right: newKeys() };
/** What the hosts ping with. */
const CLEAR = Buffer.from('aaaaaaaaaaaaaaaa');

const wireguard: Scene = {
  link: (side, ends) =>
    `type: WIREGUARD_TUNNEL, wireguard: { privateKey: "${keys[side.name].secret}", port: 51820, srcAddr: "${seenFrom(side, ends)[0]}" }`,
  more: (side, ends) => `
  wgPeers:
    - { wgIfName: tun, publicKey: "${keys[side.name === 'left' ? 'right' : 'left'].known}", endpoint: "${seenFrom(side, ends)[1]}", port: 51820, allowedIps: [0.0.0.0/0, "::/0"] }`,
  isOurs: ({ udp, payload, bytes }) => udp?.destination === 51820 && payload![0] === 4 && !bytes.includes(CLEAR),
  kernel: ['wireguard'],
};

/** What arrives by VXLAN goes to a bridge domain on VPP. */
const lan = `
  bridgeDomains:
    - { name: lan, flood: true, unknownUnicastFlood: true, forward: true, learn: true, interfaces: [{ name: tun }, { name: bvi, bridgedVirtualInterface: true }] }`;

const scenes: Readonly<Record<string, Scene>> = {
  'GRE L3': { ...gre('L3'), isOurs: (frame, inner) => isGre(frame, ETHERTYPE[inner]) },
  'GRE TEB': { ...gre('TEB', true), isOurs: (frame) => isGre(frame, 0x6558) },
  IPIP: {
    link: (side, ends) => `type: IPIP_TUNNEL, ipip: { ${sourceAndDestination(side, ends)} }`,
    isOurs: ({ ip }, inner) => ip?.protocol === (inner === 4 ? 4 : 41),
    kernel: ['ipip'],
  },
  VXLAN: {
    link: (side, ends) => vxlan(side, ends, 77),
    more: () => lan,
    isOurs: (frame) => frame.vxlan?.vni === 77,
    router: 'bvi',
    kernel: ['vxlan'],
  },
  'VXLAN-GPE of IPv4': gpe(4),
  'VXLAN-GPE of IPv6': gpe(6),
  'GTP-U of IPv4': gtpu(4),
  'GTP-U of IPv6': gtpu(6),
  WireGuard: wireguard,
};

/** The tunnel, and a way by it to the other host. */
function through(
  scene: Scene,
  side: Side,
  ends: Ends,
): { readonly interfaces: readonly string[]; readonly more: string } {
  const [end, far, subnet] = side.name === 'left' ? [1, 2, 3] : [2, 1, 1];
  const { inner = [4, 6], router = 'tun' } = scene;
  const addresses = { 4: `10.8.0.${end}/24`, 6: `"fd08::${end}/64"` };
  const own = `ipAddresses: [${inner.map((family) => addresses[family]).join()}]`;
  const routes = {
    4: `    - { dstNetwork: 10.${subnet}.0.0/24, nextHopAddr: 10.8.0.${far}, outgoingInterface: ${router} }`,
    6: `    - { dstNetwork: "fd0${subnet}::/64", nextHopAddr: "fd08::${far}", outgoingInterface: ${router} }`,
  };
  return {
    interfaces:
      router === 'tun'
        ? [`{ name: tun, enabled: true, ${own}, ${scene.link(side, ends)} }`]
        : [
            `{ name: tun, enabled: true, ${scene.link(side, ends)} }`,
            `{ name: ${router}, enabled: true, ${own}, type: SOFTWARE_LOOPBACK, ${mac(side)} }`,
          ],
    more: `${scene.more?.(side, ends) ?? ''}\n  routes:\n${inner.map((family) => routes[family]).join('\n')}`,
  };
}

async function carries(scene: Scene, ends: Ends, pair: Pair): Promise<void> {
  await pair.start((side) => through(scene, side, ends));
  const targets = { 4: '10.3.0.2', 6: 'fd03::2' };
  for (const inner of scene.inner ?? ([4, 6] as const)) {
    const to = targets[inner];
    await pair.reach(to);
    const seen = await pair.tap();
    await pair.reach(to);
    for (const direction of ['in', 'out'] as const) {
      const [source, destination] = direction === 'in' ? ends : ends.toReversed();
      const frames = await seen.wait({ direction, ip: { source: source!, destination: destination! } });
      assert.ok(
        frames.some((frame) => scene.isOurs(frame, inner)),
        frames.map(({ bytes }) => bytes.toString('hex')).join('\n'),
      );
    }
    // Nothing passes beside the tunnel.
    assert.deepEqual(await seen.frames({ ip: { destination: to } }), []);
    await seen.close();
  }
  for (const side of pair.sides) {
    assert.deepEqual(await side.agent.drift(), []);
    const { interfaces, more } = through(scene, side, ends);
    const again = await side.restart();
    assert.deepEqual(await again.resync(side.network(interfaces, more)), []);
  }
  const [first = 4] = scene.inner ?? [];
  await pair.reach(targets[first]);
  const { left } = pair;
  const { interfaces, more } = through(scene, left, ends);
  await left.agent.remove(`vppConfig:\n  interfaces: [${interfaces.join()}]\n${more}`);
  assert.equal(await pair.answers(targets[first]), false);
  const last = await left.restart();
  assert.deepEqual(await last.resync(left.network()), []);
}

/** Over IPv6 VPP makes packets of some tunnels that nobody understands: it is not asked to. */
async function isRefused(name: string, scene: Scene, ends: Ends, { left }: Pair): Promise<boolean> {
  const agent = await left.restart();
  const { client } = agent;
  const isBroken = name.startsWith('GTP-U') ? !client!.has('gtpu_add_del_tunnel_v2') : name.startsWith('VXLAN-GPE');
  if (!isBroken) return false;
  const { interfaces, more } = through(scene, left, ends);
  await agent.tryCommit(left.network(interfaces, more));
  assert.match(agent.state('config/vpp/v2/interfaces/tun')!, /^UNIMPLEMENTED vpp: \S+ over IPv6: .*broken packets/);
  return true;
}

for (const [name, scene] of Object.entries(scenes)) {
  for (const [over, ends] of [
    ['IPv4', FOUR],
    ['IPv6', SIX],
  ] as const) {
    const title = `${name} over ${over}: between two routers, and not in clear beside it`;
    const { kernel } = scene;
    const run = async (pair: Pair, engine: EngineName): Promise<void> => {
      if (engine === 'vpp' && ends === SIX && (await isRefused(name, scene, ends, pair))) return;
      await carries(scene, ends, pair);
    };
    // One underlay is enough for the test VM, which is slow: `kernel-*.vm.test.ts` has the other one.
    if (kernel.length === 0 || ends === SIX) pairOnVpp(title, {}, (pair) => run(pair, 'vpp'));
    else onEachPair(title, { kernel, timeout: 300_000 }, run);
  }
}

for (const [inner, prefix, subnets, known, target] of [
  [4, '10.8.0.', ['10.1.0.0/24', '10.3.0.0/24'], '10.8.0.2', '10.3.0.2'],
  [6, 'fd08::', ['fd01::/64', 'fd03::/64'], 'fd08::2', 'fd03::2'],
] as const) {
  // Each of these ended VPP when it took the tunnel for a network where neighbours have to be asked for.
  pairOnVpp(
    `VXLAN-GPE of IPv${inner}: addresses of its own subnet that nobody knows, and routes without next hop, lead to its far end`,
    {},
    async (pair) => {
      await pair.start((side) => {
        const [end, there] = side.name === 'left' ? [1, subnets[1]] : [2, subnets[0]];
        const address = `"${prefix}${end}/${inner === 4 ? 24 : 64}"`;
        return {
          interfaces: [`{ name: tun, enabled: true, ipAddresses: [${address}], ${gpe(inner).link(side, FOUR)} }`],
          more: `\n  routes: [{ dstNetwork: "${there}", outgoingInterface: tun }]`,
        };
      });
      await pair.reach(known);
      await pair.reach(target);
      const seen = await pair.tap();
      assert.equal(await pair.answers(`${prefix}77`), false);
      const frames = await seen.wait({ direction: 'in', ip: { source: FOUR[0], destination: FOUR[1] } });
      assert.ok(frames.some((frame) => gpe(inner).isOurs(frame, inner)));
      await seen.close();
      await pair.reach(target);
      for (const { agent } of pair.sides) assert.deepEqual(await agent.drift(), []);
    },
  );
}

onEachPair(
  'GRE ERSPAN carries copies of what an interface sees',
  { kernel: ['gre'], timeout: 300_000 },
  async (pair) => {
    const link = (side: Side): string =>
      `type: GRE_TUNNEL, gre: { tunnelType: ERSPAN, ${sourceAndDestination(side, FOUR)}, sessionId: 7 }`;
    const tunnel = (side: Side): string => `{ name: tun, enabled: true, ${link(side)} }`;
    const mirror = '\n  spans: [{ interfaceFrom: a, interfaceTo: tun, direction: BOTH }]';
    await pair.start((side) => ({ interfaces: [tunnel(side)], more: side.name === 'left' ? mirror : '' }));
    const { left } = pair;
    const seen = await pair.tap();
    await pair.reach('10.1.0.1');
    // Both ways: the ping and its answer. Type II has the session in the last ten bits of its first word.
    const copies = async (): Promise<readonly CapturedFrame[]> => {
      const frames = await seen.frames({
        direction: 'in',
        ip: { source: FOUR[0], destination: FOUR[1], protocol: 47 },
      });
      return frames.filter((frame) => isGre(frame, 0x88be) && (outerPayload(frame).readUInt16BE(10) & 0x3ff) === 7);
    };
    const inside = (frame: CapturedFrame): CapturedFrame => ({
      ...frame,
      ...decodeFrame(outerPayload(frame).subarray(16)),
    });
    for (const source of ['10.1.0.2', '10.1.0.1']) {
      await eventually(async () => {
        await pair.answers('10.1.0.1');
        return (await copies()).map(inside).some(({ ip, icmp }) => icmp !== undefined && ip?.source === source);
      });
    }
    await seen.close();
    assert.deepEqual(await left.agent.drift(), []);
    const again = await left.restart();
    assert.deepEqual(await again.resync(left.network([tunnel(left)], mirror)), []);
  },
);
