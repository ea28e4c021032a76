/** The stage: runs inside namespaces of its own, builds everything, proves it, and waits to be told to stop. */

import { checksFor } from './checks/index.ts';
import type { FromStage, ToStage } from './messages.ts';
import type { Plan } from './nodes.ts';
import { Theatre } from './theatre.ts';

function tell(message: FromStage): void {
  if (process.connected) process.send?.(message);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const stopped = new Promise<void>((resolve) => {
  process.on('message', (message: ToStage) => {
    if (message.type === 'stop') resolve();
  });
  process.on('disconnect', resolve);
});

async function play(theatre: Theatre): Promise<void> {
  tell({ type: 'step', text: 'building three nodes with their pods and cables' });
  await theatre.build();
  tell({ type: 'step', text: 'starting three agents' });
  await theatre.startAgents();
  for (const node of theatre.nodes) {
    tell({ type: 'step', text: `applying ${node.file}` });
    await node.apply(node.configuration, node.file);
  }
  for (const { name, run } of checksFor(theatre)) {
    try {
      tell({ type: 'check', result: { name, ok: true, detail: await run(theatre) } });
    } catch (error) {
      tell({ type: 'check', result: { name, ok: false, detail: reasonOf(error) } });
    }
  }
  tell({ type: 'proven' });
}

const folder = process.env['LIGATURE_STAGE'];
if (folder === undefined || !process.connected) {
  console.error('this is a part of `npm start`');
  process.exit(2);
}
const plan = JSON.parse(process.env['LIGATURE_PLAN'] ?? '{"engine":"kernel"}') as Plan;
const theatre = new Theatre(folder, plan);
try {
  await Promise.race([play(theatre), stopped]);
  await stopped;
} catch (error) {
  tell({ type: 'failed', text: reasonOf(error) });
  process.exitCode = 1;
} finally {
  await theatre.close();
}
process.exit();
