/** What was applied, would be applied, or differs, as `/api/v1` shows it; and why a configuration is refused. */

import { ConfigurationError } from '../../model/config/index.ts';
import type { Plan, ValueStatus } from '../../scheduler/scheduler.ts';
import type { ApplyResult, ConfigurationDifference } from '../configuration/configurator.ts';
import { IntentError } from '../intent/errors.ts';
import { RestError } from './rest-error.ts';
import { statusView } from './status-view.ts';
import { plain, type ValueJson } from './value-json.ts';

/** Errors of the configuration become answers that list every problem with its place. */
export async function attempt<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigurationError)
      throw new RestError('invalid', error.message, error.problems[0]?.path, error.problems);
    if (error instanceof IntentError && error.code === 'invalid') {
      const problems = error.invalid.flatMap(({ key, problems: found }) =>
        found.map((problem) => ({ key, ...problem })),
      );
      throw new RestError('invalid', error.message, problems[0]?.field, problems);
    }
    throw error;
  }
}

export function applyView({ commit, timing, statuses }: ApplyResult): object {
  return {
    seqNum: commit?.seqNum ?? null,
    values: statuses.map((status: ValueStatus) => statusView(status)),
    removed: commit ? removedBy(commit) : [],
    failures: commit ? failuresView(commit) : [],
    timing,
  };
}

/** What is gone for good: no parts, and nothing that was only re-created. */
function removedBy({ record }: NonNullable<ApplyResult['commit']>): string[] {
  return record.executed
    .filter(({ operation, isPart, isProperty, isRecreate, newState }) => {
      const isGone = newState === 'REMOVED' || newState === 'NONEXISTENT';
      return operation === 'DELETE' && isGone && !isPart && !isProperty && !isRecreate;
    })
    .map(({ key }) => key);
}

export function failuresView(commit: NonNullable<ApplyResult['commit']>) {
  return commit.failures.map(({ key, operation, error }) => ({ key, operation, error: error.message }));
}

export function planView(plan: Plan, values: ValueJson): object {
  return {
    operations: plan.operations.map(({ newValue, prevValue, ...operation }) => ({
      ...(plain(operation) as object),
      newValue: values.json(newValue),
      prevValue: values.json(prevValue),
    })),
  };
}

export function diffView(differences: readonly ConfigurationDifference[], values: ValueJson): object[] {
  return differences.map(({ key, change, wanted, given }) => ({
    key,
    change,
    wanted: values.json(wanted),
    given: values.json(given),
  }));
}
