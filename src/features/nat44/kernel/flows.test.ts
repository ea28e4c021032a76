import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Conntrack } from '../../../kernel/conntrack/conntrack.ts';
import type { Flow } from '../../../kernel/conntrack/flow.ts';
import { Flows, numberOf, type Through } from './flows.ts';

function through(last: number, port = 8080): Through {
  return {
    address: '203.0.113.10',
    protocol: 6,
    port: 80,
    backend: `10.0.${last >> 8}.${last & 255}`,
    backendPort: port,
  };
}

function flowThrough({ address, backend, port, backendPort }: Through): Flow {
  const [original, reply] = [
    { source: '192.0.2.1', destination: address, protocol: 6, sourcePort: 4000, destinationPort: port! },
    { source: backend, destination: '192.0.2.1', protocol: 6, sourcePort: backendPort!, destinationPort: 4000 },
  ];
  return { family: 4, original, reply, mark: 0, zone: 0, status: 32, timeout: 1, id: 1 };
}

/** Notes what is asked for. */
function recording(flows: readonly Flow[] = []) {
  const ended: (string | number)[] = [];
  const conntrack: Conntrack = {
    list: () => Promise.resolve(flows),
    end: () => Promise.resolve(0),
    endMarked: ({ value }) => Promise.resolve(void ended.push(value)),
    endFlows: (some) => Promise.resolve(void ended.push(...some.map(({ reply }) => reply.source))),
  };
  return { ended, conntrack };
}

test('the connections of one backend are ended by its number', async () => {
  const { ended, conntrack } = recording();
  const flows = new Flows(conntrack);
  flows.use([through(1), through(2)]);
  flows.release([through(1)]);
  await flows.endThrough([through(1)]);
  assert.deepEqual(ended, [numberOf(through(1))]);
});

test('a backend whose number another one has is searched for by address', async () => {
  const seen = new Map<number, number>();
  let twins: readonly [number, number] | undefined;
  for (let last = 0; twins === undefined && last < 65_536; last += 1) {
    const other = seen.get(numberOf(through(last)));
    if (other !== undefined) twins = [other, last];
    seen.set(numberOf(through(last)), last);
  }
  assert.ok(twins, 'no two backends have the same number');
  const [one, other] = [through(twins[0]), through(twins[1])];
  const { ended, conntrack } = recording([flowThrough(one), flowThrough(other)]);
  const flows = new Flows(conntrack);
  flows.use([one, other]);
  flows.release([one]);
  await flows.endThrough([one]);
  assert.deepEqual(ended, [one.backend]);
});

test('what goes together is one walk, and takes nothing else along', async () => {
  const gone = Array.from({ length: 10 }, (_, index) => through(index));
  const { ended, conntrack } = recording([...gone, through(99), through(1, 9090)].map(flowThrough));
  const flows = new Flows(conntrack);
  await Promise.all([flows.endThrough(gone.slice(0, 5)), flows.endThrough(gone.slice(5))]);
  assert.deepEqual(
    ended,
    gone.map(({ backend }) => backend),
  );
});

test('numbers stay clear of those that others use, and fit', () => {
  for (let last = 0; last < 65_536; last += 1) {
    const number = numberOf(through(last));
    assert.ok(number >= 0x1_0000 && number < 2 ** 21);
  }
});
