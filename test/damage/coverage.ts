/** Which kinds an example has objects of, without a kernel. */

import { createKernelDriver } from '../../src/kernel/create.ts';
import { features } from '../../src/features/index.ts';
import { supportOf } from '../../src/features/support.ts';
import { parseConfiguration } from '../../src/model/config/index.ts';
import { createModelRegistry } from '../../src/model/index.ts';
import type { Key } from '../../src/model/key.ts';
import type { Handler } from '../../src/scheduler/handler.ts';
import type { Kind, Value } from '../../src/scheduler/kind.ts';
import type { Change } from '../../src/scheduler/scheduler.ts';

const registry = createModelRegistry();

export function valuesOf(yaml: string): readonly Change[] {
  return parseConfiguration(yaml, { registry }).values;
}

export interface Programmed {
  readonly key: Key;
  readonly kind: string;
}

const kinds: readonly Kind[] = features.flatMap((feature) => feature.kinds);
const handlers = await kernelHandlersByKind();

/** Kinds whose objects the kernel engine programs. */
export const programmedKinds: readonly string[] = [...handlers.values()]
  .filter((handler) => supportOf(handler).grade === 'proven')
  .map(({ kind }) => kind)
  .sort();

/** Objects and parts of these values that the kernel engine programs, outermost first. */
export function programmedIn(changes: readonly Change[]): readonly Programmed[] {
  return changes.flatMap(({ key, value }) => partsOf(key, kindOf(key), value!));
}

function partsOf(key: Key, name: string | undefined, value: Value): readonly Programmed[] {
  if (name === undefined) return [];
  const handler = handlers.get(name);
  const kind = kinds.find((one) => one.name === name);
  const parts = [...(kind?.parts?.(key, value) ?? []), ...(handler?.parts?.(key, value) ?? [])];
  const inner = parts.flatMap((part) => partsOf(part.key, part.kind, part.value));
  return programmedKinds.includes(name) ? [{ key, kind: name }, ...inner] : inner;
}

function kindOf(key: Key): string | undefined {
  return kinds.find(
    ({ prefix }) => prefix !== undefined && (prefix.endsWith('/') ? key.startsWith(prefix) : key === prefix),
  )?.name;
}

async function kernelHandlersByKind(): Promise<ReadonlyMap<string, Handler>> {
  const driver = await createKernelDriver();
  const sides = await Promise.all(features.map(async ({ engines }) => await (engines?.host ?? engines?.kernel)?.()));
  const engine = { driver, owner: 'test', adopt: new Set<string>() };
  const all = sides.flatMap((side) => side?.kernelHandlers(engine) ?? []);
  await driver.close();
  return new Map(all.map((handler) => [handler.kind, handler]));
}
