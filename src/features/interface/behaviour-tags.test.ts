// needs-kernel: vlan
/** What a sub-interface does to the tags of frames between its parent and a bridge domain. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { CaptureHandle } from '../../../test/lab/host.ts';
import { eventually } from '../../../test/router/agent.ts';
import type { Bench } from '../../../test/router/bench.ts';
import { onEachEngine } from '../../../test/router/each-engine.ts';

/** Tags as on the wire, outer first: q is 802.1Q, ad is 802.1ad. */
type Tags = readonly string[];
const TYPES: Readonly<Record<string, number>> = { q: 0x8100, ad: 0x88a8 };

/** The rewriting, the tags at the parent, the tags in the bridge domain. */
const CASES: readonly (readonly [option: string, outer: Tags, inner: Tags])[] = [
  ['tagRwOption: POP1', ['q10'], []],
  ['tagRwOption: DISABLED', ['q10'], ['q10']],
  ['tagRwOption: TRANSLATE11, pushDot1q: true, tag1: 20', ['q10'], ['q20']],
  ['tagRwOption: TRANSLATE11, tag1: 40', ['q10'], ['ad40']],
  ['tagRwOption: PUSH1, pushDot1q: true, tag1: 20', ['q10'], ['q20', 'q10']],
  ['tagRwOption: PUSH1, tag1: 40', ['q10'], ['ad40', 'q10']],
  ['tagRwOption: PUSH2, pushDot1q: true, tag1: 20, tag2: 50', ['q10'], ['q20', 'q50', 'q10']],
  ['tagRwOption: PUSH2, tag1: 40, tag2: 50', ['q10'], ['ad40', 'q50', 'q10']],
  ['tagRwOption: TRANSLATE12, pushDot1q: true, tag1: 20, tag2: 50', ['q10'], ['q20', 'q50']],
  ['tagRwOption: TRANSLATE12, tag1: 40, tag2: 50', ['q10'], ['ad40', 'q50']],
  ['tagRwOption: POP1', ['q10'], []],
];

const sub = (option: string): string =>
  `{ name: sub10, type: SUB_INTERFACE, enabled: true, sub: { parentName: a, subId: 10, ${option} } }`;

function network(bench: Bench, option: string): string {
  return `
vppConfig:
  interfaces: [${bench.tap('a', '')}, ${bench.tap('b', '')}, ${sub(option)}]
  bridgeDomains:
    - { name: lan, flood: true, unknownUnicastFlood: true, forward: true, learn: true, interfaces: [{ name: sub10 }, { name: b }] }
linuxConfig: { interfaces: [${bench.end('a', '')}, ${bench.end('b', '')}] }`;
}

/** An experimental Ethertype (IEEE 802, 0x88b5): no host answers it. */
const EXPERIMENTAL = 0x88b5;

/** A frame for nobody that is there, with something in it that no other frame has. */
function frame(source: number, tags: Tags): { readonly bytes: Buffer; readonly mark: Buffer } {
  const mark = randomBytes(40);
  const header = tags.flatMap((tag) => {
    const [, type, id] = /^(q|ad)(\d+)$/.exec(tag)!;
    return [u16(TYPES[type!]!), u16(Number(id))];
  });
  const addresses = Buffer.from([2, 0, 0, 0, 0, 0xff, 2, 0, 0, 0, 0, source]);
  return { bytes: Buffer.concat([addresses, ...header, u16(EXPERIMENTAL), mark]), mark };
}

function u16(number: number): Buffer {
  return Buffer.from([number >> 8, number & 0xff]);
}

function tagsOf(bytes: Buffer): Tags {
  const tags: string[] = [];
  for (let at = 12; bytes.readUInt16BE(at) !== EXPERIMENTAL; at += 4) {
    const name = Object.keys(TYPES).find((type) => TYPES[type] === bytes.readUInt16BE(at));
    tags.push(`${name ?? bytes.toString('hex', at, at + 2)}${bytes.readUInt16BE(at + 2) & 0xfff}`);
  }
  return tags;
}

/** The tags with which a frame of this mark was seen, once it was. */
async function seenWith(capture: CaptureHandle, mark: Buffer): Promise<Tags | undefined> {
  const found = (await capture.frames()).find(({ bytes }) => bytes.includes(mark));
  return found && tagsOf(found.bytes);
}

onEachEngine(
  'tags are rewritten between a sub-interface and its bridge domain',
  { hosts: ['a', 'b'], kernel: ['vlan'], timeout: 180_000 },
  async (bench) => {
    const agent = await bench.agent();
    const [a, b] = [bench.host('a'), bench.host('b')];
    const last = CASES.at(-1)![0];
    for (const [option, outer, inner] of CASES) {
      await agent.commit(network(bench, option));
      for (const [from, sent, to, expected] of [
        [a, outer, b, inner],
        [b, inner, a, outer],
      ] as const) {
        const capture = await to.capture('eth0', { direction: 'in' });
        let seen: Tags | undefined;
        await eventually(async () => {
          const { bytes, mark } = frame(from === a ? 1 : 2, sent);
          await from.send('eth0', bytes);
          for (let turns = 0; seen === undefined && turns < 20; turns += 1) seen = await seenWith(capture, mark);
          return seen !== undefined;
        });
        await capture.close();
        assert.deepEqual(seen, expected, `${option}, from ${from.name}`);
      }
      assert.deepEqual(await agent.drift(), [], option);
    }
    // Of the parent's frames it has its own alone.
    const capture = await b.capture('eth0', { direction: 'in' });
    const [other, own] = [frame(1, ['q11']), frame(1, ['q10'])];
    await a.send('eth0', other.bytes, own.bytes);
    await eventually(async () => (await seenWith(capture, own.mark)) !== undefined);
    assert.equal(await seenWith(capture, other.mark), undefined);
    await capture.close();

    const config = network(bench, last);
    await agent.stop();
    const again = await bench.agent();
    assert.deepEqual(await again.resync(config), []);
    assert.deepEqual(await bench.leftOf(again, config), []);
  },
);
