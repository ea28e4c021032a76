// needs-kernel: ipip

import { test } from 'node:test';
import { requires } from '../../../test/requires.ts';
import { ip, liveThroughIt, withScene } from './kernel/testing.ts';

const skip = requires({ netns: true, kernel: ['ipip'], commands: ['ip'] });

test('peers of an IPIP tunnel to several are reached where the entry says', { skip, timeout: 300_000 }, async () => {
  await withScene(
    async (router, far) => {
      await ip(router, 'link add tun4 up type ipip external');
      await ip(router, 'addr add 10.10.0.1/32 dev tun4');
      await ip(router, 'link add tun6 up type ip6tnl mode any external');
      await ip(router, 'addr add fd10::1/128 dev tun6');
      await ip(far, 'link add t2 up type ipip local 192.0.2.2 remote 192.0.2.1');
      await ip(far, 'addr add 10.10.0.2/32 peer 10.10.0.1 dev t2');
      await ip(far, 'link add t6 up type ip6tnl mode any local fd00::2 remote fd00::1');
      await ip(far, 'addr add fd10::2/128 dev t6');
      await ip(far, 'route add fd10::1/128 dev t6');
    },
    (scene) => liveThroughIt(scene, 'tun4', 'tun6'),
  );
});
