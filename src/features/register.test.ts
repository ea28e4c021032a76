import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Handler, RetrieveContext } from '../scheduler/handler.ts';
import type { Kind } from '../scheduler/kind.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import { asKey } from '../model/key.ts';
import type { Feature } from './feature.ts';
import { features } from './index.ts';
import type { KernelEngine } from './kernel/engine.ts';
import { type Engines, register } from './register.ts';
import type { VppEngine } from './vpp/engine.ts';

const engines = { kernel: { owner: 'test' } as KernelEngine };
const greeting: Kind = { name: 'greeting', prefix: 'config/greeting/' };
const echo: Kind = { name: 'greeting.echo' };
const handlerOf = (kind: string): Handler => ({
  kind,
  engine: 'kernel',
  create: () => Promise.resolve(undefined),
  remove: () => Promise.resolve(),
});

/** Registers with a scheduler that only remembers, and says what it was given. */
async function registered(list: readonly Feature[], signal = new AbortController().signal) {
  const given = new Map<string, Handler | undefined>();
  const scheduler = { register: (kind: Kind, handler?: Handler) => void given.set(kind.name, handler) } as Scheduler;
  await register(scheduler, list, engines, signal);
  return { given, scheduler };
}

test('each kind is registered, with its handler where the engine has one', async () => {
  const kernel = () => Promise.resolve({ kernelHandlers: () => [handlerOf('greeting')] });
  const { given } = await registered([{ name: 'greeting', kinds: [greeting, echo], engines: { kernel } }]);
  assert.deepEqual([...given.keys()], ['greeting', 'greeting.echo']);
  assert.equal(given.get('greeting')?.kind, 'greeting');
  assert.equal(given.get('greeting.echo'), undefined);
});

test('handlers get the engine, and features without a side for it are not loaded', async () => {
  const seen: unknown[] = [];
  const kernelHandlers = (engine: KernelEngine) => {
    seen.push(engine);
    return [];
  };
  await registered([
    { name: 'one', kinds: [greeting], engines: { kernel: () => Promise.resolve({ kernelHandlers }) } },
    { name: 'two', kinds: [echo] },
  ]);
  assert.deepEqual(seen, [engines.kernel]);
});

test('virtual kinds are there without an engine, as they are expected', async () => {
  const { given } = await registered([{ name: 'greeting', kinds: [greeting], virtual: [greeting] }]);
  const handler = given.get('greeting')!;
  const key = asKey('config/greeting/hello');
  assert.equal(await handler.create({} as never, key, {}), undefined);
  const value = { name: 'hello' };
  const found = (waits: boolean | undefined) => {
    const expected = new Map([[key, { value, metadata: undefined, ...(waits === undefined ? {} : { waits }) }]]);
    return handler.retrieve!({ expected } as unknown as RetrieveContext);
  };
  const whole = [{ key, value, metadata: undefined, origin: 'ours' }];
  assert.deepEqual(await found(undefined), whole, 'to an agent that just came');
  assert.deepEqual(await found(false), whole);
  assert.deepEqual(await found(true), [], 'what waits for something is not there');
});

test('a handler of a kind that the feature lacks is refused', async () => {
  const kernel = () => Promise.resolve({ kernelHandlers: () => [handlerOf('elsewhere')] });
  await assert.rejects(registered([{ name: 'greeting', kinds: [greeting], engines: { kernel } }]), {
    code: 'usage',
    message: /greeting has no use for a handler of elsewhere/,
  });
});

test('watching starts after registration and ends with the signal', async () => {
  const events: string[] = [];
  const stop = new AbortController();
  const watch = (_engine: KernelEngine, _scheduler: Scheduler, signal: AbortSignal) => {
    events.push('watching');
    signal.addEventListener('abort', () => events.push('stopped'));
    return Promise.resolve();
  };
  const kernelHandlers = () => {
    events.push('handlers');
    return [];
  };
  const kernel = () => Promise.resolve({ kernelHandlers, watch });
  await registered([{ name: 'greeting', kinds: [greeting], engines: { kernel } }], stop.signal);
  stop.abort();
  assert.deepEqual(events, ['handlers', 'watching', 'stopped']);
});

test('what is of the host is made by the kernel, beside VPP, too; without a kernel it has no handler', async () => {
  const made: string[] = [];
  const host = () =>
    Promise.resolve({ kernelHandlers: ({ owner }: KernelEngine) => (made.push(owner), [handlerOf('greeting')]) });
  const vpp = () => Promise.resolve({ vppHandlers: () => [{ ...handlerOf('greeting.echo'), engine: 'vpp' }] });
  const list: readonly Feature[] = [
    { name: 'one', kinds: [greeting], engines: { host } },
    { name: 'two', kinds: [echo], engines: { vpp } },
  ];
  const on = async (chosen: Engines) => {
    const given = new Map<string, string | undefined>();
    const scheduler = { register: (kind: Kind, handler?: Handler) => void given.set(kind.name, handler?.engine) };
    await register(scheduler as Scheduler, list, chosen, new AbortController().signal);
    return Object.fromEntries(given);
  };
  const kernel = { owner: 'kernel' } as KernelEngine;
  assert.deepEqual(await on({ kernel }), { greeting: 'kernel', 'greeting.echo': undefined });
  assert.deepEqual(await on({ vpp: { host: kernel } as VppEngine }), { greeting: 'kernel', 'greeting.echo': 'vpp' });
  assert.deepEqual(await on({ vpp: {} as VppEngine }), { greeting: undefined, 'greeting.echo': 'vpp' });
  assert.deepEqual(made, ['kernel', 'kernel']);
});

test('names of features are unique', () => {
  assert.equal(new Set(features.map((feature) => feature.name)).size, features.length);
});
