/** `vpp.interfaces.rx-modes` and `vpp.interfaces.rx-placement` in VPP: how receive queues are served, and by which thread. */

import { Interface_RxMode_Type as Mode } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { Messages } from '../../../vpp/index.ts';
import { vppDump } from '../../vpp/dump.ts';
import type { VppDump } from '../../vpp/dump.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { removed } from '../../vpp/retries.ts';
import type { RxModes, RxPlacement } from '../model/parts.ts';
import { swIfIndexOf } from '../vpp-metadata.ts';

type Queue = Messages['sw_interface_rx_placement_details'];

interface Receiving {
  readonly swIfIndex: number;
}

interface Placed extends Receiving {
  /** The thread that VPP had chosen; unknown when the agent found the queue where it is. */
  readonly before?: Pick<RxPlacement, 'worker' | 'mainThread'>;
}

const ANSWERS = new Map([
  ['RX_MODE_API_POLLING', Mode.POLLING],
  ['RX_MODE_API_INTERRUPT', Mode.INTERRUPT],
  ['RX_MODE_API_ADAPTIVE', Mode.ADAPTIVE],
]);

export function receivingHandlers(engine: VppEngine): readonly Handler[] {
  return [modesHandler(engine), placementHandler(engine)] as readonly Handler[];
}

