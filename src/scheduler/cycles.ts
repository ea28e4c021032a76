/** Strongly connected components of operations that wait for each other. */

import type { Operation } from './operation.ts';

/** Components in topological order: a component comes after those it waits for. Iterative, for long chains; in steps, for many. */
export function* components(
  operations: ReadonlySet<Operation>,
  successors: (operation: Operation) => Iterable<Operation>,
): Generator<void, readonly (readonly Operation[])[]> {
  const index = new Map<Operation, number>();
  const low = new Map<Operation, number>();
  const open = new Set<Operation>();
  const stack: Operation[] = [];
  const found: Operation[][] = [];
  let steps = 0;
  for (const root of operations) {
    if (index.has(root)) continue;
    const path: { readonly operation: Operation; readonly rest: Iterator<Operation> }[] = [];
    const enter = (operation: Operation): void => {
      index.set(operation, index.size);
      low.set(operation, index.get(operation)!);
      stack.push(operation);
      open.add(operation);
      path.push({ operation, rest: successors(operation)[Symbol.iterator]() });
    };
    enter(root);
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      if ((++steps & 63) === 0) yield;
      const { operation } = frame;
      const step = frame.rest.next();
      if (!step.done) {
        const next = step.value;
        if (!operations.has(next)) continue;
        if (!index.has(next)) enter(next);
        else if (open.has(next)) low.set(operation, Math.min(low.get(operation)!, index.get(next)!));
        continue;
      }
      path.pop();
      const caller = path.at(-1)?.operation;
      if (caller !== undefined) low.set(caller, Math.min(low.get(caller)!, low.get(operation)!));
      if (low.get(operation) === index.get(operation)) found.push(closeComponent(operation, stack, open));
    }
  }
  return found.reverse();
}

function closeComponent(root: Operation, stack: Operation[], open: Set<Operation>): Operation[] {
  const component: Operation[] = [];
  for (;;) {
    const operation = stack.pop()!;
    open.delete(operation);
    component.push(operation);
    if (operation === root) return component;
  }
}
