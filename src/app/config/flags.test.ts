import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseFlags } from './flags.ts';

const declared = [
  { name: 'http-port', description: 'port' },
  { name: 'open', description: 'open', boolean: true },
];
const parse = (...args: string[]): Record<string, string> => Object.fromEntries(parseFlags(args, declared));

it('reads both spellings, one or two dashes, the last one wins', () => {
  assert.deepEqual(parse('--http-port', '1', '--open'), { 'http-port': '1', open: 'true' });
  assert.deepEqual(parse('-http-port=1', '--http-port=2=3', '--open=false'), { 'http-port': '2=3', open: 'false' });
  assert.deepEqual(parse('--http-port', '-1'), { 'http-port': '-1' });
});

it('refuses what it does not know', () => {
  assert.throws(() => parse('--http-prot', '1'), /unknown flag --http-prot; did you mean --http-port\?/);
  assert.throws(() => parse('--http-port'), /--http-port needs a value: port/);
  assert.throws(() => parse('stray'), /unexpected argument "stray"/);
  assert.throws(() => parse('--'), /unexpected argument/);
});
