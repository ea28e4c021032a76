/** What a requested value amounts to: a goal to work towards, or a refusal with its reason. */

import type { Key } from '../model/key.ts';
import { structurallyEqual } from './equality.ts';
import type { Dependency, Part, Problem, Value } from './kind.ts';
import { nothing } from './node.ts';
import type { Goal, Refusal } from './node.ts';
import type { Registration } from './registry.ts';

export interface Assessment {
  readonly goal: Goal | undefined;
  readonly refusal: Refusal | undefined;
}

/**
 * Asks kind and handler about a value. `kind` is the name of its kind: a part without one is a property, which always
 * can be. A kind function that throws makes the value INVALID: one bad value must not stop the others.
 */
export function assess(
  kind: string | undefined,
  registration: Registration | undefined,
  isPart: boolean,
  key: Key,
  value: Value,
): Assessment {
  if (registration === undefined) {
    if (isPart && kind === undefined) return { goal: bareGoal(value), refusal: undefined };
    return refuse('UNIMPLEMENTED', `no handler for ${kind ?? key} on this agent`);
  }
  try {
    const problems = registration.kind.validate?.(key, value) ?? nothing;
    if (problems.length > 0) return refuse('INVALID', describeProblems(problems), problems);
    const { handler } = registration;
    if (handler === undefined)
      return refuse('UNIMPLEMENTED', `no handler for ${registration.kind.name} on this engine`);
    const unsupported = handler.unsupported?.(key, value);
    if (unsupported !== undefined) return refuse('UNIMPLEMENTED', unsupported);
    const goal = goalOf(registration, key, value);
    const contradiction = contradictionIn(goal.parts);
    return contradiction === undefined ? { goal, refusal: undefined } : invalid(contradiction);
  } catch (error) {
    return invalid(
      `kind ${registration.kind.name} cannot judge this value: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Dependencies, parts and claims of a value, the kind's and the engine's together. */
export function goalOf(registration: Registration | undefined, key: Key, value: Value): Goal {
  if (registration === undefined) return bareGoal(value);
  const { kind, handler } = registration;
  return {
    value,
    dependencies: distinctLabels(join(kind.dependencies?.(key, value), handler?.dependencies?.(key, value))),
    parts: join(kind.parts?.(key, value), handler?.parts?.(key, value)),
    claims: kind.claims?.(key, value) ?? nothing,
  };
}

/** Says which part is there twice and not the same both times; one that is the same is one part. */
export function contradictionIn(parts: readonly Part[]): string | undefined {
  if (parts.length < 2) return undefined;
  const known = new Map<Key, Part>();
  for (const part of parts) {
    const other = known.get(part.key);
    if (other === undefined) known.set(part.key, part);
    else if (other.kind !== part.kind || !structurallyEqual(other.value, part.value))
      return `has ${part.key} twice, and differently`;
  }
  return undefined;
}

export function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ');
}

function bareGoal(value: Value): Goal {
  return { value, dependencies: nothing, parts: nothing, claims: nothing };
}

/** Of the value as a whole, not of one field. */
export function invalid(message: string): Assessment {
  return refuse('INVALID', message, [{ field: '', message }]);
}

function refuse(state: Refusal['state'], reason: string, problems: readonly Problem[] = nothing): Assessment {
  return { goal: undefined, refusal: { state, reason, problems } };
}

function join<T extends Dependency | Part>(
  left: readonly T[] | undefined,
  right: readonly T[] | undefined,
): readonly T[] {
  if (left === undefined || left.length === 0) return right === undefined || right.length === 0 ? nothing : right;
  return right === undefined || right.length === 0 ? left : [...left, ...right];
}

/** Labels tell dependencies apart in status and plans; two of one name would hide each other. */
function distinctLabels(dependencies: readonly Dependency[]): readonly Dependency[] {
  if (dependencies.length < 2) return dependencies;
  const seen = new Set<string>();
  let clash = false;
  const distinct = dependencies.map((dependency) => {
    let { label } = dependency;
    for (let n = 2; seen.has(label); n++) label = `${dependency.label} (${n})`;
    seen.add(label);
    if (label === dependency.label) return dependency;
    clash = true;
    return { ...dependency, label };
  });
  return clash ? distinct : dependencies;
}
