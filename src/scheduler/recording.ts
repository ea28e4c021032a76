/** Operations in the form in which history and plans show them. */

import { describeConflict } from './conflict.ts';
import type { Value } from './kind.ts';
import type { Node } from './node.ts';
import type { Operation } from './operation.ts';
import type { OperationName, RecordedOperation, ValueState } from './scheduler.ts';

export interface Circumstances {
  readonly isRevert: boolean;
  readonly isRetry: boolean;
}

/** State and error of a node before something was done to it. */
export interface Before {
  readonly state: ValueState;
  readonly error: string | undefined;
  readonly value: Value | null;
}

export function before(node: Node): Before {
  return { state: node.state, error: node.failure?.error.message, value: node.applied?.value ?? null };
}

export function operationName(operation: Operation): OperationName {
  switch (operation.verb) {
    case 'create':
      return 'CREATE';
    case 'remove':
      return 'DELETE';
    default:
      return 'UPDATE';
  }
}

/** State that the operation leads to when it succeeds. */
export function stateAfter(operation: Operation): ValueState {
  if (operation.verb !== 'remove') return operation.node.desired?.refusal?.state ?? 'CONFIGURED';
  if (operation.recreate || operation.node.desired === undefined) return 'REMOVED';
  return operation.node.desired.refusal?.state ?? (operation.node.conflict === undefined ? 'PENDING' : 'INVALID');
}

export function recordOperation(
  operation: Operation,
  priorState: ValueState,
  priorError: string | undefined,
  state: ValueState,
  error: string | undefined,
  circumstances: Circumstances,
): RecordedOperation {
  const { node, was, goal, recreate, reason } = operation;
  const recorded: RecordedOperation = {
    operation: operationName(operation),
    key: node.key,
    newState: state,
    newValue: operation.verb === 'remove' ? null : goal!.value,
    prevState: priorState,
    prevValue: was?.value ?? null,
    noop: node.registration === undefined,
    isPart: node.parent !== undefined,
    isProperty: node.isProperty,
    isRevert: circumstances.isRevert,
    isRetry: circumstances.isRetry,
    isRecreate: recreate,
    reason,
  };
  if (error === undefined && priorError === undefined) return recorded;
  return {
    ...recorded,
    ...(error === undefined ? undefined : { newError: error }),
    ...(priorError === undefined ? undefined : { prevError: priorError }),
  };
}

/** A change of state without an operation in the data plane. */
export function recordNote(
  node: Node,
  operation: OperationName,
  prior: Before,
  state: ValueState,
  reason: string,
  circumstances: Circumstances,
): RecordedOperation {
  const error = node.desired?.refusal?.reason ?? describeConflict(node);
  return {
    operation,
    key: node.key,
    newState: state,
    newValue: node.desired?.value ?? node.applied?.value ?? null,
    ...(error === undefined ? undefined : { newError: error }),
    prevState: prior.state,
    prevValue: prior.value,
    ...(prior.error === undefined ? undefined : { prevError: prior.error }),
    noop: true,
    isPart: node.parent !== undefined,
    isProperty: node.isProperty,
    isRevert: circumstances.isRevert,
    isRetry: circumstances.isRetry,
    isRecreate: false,
    reason,
  };
}

/** The operation with its values forgotten. Spelled out: a spread of so many fields costs ten times as much. */
export function withoutValues(recorded: RecordedOperation): RecordedOperation {
  const {
    operation,
    key,
    newState,
    prevState,
    noop,
    isPart,
    isProperty,
    isRevert,
    isRetry,
    isRecreate,
    reason,
    newError,
    prevError,
  } = recorded;
  const bare = {
    operation,
    key,
    newState,
    newValue: null,
    prevState,
    prevValue: null,
    noop,
    isPart,
    isProperty,
    isRevert,
    isRetry,
    isRecreate,
    reason,
  };
  if (newError === undefined && prevError === undefined) return bare;
  return {
    ...bare,
    ...(newError === undefined ? undefined : { newError }),
    ...(prevError === undefined ? undefined : { prevError }),
  };
}
