/**
 * `vpp.interfaces.rx-modes` and `vpp.interfaces.rx-placement`: what the kernel does anyway is accepted. NAPI is woken by interrupts and
 * polls under load, and softirqs of any CPU serve a queue: there are no worker threads to choose from.
 */

import { Interface_RxMode_Type as Mode } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Handler } from '../../../scheduler/handler.ts';
import type { RxModes, RxPlacement } from '../model/parts.ts';

export function receivingHandlers(): readonly Handler[] {
  const modes: Handler<RxModes, undefined> = {
    ...accepted('vpp.interfaces.rx-modes'),
    unsupported(_key, { modes: wanted }) {
      if (!wanted.some(({ mode }) => mode === Mode.POLLING)) return undefined;
      return 'kernel: a queue is never polled all the time (NAPI polls under load only); INTERRUPT, ADAPTIVE and DEFAULT are accepted';
    },
  };
  const placement: Handler<RxPlacement, undefined> = accepted('vpp.interfaces.rx-placement');
  return [modes, placement] as unknown as readonly Handler[];
}

/** Nothing to do, nothing to read: the values are as they were accepted. */
function accepted(kind: string) {
  const done = (): Promise<undefined> => Promise.resolve(undefined);
  return { kind, engine: 'kernel', create: done, update: done, remove: done };
}
