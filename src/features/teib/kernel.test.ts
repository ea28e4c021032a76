import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { ip, liveThroughIt, withScene } from './kernel/testing.ts';

const skip = requires({ netns: true, commands: ['ip'] });

/** Every kernel has a VXLAN device that takes the far end from the route; the VM has the IPIP tunnels that entries are meant for. */
test('peers are reached where the entry says', { skip }, async () => {
  const [here, there] = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
  await withScene(
    async (router, far) => {
      await ip(router, `link add vx address ${here} up type vxlan dstport 4789 external`);
      await ip(router, 'addr add 10.10.0.1/32 dev vx');
      await ip(router, 'addr add fd10::1/128 dev vx nodad');
      await ip(far, `link add vx4 address ${there} up type vxlan id 0 dstport 4789 local 192.0.2.2 remote 192.0.2.1`);
      await ip(
        far,
        `link add vx6 address ${there} up type vxlan id 0 dstport 4789 local fd00::2 remote fd00::1 udp6zerocsumrx`,
      );
      await ip(far, 'addr add 10.10.0.2/32 peer 10.10.0.1 dev vx4');
      await ip(far, 'addr add fd10::2/128 dev vx6 nodad');
      await ip(far, 'route add fd10::1/128 dev vx6');
      await ip(router, `neigh add 10.10.0.2 lladdr ${there} dev vx nud permanent`);
      await ip(router, `neigh add fd10::2 lladdr ${there} dev vx nud permanent`);
      await ip(far, `neigh add 10.10.0.1 lladdr ${here} dev vx4 nud permanent`);
      await ip(far, `neigh add fd10::1 lladdr ${here} dev vx6 nud permanent`);
    },
    (scene) => liveThroughIt(scene, 'vx', 'vx'),
  );
});
