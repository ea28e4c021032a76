import assert from 'node:assert/strict';
import { pairOnVpp } from '../../../test/router/each-engine.ts';
import type { Side } from '../../../test/router/pair.ts';

/** The far end is in the subnet of the tunnel itself, and no other route leads to it. */
const FAR = '10.8.0.2';
const tunnels: Readonly<Record<string, string>> = {
  IPIP: `type: IPIP_TUNNEL, ipip: { srcAddr: 192.0.2.1, dstAddr: ${FAR} }`,
  GRE: `type: GRE_TUNNEL, gre: { tunnelType: L3, srcAddr: 192.0.2.1, dstAddr: ${FAR} }`,
};
const KEY = 'config/vpp/v2/interfaces/tun';

const tun = (link: string, address?: string): string =>
  `{ name: tun, enabled: true, ${address === undefined ? '' : `ipAddresses: [${address}], `}${link} }`;

/** Whether VPP takes packets, answers them, and has this agent's objects. */
async function lives({ host, agent }: Side): Promise<void> {
  assert.equal((await host.ping('10.1.0.1', { count: 1, timeout: 5_000 })).received, 1);
  assert.deepEqual(await agent.drift(), []);
}

for (const [name, link] of Object.entries(tunnels)) {
  pairOnVpp(
    `${name} that leads to its own far end drops packets; VPP outlives its address, and the tunnel`,
    {},
    async (pair) => {
      const { left } = pair;
      await pair.start((side) => (side === left ? { interfaces: [tun(link, '10.8.0.1/24')] } : {}));
      await lives(left);
      for (const to of ['10.8.0.7', FAR]) assert.equal(await pair.answers(to), false);
      // Each of them takes the address away from a tunnel that leads to its own far end by it.
      for (const address of [undefined, '10.8.0.1/24', '10.8.0.3/28', undefined, '10.8.0.1/24']) {
        await left.agent.commit(left.network([tun(link, address)]));
        await lives(left);
        assert.equal(await pair.answers(FAR), false);
      }
      const again = await left.restart();
      assert.deepEqual(await again.resync(left.network([tun(link, '10.8.0.1/24')])), []);
      await again.remove(`vppConfig:\n  interfaces: [${tun(link, '10.8.0.1/24')}]`);
      await lives(left);
    },
  );
}

pairOnVpp('tunnels that VPP would not survive are refused, with the address', {}, async (pair) => {
  const { left } = pair;
  await pair.start(() => ({}));
  const gtpu = `type: GTPU_TUNNEL, gtpu: { srcAddr: 192.0.2.1, dstAddr: ${FAR}, teid: 11, remoteTeid: 12, decapNextNode: 2 }`;
  const gpe = `type: VXLAN_TUNNEL, vxlan: { srcAddress: 192.0.2.1, dstAddress: ${FAR}, vni: 8, gpe: { protocol: IP4 } }`;
  for (const [link, address, said] of [
    ...[...Object.values(tunnels), gtpu, gpe].map(
      (link) => [link, `${FAR}/24`, /10\.8\.0\.2\/24 is (ipip|gre|gtpu|vxlan)\.dst_addr(ess)?, too/] as const,
    ),
    [gtpu, '10.8.0.1/24', /10\.8\.0\.1\/24 has gtpu\.dst_addr 10\.8\.0\.2 in its subnet/],
    [gpe, '10.8.0.1/24', /10\.8\.0\.1\/24 has vxlan\.dst_address 10\.8\.0\.2 in its subnet/],
  ] as const) {
    await left.agent.tryCommit(left.network([tun(link, address)]));
    assert.match(left.agent.state(KEY)!, said);
    assert.match(left.agent.state(KEY)!, /^UNIMPLEMENTED vpp: ip_addresses: .* is accepted$/);
    assert.equal(await pair.answers('10.8.0.7'), false);
    // The one that is refused is taken away, with an address that does no harm it is there.
    await left.agent.commit(left.network([tun(link, '10.9.0.1/24')]));
    await lives(left);
    await left.agent.remove(`vppConfig:\n  interfaces: [${tun(link, '10.9.0.1/24')}]`);
  }
  await lives(left);
});
