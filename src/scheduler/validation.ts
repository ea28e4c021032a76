/** Semantic errors of values and of their parts, without touching anything. */

import type { Key } from '../model/key.ts';
import { contradictionIn } from './assessment.ts';
import type { Part, Problem, Value } from './kind.ts';
import type { Registration, Registry } from './registry.ts';
import type { Change } from './scheduler.ts';

export interface Complaint {
  readonly key: Key;
  readonly problems: readonly Problem[];
}

export function complaintsAbout(registry: Registry, changes: readonly Change[]): readonly Complaint[] {
  const complaints: Complaint[] = [];
  for (const { key, value } of changes)
    if (value !== null) examine(registry, registry.ofKey(key), key, value, complaints);
  return complaints;
}

function examine(
  registry: Registry,
  registration: Registration | undefined,
  key: Key,
  value: Value,
  complaints: Complaint[],
): void {
  if (registration === undefined) return;
  let parts: readonly Part[] = [];
  try {
    const problems = registration.kind.validate?.(key, value) ?? [];
    if (problems.length > 0) return void complaints.push({ key, problems });
    parts = [...(registration.kind.parts?.(key, value) ?? []), ...(registration.handler?.parts?.(key, value) ?? [])];
    const contradiction = contradictionIn(parts);
    if (contradiction !== undefined) complaints.push({ key, problems: [{ field: '', message: contradiction }] });
  } catch (error) {
    const message = `kind ${registration.kind.name} cannot judge this value: ${error instanceof Error ? error.message : String(error)}`;
    complaints.push({ key, problems: [{ field: '', message }] });
  }
  for (const part of parts)
    if (part.kind !== undefined) examine(registry, registry.named(part.kind), part.key, part.value, complaints);
}
