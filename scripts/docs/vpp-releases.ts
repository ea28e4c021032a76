/**
 * What differs between releases of VPP: each handler is asked what it can make with the messages of each release, and which of them it
 * looks for.
 */

import { create } from '@bufbuild/protobuf';
import { features } from '../../src/features/index.ts';
import { interfaceKey } from '../../src/features/interface/model.ts';
import type { VppEngine } from '../../src/features/vpp/engine.ts';
import { createModelRegistry } from '../../src/model/index.ts';
import { Interface_Type as Type, InterfaceSchema } from '../../src/model/gen/ligato/vpp/interfaces/interface_pb.js';
import { asKey } from '../../src/model/key.ts';
import type { Handler } from '../../src/scheduler/handler.ts';
import type { Value } from '../../src/scheduler/kind.ts';
import { loadSchemaPack } from '../../src/vpp/schema/pack.ts';
import { RELEASES } from '../../test/vpp/recordings.ts';
import { cell, code, generated, page, table } from './markdown.ts';

/** Something that a handler may be asked to make. */
interface Subject {
  readonly name: string;
  readonly kind: string;
  readonly value: Value;
}

/** What comes of it on a release. */
interface Answer {
  readonly reason: string | undefined;
  /** Messages that were looked for and found. */
  readonly used: readonly string[];
}

const pack = await loadSchemaPack();

export async function vppReleasesPage(): Promise<string> {
  const subjects = subjectsOf();
  const answers = new Map<string, ReadonlyMap<string, Answer>>();
  for (const release of pack.releases) answers.set(release, await answersOf(release, subjects));
  const [old, recent] = RELEASES;
  const of = (release: string, { name }: Subject) => answers.get(release)!.get(name)!;
  const missing = subjects.flatMap((subject) => {
    const lacking = pack.releases.filter((release) => of(release, subject).reason !== undefined);
    const isNever = lacking.length === pack.releases.length;
    if (lacking.length === 0 || isNever) return [];
    const { reason = '' } = of(lacking.at(-1)!, subject);
    return [[code(subject.name), spans(lacking), cell(reason.replace(/^vpp: this VPP does not have /, ''))]];
  });
  const changed = subjects.flatMap((subject) => {
    const [before, after] = [of(old, subject).used, of(recent, subject).used];
    const only = (left: readonly string[], right: readonly string[]) => left.filter((name) => !right.includes(name));
    const [left, right] = [only(before, after), only(after, before)];
    const shown = (names: readonly string[]) => names.map(code).join(', ') || 'none';
    return left.length + right.length === 0 ? [] : [[code(subject.name), shown(left), shown(right)]];
  });
  return page(
    generated,
    '# What differs between releases of VPP',
    `Everything that [the VPP engine makes](support.md) is made on every release from ${pack.releases[0]} to ${pack.releases.at(-1)}, but for ` +
      'the first table. A value that this VPP cannot make is UNIMPLEMENTED, and says which message or plugin is missing. Each feature is ' +
      `tested on ${old} and ${recent}: the conversations with both are recorded and replayed. What is asked of other releases is known from ` +
      'their message definitions, and was not tried.',
    '## Not on all releases',
    table(['what', 'not on', 'missing there'], missing),
    `## Made by other messages on ${old} than on ${recent}`,
    'The newest message that a VPP has is chosen by its message table, never by its version. Listed are messages on which it depends ' +
      'what can be made.',
    table(['what', `only on ${old}`, `only on ${recent}`], changed),
  );
}

/** Objects of all models with a handler, and interfaces of all types; parts are made as their object is. */
function subjectsOf(): readonly Subject[] {
  const registry = createModelRegistry();
  const models = features.flatMap(({ kinds }) => kinds).filter(({ name }) => name !== 'vpp.interfaces');
  const known = new Map(registry.models().map((model) => [model.name, model]));
  const types = Object.values(Type).filter((type) => typeof type === 'number' && type !== Type.UNDEFINED_TYPE);
  return [
    ...types.map((type) => ({
      name: `vpp.interfaces ${Type[type as Type]}`,
      kind: 'vpp.interfaces',
      value: create(InterfaceSchema, { name: 'one', type: type as Type }),
    })),
    ...models.map(({ name: kind }) => ({ name: kind, kind, value: (known.get(kind)?.fromJson({}) ?? {}) as Value })),
  ];
}

async function answersOf(release: string, subjects: readonly Subject[]): Promise<ReadonlyMap<string, Answer>> {
  const used = new Set<string>();
  const has = (name: string): boolean => {
    const found = pack.history(name).some(({ releases }) => releases.includes(release));
    if (found) used.add(name);
    return found;
  };
  const onState = () => () => undefined;
  const client = {
    has,
    onState,
    missing: (name: string) => (has(name) ? undefined : `this VPP does not have ${code(name)}`),
  };
  const engine = { client, owner: '', log: { info() {}, warn() {} } } as unknown as VppEngine;
  const handlers = new Map<string, Handler>();
  for (const { engines } of features) {
    for (const handler of (await engines?.vpp?.())?.vppHandlers(engine) ?? []) handlers.set(handler.kind, handler);
  }
  const answers = new Map<string, Answer>();
  for (const { name, kind, value } of subjects) {
    used.clear();
    const key = kind === 'vpp.interfaces' ? interfaceKey('one') : asKey('one');
    const reason = handlers.get(kind)?.unsupported?.(key, value);
    answers.set(name, { reason, used: [...used] });
  }
  return answers;
}

/** Releases in a row as `21.06 to 22.02`. */
function spans(releases: readonly string[]): string {
  const rows: string[][] = [];
  for (const release of releases) {
    const last = rows.at(-1);
    if (last && pack.releases.indexOf(release) === pack.releases.indexOf(last.at(-1)!) + 1) last.push(release);
    else rows.push([release]);
  }
  return rows.map((row) => (row.length === 1 ? row[0]! : `${row[0]} to ${row.at(-1)}`)).join(', ');
}
