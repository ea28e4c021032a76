/** `vpp.interfaces.rx-modes` and `vpp.interfaces.rx-placement`: what the kernel does anyway is accepted, and said with each. */

import { Interface_RxMode_Type as Mode } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Handler } from '../../../scheduler/handler.ts';
import { explainedHandler } from '../../support.ts';
import type { RxModes } from '../model/parts.ts';

const MODES =
  'the kernel is woken by interrupts and polls under load (NAPI): INTERRUPT, ADAPTIVE and DEFAULT are what it does';
const PLACEMENT = 'there are no worker threads to place queues on: softirqs of any CPU serve them';

export function receivingHandlers(): readonly Handler[] {
  return [
    explainedHandler<RxModes>('vpp.interfaces.rx-modes', 'kernel', MODES, neverPolled),
    explainedHandler('vpp.interfaces.rx-placement', 'kernel', PLACEMENT),
  ];
}

function neverPolled({ modes }: RxModes): string | undefined {
  if (!modes.some(({ mode }) => mode === Mode.POLLING)) return undefined;
  return 'kernel: a queue is never polled all the time (NAPI polls under load only); INTERRUPT, ADAPTIVE and DEFAULT are accepted';
}
