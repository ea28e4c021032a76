import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import {
  ExceptionSchema,
  IPRedirectSchema,
  L3Protocol,
  L4Protocol,
  ToHostSchema,
} from '../../model/gen/ligato/vpp/punt/punt_pb.js';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import { exception, exceptionKey, ipRedirect, ipRedirectKey, toHost, toHostKey } from './model.ts';

const redirect = { l3Protocol: L3Protocol.IPV4, txInterface: 'tap1', nextHop: '10.0.0.1' };
const socket = { l3Protocol: L3Protocol.ALL, l4Protocol: L4Protocol.UDP, port: 53, socketPath: '/run/dns.sock' };

test('keys are those of the models', () => {
  assert.equal(keyOf(create(IPRedirectSchema, redirect)), ipRedirectKey(L3Protocol.IPV4, 'tap1'));
  assert.equal(keyOf(create(ToHostSchema, socket)), toHostKey(L3Protocol.ALL, L4Protocol.UDP, 53));
  assert.equal(keyOf(create(ToHostSchema, socket)), 'config/vpp/v2/tohost/l3/ALL/l4/UDP/port/53');
  assert.equal(keyOf(create(ExceptionSchema, { reason: 'ttl' })), exceptionKey('ttl'));
});

test('wrong values are refused', () => {
  assertProblems(ipRedirect, IPRedirectSchema, redirect, [
    ['no protocol', { l3Protocol: L3Protocol.UNDEFINED_L3 }, ['l3_protocol'], /IPV4, IPV6, ALL/],
    ['no way out', { txInterface: '' }, ['tx_interface']],
    ['the other family', { nextHop: 'fd00::1' }, ['next_hop'], /IPv4/],
    ['both families', { l3Protocol: L3Protocol.ALL, nextHop: 'fd00::1' }, []],
  ]);
  assertProblems(toHost, ToHostSchema, socket, [
    ['no transport', { l4Protocol: L4Protocol.UNDEFINED_L4 }, ['l4_protocol']],
    ['TCP', { l4Protocol: L4Protocol.TCP }, ['l4_protocol'], /UDP is/],
    ['port 0', { port: 0 }, ['port'], /1-65535/],
    ['no socket', { socketPath: '' }, ['socket_path']],
    ['a long path', { socketPath: `/${'x'.repeat(107)}` }, ['socket_path'], /107/],
  ]);
  assertProblems(exception, ExceptionSchema, { reason: 'ttl', socketPath: '/run/x.sock' }, [
    ['no reason', { reason: '' }, ['reason']],
    ['no socket', { socketPath: '' }, ['socket_path']],
  ]);
});

test('a redirection waits for its interfaces', () => {
  assert.deepEqual(labelsOf(ipRedirect, create(IPRedirectSchema, redirect)), ['interface tap1']);
  const both = create(IPRedirectSchema, { ...redirect, rxInterface: 'tap2' });
  assert.deepEqual(labelsOf(ipRedirect, both), ['interface tap1', 'interface tap2']);
});
