import type { Source } from '../../scheduler/scheduler.ts';

/**
 * Priorities of the agent's sources: who speaks later and closer to the operator wins. Names of Ligato keep Ligato's order
 * (datasync < global < grpc < localclient).
 */
const priorities: Readonly<Record<string, number>> = {
  file: 10,
  datasync: 20,
  store: 20,
  global: 30,
  rest: 40,
  grpc: 40,
  cli: 40,
  localclient: 50,
};

/** Sources that nobody knows rank with REST. */
const otherPriority = 40;

export function sourceOf(name: string): Source {
  return { name, priority: priorities[name] ?? otherPriority };
}
