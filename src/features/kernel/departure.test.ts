import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import {
  Interface_Type as LinuxType,
  InterfaceSchema as LinuxInterfaceSchema,
} from '../../model/gen/ligato/linux/interfaces/interface_pb.js';
import { Interface_Type as Type, InterfaceSchema } from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Key } from '../../model/key.ts';
import type { GraphView } from '../../scheduler/handler.ts';
import type { Value } from '../../scheduler/kind.ts';
import { interfaceKey } from '../interface/model.ts';
import { Departures, departingInterface, departingLinuxInterface } from './departure.ts';
import { linuxInterfaceKey } from '../linux-interface/model.ts';

class FakeGraph implements GraphView {
  readonly values = new Map<Key, Value>();
  readonly wanted = new Set<Key>();

  metadata(): undefined {
    return undefined;
  }
  applied(key: Key): Value | undefined {
    return this.values.get(key);
  }
  desired(key: Key): Value | undefined {
    return this.wanted.has(key) ? this.values.get(key) : undefined;
  }
  appliedUnder(): Iterable<readonly [Key, Value]> {
    return [];
  }
  dependants(): Iterable<readonly [Key, Value]> {
    return [];
  }
}

const address = 'an address' as Key;

/** What becomes of an address that is left to its TAP, after some ms. */
function outcome(ms: number, change: (graph: FakeGraph, departures: Departures) => void): number {
  mock.timers.enable({ apis: ['setTimeout'] });
  const clock = mock.method(performance, 'now', () => 0);
  try {
    const graph = new FakeGraph();
    const tap = interfaceKey('tap1');
    graph.values.set(tap, create(InterfaceSchema, { name: 'tap1', type: Type.TAP }));
    const departures = new Departures();
    let removals = 0;
    departures.leave(graph, address, tap, async () => void removals++);
    change(graph, departures);
    clock.mock.mockImplementation(() => ms);
    mock.timers.tick(ms);
    mock.timers.tick(10_000);
    return removals;
  } finally {
    mock.timers.reset();
    clock.mock.restore();
  }
}

test('what is on a device goes with it, unless the device stays', () => {
  assert.equal(
    outcome(300, (graph) => graph.values.delete(interfaceKey('tap1'))),
    0,
    'the device went',
  );
  assert.equal(
    outcome(300, (graph) => graph.wanted.add(interfaceKey('tap1'))),
    1,
    'the device is wanted again',
  );
  assert.equal(
    outcome(6_000, () => {}),
    1,
    'its removal takes long, or failed',
  );
  assert.equal(
    outcome(6_000, (_graph, departures) => departures.cancel(address)),
    0,
    'it is made again',
  );
});

test('only devices that end with their interface count, and the far end of a TAP that goes', () => {
  const graph = new FakeGraph();
  const put = (name: string, type: Type): unknown =>
    graph.values.set(interfaceKey(name), create(InterfaceSchema, { name, type }));
  put('tap1', Type.TAP);
  put('loop1', Type.SOFTWARE_LOOPBACK);
  put('eth0', Type.AF_PACKET);
  const linux = (name: string, type: LinuxType, tap?: string): void => {
    const link = tap === undefined ? {} : { link: { case: 'tap', value: { vppTapIfName: tap } } as const };
    graph.values.set(linuxInterfaceKey(name), create(LinuxInterfaceSchema, { name, type, ...link }));
  };
  linux('end', LinuxType.TAP_TO_VPP, 'tap1');
  linux('veth', LinuxType.VETH);
  linux('host', LinuxType.EXISTING);

  assert.equal(departingInterface(graph, 'tap1'), interfaceKey('tap1'));
  assert.equal(departingInterface(graph, 'loop1'), interfaceKey('loop1'));
  assert.equal(departingInterface(graph, 'eth0'), undefined, 'goes back to the host');
  assert.equal(departingInterface(graph, 'unknown'), undefined);
  assert.equal(departingLinuxInterface(graph, 'end'), interfaceKey('tap1'));
  assert.equal(departingLinuxInterface(graph, 'veth'), linuxInterfaceKey('veth'));
  assert.equal(departingLinuxInterface(graph, 'host'), undefined);

  graph.wanted.add(interfaceKey('tap1'));
  assert.equal(departingInterface(graph, 'tap1'), undefined, 'is wanted');
  assert.equal(departingLinuxInterface(graph, 'end'), undefined, 'its TAP stays');
});