function modesHandler(engine: VppEngine): Handler<RxModes, Receiving> {
  const { client } = engine;
  const set = ({ signal }: OperationContext, sw_if_index: number, mode: number, queue?: number) => {
    const fields = { sw_if_index, queue_id_valid: queue !== undefined, queue_id: queue ?? 0, mode };
    return client.request('sw_interface_set_rx_mode', fields, { signal });
  };
  const setAll = async (context: OperationContext, swIfIndex: number, { modes }: RxModes): Promise<void> => {
    // For all queues first: what is said of one of them comes after that.
    const ordered = [...modes].toSorted((left, right) => Number(right.defaultMode) - Number(left.defaultMode));
    await Promise.all(
      ordered.map(({ queue, mode, defaultMode }) => set(context, swIfIndex, mode, defaultMode ? undefined : queue)),
    );
  };
  return {
    kind: 'vpp.interfaces.rx-modes',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['sw_interface_set_rx_mode'], ['sw_interface_rx_placement_dump']),
    async create(context, _key, value) {
      const swIfIndex = swIfIndexOf(context, value.interface);
      await setAll(context, swIfIndex, value);
      return { swIfIndex };
    },
    async update(context, _key, from, to, metadata) {
      const isSaid = (queue: number) => to.modes.some((mode) => mode.defaultMode || mode.queue === queue);
      const forgotten = from.modes.filter(({ defaultMode, queue }) => !defaultMode && !isSaid(queue));
      const hadAll = from.modes.some(({ defaultMode }) => defaultMode);
      const hasAll = to.modes.some(({ defaultMode }) => defaultMode);
      await Promise.all([
        ...(hadAll && !hasAll ? [set(context, metadata.swIfIndex, Mode.DEFAULT)] : []),
        ...forgotten.map(({ queue }) => set(context, metadata.swIfIndex, Mode.DEFAULT, queue)),
        setAll(context, metadata.swIfIndex, to),
      ]);
      return metadata;
    },
    async remove(context, _key, _value, { swIfIndex }) {
      await removed(set(context, swIfIndex, Mode.DEFAULT), ...NO_QUEUES);
    },
    retrieve: (context) => retrieveModes(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

/** An interface whose link is down may have no queues. */
const NO_QUEUES = ['UNSUPPORTED', 'INVALID_VALUE', 'INVALID_INTERFACE', 'FEATURE_DISABLED', 'INVALID_QUEUE'];

async function retrieveModes(
  engine: VppEngine,
  context: RetrieveContext<RxModes, Receiving>,
): Promise<readonly Retrieved<RxModes, Receiving>[]> {
  const retrieved: Retrieved<RxModes, Receiving>[] = [];
  if (context.expected.size === 0) return retrieved;
  const dump = vppDump(engine, context.session);
  for (const [key, { value }] of context.expected) {
    if (context.keys?.has(key) === false) continue;
    const queues = await queuesOf(dump, value.interface);
    const [first] = queues;
    if (!first) continue;
    const own = new Set(value.modes.filter(({ defaultMode }) => !defaultMode).map(({ queue }) => queue));
    const modes = value.modes.map((wanted) => {
      const meant = queues.filter(({ queue_id }) =>
        wanted.defaultMode ? !own.has(queue_id) : queue_id === wanted.queue,
      );
      // VPP does not tell what an interface's default is: whatever it has may be it.
      if (wanted.mode === Mode.DEFAULT || meant.length === 0) return wanted;
      const found = meant.map(({ mode }) => ANSWERS.get(String(mode)) ?? Mode.UNKNOWN);
      return { ...wanted, mode: found.find((mode) => mode !== wanted.mode) ?? wanted.mode };
    });
    retrieved.push({ key, value: { ...value, modes }, metadata: { swIfIndex: first.sw_if_index }, origin: 'ours' });
  }
  return retrieved;
}

function placementHandler(engine: VppEngine): Handler<RxPlacement, Placed> {
  const { client } = engine;
  const place = (
    { signal }: OperationContext,
    sw_if_index: number,
    queue_id: number,
    { worker, mainThread }: Pick<RxPlacement, 'worker' | 'mainThread'>,
  ) => {
    const fields = { sw_if_index, queue_id, worker_id: worker, is_main: mainThread };
    return client.request('sw_interface_set_rx_placement', fields, { signal });
  };
  return {
    kind: 'vpp.interfaces.rx-placement',
    engine: 'vpp',
    unsupported: () => lacking(engine, ['sw_interface_set_rx_placement'], ['sw_interface_rx_placement_dump']),
    async create(context, _key, value) {
      const swIfIndex = swIfIndexOf(context, value.interface);
      const queues = await client.list('sw_interface_rx_placement_dump', { sw_if_index: swIfIndex }, context);
      await place(context, swIfIndex, value.queue, value);
      const found = queues.find(({ queue_id }) => queue_id === value.queue);
      return found ? { swIfIndex, before: threadOf(found) } : { swIfIndex };
    },
    async update(context, _key, _from, to, metadata) {
      await place(context, metadata.swIfIndex, to.queue, to);
      return metadata;
    },
    // Back to the thread that VPP had chosen, where that is known.
    async remove(context, _key, { queue }, { swIfIndex, before }) {
      if (before) await removed(place(context, swIfIndex, queue, before), ...NO_QUEUES);
    },
    retrieve: (context) => retrievePlacements(engine, context),
    retrieveAfter: ['vpp.interfaces'],
  };
}

async function retrievePlacements(
  engine: VppEngine,
  context: RetrieveContext<RxPlacement, Placed>,
): Promise<readonly Retrieved<RxPlacement, Placed>[]> {
  const retrieved: Retrieved<RxPlacement, Placed>[] = [];
  if (context.expected.size === 0) return retrieved;
  const dump = vppDump(engine, context.session);
  for (const [key, { value, metadata }] of context.expected) {
    if (context.keys?.has(key) === false) continue;
    const found = (await queuesOf(dump, value.interface)).find(({ queue_id }) => queue_id === value.queue);
    if (!found) continue;
    const { before } = metadata ?? {};
    const known = { swIfIndex: found.sw_if_index, ...(before ? { before } : {}) };
    retrieved.push({ key, value: { ...value, ...threadOf(found) }, metadata: known, origin: 'ours' });
  }
  return retrieved;
}

/** VPP counts threads here: the main thread, then the workers. */
function threadOf({ worker_id: thread }: Queue): Pick<RxPlacement, 'worker' | 'mainThread'> {
  return { worker: Math.max(0, thread - 1), mainThread: thread === 0 };
}

async function queuesOf(dump: VppDump, name: string): Promise<readonly Queue[]> {
  const index = (await dump.interfaces()).find(name)?.sw_if_index;
  if (index === undefined) return [];
  const all = await dump.list('sw_interface_rx_placement_dump', { sw_if_index: NO_INDEX });
  return all.filter(({ sw_if_index }) => sw_if_index === index);
}
