import { parseIp, parsePrefix } from '../../model/address.ts';
import type { Ip, Prefix } from '../../model/address.ts';
import { addAddress } from '../netlink/address.ts';
import { changeLink } from '../netlink/link.ts';
import { replaceNexthop } from '../netlink/nexthop.ts';
import { addRoute } from '../netlink/route.ts';
import { addRule } from '../netlink/rule.ts';
import { seg6, seg6Local } from '../netlink/seg6.ts';
import { addClsact, addMirror } from '../netlink/tc.ts';
import type { Request } from '../netlink/request.ts';
import type { Capability } from './capabilities.ts';
import type { Laboratory } from './laboratory.ts';
import { capability } from './links.ts';

const LOOPBACK = 1;
const SEGMENT = parseIp('2001:db8::99') as Ip;
const net = (text: string): Prefix => parsePrefix(text) as Prefix;

/** Title and request of each capability; without a title it only prepares the next ones. */
const TRIES: readonly (readonly [name: string, title: string, request: Request])[] = [
  ['', '', changeLink({ index: LOOPBACK }, { up: true })],
  ['ipv6', 'IPv6', addAddress({ link: LOOPBACK, address: net('2001:db8::1/128'), flags: 2 })],
  ['multiple-tables', 'routing tables and rules', addRule({ family: 4, priority: 100, table: 100, mark: 1 })],
  ['nexthop-objects', 'nexthop objects', replaceNexthop({ id: 1, blackhole: true })],
  [
    'seg6',
    'segment routing over IPv6 (seg6)',
    addRoute({
      destination: net('2001:db8:1::/64'),
      link: LOOPBACK,
      encapsulation: seg6({ mode: 'encap', segments: [SEGMENT] }),
    }),
  ],
  [
    'seg6local',
    'local segments (seg6local)',
    addRoute({ destination: net('2001:db8:2::1/128'), link: LOOPBACK, encapsulation: seg6Local({ action: 1 }) }),
  ],
  [
    'seg6local-psp',
    'removal of the segment header before the last segment (PSP)',
    addRoute({
      destination: net('2001:db8:2::3/128'),
      link: LOOPBACK,
      encapsulation: seg6Local({ action: 1, psp: true }),
    }),
  ],
  [
    'seg6local-dt4',
    'local segments that decapsulate into a VRF (End.DT4)',
    addRoute({
      destination: net('2001:db8:2::2/128'),
      link: LOOPBACK,
      encapsulation: seg6Local({ action: 8, vrfTable: 10 }),
    }),
  ],
  ['tc-clsact', 'traffic control hooks (clsact)', addClsact(LOOPBACK)],
  [
    'tc-u32',
    'tc u32 with mirred',
    addMirror({
      link: LOOPBACK,
      direction: 'ingress',
      priority: 1,
      classifier: 'u32',
      action: 'mirror',
      target: LOOPBACK,
    }),
  ],
  [
    'tc-matchall',
    'tc matchall with mirred',
    addMirror({
      link: LOOPBACK,
      direction: 'ingress',
      priority: 2,
      classifier: 'matchall',
      action: 'mirror',
      target: LOOPBACK,
    }),
  ],
];

export async function probeRouting(laboratory: Laboratory): Promise<Capability[]> {
  const outcomes = await laboratory.route(TRIES.map(([, , request]) => request));
  return TRIES.flatMap(([name, title], index) => (name === '' ? [] : [capability(name, title, outcomes[index]!)]));
}
