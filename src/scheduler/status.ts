/** The status of a value as people and clients see it. */

import { describeProblems } from './assessment.ts';
import { describeConflict } from './conflict.ts';
import { nothing } from './node.ts';
import type { Node } from './node.ts';
import type { GraphNode, Outline, ValueStatus } from './scheduler.ts';

/** Finds the node of the same moment: live, or as a snapshot saved it. */
export type Lookup = (node: Node) => Node | undefined;

export function statusOf(node: Node, lookup: Lookup): ValueStatus {
  const { desired, failure } = node;
  const refusal = node.state === 'INVALID' || node.state === 'UNIMPLEMENTED' ? desired?.refusal : undefined;
  // Why it is in its state: a conflict that came later does not make the engine able.
  const lack = node.state === 'UNIMPLEMENTED' ? failure?.error.message : undefined;
  const error = refusal?.reason ?? lack ?? describeConflict(node) ?? failure?.error.message;
  return {
    key: node.key,
    state: node.state,
    ...(node.kind === undefined ? undefined : { kind: node.kind }),
    label: labelOf(node),
    since: node.since,
    lastOperation: node.state === 'OBTAINED' ? 'UNDEFINED' : node.lastOperation,
    ...(error === undefined ? undefined : { error }),
    problems: refusal?.problems ?? problemsOf(failure?.error) ?? nothing,
    details: detailsOf(node),
    waitingFor: node.state === 'PENDING' ? node.missing : nothing,
    seqNum: desired?.seqNum ?? -1,
    ...(desired?.source === undefined ? undefined : { source: desired.source.name }),
    parts: node.parts.flatMap((part) => {
      const known = lookup(part);
      return known === undefined || known.state === 'NONEXISTENT' ? [] : [statusOf(known, lookup)];
    }),
  };
}

export function labelOf(node: Node): string {
  const kind = node.registration?.kind;
  if (kind?.label !== undefined) return kind.label(node.key);
  return kind?.prefix !== undefined && node.key.startsWith(kind.prefix) && kind.prefix.endsWith('/')
    ? node.key.slice(kind.prefix.length)
    : node.key;
}

export function outlineOf(node: Node): Outline {
  return {
    key: node.key,
    ...(node.kind === undefined ? undefined : { kind: node.kind }),
    label: labelOf(node),
    state: node.state,
    ...(node.parent === undefined ? undefined : { parent: node.parent.key }),
  };
}

export function graphNodeOf(node: Node, lookup: Lookup): GraphNode {
  const dependencies =
    node.applied !== undefined && node.applied.value !== node.goal?.value
      ? node.applied.dependencies
      : (node.goal?.dependencies ?? nothing);
  const missing = new Set(node.missing.map(({ label }) => label));
  return {
    key: node.key,
    ...(node.kind === undefined ? undefined : { kind: node.kind }),
    label: labelOf(node),
    state: node.state,
    applied: node.applied?.value ?? null,
    desired: node.desired?.value ?? null,
    metadata: node.applied?.metadata,
    ...(node.parent === undefined ? undefined : { parent: node.parent.key }),
    parts: node.parts.flatMap((part) => (lookup(part) === undefined ? [] : [part.key])),
    dependencies: dependencies.map(({ label, key }) => ({
      label,
      satisfied: !missing.has(label),
      keys: key === undefined ? [] : [key],
    })),
  };
}

function problemsOf(error: Error | undefined): ValueStatus['problems'] | undefined {
  const problems = (error as { readonly problems?: unknown } | undefined)?.problems;
  return Array.isArray(problems) && problems.length > 0 ? (problems as ValueStatus['problems']) : undefined;
}

function detailsOf(node: Node): readonly string[] {
  if (node.state === 'PENDING') return node.missing.map(({ label }) => label);
  if (node.state === 'CONFIGURED') return explanationOf(node);
  if (node.state !== 'INVALID') return nothing;
  const conflict = describeConflict(node);
  if (conflict !== undefined) return [conflict];
  return (
    node.desired?.refusal?.problems.map((problem) =>
      problem.field === '' ? describeProblems([problem]) : problem.field,
    ) ?? nothing
  );
}

function explanationOf({ key, applied, registration }: Node): readonly string[] {
  const text = applied && registration?.handler?.explain?.(key, applied.value);
  return text === undefined ? nothing : [text];
}
