import assert from 'node:assert/strict';
import {
  Interface_RxMode_Type as Mode,
  Interface_Type as Type,
} from '../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { gone, vppInterface } from '../../../test/vpp/builders.ts';
import { until, vppTests } from '../../../test/vpp/stage.ts';
import type { VppAgent, VppStage } from '../../../test/vpp/stage.ts';
import { linkStateKey, rxModesKey, rxPlacementKey } from './model.ts';
import { linkState } from './model/part-kinds.ts';
import type { VppInterface } from './vpp-metadata.ts';

const vppTest = vppTests(import.meta.url);

interface Receiving {
  readonly rxModes?: { queue?: number; mode: Mode; defaultMode?: boolean }[];
  readonly rxPlacements?: { queue: number; worker?: number; mainThread?: boolean }[];
}

/** Two memifs of one VPP that are each other's far end: so they have receive queues. */
function memif(name: string, master: boolean, receiving: Receiving = {}) {
  // One end of a socket is ours, as a rule: spelled otherwise, both are.
  const socketFilename = master ? '/tmp/lg-vpp-receiving.sock' : '/tmp/./lg-vpp-receiving.sock';
  const value = { master, id: 1, socketFilename, rxQueues: 2, txQueues: 2 };
  return vppInterface(name, { type: Type.MEMIF, ...receiving, link: { case: 'memif', value } });
}

async function connected(stage: VppStage, agent: VppAgent): Promise<void> {
  await stage.outside((client) =>
    until('the memifs are connected', async () => {
      const found = await client.list('sw_interface_dump', {});
      return found.filter(({ flags }) => (flags & 3) === 3).length === 2;
    }),
  );
  // As the watch tells it, which recordings are made without.
  agent.scheduler.notify([
    { key: linkStateKey('here', 'UP'), kind: linkState.name, value: { interface: 'here', state: 'UP' } },
  ]);
  await agent.scheduler.idle();
}

vppTest('receive modes and the threads of queues are set, changed, read back and healed', async (stage) => {
  const agent = await stage.agent();
  const far = memif('far', false);
  const first = memif('here', true, {
    rxModes: [
      { mode: Mode.INTERRUPT, defaultMode: true },
      { queue: 1, mode: Mode.POLLING },
    ],
    rxPlacements: [{ queue: 0, mainThread: true }],
  });
  await agent.commit(far, first);
  assert.equal(agent.state(rxModesKey('here')), 'PENDING', 'queues come with the link');
  await connected(stage, agent);
  assert.equal(agent.state(rxModesKey('here')), 'CONFIGURED');
  assert.equal(agent.state(rxPlacementKey('here', 0)), 'CONFIGURED');
  const { swIfIndex: sw_if_index } = agent.metadata<VppInterface>(first.key);
  const { client } = agent;
  const modes = async () => {
    const queues = await client.list('sw_interface_rx_placement_dump', { sw_if_index });
    return queues.map(({ queue_id, mode, worker_id }) => `${queue_id} ${mode} ${worker_id}`).sort();
  };
  assert.deepEqual(await modes(), ['0 RX_MODE_API_INTERRUPT 0', '1 RX_MODE_API_POLLING 0']);
  assert.deepEqual(await agent.drift(), []);

  const second = memif('here', true, { rxModes: [{ queue: 0, mode: Mode.POLLING }], rxPlacements: [] });
  await agent.commit(second);
  assert.match((await modes())[0] ?? '', /POLLING/);
  assert.deepEqual(await agent.drift(), []);

  await client.request('sw_interface_set_rx_mode', { sw_if_index, queue_id_valid: true, queue_id: 0, mode: 2 });
  assert.deepEqual(await agent.drift(), [`different ${rxModesKey('here')} modes[0].mode`]);
  assert.deepEqual(await agent.heal(), [`UPDATE ${rxModesKey('here')}`]);
  assert.deepEqual(await agent.drift(), []);

  const nowhere = memif('here', true, { rxPlacements: [{ queue: 0, worker: 7 }] });
  const { [rxPlacementKey('here', 0)]: refusal = '' } = await agent.failing(nowhere);
  assert.match(refusal, /sw_interface_set_rx_placement: VPP answered/);
  await agent.commit(gone(first), gone(far));
  assert.equal((await client.list('sw_interface_dump', {})).length, 1);
});
