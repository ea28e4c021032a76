/** Works out what changes would lead to, and leaves everything as it was. */

import type { Graph } from './graph.ts';
import { Intake } from './intake.ts';
import { isAtRest } from './notes.ts';
import { planAtOnce } from './planner.ts';
import { presentPlan } from './preview.ts';
import { assertSensible, atOnce, requestsOf } from './requests.ts';
import type { Change, CommitOptions, CommitResult, Plan, TransactionRecord } from './scheduler.ts';
import { Transaction } from './transaction.ts';
import type { Turn } from './turn.ts';
import type { WaitingRoom } from './waiting-room.ts';

interface Stage {
  readonly graph: Graph;
  readonly waiting: WaitingRoom;
  readonly turn: Turn;
}

/** Takes the changes in, plans, and gives them back, all in one go: nobody sees anything in between. */
export function rehearse(
  { graph, waiting, turn }: Stage,
  changes: readonly Change[],
  options: Pick<CommitOptions, 'resync'>,
): Plan {
  assertSensible(changes, options);
  const intake = new Intake(graph);
  const transaction = new Transaction({
    seqNum: Number.MAX_SAFE_INTEGER,
    type: 'NBTransaction',
    requests: atOnce(requestsOf(graph, changes)),
    options,
    isBulk: false,
    turn,
    graph,
    waiting,
  });
  try {
    for (const _ of intake.take(transaction));
    const seeds = new Map(transaction.takeSeeds());
    if (options.resync === 'FullResync' || options.resync === 'DownstreamResync')
      for (const node of graph.nodes.values()) if (!isAtRest(node) && !seeds.has(node)) seeds.set(node, 'resync');
    return presentPlan(
      planAtOnce(graph, { seeds, events: new Set(), stuck: () => false, behind: (node) => waiting.behind(node) }),
    );
  } finally {
    for (const _ of intake.giveBack(transaction));
    graph.sweep(transaction.touched);
  }
}

/** The plan as the result of a commit that was only simulated. */
export function simulate(
  stage: Stage,
  changes: readonly Change[],
  options: CommitOptions,
  now: () => number,
): CommitResult {
  const start = now();
  const began = performance.now();
  const { operations } = rehearse(stage, changes, options.resync === undefined ? {} : { resync: options.resync });
  const record: TransactionRecord = {
    seqNum: -1,
    type: 'NBTransaction',
    resync: options.resync ?? 'NotResync',
    description: options.description ?? '',
    start,
    stop: now(),
    values: changes.map(({ key, value }) => ({ key, value, origin: 'NB' })),
    planned: operations,
    executed: [],
  };
  return { seqNum: -1, record, failures: [], timing: { plan: performance.now() - began } };
}
