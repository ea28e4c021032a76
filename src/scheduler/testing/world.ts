/** Kinds and handlers for tests: objects whose value says what they need, consist of and claim. */

import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import { createScheduler } from '../index.ts';
import type { Dependency, Handler, Kind, Part, Scheduler, SchedulerOptions } from '../index.ts';
import { DataPlane } from './data-plane.ts';
import type { Needs } from './data-plane.ts';

export interface Thing {
  /** Can change in place. */
  readonly revision?: number;
  /** A change of it takes a re-creation. */
  readonly fixed?: number;
  readonly needs?: readonly string[];
  readonly anyOf?: readonly (readonly string[])[];
  /** Dependencies that watch for changes. */
  readonly watches?: readonly string[];
  /** Parts with their own needs, by name. */
  readonly parts?: Readonly<Record<string, Thing>>;
  /** Markers, by name. */
  readonly properties?: readonly string[];
  readonly claims?: readonly string[];
  readonly invalid?: string;
  readonly unsupported?: string;
  /** Accepted by any-of dependencies; absent means yes. */
  readonly fit?: boolean;
}

export function thingKey(name: string): Key {
  return asKey(`thing/${name}`);
}

export function partKey(owner: string, name: string): Key {
  return asKey(`part/${owner.replace(/^(thing|part)\//, '')}/${name}`);
}

export function propertyKey(owner: string, name: string): Key {
  return asKey(`property/${owner.replace(/^(thing|part)\//, '')}/${name}`);
}

/** What the plane itself insists on: markers stand for their owner, and a part needs its base. */
export function needsOf(key: Key, value: Thing): Needs {
  const real = (needed: string): string => (needed.startsWith('property/') ? thingKey(needed.split('/')[1]!) : needed);
  const inPlane = (needed: string): boolean => !needed.startsWith('fact');
  return {
    keys: [...(value.needs ?? []), ...(value.watches ?? []), ...baseOf(key)].filter(inPlane).map(real),
    anyOf: (value.anyOf ?? []).filter((prefixes) =>
      prefixes.every((prefix) => inPlane(prefix) && !prefix.startsWith('property')),
    ),
  };
}

/** `part/bd/one/x` belongs to `part/bd/one`, and that to `thing/bd`. */
export function baseOf(key: string): readonly string[] {
  if (!key.startsWith('part/')) return [];
  const names = key.split('/').slice(1, -1);
  return [names.length === 1 ? thingKey(names[0]!) : asKey(`part/${names.join('/')}`)];
}

export function dependenciesOf(value: Thing): readonly Dependency[] {
  return [
    ...(value.needs ?? []).map((key): Dependency => ({ label: key, key: asKey(key) })),
    ...(value.watches ?? []).map(
      (key): Dependency => ({ label: `watched ${key}`, key: asKey(key), watches: 'change' }),
    ),
    ...(value.anyOf ?? []).map(
      (prefixes): Dependency => ({
        label: `any of ${prefixes.join(', ')}`,
        anyOf: { prefixes, where: (_, provider) => (provider as Thing).fit !== false },
      }),
    ),
  ];
}

export function partsOf(key: Key, value: Thing): readonly Part[] {
  return [
    ...Object.entries(value.parts ?? {}).map(
      ([name, part]): Part => ({ key: partKey(key, name), kind: 'thing.part', value: part }),
    ),
    ...(value.properties ?? []).map((name): Part => ({ key: propertyKey(key, name), value: { name } })),
  ];
}

const common = {
  dependencies: (_: Key, value: Thing) => dependenciesOf(value),
  parts: partsOf,
  claims: (_: Key, value: Thing) => value.claims ?? [],
  validate: (_: Key, value: Thing) =>
    value.invalid === undefined ? [] : [{ field: 'invalid', message: value.invalid }],
};

export const thingKind: Kind<Thing> = { name: 'thing', prefix: 'thing/', cycleRank: 0, ...common };
export const partKind: Kind<Thing> = { name: 'thing.part', ...common };
export const factKind: Kind = { name: 'fact' };

export interface HandlerOptions {
  readonly retrieve?: boolean;
  readonly refresh?: boolean;
  readonly update?: boolean;
}

/** Makes things in a plane. Metadata is the index the plane gave it. */
export function planeHandler(plane: DataPlane, kind: string, options: HandlerOptions = {}): Handler<Thing, number> {
  const { life } = plane;
  const handler: Handler<Thing, number> = {
    kind,
    engine: 'plane',
    unsupported: (_, value) => value.unsupported,
    create: (context, key, value) =>
      plane.perform(life, 'create', key, context.signal, () => plane.create(key, value, needsOf(key, value))),
    update: (context, key, _, to, index) =>
      plane.perform(life, 'update', key, context.signal, () => plane.update(key, to, needsOf(key, to), index)),
    recreate: (_, from, to) => from.fixed !== to.fixed,
    refresh: (context, key, _, metadata) =>
      plane.perform(life, 'refresh', key, context.signal, () => {
        plane.refresh(key);
        return metadata;
      }),
    remove: (context, key, _, index) =>
      plane.perform(life, 'remove', key, context.signal, () => plane.remove(key, index)),
    retrieve: async (context) => {
      if (plane.isOver(life)) return new Promise(() => {});
      const prefix = kind === 'thing' ? 'thing/' : 'part/';
      return (await plane.read())
        .filter(([key]) => key.startsWith(prefix) && (context.keys?.has(asKey(key)) ?? true))
        .map(([key, { value, index, foreign }]) => ({
          key: asKey(key),
          value,
          metadata: index,
          origin: foreign ? ('foreign' as const) : ('ours' as const),
        }));
    },
  };
  const { retrieve, refresh, update, ...rest } = handler;
  return {
    ...rest,
    ...(options.retrieve === false ? undefined : { retrieve: retrieve! }),
    ...(options.refresh === false ? undefined : { refresh: refresh! }),
    ...(options.update === false ? undefined : { update: update! }),
  };
}

export interface World {
  readonly plane: DataPlane;
  readonly scheduler: Scheduler;
}

/** A scheduler on a plane; give the plane again for a restart. */
export function makeWorld(
  options: Partial<SchedulerOptions> & { readonly plane?: DataPlane; readonly handler?: HandlerOptions } = {},
): World {
  const { plane = new DataPlane(), handler = {}, ...rest } = options;
  const scheduler = createScheduler({ engines: [{ name: 'plane', concurrency: 16, deadline: 1000 }], ...rest });
  scheduler.register(partKind as Kind, planeHandler(plane, 'thing.part', handler) as Handler);
  scheduler.register(
    thingKind as Kind,
    { ...planeHandler(plane, 'thing', handler), retrieveAfter: ['thing.part'] } as Handler,
  );
  scheduler.register(factKind);
  return { plane, scheduler };
}
