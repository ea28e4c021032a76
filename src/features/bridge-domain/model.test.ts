import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { BridgeDomainSchema } from '../../model/gen/ligato/vpp/l2/bridge_domain_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf, partAt, partKeys } from '../testing.ts';
import { bridgeDomain, bridgeDomainArpEntry, bridgeDomainInterface, bridgeDomainKey, layer2Claim } from './model.ts';

type Init = MessageInitShape<typeof BridgeDomainSchema>;
const bd = (change: Init = {}) => create(BridgeDomainSchema, { name: 'bd1', ...change });
const KEY = asKey('key');

test('keys are those of the model', () => {
  assert.equal(keyOf(bd()), bridgeDomainKey('bd1'));
  assert.equal(bridgeDomainKey('bd1'), 'config/vpp/l2/v2/bridge-domain/bd1');
});

test('wrong values are refused', () => {
  const entry = (ipAddress: string, physAddress: string) => ({ arpTerminationTable: [{ ipAddress, physAddress }] });
  const mac = '02:fe:00:00:00:01';
  assertProblems(bridgeDomain, BridgeDomainSchema, { name: 'bd1' }, [
    ['no name', { name: '' }, ['name']],
    ['an age of an hour', { macAge: 60 }, []],
    ['an age that is too long', { macAge: 256 }, ['mac_age'], /0-255 \(minutes\)/],
    ['a port without name', { interfaces: [{ name: '' }] }, ['interfaces[0].name']],
    [
      'a port twice',
      { interfaces: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] },
      ['interfaces[2].name'],
      /interfaces\[0\]/,
    ],
    [
      'a group that is too large',
      { interfaces: [{ name: 'a', splitHorizonGroup: 256 }] },
      ['interfaces[0].split_horizon_group'],
    ],
    [
      'two BVIs',
      {
        interfaces: [
          { name: 'a', bridgedVirtualInterface: true },
          { name: 'b' },
          { name: 'c', bridgedVirtualInterface: true },
        ],
      },
      ['interfaces[2].bridged_virtual_interface'],
      /a is the BVI already/,
    ],
    ['an entry', entry('10.0.0.1', mac), []],
    ['an entry for IPv6', entry('fd00::1', mac), []],
    ['an entry with a mask', entry('10.0.0.1/24', mac), ['arp_termination_table[0].ip_address'], /without a mask/],
    ['an entry without MAC address', entry('10.0.0.1', ''), ['arp_termination_table[0].phys_address']],
    [
      'an address with two answers',
      {
        arpTerminationTable: [
          { ipAddress: 'fd00::1', physAddress: mac },
          { ipAddress: 'FD00:0::1', physAddress: mac },
        ],
      },
      ['arp_termination_table[1].ip_address'],
    ],
  ]);
});

test('ports are parts that wait for their interface and take it', () => {
  const value = bd({
    flood: true,
    learn: true,
    interfaces: [{ name: 'tap1' }, { name: 'bvi1', bridgedVirtualInterface: true, splitHorizonGroup: 2 }],
  });
  assert.deepEqual(partKeys(bridgeDomain, value), ['vpp/bd/bd1/interface/tap1', 'vpp/bd/bd1/interface/bvi1']);
  const port = partAt(bridgeDomain, value, 'vpp/bd/bd1/interface/bvi1');
  assert.deepEqual(port, {
    bridgeDomain: 'bd1',
    interface: 'bvi1',
    bridgedVirtualInterface: true,
    splitHorizonGroup: 2,
    flood: true,
    unknownUnicastFlood: false,
    forward: false,
    learn: true,
  });
  assert.deepEqual(labelsOf(bridgeDomainInterface, port as never), ['interface bvi1']);
  assert.deepEqual(bridgeDomainInterface.claims!(KEY, port as never), [layer2Claim('bvi1')]);
});

test('entries of the ARP table are parts, when ARP is terminated', () => {
  const arpTerminationTable = [{ ipAddress: 'FD00:0::1', physAddress: '02:fe:00:00:00:01' }];
  assert.deepEqual(partKeys(bridgeDomain, bd({ arpTerminationTable })), []);
  const value = bd({ arpTermination: true, arpTerminationTable });
  assert.deepEqual(partKeys(bridgeDomain, value), ['vpp/bd/bd1/arp/fd00::1']);
  const { ipAddress, physAddress } = arpTerminationTable[0]!;
  const part = partAt(bridgeDomain, value, 'vpp/bd/bd1/arp/fd00::1');
  assert.deepEqual(part, { bridgeDomain: 'bd1', ipAddress, physAddress });
  const same = { ...part, physAddress: '02:FE:00:00:00:01', ipAddress: 'fd00::1' };
  assert.ok(bridgeDomainArpEntry.equivalent!(KEY, part as never, same as never));
});

test('ports and entries are sets', () => {
  const same = (left: Init, right: Init) => bridgeDomain.equivalent!(KEY, bd(left), bd(right));
  const ports = [{ name: 'a', splitHorizonGroup: 1 }, { name: 'b' }];
  assert.ok(same({ interfaces: ports }, { interfaces: ports.toReversed() }));
  assert.ok(!same({ interfaces: ports }, { interfaces: [{ name: 'a' }, { name: 'b' }] }));
  assert.ok(!same({ interfaces: ports }, { interfaces: ports.slice(1) }));
  assert.ok(
    same(
      { arpTerminationTable: [{ ipAddress: 'fd00::1', physAddress: '02:FE:00:00:00:01' }] },
      { arpTerminationTable: [{ ipAddress: 'fd00:0::1', physAddress: '02:fe:00:00:00:01' }] },
    ),
  );
  assert.ok(!same({ learn: true }, {}));
  assert.ok(!same({ macAge: 1 }, {}));
});
