/** What each engine makes of each model: from the handlers themselves, made for an engine that is never asked. */

import { features } from '../../src/features/index.ts';
import type { KernelEngine } from '../../src/features/kernel/engine.ts';
import { supportOf } from '../../src/features/support.ts';
import type { VppEngine } from '../../src/features/vpp/engine.ts';
import { createModelRegistry } from '../../src/model/index.ts';
import type { Handler, Support } from '../../src/scheduler/handler.ts';
import { cell, code, generated, page, table } from './markdown.ts';
import { provenOnVpp } from './proven-on-vpp.ts';

export interface ModelSupport {
  readonly kernel: Support;
  readonly vpp: Support;
}

const agentAlone: Support = { grade: 'explained', note: 'knowledge of the agent: no engine has anything to do' };

/** Handlers keep what they get and ask nothing of it before they work. */
const anything: unknown = new Proxy(() => anything, { get: () => anything });
const nobody = new Proxy({}, { get: () => anything }) as KernelEngine & VppEngine;

/** By name of the model; models that no engine has anything to do with are not in it. */
export const supportByModel: ReadonlyMap<string, ModelSupport> = await readSupport();

async function readSupport(): Promise<ReadonlyMap<string, ModelSupport>> {
  const models = new Set(
    createModelRegistry()
      .models()
      .map(({ name }) => name),
  );
  const found = new Map<string, ModelSupport>();
  for (const { kinds, virtual = [], engines } of features) {
    const host = (await engines?.host?.())?.kernelHandlers(nobody);
    const kernel = byKind(host ?? (await engines?.kernel?.())?.kernelHandlers(nobody));
    const vpp = byKind(host ?? (await engines?.vpp?.())?.vppHandlers(nobody));
    for (const kind of kinds) {
      if (!models.has(kind.name)) continue;
      const both = virtual.includes(kind) ? agentAlone : undefined;
      const own = { kernel: supportOf(kernel.get(kind.name)), vpp: supportOf(vpp.get(kind.name)) };
      found.set(kind.name, both ? { kernel: both, vpp: both } : own);
    }
  }
  return found;
}

function byKind(handlers: readonly Handler[] = []): ReadonlyMap<string, Handler> {
  return new Map(handlers.map((handler) => [handler.kind, handler]));
}

export function supportPage(): string {
  const rows = [...supportByModel].map(([name, { kernel, vpp }]) => [
    `[${name}](models/${name}.md)`,
    gradeText(kernel),
    (kernel.needs ?? []).map(code).join(', ') || 'nothing beyond the engine',
    gradeText(...onVpp(name, vpp)),
  ]);
  return page(
    generated,
    '# What is supported',
    'Every model, and what each engine makes of it. **proven**: programmed, and proven by packets in tests. **programmed**: created, ' +
      'changed, read back (where no note says otherwise) and removed on a real VPP 23.06 and 26.06 in tests; no test sends packets yet. **explained**: the engine does by ' +
      'itself what the object asks for; the value is accepted, and its state says so. **unimplemented**: values are checked and shown as ' +
      'UNIMPLEMENTED with this reason. What is needed are names of the capability probe: `ligature kernel` says which of them this ' +
      'machine has, `ligature model ls` shows this table for it. Single fields and values that an engine cannot make are ' +
      'UNIMPLEMENTED one by one; the README of each feature lists them.',
    table(['model', 'Linux kernel', 'needs of the kernel', 'VPP'], rows),
  );
}

/** Handlers do not know what packets have shown. */
function onVpp(name: string, support: Support): [Support, string] {
  const proof = provenOnVpp.get(name);
  if (!proof) return [support, 'programmed'];
  const notes = [proof.note, support.note].filter((note) => note !== undefined);
  return [{ grade: support.grade, ...(notes.length > 0 && { note: notes.join('; ') }) }, 'proven'];
}

/** `done`: the word for what is made, and how far that is shown. */
function gradeText({ grade, note }: Support, done = 'proven'): string {
  const word = grade === 'proven' ? done : grade;
  return note === undefined ? word : `**${word}**: ${cell(note)}`;
}
