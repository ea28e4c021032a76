/** What is told of a change: how many values are in which state, what failed, what was put back. */

import type { ApplyAnswer, StatusAnswer } from './answers.ts';
import type { Context } from './context.ts';
import { CliError } from './errors.ts';
import { paint, stateColour } from './output.ts';

export interface AppliedFlags {
  readonly wait: string;
  readonly confirm?: string;
  readonly revert?: boolean;
}

type Failures = readonly { readonly key: string; readonly error: string }[];

const shownAtMost = 20;

/** Throws CliError `failed` when an operation has failed. */
export async function showApplied(context: Context, answer: ApplyAnswer, flags: AppliedFlags): Promise<void> {
  await context.show(answer, () => appliedText(answer, flags));
  failOn(answer.failures, flags.revert ? `: ${putBack(answer)}` : '');
}

function appliedText(answer: ApplyAnswer, { wait, confirm, revert }: AppliedFlags): string {
  const { seqNum, values, removed, failures } = answer;
  if (seqNum === null) return `${wait}\n`;
  const counts = new Map<string, number>();
  for (const { state } of values) counts.set(state, (counts.get(state) ?? 0) + 1);
  if (removed.length > 0) counts.set('removed', removed.length);
  const parts = [...counts].map(([state, count]) => `${count} ${state}`);
  if (failures.length > 0) parts.push(failed(failures));
  const isReverted = revert && failures.length > 0;
  const lines = [
    `transaction ${seqNum}: ${parts.join(', ') || 'nothing changed'}${isReverted ? `; ${putBack(answer)}` : ''}`,
  ];
  const unsettled = values.filter(({ state }) => state !== 'CONFIGURED' && state !== 'OBTAINED');
  for (const status of unsettled.slice(0, shownAtMost))
    lines.push(`  ${paint(status.state, stateColour(status.state))} ${status.key}${whyText(status)}`);
  if (unsettled.length > shownAtMost)
    lines.push(`  and ${unsettled.length - shownAtMost} more; see \`ligature values\``);
  if (confirm !== undefined && !isReverted)
    lines.push(`rolls back in ${confirm} unless you run: ligature config confirm ${seqNum}`);
  return `${lines.join('\n')}\n`;
}

/** After --revert. What could not be put back is in a state that says so. */
function putBack({ values }: ApplyAnswer): string {
  const isLeft = values.some(({ state }) => state === 'FAILED' || state === 'RETRYING');
  return isLeft ? 'put back as far as the data plane took it' : 'everything is put back as it was';
}

/** What a value waits for, what went wrong, or what the engine does about it without being programmed; to end a line with. */
export function whyText(status: StatusAnswer): string {
  const why = reason(status);
  return why === '' ? '' : `${status.state === 'PENDING' && status.waitingFor.length > 0 ? ' ' : ': '}${why}`;
}

/** The same on its own. */
export function reason(status: StatusAnswer): string {
  if (status.state === 'PENDING' && status.waitingFor.length > 0)
    return `waits for ${status.waitingFor.map(({ label }) => label).join(', ')}`;
  if (status.state === 'CONFIGURED' && status.details?.length) return status.details.join('; ');
  return status.error ?? '';
}

/** Throws CliError `failed` that lists them, when there are any. */
export function failOn(failures: Failures, outcome = ''): void {
  if (failures.length === 0) return;
  throw new CliError(
    'failed',
    `${failed(failures)}${outcome}`,
    failures.map(({ key, error }) => `${key}: ${error}`),
  );
}

function failed({ length }: Failures): string {
  return `${length} ${length > 1 ? 'operations' : 'operation'} failed`;
}
