import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { createLab } from '../../test/lab/lab.ts';
import { requires } from '../../test/requires.ts';
import type { Namespace } from '../kernel/namespace/namespace.ts';
import { namespacesIn } from '../kernel/namespace/directory.ts';
import { ownNamespace } from '../kernel/namespace/switch.ts';
import { lockNamespace } from './namespace-lock.ts';

const skip = requires({ netns: true });

async function onNamespace(
  run: (namespace: Namespace, name: string, log: { warn(details: object, message: string): void }) => Promise<void>,
): Promise<readonly string[]> {
  const lab = await createLab();
  const warnings: string[] = [];
  try {
    const name = lab.publish(await lab.host('vswitch'));
    const namespace = namespacesIn('/run/netns', () => ownNamespace).find({ type: 'name', name });
    await run(namespace!, name, { warn: (_details, message) => warnings.push(message) });
  } finally {
    await lab.close();
  }
  return warnings;
}

/** Listens on the name, as this user, in that namespace; ends with its standard input. */
async function squat(name: string, uid: number): Promise<() => Promise<void>> {
  const code = `process.setuid(${uid}); process.stdin.on('end', () => process.exit()).resume();
    require('node:net').createServer(() => {}).listen('\\0ligature-agent', () => console.log('there'));`;
  const child = spawn('nsenter', [`--net=/run/netns/${name}`, process.execPath, '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
}

test('a second agent in the namespace is refused by name, until the first one is gone', { skip }, async () => {
  await onNamespace(async (namespace, name, log) => {
    const unlock = await lockNamespace(namespace, { label: 'first', log });
    await assert.rejects(lockNamespace(namespace, { label: 'second', log, patience: 0 }), {
      code: 'conflict',
      message: `network namespace ${name} is programmed by the agent first (process ${process.pid}) already: one would remove what the other made; stop it, or give this one a namespace of its own with --kernel-namespace`,
    });
    // It is just stopping: waited for.
    const second = lockNamespace(namespace, { label: 'second', log, patience: 60_000 });
    await unlock();
    await (await second)();
  });
});

test('namespaces are locked one by one', { skip }, async () => {
  await onNamespace(async (one, _name, log) => {
    await onNamespace(async (other) => {
      const unlocks = [await lockNamespace(one, { label: 'a', log }), await lockNamespace(other, { label: 'b', log })];
      for (const unlock of unlocks) await unlock();
    });
  });
});

test('somebody without rights who has the name keeps no agent from starting; root does', {
  skip: skip || (process.getuid?.() !== 0 && 'needs root'),
}, async () => {
  const warnings = await onNamespace(async (namespace, name, log) => {
    const leave = await squat(name, 65_534);
    try {
      await (await lockNamespace(namespace, { label: 'a', log, patience: 0 }))();
    } finally {
      await leave();
    }
    const leaveToo = await squat(name, 0);
    try {
      await assert.rejects(
        lockNamespace(namespace, { label: 'a', log, patience: 0 }),
        /by the agent unknown \(process \d+\)/,
      );
    } finally {
      await leaveToo();
    }
  });
  assert.deepEqual(warnings, ['ligature-agent is taken by a user who is no agent: not locked']);
});
