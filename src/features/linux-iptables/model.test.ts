import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import fc from 'fast-check';
import {
  RuleChain_ChainType as Chain,
  RuleChain_Policy as Policy,
  RuleChain_Protocol as Protocol,
  RuleChain_Table as Table,
  RuleChainSchema,
} from '../../model/gen/ligato/linux/iptables/iptables_pb.js';
import { NetNamespace_ReferenceType as Reference } from '../../model/gen/ligato/linux/namespace/namespace_pb.js';
import { asKey } from '../../model/key.ts';
import { assertProblems, keyOf, labelsOf } from '../testing.ts';
import { ruleChain, ruleChainKey, tokens } from './model.ts';

type Init = MessageInitShape<typeof RuleChainSchema>;
const right = { name: 'chain1', chainType: Chain.INPUT };
const chain = (change: Init = {}) => create(RuleChainSchema, { ...right, ...change });
const KEY = asKey('key');

test('keys are those of the model', () => {
  assert.equal(keyOf(chain()), ruleChainKey('chain1'));
  assert.equal(keyOf(chain()), 'config/linux/iptables/v2/rulechain/chain1');
});

test('wrong values are refused', () => {
  const custom = (chainName: string): Init => ({ chainType: Chain.CUSTOM, chainName });
  assertProblems(ruleChain, RuleChainSchema, right, [
    ['no name', { name: '' }, ['name']],
    [
      'a chain that the table lacks',
      { table: Table.FILTER, chainType: Chain.PREROUTING },
      ['chain_type'],
      /INPUT, FORWARD, OUTPUT, CUSTOM/,
    ],
    ['a chain of NAT', { table: Table.NAT, chainType: Chain.POSTROUTING }, []],
    ["a chain of one's own", custom('mine'), []],
    ['a custom chain without name', custom(''), ['chain_name']],
    ['a custom chain called INPUT', custom('INPUT'), ['chain_name'], /built-in/],
    ['a custom chain called ACCEPT', custom('ACCEPT'), ['chain_name']],
    ['a chain with a blank', custom('my chain'), ['chain_name']],
    ['a chain that looks like an option', custom('-j'), ['chain_name']],
    ['a chain of 29 bytes', custom('x'.repeat(29)), ['chain_name'], /28/],
    ['a policy', { defaultPolicy: Policy.DROP }, []],
    ['a policy that the kernel lacks', { defaultPolicy: Policy.RETURN }, ['default_policy'], /ACCEPT and DROP/],
    ['a policy of a custom chain', { ...custom('mine'), defaultPolicy: Policy.DROP }, ['default_policy'], /built-in/],
    ['a policy of NAT', { table: Table.NAT, defaultPolicy: Policy.DROP }, ['default_policy'], /FILTER/],
    ['rules', { rules: ['-s 10.0.0.0/8 -j ACCEPT', '-m comment --comment "-A is fine here" -j DROP'] }, []],
    ['an empty rule', { rules: ['-j ACCEPT', ' '] }, ['rules[1]'], /empty/],
    ['a command', { rules: ['-A INPUT -j ACCEPT'] }, ['rules[0]'], /-A is a command/],
    ['another table', { rules: ['-t nat -j ACCEPT'] }, ['rules[0]']],
    ['two lines', { rules: ['-j ACCEPT\n-j DROP'] }, ['rules[0]'], /one line/],
    ['an open quote', { rules: ['-m comment --comment "x'] }, ['rules[0]'], /quote/],
    ['an interface twice', { interfaces: ['a', 'a'] }, ['interfaces[1]']],
    ['a bad namespace', { namespace: { type: Reference.PID, reference: 'x' } }, ['namespace.reference']],
  ]);
});

test('a chain waits for the interfaces that its rules mention', () => {
  const namespace = { type: Reference.MICROSERVICE, reference: 'web' };
  assert.deepEqual(labelsOf(ruleChain, chain({ namespace, interfaces: ['pod1'] })), [
    'microservice web',
    'Linux interface pod1',
  ]);
});

test('a chain belongs to one object', () => {
  const claims = (change: Init) => ruleChain.claims!(KEY, chain(change));
  assert.deepEqual(claims({ name: 'a' }), claims({ name: 'b' }));
  for (const other of [
    { protocol: Protocol.IPV6 },
    { table: Table.MANGLE },
    { chainType: Chain.OUTPUT },
    { namespace: { type: Reference.NSID, reference: 'ns1' } },
  ]) {
    assert.notDeepEqual(claims(other), claims({}));
  }
});

test('rules are lists of words: blanks mean nothing, order does', () => {
  const same = (left: string[], other: string[]) =>
    ruleChain.equivalent!(KEY, chain({ rules: left }), chain({ rules: other }));
  assert.ok(same(['-s 10.0.0.1  -j ACCEPT '], ['-s 10.0.0.1 -j ACCEPT']));
  assert.ok(same(['-m comment --comment "x y"'], ["-m comment --comment 'x y'"]));
  assert.ok(!same(['-s 10.0.0.1 -d 10.0.0.2'], ['-s 10.0.0.2 -d 10.0.0.1']));
  assert.ok(!same(['-j ACCEPT', '-j DROP'], ['-j DROP', '-j ACCEPT']));
});

test('words are split as a shell splits them', () => {
  assert.deepEqual(tokens(`-m comment --comment "a \\"b\\" 'c'" '' d\\ e`), [
    '-m',
    'comment',
    '--comment',
    `a "b" 'c'`,
    '',
    'd e',
  ]);
  assert.equal(tokens(`'open`), undefined);
  const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => assert.deepEqual(tokens(words.map(quoted).join(' ')), words)),
  );
});
